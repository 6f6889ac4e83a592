"""Writing what is recorded into `.npy` files, block by block."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..._base.files import replacing, write_json
from ..._base.system import STREAM_VERSION
from ..results import PopulationOutline, Recorded, SimulationResult
from .record_layout import FORMAT_VERSION, MANIFEST, Place, part_name


class RecordWriter:
    """Keeps what was recorded of one simulation in a folder of its own.

    Args:
        folder: The folder, which is made, or empty.
        recorded: What is recorded, of which populations.
        populations: All populations of the network.
        num_steps: Steps of each sample.
        dt: Length of a step in s.

    Raises:
        OSError: The folder holds something already, or can't be written.
    """

    def __init__(
        self,
        folder: Path,
        recorded: Recorded,
        populations: Sequence[PopulationOutline],
        num_steps: int,
        dt: float,
    ) -> None:
        self._folder = folder
        self._names = [each.name for each in populations]
        self._manifest: dict[str, Any] = {
            "kind": "records",
            "format_version": FORMAT_VERSION,
            "stream_version": STREAM_VERSION,
            "num_steps": num_steps,
            "dt": dt,
            "populations": [
                {"name": each.name, "num_neurons": each.num_neurons} for each in populations
            ],
            "record": {what: list(names) for what, names in recorded.items() if names},
            "num_samples": None,
        }
        check_folder(folder)
        folder.mkdir(parents=True, exist_ok=True)
        # Made by one of two that begin at once; the other one fails.
        with (folder / MANIFEST).open("x"):
            pass
        write_json(folder / MANIFEST, self._manifest)

    def write(self, part: SimulationResult, start: int) -> None:
        """Write the files of a block, each of which appears when it is whole.

        Args:
            part: The block's result, with what was recorded.
            start: Number of its first sample.

        Raises:
            OSError: A file can't be written.
        """
        if not part.num_samples:
            return
        name = part_name(start, start + part.num_samples)
        for place, array in self._arrays(part):
            folder = place.folder(self._folder)
            folder.mkdir(parents=True, exist_ok=True)
            with replacing(folder / name) as temporary, temporary.open("wb") as file:
                np.save(file, array, allow_pickle=False)

    def finish(self, num_samples: int) -> None:
        """Say that all samples are there."""
        write_json(self._folder / MANIFEST, {**self._manifest, "num_samples": num_samples})

    def _arrays(self, part: SimulationResult) -> list[tuple[Place, Any]]:
        found: list[tuple[Place, Any]] = []
        for what, by_population in (
            ("spikes", part.spikes),
            ("potentials", part.potentials),
            ("counts", part.counts),
        ):
            for name, array in by_population.items():
                found.append((Place(what, self._names.index(name), name, what), array))
        for name, balance in part.balance.items():
            index = self._names.index(name)
            for field, values in vars(balance).items():
                if isinstance(values, np.ndarray):
                    found.append((Place("balance", index, name, field), values))
        return found


def check_folder(folder: Path) -> None:
    """Raise an OSError unless records can go into a folder: there is none, or it is empty."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise NotADirectoryError(f"record_to is {folder}, which is a file, but must be a folder")
    there = sorted(path.name for path in folder.iterdir())
    if there:
        raise FileExistsError(
            f"record_to is {folder}, which holds {len(there)} files, such as {there[0]}; take an "
            f"empty folder or a new one"
        )
