"""The command that tells what takes a wheel's space counts every file once."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

import pytest
from processes import run

TOOL = Path(__file__).resolve().parents[2] / "tools/wheel_contents.py"
pytestmark = pytest.mark.skipif(not TOOL.is_file(), reason="this tree has no tools")


def test_the_table_adds_up_to_the_wheel(built_wheel: Path) -> None:
    with zipfile.ZipFile(built_wheel) as wheel:
        members = [member for member in wheel.infolist() if not member.is_dir()]
    name, _, *rows = run(sys.executable, TOOL, built_wheel).splitlines()
    assert name == built_wheel.name
    table = {row[:30].strip(): row[30:].replace(",", "").replace("kB", "").split() for row in rows}
    files, packed, unpacked = map(int, table.pop("all"))
    assert files == len(members) == sum(int(row[0]) for row in table.values())
    assert packed == round(sum(member.compress_size for member in members) / 1e3)
    assert unpacked == round(sum(member.file_size for member in members) / 1e3)
    # One of each: the names of a wheel's parts are told apart.
    assert table["extension"][0] == table["C++ library"][0] == "1"
    assert table["MNIST files"][0] == "6"
    assert table["trained networks"][0] == "6"


def test_no_wheel_is_a_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="expected wheels or folders of wheels"):
        run(sys.executable, TOOL, tmp_path)
