"""The session of docs/quickstart.md runs as it is written, and prints what it shows."""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

import pysnn

PAGE = Path(__file__).resolve().parents[2] / "docs" / "quickstart.md"


def session() -> list[tuple[str, str]]:
    """Return the commands of the page, each with the output that follows it."""
    blocks = re.findall(r"```console\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    steps = []
    for step in re.split(r"^\$ ", "".join(blocks), flags=re.MULTILINE)[1:]:
        lines = step.splitlines(keepends=True)
        end = 1 + next(i for i, line in enumerate(lines) if not line.endswith("\\\n"))
        steps.append(("".join(lines[:end]), "".join(lines[end:])))
    return steps


def test_the_page_shows_every_step_and_an_output_to_each() -> None:
    steps = session()
    for command in ("train", "convert", "inspect", "simulate", "sweep", "info"):
        assert any(words.startswith(f"pysnn {command}") for words, _ in steps)
    assert all(output for _, output in steps)


@pytest.mark.skipif(sys.platform == "win32", reason="the session is one of a POSIX shell")
def test_the_session_runs_as_written(tmp_path: Path) -> None:
    path = os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]])
    status = 0
    for command, expected in session():
        done = subprocess.run(
            f"(exit {status})\n{command}",
            shell=True,
            cwd=tmp_path,
            env={**os.environ, "PATH": path},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        said = f"$ {command}{done.stdout}"
        assert doctest.OutputChecker().check_output(expected, done.stdout, doctest.ELLIPSIS), said
        # Only the part on errors has commands that fail, and shows what the shell says of them.
        status = done.returncode
        assert status == 0 or "error: " in done.stdout, said
    assert {path.name for path in tmp_path.iterdir()} == {
        "network.safetensors",
        "history.csv",
        "snn.safetensors",
        "regular.csv",
        "trains.npz",
        "sweep",
    }
    assert isinstance(pysnn.load(tmp_path / "snn.safetensors"), pysnn.SpikingNetwork)
    assert (tmp_path / "sweep" / "sweep.csv").exists()
