"""How a folder keeps what was recorded: a file for each block of samples, and what they are of.

::

    records.json
    spikes/0-hidden/000000000000-000000004096.npy
    spikes/0-hidden/000000004096-000000008192.npy
    balance/0-hidden/input_charge/000000000000-000000004096.npy

Numbers in the names of files are the first sample and the one behind the last.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

MANIFEST = "records.json"
FORMAT_VERSION = 1
_PART = re.compile(r"(\d{12})-(\d{12})\.npy", re.ASCII)


@dataclass(frozen=True)
class Place:
    """Where the files of one array are.

    Attributes:
        what: What was recorded, as for ``record`` of `simulate`.
        index: Position of the population, from input to output.
        population: Its name.
        field: Name of the array, where there are several of a population.
    """

    what: str
    index: int
    population: str
    field: str

    def folder(self, root: Path) -> Path:
        """Return the folder of the files."""
        # Names of populations need not be names of files; the index tells them apart.
        safe = re.sub(r"[^A-Za-z0-9_-]", "_", self.population)[:40]
        folder = root / self.what / f"{self.index}-{safe}"
        return folder / self.field if self.what == "balance" else folder


def part_name(start: int, stop: int) -> str:
    """Return the name of the file of some samples."""
    return f"{start:012d}-{stop:012d}.npy"


def parts_of(folder: Path) -> list[tuple[int, int, Path]]:
    """Return the first sample, the one behind the last and the path of each file, in order."""
    found = []
    for path in folder.iterdir() if folder.is_dir() else ():
        match = _PART.fullmatch(path.name)
        if match is not None:
            found.append((int(match[1]), int(match[2]), path))
    return sorted(found)


def remove_others(root: Path, files: set[str]) -> None:
    """Remove the files of samples that are not among some, named below the folder.

    Files that were not finished are removed, too.

    Raises:
        OSError: One can't be removed.
    """
    for path in sorted(root.rglob("*.npy")):
        is_part = path.name.startswith(".") or _PART.fullmatch(path.name) is not None
        if is_part and path.relative_to(root).as_posix() not in files:
            path.unlink()
