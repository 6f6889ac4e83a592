"""Strangers' projects get the library by every way there is, and the same spikes as Python."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from cpp_fixtures import (
    ROOT,
    CoreBuild,
    build_project,
    check_consumer,
    find_compiler,
    need,
)
from processes import run

import pysnn

CONSUMER = ROOT / "cpp/tests/consumer"
HEADERS = [*sorted(path.name for path in (ROOT / "cpp/include/pysnn").iterdir()), "version.hpp"]


def test_find_package_finds_the_static_library(static_core: CoreBuild, tmp_path: Path) -> None:
    prefix = static_core.prefix
    build = build_project(CONSUMER / "installed", tmp_path, f"-DCMAKE_PREFIX_PATH={prefix}")
    check_consumer(run(build / "consumer"))


def test_find_package_finds_the_shared_library(
    serial_shared_core: CoreBuild, tmp_path: Path
) -> None:
    prefix = serial_shared_core.prefix
    build = build_project(CONSUMER / "installed", tmp_path, f"-DCMAKE_PREFIX_PATH={prefix}")
    check_consumer(run(build / "consumer"), openmp=False)


def test_find_package_finds_the_library_of_the_wheel(wheel_python: Path, tmp_path: Path) -> None:
    # What scikit-build-core makes of the entry point cmake.root.
    root = run(wheel_python, "-m", "pysnn", "--cmake-dir", cwd=tmp_path).strip()
    build = build_project(CONSUMER / "installed", tmp_path, f"-Dpysnn_ROOT={root}")
    check_consumer(run(build / "consumer"))


def test_another_minor_version_is_not_found(static_core: CoreBuild, tmp_path: Path) -> None:
    (tmp_path / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.21)\n"
        "project(consumer LANGUAGES CXX)\n"
        "find_package(pysnn 0.0 CONFIG REQUIRED)\n"
    )
    done = subprocess.run(
        ["cmake", "-S", tmp_path, "-B", tmp_path, f"-DCMAKE_PREFIX_PATH={static_core.prefix}"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert f"version: {pysnn.__version__}" in done.stderr


@pytest.mark.parametrize("place", ["static", "shared", "wheel"])
def test_pkg_config_finds_the_library(
    place: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    need("pkg-config")
    compiler = find_compiler("GCC")
    if place == "wheel":
        python: Path = request.getfixturevalue("wheel_python")
        include = run(python, "-m", "pysnn", "--include-dir", cwd=tmp_path).strip()
        file = Path(include).parent / "lib/pkgconfig/pysnn.pc"
    else:
        fixture = "static_core" if place == "static" else "serial_shared_core"
        core: CoreBuild = request.getfixturevalue(fixture)
        (file,) = core.prefix.glob("**/pkgconfig/pysnn.pc")
    path = {"PKG_CONFIG_PATH": str(file.parent)}
    assert run("pkg-config", "--modversion", "pysnn", env=path).strip() == pysnn.__version__
    for static in ([], ["--static"]):
        flags = run("pkg-config", *static, "--cflags", "--libs", "pysnn", env=path).split()
        program = tmp_path / "consumer"
        run(compiler, "-std=c++17", CONSUMER / "main.cpp", "-o", program, *flags)
        library_path = {"LD_LIBRARY_PATH": str(file.parent.parent)}
        said = run(program, env=library_path)
        check_consumer(said, openmp=False if place == "shared" else None)


def test_a_subdirectory_changes_nothing_around_it(tmp_path: Path) -> None:
    # Built without optimization, as this project has no build type: none may be forced on it.
    build = build_project(CONSUMER / "nested", tmp_path / "build", f"-DPYSNN_FOLDER={ROOT}")
    check_consumer(run(build / "consumer"))
    assert "Total Tests: 1" in run("ctest", "--test-dir", build, "-N")
    prefix = tmp_path / "prefix"
    run("cmake", "--install", build, "--prefix", prefix)
    assert not prefix.exists()


def test_a_shared_library_shows_the_public_interface_alone(serial_shared_core: CoreBuild) -> None:
    need("nm")
    (library,) = serial_shared_core.prefix.glob("lib*/**/libpysnn.so")
    shown = run("nm", "--dynamic", "--defined-only", "--demangle", library)
    assert "pysnn::Simulation::run(" in shown
    assert "typeinfo for pysnn::ModelFileError" in shown
    assert " pysnn::detail::" not in shown


@pytest.mark.parametrize("family", ["GCC", "Clang"])
@pytest.mark.parametrize("header", HEADERS)
def test_a_public_header_compiles_alone_without_a_warning(
    family: str, header: str, static_core: CoreBuild, tmp_path: Path
) -> None:
    compiler = find_compiler(family)
    source = tmp_path / "alone.cpp"
    source.write_text(f"#include <pysnn/{header}>\n#include <pysnn/{header}>\n")
    warnings = ["-Wall", "-Wextra", "-Wconversion", "-Wpedantic", "-Werror"]
    include = f"-I{static_core.prefix / 'include'}"
    run(compiler, "-std=c++17", *warnings, "-fsyntax-only", include, source)


def test_public_headers_need_nothing_but_the_standard_library(static_core: CoreBuild) -> None:
    names = {path.name for path in (static_core.prefix / "include/pysnn").iterdir()}
    assert names == set(HEADERS)
    for name in names:
        text = (static_core.prefix / "include/pysnn" / name).read_text()
        included = [line.split()[1] for line in text.splitlines() if line.startswith("#include")]
        assert all(
            target.startswith("<pysnn/") or target.strip("<>").isidentifier() for target in included
        ), name
