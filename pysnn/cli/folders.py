"""Options that print a folder of the installation, for build systems to read."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from .output import one_line


class PrintFolder(argparse.Action):
    """Prints what ``find`` returns, alone on a line, and ends the program."""

    def __init__(
        self, option_strings: Sequence[str], dest: str, *, find: Callable[[], str], **options: Any
    ) -> None:
        super().__init__(option_strings, argparse.SUPPRESS, nargs=0, **options)
        self._find = find

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        try:
            print(self._find())
        except FileNotFoundError as error:
            parser.exit(1, f"pysnn: error: {one_line(error)}\n")
        parser.exit(0)
