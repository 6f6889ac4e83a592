"""A wheel for every Python that is supported and here passes the minimal tests, alone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from compiler_cache import compiler_cache
from processes import run
from wheel_fixtures import BUILD_FOLDER, ROOT, empty_environment, pip

MINIMAL = ROOT / "tests/minimal/test_minimal.py"
# With the oldest NumPy that pyproject.toml allows, where there are wheels of it.
NUMPY = {"3.11": "numpy", "3.12": "numpy==1.26.*", "3.13": "numpy"}
PROBE = (
    "import os, sys, sysconfig\n"
    "print('%d.%d' % sys.version_info[:2])\n"
    "print(os.path.exists(os.path.join(sysconfig.get_path('include'), 'Python.h')))\n"
)


def find_python(version: str) -> Path:
    """Return an interpreter that extensions can be built for, or skip the test."""
    known = [shutil.which(f"python{version}")]
    known += sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python"), reverse=True)
    reason = f"Python {version} is not installed"
    for candidate in filter(None, known):
        # What is on the path may be a program that chooses a Python, and has none to choose.
        said = subprocess.run([candidate, "-c", PROBE], capture_output=True, text=True, check=False)
        if said.stdout.split() == [version, "True"]:
            return Path(candidate)
        if said.stdout.split() == [version, "False"]:
            reason = f"Python {version} is installed without its C headers"
    pytest.skip(reason)


@pytest.mark.parametrize("version", NUMPY)
def test_a_wheel_for_each_python_passes_the_minimal_tests(
    version: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    own = tuple(map(int, version.split("."))) == sys.version_info[:2]
    if not own and "PYSNN_LONG_TESTS" not in os.environ:
        pytest.skip("a build for another Python is one of the long tests (.ci/long)")
    base = Path(sys.executable) if own else find_python(version)
    python = empty_environment(base, tmp_path / "environment")
    if own:
        wheel: Path = request.getfixturevalue("built_wheel")
    else:
        source: Path = request.getfixturevalue("unpacked_sdist")
        options = ("--no-deps", *BUILD_FOLDER, "-w", tmp_path)
        pip(python, "wheel", *options, source, env=compiler_cache())
        (wheel,) = tmp_path.glob("pysnn-*.whl")
    pip(python, "install", "-q", wheel, NUMPY[version], "pytest")
    # Away from the tree, whose conftest.py and settings are not for this environment.
    shutil.copy(MINIMAL, tmp_path)
    said = run(python, "-m", "pytest", "-W", "error", MINIMAL.name, cwd=tmp_path)
    assert " passed" in said
    assert " failed" not in said
