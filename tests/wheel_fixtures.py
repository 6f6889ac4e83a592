"""A wheel built of this tree, and a fresh environment with it, once per test run."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest
from processes import run

ROOT = Path(__file__).resolve().parent.parent
BUILD_MODULES = ("scikit_build_core", "pybind11", "nlohmann_json")


@pytest.fixture(scope="session")
def built_wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a wheel, built with the tools of this environment where it has them."""
    folder = tmp_path_factory.mktemp("wheel")
    has_tools = all(importlib.util.find_spec(name) is not None for name in BUILD_MODULES)
    options = ["--no-build-isolation"] if has_tools else []
    run(sys.executable, "-m", "pip", "wheel", *options, "--no-deps", "-w", folder, ROOT)
    (wheel,) = folder.glob("pysnn-*.whl")
    return wheel


@pytest.fixture(scope="session")
def wheel_python(built_wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the Python of a fresh environment that has the wheel and NumPy, and nothing else."""
    return fresh_environment(built_wheel, tmp_path_factory.mktemp("environment"))


def fresh_environment(wheel: Path, folder: Path) -> Path:
    """Make an environment with a wheel of pysnn and this process's version of NumPy.

    Returns:
        Its Python.
    """
    run(sys.executable, "-m", "venv", "--without-pip", folder)
    scripts = "Scripts" if sys.platform == "win32" else "bin"
    python = folder / scripts / Path(sys.executable).name
    pip = (sys.executable, "-m", "pip", "--python", python, "install", "-q")
    run(*pip, wheel, f"numpy=={np.__version__}")
    return python
