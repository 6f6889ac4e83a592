"""Which sections a run has, and the command that repeats it."""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from .sections import ALL, AUTHORS_CONVNET, CORE, SECTIONS
from .settings import ReproduceSettings, SectionSettings


def describe_sections(settings: SectionSettings) -> dict[str, Any]:
    """Return the sections' settings, ready for JSON; a file by its name alone."""
    path = settings.matlab_convnet
    return {**asdict(settings), "matlab_convnet": None if path is None else Path(path).name}


def section_names(
    sections: Sequence[str] | None, matlab_convnet: str | os.PathLike[str] | None
) -> tuple[str, ...]:
    """Return the sections to run, in the order of the page.

    Raises:
        TypeError: ``sections`` is no sequence of names.
        ValueError: A section is unknown, or its file is missing.
    """
    known = [section.name for section in SECTIONS]
    if sections is None:
        return () if matlab_convnet is None else (AUTHORS_CONVNET,)
    if tuple(sections) == (ALL,):
        return tuple(n for n in known if n != AUTHORS_CONVNET or matlab_convnet is not None)
    if isinstance(sections, str) or not isinstance(sections, Sequence):
        raise TypeError(f"sections is a {type(sections).__name__}, but must be a sequence of names")
    for name in sections:
        if name not in (CORE, *known):
            words = "must stand alone" if name == ALL else f"must be of {', '.join((CORE, *known))}"
            raise ValueError(f"sections has {name!r}, but {words}")
    if AUTHORS_CONVNET in sections and matlab_convnet is None:
        raise ValueError(
            f"sections has {AUTHORS_CONVNET!r}, but matlab_convnet (--matlab-convnet), its file, "
            "is not given"
        )
    if AUTHORS_CONVNET not in sections and matlab_convnet is not None:
        raise ValueError(
            f"matlab_convnet (--matlab-convnet) is given, but sections, which are "
            f"{', '.join(sections)}, lack {AUTHORS_CONVNET!r}, which reads it"
        )
    return tuple(name for name in known if name in sections)


def command_words(
    output: str | os.PathLike[str],
    settings: ReproduceSettings,
    sections: Sequence[str] | None,
    num_threads: int | None,
) -> str:
    """Return the shell command that makes the run."""
    words = ["pysnn", "reproduce"]
    if settings.seed:
        words += ["--seed", str(settings.seed)]
    if settings.train:
        words.append("--train")
    if settings.quick:
        words.append("--quick")
    if sections is not None:
        names = ALL if tuple(sections) == (ALL,) else ",".join(settings.sections.names)
        words += ["--sections", names or CORE]
    if settings.sections.matlab_convnet is not None:
        # The name alone: where the file lies is no part of the experiment.
        words += ["--matlab-convnet", Path(settings.sections.matlab_convnet).name]
    if num_threads is not None:
        words += ["--num-threads", str(num_threads)]
    if os.fspath(output) != "report":
        words += ["--output", os.fspath(output)]
    return shlex.join(words)
