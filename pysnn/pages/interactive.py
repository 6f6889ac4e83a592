"""Pages with figures that answer: plotly.js is part of the page, so that it needs no network."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from html import escape
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from .._base.extras import install_hint
from .._base.files import write_text
from .._base.numbers import as_path
from ..plotting._style import line_style
from .page import asset, page

COLOURS = tuple(str(line_style(i)["color"]) for i in range(6))
"""Colours of lines, the same as in pictures."""


def require_plotly() -> None:
    """Raise an ImportError that says how to get plotly where it is missing."""
    _plotly()


def plotly_script() -> str:
    """Return plotly.js, some 5 MB: the Python package has no smaller part of it.

    Raises:
        ImportError: plotly is not installed.
    """
    return str(_plotly().get_plotlyjs())


def interactive_page(title: str, body: str, data: Mapping[str, Any], scripts: Sequence[str]) -> str:
    """Return a page whose scripts draw data.

    The bytes depend on the arguments and the version of plotly alone.

    Args:
        title: Title, as text.
        body: HTML, with a place for each figure.
        data: What scripts find as ``DATA``; without NaN.
        scripts: Names of scripts of this folder, which follow plotly.js and ``common.js``.

    Raises:
        ImportError: plotly is not installed.
    """
    values = json.dumps({"colours": COLOURS, **data}, separators=(",", ":"), allow_nan=False)
    # Whatever is outside of ASCII is escaped already: this alone could end the element.
    values = values.replace("<", "\\u003c")
    code = "\n".join(asset(name) for name in ("common.js", *scripts))
    return page(
        title,
        f"<main>\n<h1>{escape(title)}</h1>\n{body}\n</main>",
        scripts=[plotly_script(), f'"use strict";\nconst DATA = {values};\n{code}'],
        styles=[asset("interactive.css")],
    )


def _plotly() -> ModuleType:
    try:
        return import_module("plotly.offline")
    except ImportError as error:
        raise ImportError(
            f"interactive pages need plotly, which is not installed: {install_hint('interactive')}"
        ) from error


def choice(identifier: str, label: str, options: Sequence[str], chosen: int = 0) -> str:
    """Return a labelled list to choose from; values are positions in ``options``."""
    inner = "".join(
        f'<option value="{i}"{" selected" if i == chosen else ""}>{escape(option)}</option>'
        for i, option in enumerate(options)
    )
    return f'<label>{escape(label)} <select id="{identifier}">{inner}</select></label>'


def figure(identifier: str, description: str, caption: str = "") -> str:
    """Return the place of a figure.

    Args:
        identifier: What scripts call it.
        description: What it shows, for those who can't see it.
        caption: Words below it.
    """
    words = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
    return (
        f'<figure class="card"><div class="plot" id="{identifier}" role="img" '
        f'aria-label="{escape(description)}"></div>{words}</figure>'
    )


def finish(text: str, path: str | os.PathLike[str] | None) -> str:
    """Write a page where a path is given, and return it.

    Raises:
        OSError: The file can't be written.
    """
    if path is not None:
        write_text(Path(as_path(path)), text)
    return text
