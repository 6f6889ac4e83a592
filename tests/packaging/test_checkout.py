"""Python started in a checkout's root must get the installed package, not the source folder."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import pysnn

ROOT = Path(__file__).resolve().parents[2]


def run_in_root(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_import_in_the_root_gives_the_built_package() -> None:
    code = "import pysnn, pysnn.models, pysnn._core; print(pysnn.__file__); print(pysnn.simulate)"
    done = run_in_root("-c", code)
    assert done.returncode == 0, done.stderr
    assert Path(done.stdout.splitlines()[0]) == Path(pysnn.__file__)


@pytest.mark.parametrize("first", ["pysnn.models", "pysnn.reproduction.reproduce", "pysnn._core"])
def test_a_submodule_imported_first_comes_from_the_built_package(first: str) -> None:
    done = run_in_root("-c", f"import {first} as module; print(module.__file__)")
    assert done.returncode == 0, done.stderr
    # An editable install has its modules in two places.
    places = [Path(path) for path in pysnn.__path__]
    assert any(place in Path(done.stdout.strip()).parents for place in places)


def test_the_command_runs_as_a_module_in_the_root() -> None:
    done = run_in_root("-m", "pysnn", "--version")
    assert done.returncode == 0, done.stderr
    assert pysnn.__version__ in done.stdout


def test_a_checkout_that_was_never_built_says_so() -> None:
    # -S: no site-packages, so that no built package can be found.
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); import pysnn"
    done = run_in_root("-I", "-S", "-c", code)
    assert done.returncode == 1
    assert "pysnn is not built" in done.stderr
    assert "pip install ." in done.stderr
