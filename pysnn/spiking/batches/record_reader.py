"""Reading what `simulate` recorded into a folder."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..._base.numbers import as_choice, as_count, as_path, as_str
from .record_layout import FORMAT_VERSION, MANIFEST, Place, parts_of


class RecordFiles:
    """What a simulation with ``record_to`` left in a folder, read when it is asked for.

    Args:
        folder: The folder.

    Raises:
        TypeError: ``folder`` is no path.
        ValueError: It keeps no records.
        OSError: It can't be read.

    Example:
        >>> import tempfile
        >>> snn = pysnn.SpikingNetwork(1)
        >>> snn.add_population("output", 1)
        >>> snn.connect("input", "output", pysnn.Linear([[0.5]]))
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     x = np.ones((3, 1))
        ...     _ = pysnn.simulate(
        ...         snn, x, num_steps=4, record="spikes", record_to=folder, batch_size=2
        ...     )
        ...     records = pysnn.RecordFiles(folder)
        ...     [(rows, trains.shape) for rows, trains in records.parts("spikes", "output")]
        [(slice(0, 2, None), (4, 2, 1)), (slice(2, 3, None), (4, 1, 1))]
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self._folder = Path(as_path(folder, "folder"))
        path = self._folder / MANIFEST
        if self._folder.is_dir() and not path.exists():
            raise ValueError(f"folder is {self._folder}, which keeps no records: no {MANIFEST}")
        try:
            facts = json.loads(path.read_text(encoding="utf-8"))
            kind, version = facts["kind"], facts["format_version"]
            self._names: list[str] = [each["name"] for each in facts["populations"]]
            self._recorded: dict[str, list[str]] = facts["record"]
            self._num_samples: int | None = facts["num_samples"]
            self._num_steps: int = facts["num_steps"]
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"folder has an unreadable {path}: {error}") from None
        if (kind, version) != ("records", FORMAT_VERSION):
            raise ValueError(f"folder has {path} of {kind!r} {version}, which is not known here")

    @property
    def recorded(self) -> dict[str, tuple[str, ...]]:
        """Names of populations by what was recorded of them."""
        return {what: tuple(names) for what, names in self._recorded.items()}

    @property
    def num_steps(self) -> int:
        """Steps of each sample."""
        return self._num_steps

    @property
    def num_samples(self) -> int | None:
        """Number of samples; None where the simulation did not come to its end."""
        return self._num_samples

    def parts(
        self, what: str, population: str, *, field: str | None = None
    ) -> Iterator[tuple[slice, NDArray[Any]]]:
        """Return blocks of samples as read-only memory maps, with the samples that each is of.

        Args:
            what: ``"spikes"``, ``"potentials"``, ``"counts"`` or ``"balance"``.
            population: Name of the population.
            field: Name of an array of `Balance`, with ``"balance"``.

        Returns:
            Rows and arrays, in order, as `SimulationResult` has them: (num_steps, num_samples,
            num_neurons) of spikes and potentials, (num_samples, num_neurons) of counts and of a
            balance, whose ``threshold`` is (num_neurons,).

        Raises:
            TypeError: An argument has the wrong type.
            ValueError: Nothing of that was recorded, or a file is damaged.
        """
        return _mapped(self._place(what, population, field))

    def read(
        self, what: str, population: str, start: int, stop: int, *, field: str | None = None
    ) -> NDArray[Any]:
        """Return what was recorded of some samples, in memory.

        Args:
            what: As for `parts`.
            population: As for `parts`.
            start: The first sample.
            stop: The one behind the last.
            field: As for `parts`.

        Raises:
            TypeError: An argument has the wrong type.
            ValueError: Nothing of that was recorded, a sample is not there, or a file is damaged.
        """
        first, end = as_count(start, "start"), as_count(stop, "stop")
        if end <= first:
            raise ValueError(f"stop is {end}, but must be above start, {first}")
        found, reached = [], first
        for rows, array in self.parts(what, population, field=field):
            if array.ndim == 1:
                return np.array(array)
            if rows.start <= reached < rows.stop:
                part = slice(reached - rows.start, min(end, rows.stop) - rows.start)
                found.append(array[..., part, :])
                reached = min(end, rows.stop)
        if reached < end:
            raise ValueError(f"stop is {end}, but {what} of {population!r} ends at {reached}")
        return np.concatenate(found, axis=found[0].ndim - 2)

    def _place(self, what: str, population: str, field: str | None) -> Path:
        kind = as_choice(what, "what", tuple(self._recorded))
        names = self._recorded[kind]
        if as_str(population, "population") not in names:
            raise ValueError(f"population is {population!r}, but {kind} was recorded of {names}")
        if (kind == "balance") != (field is not None):
            raise ValueError(
                f"field is {field!r}, but must be an array of Balance with 'balance', and left out "
                f"with anything else"
            )
        place = Place(kind, self._names.index(population), population, field or kind)
        folder = place.folder(self._folder)
        if field is not None:
            known = sorted(path.name for path in folder.parent.iterdir())
            as_choice(field, "field", known)
        return folder


def _mapped(folder: Path) -> Iterator[tuple[slice, NDArray[Any]]]:
    for start, stop, path in parts_of(folder):
        try:
            array = np.load(path, mmap_mode="r", allow_pickle=False)
        except (ValueError, EOFError) as error:
            raise ValueError(f"{path} is no sound .npy file: {error}") from error
        yield slice(start, stop), array
