"""Prints what takes the space in wheels: python tools/wheel_contents.py WHEEL_OR_FOLDER..."""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath

# The first group that a file belongs to is its own.
GROUPS: dict[str, Callable[[PurePosixPath], bool]] = {
    "MNIST files": lambda path: path.parts[:3] == ("pysnn", "data", "mnist"),
    "trained networks": lambda path: path.parts[:3] == ("pysnn", "data", "networks"),
    "extension": lambda path: path.name.startswith("_core.") and path.suffix in (".so", ".pyd"),
    "C++ library": lambda path: path.suffix in (".a", ".lib"),
    "bundled libraries": lambda path: path.suffix in (".dylib", ".dll") or ".so" in path.suffixes,
    "C++ headers and CMake package": lambda path: (
        path.parts[:2] in (("pysnn", "include"), ("pysnn", "lib")) or path.parts[0] == "pysnn_cmake"
    ),
    "Python": lambda path: path.suffix in (".py", ".pyi", ".typed"),
    "metadata": lambda path: True,
}


def sizes(wheel: Path) -> dict[str, tuple[int, int, int]]:
    """Return the number of files, and their bytes in the wheel and unpacked, of each group."""
    found = dict.fromkeys(GROUPS, (0, 0, 0))
    with zipfile.ZipFile(wheel) as archive:
        for member in archive.infolist():
            if not member.is_dir():
                path = PurePosixPath(member.filename)
                group = next(name for name, holds in GROUPS.items() if holds(path))
                files, packed, unpacked = found[group]
                found[group] = (
                    files + 1,
                    packed + member.compress_size,
                    unpacked + member.file_size,
                )
    return found


def table(wheel: Path) -> str:
    """Return a table of a wheel's groups; sizes are in units of 1,000 bytes."""
    groups = {name: numbers for name, numbers in sizes(wheel).items() if numbers[0]}
    files, packed, unpacked = map(sum, zip(*groups.values(), strict=True))
    groups["all"] = (files, packed, unpacked)
    lines = [wheel.name, f"{'':<30}{'files':>6}{'in the wheel':>14}{'unpacked':>12}"]
    for name, (files, packed, unpacked) in groups.items():
        lines.append(f"{name:<30}{files:>6}{packed / 1e3:>11,.0f} kB{unpacked / 1e3:>9,.0f} kB")
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """Print a table for each wheel; a folder stands for the wheels in it."""
    paths = [Path(argument) for argument in arguments]
    wheels = [
        wheel
        for path in paths
        for wheel in (sorted(path.glob("*.whl")) if path.is_dir() else [path])
    ]
    if not wheels:
        print("expected wheels or folders of wheels", file=sys.stderr)
        return 2
    print("\n\n".join(table(wheel) for wheel in wheels))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
