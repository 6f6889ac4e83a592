"""The installed package says where its C++ files are."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from processes import run

import pysnn
from pysnn.cli import main

ROOT = Path(__file__).resolve().parents[2]


def test_the_wheel_holds_headers_a_library_and_a_cmake_package(built_wheel: Path) -> None:
    with zipfile.ZipFile(built_wheel) as wheel:
        names = wheel.namelist()
    headers = [path.name for path in (ROOT / "cpp/include/pysnn").iterdir()]
    for header in [*headers, "version.hpp"]:
        assert f"pysnn/include/pysnn/{header}" in names
    assert {"pysnn_cmake/pysnnConfig.cmake", "pysnn_cmake/pysnnConfigVersion.cmake"} <= set(names)
    assert [name for name in names if name.startswith("pysnn/lib/") and "pysnn." in name]


def test_the_library_in_the_wheel_holds_no_objects_of_a_link_time_optimizer(
    built_wheel: Path,
) -> None:
    with zipfile.ZipFile(built_wheel) as wheel:
        (library,) = [name for name in wheel.namelist() if name.endswith(("libpysnn.a", ".lib"))]
        assert b".gnu.lto_" not in wheel.read(library)


@pytest.mark.parametrize(
    ("option", "call", "file"),
    [
        ("--cmake-dir", "get_cmake_dir", "pysnnConfig.cmake"),
        ("--include-dir", "get_include", "pysnn/pysnn.hpp"),
    ],
)
def test_an_installed_wheel_says_where_its_folders_are(
    wheel_python: Path, tmp_path: Path, option: str, call: str, file: str
) -> None:
    printed = run(wheel_python, "-m", "pysnn", option, cwd=tmp_path)
    returned = run(wheel_python, "-c", f"import pysnn; print(pysnn.{call}())", cwd=tmp_path)
    in_checkout = run(wheel_python, "-m", "pysnn", option, cwd=ROOT)
    assert printed == returned == in_checkout
    folder = Path(printed.strip())
    assert wheel_python.parent.parent in folder.parents
    assert (folder / file).is_file()


def test_the_installation_of_these_tests_says_where_its_folders_are() -> None:
    assert (Path(pysnn.get_include()) / "pysnn/version.hpp").is_file()
    assert (Path(pysnn.get_cmake_dir()) / "pysnnTargets.cmake").is_file()


def test_an_installation_without_cpp_files_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(pysnn, "__path__", [str(tmp_path)])
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(FileNotFoundError, match=r"no C\+\+ headers .*install pysnn from a wheel"):
        pysnn.get_include()
    with pytest.raises(FileNotFoundError, match=r"no CMake package .*install pysnn from a wheel"):
        pysnn.get_cmake_dir()
    with pytest.raises(SystemExit) as ended:
        main(["--cmake-dir"])
    assert ended.value.code == 1
    said = capsys.readouterr().err
    assert said.startswith("pysnn: error: no CMake package")
    assert said.count("\n") == 1


def test_the_module_that_builds_import_to_find_the_package_imports_nothing(
    wheel_python: Path, tmp_path: Path
) -> None:
    code = (
        "import sys\n"
        "from importlib.metadata import entry_points\n"
        "from importlib.resources import files\n"
        "(entry,) = [e for e in entry_points(group='cmake.root') if e.name == 'pysnn']\n"
        "print(files(entry.load()))\n"
        "assert 'pysnn' not in sys.modules and 'numpy' not in sys.modules\n"
    )
    found = run(wheel_python, "-c", code, cwd=tmp_path)
    assert found == run(wheel_python, "-m", "pysnn", "--cmake-dir", cwd=tmp_path)
