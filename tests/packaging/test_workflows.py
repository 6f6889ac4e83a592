"""The workflows of GitHub and the configuration of cibuildwheel name what this tree has."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from processes import run

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".github/workflows"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="this tree has no workflows")
WORKFLOWS = sorted(path.name for path in FOLDER.glob("*.yml"))
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())


def load(name: str) -> dict[str, Any]:
    workflow: dict[str, Any] = yaml.safe_load((FOLDER / name).read_text())
    return workflow


def steps(name: str) -> list[dict[str, Any]]:
    return [step for job in load(name)["jobs"].values() for step in job["steps"]]


def commands(name: str) -> list[list[str]]:
    """Return the words of every line that a workflow runs."""
    return [line.split() for step in steps(name) for line in step.get("run", "").splitlines()]


def test_there_are_workflows_for_tests_and_for_wheels() -> None:
    assert WORKFLOWS == ["ci.yml", "wheels.yml"]


@pytest.mark.parametrize("name", WORKFLOWS)
def test_every_job_is_bounded_and_waits_for_jobs_that_exist(name: str) -> None:
    jobs = load(name)["jobs"]
    for job in jobs.values():
        assert job["timeout-minutes"] <= 90
        assert set(job.get("needs", [])) <= set(jobs)
        for step in job["steps"]:
            assert ("run" in step) != ("uses" in step)
            assert re.fullmatch(r"[\w-]+/[\w-]+@(v\d+|release/v\d+)", step.get("uses", "a/b@v1"))


@pytest.mark.parametrize("name", WORKFLOWS)
def test_commands_name_files_presets_and_extras_that_exist(name: str) -> None:
    presets = json.loads((ROOT / "CMakePresets.json").read_text())
    kinds = {"cmake": "configurePresets", "ctest": "testPresets"}
    extras = PROJECT["project"]["optional-dependencies"]
    for words in commands(name):
        for word in words:
            if re.fullmatch(r"[\w./-]+\.(py|txt|toml|json|cpp)", word):
                assert (ROOT / word).is_file(), word
            wanted = re.fullmatch(r'"?\.\[(.+)\]"?', word)
            assert wanted is None or set(wanted[1].split(",")) <= set(extras), word
        if "--preset" in words:
            kind = "buildPresets" if "--build" in words else kinds[words[0]]
            assert words[-1] in {preset["name"] for preset in presets[kind]}


def test_files_that_wheels_are_built_of_start_the_workflow() -> None:
    # YAML takes the key "on" for a truth value.
    started = load("wheels.yml")[True]
    for pattern in started["pull_request"]["paths"]:
        assert list(ROOT.glob(pattern)), pattern


def test_pythons_are_those_that_the_package_says_it_supports() -> None:
    prefix = "Programming Language :: Python :: "
    classifiers = PROJECT["project"]["classifiers"]
    supported = {
        name.removeprefix(prefix) for name in classifiers if name.startswith(prefix + "3.")
    }
    built = {pattern.removesuffix("-*") for pattern in PROJECT["tool"]["cibuildwheel"]["build"]}
    assert built == {"cp" + version.replace(".", "") for version in supported}
    matrix = load("ci.yml")["jobs"]["tests"]["strategy"]["matrix"]["include"]
    assert {entry["python"] for entry in matrix} == supported


def test_wheels_are_tested_by_the_minimal_tests() -> None:
    settings = PROJECT["tool"]["cibuildwheel"]
    (source,) = settings["test-sources"]
    assert list((ROOT / source).glob("test_*.py"))
    assert settings["test-command"].split()[-1] == source
    assert settings["test-requires"] == ["pytest>=8"]


@pytest.mark.parametrize(
    ("platform", "arch", "ending"),
    [
        ("linux", "x86_64", "manylinux_x86_64"),
        ("linux", "aarch64", "manylinux_aarch64"),
        ("macos", "x86_64", "macosx_x86_64"),
        ("macos", "arm64", "macosx_arm64"),
        ("windows", "AMD64", "win_amd64"),
    ],
)
def test_cibuildwheel_makes_a_wheel_for_each_platform_and_python(
    platform: str, arch: str, ending: str
) -> None:
    if importlib.util.find_spec("cibuildwheel") is None:
        pytest.skip("cibuildwheel is not installed")
    options = ("--print-build-identifiers", "--platform", platform, "--archs", arch)
    said = run(sys.executable, "-m", "cibuildwheel", *options, ROOT)
    assert said.split() == [f"cp3{minor}-{ending}" for minor in (11, 12, 13)]


@pytest.mark.parametrize("name", WORKFLOWS)
def test_actionlint_finds_nothing(name: str) -> None:
    if shutil.which("actionlint") is None:
        pytest.skip("actionlint is not installed")
    done = subprocess.run(
        ["actionlint", FOLDER / name], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
