"""Type checkers: the stub is the extension's, and a user's program passes the strict check."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from processes import run

import pysnn

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "tests" / "data" / "typed_program.py"

WRONG = """
import pysnn
result: int = pysnn.simulate(pysnn.load("a"), [[0.5]], duration="long")
"""

# What is not of the extension but of pybind11: the class of its classes, and constructors of
# classes that Python can't make.
ALLOWED = r"""
pysnn\._core\.\w+
pysnn\._core\.\w+\.__init__
"""


def test_the_stub_is_what_the_extension_gives(tmp_path: Path) -> None:
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        from make_stub import STUB, make_stub
    finally:
        sys.path.pop(0)
    assert make_stub() == STUB.read_text("utf-8"), "run python tools/make_stub.py"


def test_the_installed_package_says_that_it_has_types() -> None:
    assert any((Path(place) / "py.typed").exists() for place in pysnn.__path__)
    assert any((Path(place) / "_core.pyi").exists() for place in pysnn.__path__)


def test_a_program_of_a_user_passes_the_strict_check_and_runs(tmp_path: Path) -> None:
    # In a folder of its own, where mypy finds the installed package and none of the settings here.
    program = tmp_path / "program.py"
    program.write_text(PROGRAM.read_text("utf-8"), encoding="utf-8")
    run(sys.executable, "-m", "mypy", "--strict", program, cwd=tmp_path)
    assert float(run(sys.executable, program, cwd=tmp_path)) >= 0.0


def test_a_wrong_program_does_not_pass(tmp_path: Path) -> None:
    (tmp_path / "wrong.py").write_text(WRONG)
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "wrong.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    for words in (
        '"Network | SpikingNetwork"',
        '"str"; expected "float | None"',
        '"SimulationResult"',
    ):
        assert words in done.stdout


def test_stub_and_extension_have_the_same_names(tmp_path: Path) -> None:
    pytest.importorskip("mypy.stubtest")
    (tmp_path / "allowed").write_text(ALLOWED)
    run(
        *(sys.executable, "-m", "mypy.stubtest", "pysnn._core"),
        *("--allowlist", tmp_path / "allowed", "--ignore-unused-allowlist"),
        cwd=tmp_path,
    )
