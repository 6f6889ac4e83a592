"""The parts of a sweep: what one computes, and the folder that knows one sweep."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .._base.files import make_folder, write_json
from .._base.formats import all_digits
from ..parallel.job import Job
from ..parallel.messages.calls import Arrays, Part
from ..parallel.messages.shared import Shared
from ..spiking import SpikingNetwork, Stimulus, simulate
from ..spiking.batches import StoredSamples
from ..spiking.parts import as_settings, part_stimulus

MANIFEST = "manifest.json"


@dataclass(frozen=True, eq=False)
class Grid:
    """All cells of a sweep, and the samples that each gets.

    Attributes:
        snn: The network with any threshold.
        max_rates: Input rates in Hz.
        thresholds: Thresholds.
        x: Samples, (num_samples, *input_shape).
        y: Labels, (num_samples,).
        ids: Number of each sample for the generator, (num_samples,).
        stimulus: How they drive the network, at any rate.
        num_steps: Steps per sample.
    """

    snn: SpikingNetwork
    max_rates: tuple[float, ...]
    thresholds: tuple[float, ...]
    x: NDArray[np.float32] | StoredSamples
    y: NDArray[np.int64]
    ids: NDArray[np.uint64]
    stimulus: Stimulus
    num_steps: int

    def job(self, threshold: float, network: Shared) -> Job:
        """Return the job of all rates of one threshold."""
        return Job(
            kind="sweep",
            name=f"threshold {threshold:g}",
            function=count_cells,
            settings={
                "threshold": threshold,
                "max_rates": list(self.max_rates),
                "num_steps": self.num_steps,
                "stimulus": as_settings(self.stimulus),
            },
            values=(network,),
        )


@dataclass(frozen=True, eq=False)
class CellCounts:
    """Whole numbers of the cells of one threshold, (num_rates,) each."""

    num_correct: NDArray[np.int64]
    spikes: NDArray[np.int64]
    synaptic_operations: NDArray[np.int64]

    @classmethod
    def total(cls, parts: Sequence[Arrays]) -> CellCounts:
        """Return the sums over the samples of all parts; at least one."""
        names = cls.__annotations__
        return cls(**{name: np.sum([part[name] for part in parts], axis=0) for name in names})


def count_cells(part: Part) -> Arrays:
    """Simulate the samples of a part in all cells of one threshold."""
    settings, (x, y, ids) = part.settings, part.rows
    threshold: float = settings["threshold"]
    # One network for all rates and parts: packing its weights costs as much as a cell.
    snn = part.derived(f"threshold {threshold!r}", lambda: part.values[0].with_threshold(threshold))
    counts = []
    for max_rate in settings["max_rates"]:
        stimulus = part_stimulus(settings["stimulus"] | {"max_rate": max_rate}, ids)
        result = simulate(
            snn,
            x,
            num_steps=settings["num_steps"],
            num_threads=part.num_threads,
            progress=False,
            **stimulus.options(),
        )
        num_correct = np.count_nonzero(result.predictions == y)
        counts.append((num_correct, result.num_spikes.sum(), result.synaptic_operations.sum()))
    columns = np.array(counts, dtype=np.int64).T
    return dict(zip(CellCounts.__annotations__, columns, strict=True))


def claim_folder(folder: Path, manifest: dict[str, Any]) -> None:
    """Make a folder that of one sweep, or check that it is.

    Parts would not mix there, whatever they are of; but the results of a sweep would replace
    those of another one.

    Args:
        folder: The folder; made where it is missing.
        manifest: Settings, and the SHA-256 of network and data, ready for JSON.

    Raises:
        OSError: The folder can't be written.
        ValueError: It keeps a sweep with another manifest.
    """
    make_folder(folder)
    path = folder / MANIFEST
    if path.exists():
        _check_manifest(path, manifest)
    else:
        write_json(path, manifest)


def _check_manifest(path: Path, manifest: dict[str, Any]) -> None:
    try:
        before = dict(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError):
        raise ValueError(
            f"output has an unreadable {path}; delete it or take another folder"
        ) from None
    changes = [
        _change(key, before.get(key), value)
        for key, value in manifest.items()
        if before.get(key) != value
    ]
    if changes or before.keys() != manifest.keys():
        raise ValueError(
            f"output is {path.parent}, which keeps a sweep of something else "
            f"({'; '.join(changes) or 'made by another version'}); take another folder"
        )


def _change(key: str, before: object, now: object) -> str:
    if isinstance(before, list) and isinstance(now, list) and len(before) == len(now) > 1:
        i = next(i for i, (a, b) in enumerate(zip(before, now, strict=True)) if a != b)
        return f"{key}[{i}] was {before[i]}, is {now[i]}"
    return f"{key} was {_short(before)}, is {_short(now)}"


def _short(value: object) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str) and len(value) > 1:
        return f"{len(value)} values from {all_digits(value[0])} to {all_digits(value[-1])}"
    text = str(value)
    return text if len(text) <= 20 else f"{text[:12]}..."
