"""The arrays that a result is made of, in the core's memory or on their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from .record import Arrays, Recorded


class ResultSource(Protocol):
    """What a result reads: the core's result, or `ResultArrays`."""

    @property
    def first_step(self) -> int:
        """Step of the simulation that the result begins with."""

    @property
    def num_steps(self) -> int:
        """Number of steps."""

    @property
    def num_samples(self) -> int:
        """Number of samples."""

    @property
    def num_outputs(self) -> int:
        """Number of output neurons."""

    @property
    def output_spikes(self) -> NDArray[np.uint8]:
        """Bits of a step, low bit first, (num_samples, num_steps, ceil(num_outputs / 8))."""

    @property
    def output_negative_spikes(self) -> NDArray[np.uint8]:
        """As ``output_spikes``, those of -1; no samples where outputs can't send them."""

    @property
    def output_potentials(self) -> NDArray[np.float32]:
        """Potentials of a readout, (num_samples, num_steps, num_outputs); none without one."""

    @property
    def output_scale(self) -> float:
        """What potentials of a readout are multiplied by."""

    @property
    def is_readout(self) -> bool:
        """Whether the output population is a readout."""

    @property
    def readout_delay(self) -> int:
        """Steps before a readout begins to add its input."""

    @property
    def input_spikes(self) -> NDArray[np.int64]:
        """Spikes of all inputs together, (num_samples,)."""

    @property
    def spikes(self) -> NDArray[np.int64]:
        """Spikes of each population, (num_samples, num_populations)."""

    @property
    def synaptic_operations(self) -> NDArray[np.int64]:
        """Synaptic operations of each population, (num_samples, num_populations)."""

    @property
    def stopped_step(self) -> NDArray[np.int64]:
        """First step that was not simulated, (num_samples,)."""

    def record(self, what: str, population: int) -> Arrays:
        """Return the arrays of one thing that was kept of the population at a position."""


NUMBERS = (
    "first_step",
    "num_steps",
    "num_samples",
    "num_outputs",
    "output_scale",
    "is_readout",
    "readout_delay",
)
TRAINS = ("output_spikes", "output_negative_spikes", "output_potentials")
SAMPLES_FIRST = (
    *TRAINS,
    "input_spikes",
    "spikes",
    "synaptic_operations",
    "stopped_step",
)


@dataclass(frozen=True, eq=False)
class ResultArrays:
    """A result without the core: what a pickle holds, and what results are joined to.

    Arrays are read-only; the fields are those of `ResultSource`.
    """

    first_step: int
    num_steps: int
    num_samples: int
    num_outputs: int
    output_scale: float
    is_readout: bool
    readout_delay: int
    output_spikes: NDArray[np.uint8]
    output_negative_spikes: NDArray[np.uint8]
    output_potentials: NDArray[np.float32]
    input_spikes: NDArray[np.int64]
    spikes: NDArray[np.int64]
    synaptic_operations: NDArray[np.int64]
    stopped_step: NDArray[np.int64]
    records: dict[tuple[str, int], Arrays]

    def __post_init__(self) -> None:
        for name in SAMPLES_FIRST:
            getattr(self, name).setflags(write=False)
        for arrays in self.records.values():
            for array in arrays.values():
                array.setflags(write=False)

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        # Through the constructor, after which arrays are read-only again.
        return type(self), tuple(getattr(self, field.name) for field in fields(self))

    @classmethod
    def of(cls, source: ResultSource, recorded: Recorded, names: Sequence[str]) -> Self:
        """Return what a source holds, not copied.

        Args:
            source: The core's result, or arrays.
            recorded: What was kept, of which populations.
            names: Names of all populations in order.
        """
        return cls(
            **{name: getattr(source, name) for name in (*NUMBERS, *SAMPLES_FIRST)},
            records={
                (what, i): source.record(what, i)
                for what, kept in recorded.items()
                for i, name in enumerate(names)
                if name in kept
            },
        )

    def without_trains(self) -> Self:
        """Return what is not about each step of the outputs, in memory of its own."""
        # What is left of the core's arrays would keep the core's whole result alive.
        return replace(
            self,
            **{name: getattr(self, name)[:, :0].copy() for name in TRAINS},
            **{name: getattr(self, name).copy() for name in SAMPLES_FIRST if name not in TRAINS},
            records={
                key: {name: array.copy() for name, array in arrays.items()}
                for key, arrays in self.records.items()
            },
        )

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """Return the samples of all parts in order; their steps and records are the same.

        Raises:
            ValueError: An array that no sample has a part in differs, such as thresholds.
        """
        first = parts[0]
        values: dict[str, Any] = {name: getattr(first, name) for name in NUMBERS}
        values["num_samples"] = sum(part.num_samples for part in parts)
        values |= {
            name: np.concatenate([getattr(part, name) for part in parts]) for name in SAMPLES_FIRST
        }
        return cls(
            **values,
            records={
                key: {
                    name: _joined([part.records[key][name] for part in parts], name)
                    for name in arrays
                }
                for key, arrays in first.records.items()
            },
        )

    def record(self, what: str, population: int) -> Arrays:
        """Return the arrays of one thing that was kept of the population at a position."""
        return self.records[what, population]


def _joined(arrays: Sequence[NDArray[Any]], name: str) -> NDArray[Any]:
    # Axes are (steps, samples, neurons), (samples, neurons) or (neurons).
    num_axes = arrays[0].ndim
    if num_axes > 1:
        return np.concatenate(arrays, axis=num_axes - 2)
    for i, array in enumerate(arrays):
        if not np.array_equal(array, arrays[0]):
            raise ValueError(f"parts[{i}] has another {name} than parts[0]: not one network")
    return arrays[0].copy()
