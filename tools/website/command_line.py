"""The page of the command line: what every command says to `--help`."""

from __future__ import annotations

import contextlib
import io
import os
from pathlib import Path

from pysnn.cli import main
from pysnn.cli.registry import COMMANDS

PAGE = "reference/command_line.md"


def write_command_line(pages: Path) -> None:
    """Write the page.

    Args:
        pages: The folder of the site's pages.
    """
    lines = [
        "# The command line",
        "",
        "[A session](../quickstart.md) shows the commands at work.",
        "",
    ]
    for words in ([], *([command.name] for command in COMMANDS)):
        title = " ".join(["pysnn", *words])
        lines += [f"## {title}", "", "```text", _help(words), "```", ""]
    (pages / PAGE).write_text("\n".join(lines), encoding="utf-8")


def _help(words: list[str]) -> str:
    """Return the help of a command, 90 columns wide."""
    os.environ["COLUMNS"] = "90"
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.suppress(SystemExit):
        main([*words, "--help"])
    return said.getvalue().rstrip()
