"""The tree is clean by the tools that CONTRIBUTING.md names."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    "command",
    [
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["mypy", "pysnn"],
    ],
    ids=lambda command: " ".join(command[:2]),
)
def test_tool_finds_nothing(command: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_cpp_is_formatted() -> None:
    sources = [
        str(path) for ending in ("hpp", "cpp", "inl") for path in ROOT.glob(f"cpp/**/*.{ending}")
    ]
    # The environment of this Python need not be activated.
    tool = os.path.join(sysconfig.get_path("scripts"), "clang-format")
    done = subprocess.run(
        [tool, "--dry-run", "--Werror", *sources],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
