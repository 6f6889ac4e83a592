"""Writing what is recorded into `.npy` files, block by block."""

from __future__ import annotations

import json
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..._base.files import replacing, write_json
from ..._base.system import STREAM_VERSION
from ..results import PopulationOutline, Recorded, SimulationResult
from .record_layout import FORMAT_VERSION, MANIFEST, Place, part_name, remove_others


class RecordWriter:
    """Keeps what was recorded of one simulation in a folder of its own.

    Args:
        folder: The folder, which is made, or empty.
        recorded: What is recorded, of which populations.
        populations: All populations of the network.
        num_steps: Steps of each sample.
        dt: Length of a step in s.
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

    def begin(self, run: str | None = None) -> None:
        """Make the folder.

        Args:
            run: Hash of all that the records depend on, where a folder may be taken up again that
                was begun with the same one.

        Raises:
            OSError: The folder holds something else already, or can't be written.
        """
        if run is not None:
            self._manifest["run"] = run
            if (self._folder / MANIFEST).exists():
                self._check_manifest()
                return
        check_folder(self._folder)
        self._folder.mkdir(parents=True, exist_ok=True)
        try:
            # Made by one of two that begin at once; the other one fails, or goes along.
            with (self._folder / MANIFEST).open("x"):
                pass
        except FileExistsError:
            if run is None:
                raise
        write_json(self._folder / MANIFEST, self._manifest)

    def write(self, part: SimulationResult, start: int) -> list[tuple[str, int]]:
        """Write the files of a block, each of which appears when it is whole.

        Args:
            part: The block's result, with what was recorded.
            start: Number of its first sample.

        Returns:
            Names of the files below the folder, and their sizes in bytes.

        Raises:
            OSError: A file can't be written, or the folder is not there.
        """
        if not (self._folder / MANIFEST).exists():
            # A worker that made it would write what nobody finds.
            raise FileNotFoundError(
                f"record_to is {self._folder}, which is not there on {socket.gethostname()}; it "
                f"must be a folder that all workers share"
            )
        written: list[tuple[str, int]] = []
        if not part.num_samples:
            return written
        name = part_name(start, start + part.num_samples)
        for place, array in self._arrays(part):
            folder = place.folder(self._folder)
            folder.mkdir(parents=True, exist_ok=True)
            with replacing(folder / name) as temporary, temporary.open("wb") as file:
                np.save(file, array, allow_pickle=False)
            path = folder / name
            written.append((path.relative_to(self._folder).as_posix(), path.stat().st_size))
        return written

    def finish(self, num_samples: int, files: Sequence[str] | None = None) -> None:
        """Say that all samples are there.

        Args:
            num_samples: How many there are.
            files: Names of the files that have them, where others may be there, of parts that
                were interrupted and then split otherwise: those are removed.

        Raises:
            OSError: A file is not there, or can't be removed.
        """
        if files is not None:
            missing = [name for name in files if not (self._folder / name).is_file()]
            if missing:
                raise FileNotFoundError(
                    f"record_to is {self._folder}, where {len(missing)} files are missing that "
                    f"workers have written, such as {missing[0]}; it must be a folder that all "
                    f"workers share"
                )
            remove_others(self._folder, set(files))
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

    def _check_manifest(self) -> None:
        """Raise a FileExistsError unless the folder was begun for the same run."""
        path = self._folder / MANIFEST
        try:
            before = json.loads(path.read_text(encoding="utf-8")) if path.stat().st_size else {}
        except ValueError:
            before = {}
        # An empty one is that of another process which begins at the same moment.
        if before and before != self._manifest | {"num_samples": before.get("num_samples")}:
            raise FileExistsError(
                f"record_to is {self._folder}, which holds records of another simulation; take an "
                f"empty folder or a new one"
            )


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
