"""The source distribution holds what a distributor needs, and builds the wheel of the tree."""

from __future__ import annotations

import importlib.metadata
import re
import shutil
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from document_links import dead_links
from processes import run
from wheel_fixtures import Distributions

ROOT = Path(__file__).resolve().parents[2]
LEFT_OUT = (".ci/", ".github/", "benchmarks/")
# Written by installers, or beside the package.
NOT_FROM_THE_WHEEL = re.compile(
    r"\.\./|.*\.pyc$|[^/]+/(RECORD|INSTALLER|REQUESTED|direct_url\.json)$"
)


def in_wheel(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if not name.endswith("/")}


def test_distributions_are_built_without_git(distributions: Distributions) -> None:
    if sys.platform == "win32":
        pytest.skip("git is hidden by a shell script")
    assert not distributions.called_git.exists(), distributions.called_git.read_text()


def test_the_sdist_holds_every_file_but_benchmarks_and_services(
    distributions: Distributions,
) -> None:
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("this tree is no git checkout: what belongs to it is not known")
    listing = ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    tree = {name for name in run(*listing, cwd=ROOT).split("\0") if (ROOT / name).is_file()}
    with tarfile.open(distributions.sdist) as archive:
        files = {member.name.split("/", 1)[1]: member.size for member in archive.getmembers()}
    wanted = {name for name in tree if not name.startswith(LEFT_OUT)}
    assert set(files) == wanted | {"PKG-INFO"}
    # No network, build or report that somebody left in the tree came along.
    assert all(size < 1e6 or name.startswith("pysnn/data/") for name, size in files.items())


def test_links_between_documents_of_the_sdist_lead_somewhere(unpacked_sdist: Path) -> None:
    assert dead_links(unpacked_sdist, leaving_out=LEFT_OUT) == []


def test_the_wheel_holds_every_file_of_the_package(built_wheel: Path) -> None:
    files = in_wheel(built_wheel)
    for path in (ROOT / "pysnn").rglob("*"):
        if (
            path.is_file()
            and "__pycache__" not in path.parts
            and path.suffix not in (".so", ".pyd")
        ):
            assert path.relative_to(ROOT).as_posix() in files


def test_the_wheel_of_the_sdist_holds_what_an_installation_of_the_tree_holds(
    built_wheel: Path,
) -> None:
    installed = importlib.metadata.files("pysnn") or []
    if any(path.name.startswith("_editable_") for path in installed):
        pytest.skip("these tests run on an editable install")
    names = {path.as_posix() for path in installed}
    from_wheel = {name for name in in_wheel(built_wheel) if not NOT_FROM_THE_WHEEL.match(name)}
    assert {name for name in names if not NOT_FROM_THE_WHEEL.match(name)} == from_wheel
