"""The house's own rules: who may import whom, how full a folder may be, what a file begins with."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# From the ground up: a room may use those before it, and itself. Rooms of one line do not know each
# other.
PYTHON_FLOORS = [
    ["_base"],
    ["parallel"],
    ["nodes"],
    ["network"],
    ["models", "datasets"],
    ["training", "spiking"],
    ["conversion"],
    ["importers", "exporters", "estimator"],
    ["io", "plotting"],
    ["pages"],
    ["metrics", "diagnosis"],
    ["experiments"],
    ["reproduction"],
    ["cli"],
]
CORE_FLOORS = [
    ["base"],
    ["platform"],
    ["nodes"],
    ["network"],
    ["forward", "model_file", "record"],
    ["calibration", "engine"],
]
# Folders that are a list of like things.
LISTS = {
    "benchmarks",
    "benchmarks/peers",
    "cpp/benchmarks",
    "cpp/bindings",
    "cpp/include/pysnn",
    "cpp/src/engine/cpu/kernels",
    "cpp/src/engine/cpu/ops",
    "cpp/src/nodes",
    "cpp/tests",
    "pysnn/cli",
    "pysnn/nodes",
    "tests/bad_arguments",
    "tests/spiking",
    "tests/support",
}
MOST_FILES = 15
MOST_LIKE_FILES = 30
MOST_CASTS = 0.01  # of the lines of cpp/src


def cpp_files(*folders: str) -> list[Path]:
    """Return the C++ files below some folders of the repository."""
    return sorted(
        path
        for folder in folders
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".cpp", ".hpp", ".inl")
    )


def python_modules() -> dict[str, Path]:
    """Return the package's modules by dotted name, without `pysnn` itself."""
    modules = {}
    for path in sorted((ROOT / "pysnn").rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        modules[name] = path
    return modules


def imported(name: str, path: Path, modules: Mapping[str, Path]) -> Iterator[str]:
    """Yield the package's modules that a module imports, wherever in its text it does."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.ImportFrom):
            continue
        if node.level:
            base = package.split(".")
            start = ".".join(base[: len(base) - node.level + 1])
            target = f"{start}.{node.module}" if node.module else start
        else:
            target = node.module or ""
        for alias in node.names:
            for candidate in (f"{target}.{alias.name}", target):
                if candidate in modules:
                    yield candidate
                    break


@pytest.fixture(scope="module")
def python_imports() -> dict[str, set[str]]:
    """Return what each module of the package imports of it."""
    modules = python_modules()
    return {name: set(imported(name, path, modules)) - {name} for name, path in modules.items()}


def floor_of(room: str, floors: Sequence[Sequence[str]]) -> int:
    """Return the floor that a room is on."""
    for floor, rooms in enumerate(floors):
        if room in rooms:
            return floor
    raise AssertionError(f"{room} is on no floor of the house: give it one in {__file__}")


def rooms_of(module: str) -> str:
    """Return the room of a module of the package, "" for the package's own files."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""


def test_python_has_no_circle_of_imports(python_imports: Mapping[str, set[str]]) -> None:
    inner = {
        name: {other for other in others if other != "pysnn"}
        for name, others in python_imports.items()
        if name != "pysnn"
    }
    try:
        list(TopologicalSorter(inner).static_order())
    except CycleError as error:
        pytest.fail(f"modules import each other in a circle: {error.args[1]}")


def test_python_imports_go_down(python_imports: Mapping[str, set[str]]) -> None:
    free = {"", "_core", "_paths", "_checkout", "__main__"}
    upward = []
    for name, others in python_imports.items():
        room = rooms_of(name)
        if room in free:
            continue
        for other in sorted(others):
            target = rooms_of(other)
            if target in free or target == room:
                continue
            if floor_of(target, PYTHON_FLOORS) >= floor_of(room, PYTHON_FLOORS):
                upward.append(f"{name} -> {other}")
    assert upward == []


def test_core_includes_go_down() -> None:
    source = ROOT / "cpp" / "src"
    upward = []
    for path in cpp_files("cpp/src"):
        room = path.relative_to(source).parts[0]
        for target in re.findall(r'#include "([^"]+)"', path.read_text(encoding="utf-8")):
            if "/" not in target or (path.parent / target).exists():
                continue  # beside it, or of the compiler or its imitation
            other = target.split("/")[0]
            if other != room and floor_of(other, CORE_FLOORS) >= floor_of(room, CORE_FLOORS):
                upward.append(f"{path.relative_to(source)} -> {target}")
    assert upward == []


def test_public_headers_include_only_public_headers() -> None:
    for path in cpp_files("cpp/include"):
        assert re.findall(r'#include "', path.read_text(encoding="utf-8")) == [], path.name


def test_folders_are_small_enough_to_look_through() -> None:
    suffixes = {".py", ".cpp", ".hpp", ".inl"}
    count = Counter(
        path.parent.relative_to(ROOT).as_posix()
        for folder in ("cpp", "pysnn", "tests", "benchmarks", "tools")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in suffixes and path.name != "__init__.py"
    )
    too_full = {
        folder: files
        for folder, files in count.items()
        if files > (MOST_LIKE_FILES if folder in LISTS else MOST_FILES)
    }
    assert too_full == {}


@pytest.mark.parametrize(
    "path", cpp_files("cpp"), ids=lambda path: path.relative_to(ROOT / "cpp").as_posix()
)
def test_a_cpp_file_begins_by_saying_what_it_is(path: Path) -> None:
    first = path.read_text(encoding="utf-8").split("\n", 1)[0]
    assert re.match(r"///? \S", first), f"{path.name} begins with {first!r}"


def test_casts_are_rare_in_the_core() -> None:
    lines = casts = 0
    for path in cpp_files("cpp/src"):
        for line in path.read_text(encoding="utf-8").splitlines():
            lines += 1
            casts += bool(re.search(r"(static|reinterpret|const)_cast<", line))
    assert casts <= MOST_CASTS * lines


def test_files_that_know_openmp_are_compiled_with_it() -> None:
    text = (ROOT / "cpp/CMakeLists.txt").read_text()
    (files,) = re.findall(
        r"set_source_files_properties\(([^)]*?)PROPERTIES\s+COMPILE_OPTIONS \"\$\{openmp", text
    )
    know = {
        path.relative_to(ROOT / "cpp").as_posix()
        for path in (ROOT / "cpp/src").rglob("*.?pp")
        if "_OPENMP" in path.read_text()
    }
    assert know == set(files.split())
