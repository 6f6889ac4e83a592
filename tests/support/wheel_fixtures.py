"""A source distribution and a wheel of this tree, and fresh environments, once per test run."""

from __future__ import annotations

import importlib.util
import os
import sys
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from compiler_cache import compiler_cache
from processes import run

ROOT = Path(__file__).resolve().parents[2]
BUILD_MODULES = ("scikit_build_core", "pybind11", "nlohmann_json")
# Below the source, so that compilers see the same relative paths wherever a distribution is built.
BUILD_FOLDER = ("-C", "build-dir=build/{wheel_tag}")


@dataclass(frozen=True)
class Distributions:
    """What a release consists of.

    Attributes:
        sdist: The source distribution, made of this tree.
        wheel: The wheel, made of the source distribution, for the Python of these tests.
        called_git: File that exists if the build called git, which it was not to find.
    """

    sdist: Path
    wheel: Path
    called_git: Path


@pytest.fixture(scope="session")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Distributions:
    """Return what ``python -m build`` makes where there is no git."""
    folder = tmp_path_factory.mktemp("distributions")
    log = folder / "git was called"
    options = ["--no-isolation"] if has_build_tools() else []
    command = (sys.executable, "-m", "build", *options, *BUILD_FOLDER, "-o", folder, ROOT)
    run(*command, env={**path_without_git(folder / "bin", log), **compiler_cache()})
    (sdist,) = folder.glob("pysnn-*.tar.gz")
    (wheel,) = folder.glob("pysnn-*.whl")
    return Distributions(sdist, wheel, log)


@pytest.fixture(scope="session")
def built_wheel(distributions: Distributions) -> Path:
    """Return the wheel for the Python of these tests."""
    return distributions.wheel


@pytest.fixture(scope="session")
def unpacked_sdist(distributions: Distributions, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the unpacked source distribution."""
    folder = tmp_path_factory.mktemp("sdist")
    with tarfile.open(distributions.sdist) as archive:
        archive.extractall(folder, filter="data")
    (source,) = folder.iterdir()
    return source


@pytest.fixture(scope="session")
def wheel_python(built_wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the Python of a fresh environment that has the wheel and NumPy, and nothing else."""
    return fresh_environment(built_wheel, tmp_path_factory.mktemp("environment"))


def fresh_environment(wheel: Path, folder: Path) -> Path:
    """Make an environment with a wheel of pysnn and this process's version of NumPy.

    Returns:
        Its Python.
    """
    python = empty_environment(Path(sys.executable), folder)
    pip(python, "install", "-q", wheel, f"numpy=={np.__version__}")
    return python


def empty_environment(base: Path, folder: Path) -> Path:
    """Make an environment without any package; returns its Python."""
    run(base, "-m", "venv", "--without-pip", folder)
    return folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def pip(python: Path, *arguments: str | Path, env: Mapping[str, str] | None = None) -> str:
    """Run this process's pip for another Python."""
    return run(sys.executable, "-m", "pip", "--python", python, *arguments, env=env)


def has_build_tools() -> bool:
    """Return whether this environment has what a build would install for itself."""
    return all(importlib.util.find_spec(name) is not None for name in BUILD_MODULES)


def path_without_git(folder: Path, log: Path) -> dict[str, str]:
    """Return a search path on which git is a program that fails, and notes that it was called."""
    if sys.platform == "win32":
        return {}
    folder.mkdir()
    git = folder / "git"
    git.write_text(f'#!/bin/sh\necho "$@" >> "{log}"\nexit 127\n')
    git.chmod(0o755)
    return {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}
