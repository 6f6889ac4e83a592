"""Builds of the core that several tests share, and the compilers that are there."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from compiler_cache import compiler_cache
from processes import run

import pysnn

ROOT = Path(__file__).resolve().parents[2]
COMPILERS = {
    "GCC": ["g++"],
    "Clang": ["clang++", *(f"clang++-{version}" for version in range(22, 12, -1))],
}


@dataclass(frozen=True)
class CoreBuild:
    """A folder in which the core was built, with its tests where doctest is there.

    Attributes:
        folder: What CMake was told to build in.
        has_tests: Whether CTest has anything to run in it.
        prefix: Where it was installed, and moved to after that.
    """

    folder: Path
    has_tests: bool
    prefix: Path


@pytest.fixture(scope="session")
def static_core(tmp_path_factory: pytest.TempPathFactory) -> CoreBuild:
    """Return the core as it is built unless told otherwise: static, with OpenMP."""
    return build_core(tmp_path_factory.mktemp("static"))


@pytest.fixture(scope="session")
def serial_shared_core(tmp_path_factory: pytest.TempPathFactory) -> CoreBuild:
    """Return the core as a shared library without OpenMP."""
    # What a shared library shows is in every object, so that none is in the cache: built quickly.
    return build_core(
        tmp_path_factory.mktemp("shared"),
        "-DPYSNN_USE_OPENMP=OFF",
        "-DPYSNN_BUILD_SHARED=ON",
        "-DCMAKE_CXX_FLAGS_RELEASE=-O1 -DNDEBUG",
    )


def need(*programs: str) -> None:
    """Skip the test where one of these programs is not installed."""
    for program in programs:
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")


def find_compiler(family: str) -> str:
    """Return a compiler of the family, or skip the test."""
    for name in COMPILERS[family]:
        if shutil.which(name) is not None:
            return name
    pytest.skip(f"{family} is not installed")


def build_core(folder: Path, *options: str) -> CoreBuild:
    """Build the core as a C++ user would, warnings refused, and install it."""
    need("cmake", "ninja")
    source = folder / "source"
    for name in ("cpp", "cmake"):
        shutil.copytree(ROOT / name, source / name)
    shutil.copy(ROOT / "CMakeLists.txt", source)
    build = source / "build/core"
    configure = ["cmake", "-S", source, "-B", build, "-G", "Ninja", "-DPYSNN_WARNINGS_AS_ERRORS=ON"]
    said = subprocess.run(
        [*configure, *options],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | compiler_cache(),
    )
    if said.returncode != 0 and "PYSNN_JSON_INCLUDE_DIR" in said.stderr:
        pytest.skip("nlohmann-json is not installed (Debian: nlohmann-json3-dev)")
    assert said.returncode == 0, said.stderr
    run("cmake", "--build", build, env=compiler_cache())
    # Moved after it was installed: no file may know its first place.
    run("cmake", "--install", build, "--prefix", folder / "first place")
    prefix = (folder / "first place").rename(folder / "prefix")
    return CoreBuild(build, "doctest was not found" not in said.stdout, prefix)


def build_project(source: Path, build: Path, *options: str | Path) -> Path:
    """Configure and build a CMake project; returns the build folder."""
    need("cmake", "ninja")
    run("cmake", "-S", source, "-B", build, "-G", "Ninja", *options)
    run("cmake", "--build", build)
    return build


def check_consumer(said: str, *, openmp: bool | None = None) -> None:
    """Assert that cpp/tests/consumer/main.cpp printed what Python finds."""
    snn = pysnn.SpikingNetwork(3)
    snn.add_population("output", 2)
    snn.connect("input", "output", pysnn.Linear([[0.5, 0.25, 0.0], [0.1, -0.2, 0.7]]))
    result = pysnn.simulate(snn, [[1.0, 0.5, 0.25]], duration=0.1, seed=7)
    version, has_openmp, spikes, caught = said.splitlines()
    assert version == f"headers {pysnn.__version__} library {pysnn.__version__}"
    assert has_openmp == f"openmp {int(pysnn.has_openmp() if openmp is None else openmp)}"
    assert spikes == "spikes " + " ".join(map(str, result.spike_counts[0]))
    assert caught == "caught"
