"""Lets the tests of this folder import its modules, and adds their option."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

for folder in (".", "conversions", "peers"):
    sys.path.insert(0, str(Path(__file__).resolve().parent / folder))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--num-images``, for a quick look."""
    parser.addoption("--num-images", type=int, help="simulate the first images only")
