"""The parts of a sweep: what one computes, and how a folder keeps what is done."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .._base.files import make_folder, write_json
from .._base.formats import all_digits
from ..spiking import SpikingNetwork, Stimulus, simulate

MANIFEST = "manifest.json"


@dataclass(frozen=True, eq=False)
class SweepPart:
    """All rates of one threshold: what a worker needs to know, and nothing that others change.

    Attributes:
        snn: The network with any threshold.
        threshold: Threshold that its neurons get.
        max_rates: Input rates in Hz.
        x: Samples, (num_samples, *input_shape).
        y: Labels, (num_samples,).
        stimulus: How they drive the network, with a number for each sample, at any rate.
        num_steps: Steps per sample.
        num_threads: Threads of the simulation; None for the default.
    """

    snn: SpikingNetwork
    threshold: float
    max_rates: tuple[float, ...]
    x: NDArray[np.float32]
    y: NDArray[np.int64]
    stimulus: Stimulus
    num_steps: int
    num_threads: int | None

    @property
    def sample_ids(self) -> NDArray[np.uint64]:
        """Number of each sample for the generator, (num_samples,)."""
        ids = self.stimulus.ids(len(self.x))
        return np.arange(len(self.x), dtype=np.uint64) if ids is None else ids


@dataclass(frozen=True)
class PartCounts:
    """Whole numbers that a part gives, one per rate."""

    num_correct: list[int]
    spikes: list[int]
    synaptic_operations: list[int]


def run_part(part: SweepPart, advance: Callable[[], None] | None = None) -> PartCounts:
    """Simulate all cells of one threshold.

    Args:
        part: What to simulate.
        advance: Called after each cell.
    """
    # One network for all rates: packing its weights costs as much as a cell.
    snn = part.snn.with_threshold(part.threshold)
    counts = PartCounts([], [], [])
    for max_rate in part.max_rates:
        result = simulate(
            snn,
            part.x,
            num_steps=part.num_steps,
            num_threads=part.num_threads,
            progress=False,
            **part.stimulus.changed(max_rate=max_rate).options(),
        )
        counts.num_correct.append(int(np.count_nonzero(result.predictions == part.y)))
        counts.spikes.append(int(result.spikes.sum()))
        counts.synaptic_operations.append(int(result.synaptic_operations.sum()))
        if advance is not None:
            advance()
    return counts


class SweepFolder:
    """Keeps the parts of one sweep, each in a file that appears when it is complete.

    The manifest says what the numbers depend on, and every part carries its fingerprint: a
    folder never holds parts of two sweeps.

    Args:
        folder: Where to keep them; made where it is missing.
        manifest: Settings, and the SHA-256 of network and data, ready for JSON.

    Raises:
        OSError: The folder can't be written.
        ValueError: It keeps a sweep with another manifest.
    """

    def __init__(self, folder: Path, manifest: dict[str, Any]) -> None:
        self._folder = folder
        self._fingerprint = _fingerprint(manifest)
        make_folder(folder)
        path = folder / MANIFEST
        if path.exists():
            _check_manifest(path, manifest)
        else:
            write_json(path, manifest)

    def load(self, index: int, num_rates: int) -> PartCounts | None:
        """Return a part that an earlier run left, or None where there is no whole one."""
        try:
            values = json.loads(self._path(index).read_text(encoding="utf-8"))
            if values["fingerprint"] != self._fingerprint:
                return None
            counts = PartCounts(
                *([int(count) for count in values[name]] for name in PartCounts.__annotations__)
            )
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None
        whole = all(len(each) == num_rates for each in vars(counts).values())
        return counts if whole else None

    def save(self, index: int, counts: PartCounts) -> None:
        """Keep a part; an interruption leaves the whole file or none."""
        write_json(self._path(index), {"fingerprint": self._fingerprint, **asdict(counts)})

    def _path(self, index: int) -> Path:
        return self._folder / f"part-{index:03d}.json"


def sha256(*contents: bytes | NDArray[Any]) -> str:
    """Return the SHA-256 of bytes and arrays, the types and shapes of arrays included."""
    digest = hashlib.sha256()
    for content in contents:
        if isinstance(content, np.ndarray):
            digest.update(f"{content.dtype.str}{content.shape}".encode())
            content = np.ascontiguousarray(content).tobytes()
        digest.update(content)
    return digest.hexdigest()


def _fingerprint(manifest: dict[str, Any]) -> str:
    return sha256(json.dumps(manifest, sort_keys=True).encode())


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
