"""The page of the command line: what every command says to `--help`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

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
    command = [sys.executable, "-m", "pysnn", *words, "--help"]
    environment = {**os.environ, "COLUMNS": "90"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.rstrip()
