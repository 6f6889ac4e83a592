"""What drives a network, as blocks that the core takes: samples or spike trains, checked."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ... import _core
from ..._base.arrays import as_array, samples_shape
from ..._base.interface.loaders import as_batch
from ..given_spikes import GivenTrains, as_spikes
from ..settings import Report
from ..spiking_network import SpikingNetwork
from .sources import ArrayRows, Block, Source, is_mapped, ranges

Floats = NDArray[np.float32]


class Drive(Protocol):
    """What drives a network, in blocks of neighbouring samples."""

    @property
    def num_samples(self) -> int | None:
        """How many there are; None where only the end tells."""

    @property
    def num_steps(self) -> int:
        """Steps of each."""

    @property
    def sample_bytes(self) -> int:
        """Memory that the input of a sample takes in a block."""

    def check(self) -> None:
        """Raise now what can be known before any block is simulated."""

    def blocks(self, size: int) -> Iterator[NDArray[Any]]:
        """Yield ``size`` samples at a time, the last ones fewer; at least one block."""

    def num_samples_of(self, block: NDArray[Any]) -> int:
        """Return how many samples a block has."""

    def run(
        self, block: NDArray[Any], options: _core.SimulationOptions, report: Report
    ) -> _core.SimulationResult:
        """Simulate a block."""


class SampleDrive:
    """Samples that become spikes or currents.

    Args:
        snn: The network.
        source: The samples.
        num_steps: Steps of each.
        scale: Factor for their numbers; None: they are as they stand.
        expected: How many samples there must be, where the source can't tell: a number and what
            says so.
    """

    def __init__(
        self,
        snn: SpikingNetwork,
        source: Source,
        num_steps: int,
        scale: float | None,
        expected: tuple[int, str] | None,
    ) -> None:
        self._snn = snn
        self._source = source
        self._scale = scale
        self._expected = expected
        self.num_steps = num_steps

    @property
    def num_samples(self) -> int | None:
        """How many there are; None where only the end tells."""
        known = self._source.num_rows
        return self._expected[0] if known is None and self._expected is not None else known

    @property
    def sample_bytes(self) -> int:
        """Memory that a sample takes, as it comes and as float32."""
        return 8 * self._snn.num_inputs

    def check(self) -> None:
        """Raise now what can be known of an array: of a memory map its shape and its type alone.

        Raises:
            TypeError: It does not hold real numbers, or integers without a scale.
            ValueError: Its shape does not fit; of an array in memory, a number is out of its range.
        """
        if not isinstance(self._source, ArrayRows):
            return
        array, name = self._source.array, self._source.name
        samples_shape(array.shape, self._snn.input_shape, name)
        self._as_samples(array[:0], name)
        if not is_mapped(array):
            for block in self._source.blocks(_rows_to_check(self._snn)):
                self._checked(block)

    def blocks(self, size: int) -> Iterator[Floats]:
        """Yield samples, (size, num_inputs).

        Raises:
            TypeError: Samples are not real numbers.
            ValueError: Shapes or numbers do not fit, or there are more or fewer than expected.
        """
        parts: list[Floats] = []
        waiting = total = 0
        gave_any = False
        for block in self._arrays(size):
            gave_any = True
            for part in self._pieces(block, size):
                total += len(part)
                self._check_total(total, block.name)
                if not waiting and len(part) == size:
                    yield part
                    continue
                # Who gives batches may fill the same memory with the next one.
                parts.append(part.copy())
                waiting += len(part)
                if waiting >= size:
                    whole = _side_by_side(parts)
                    yield whole[:size]
                    parts = [whole[size:]]
                    waiting -= size
        self._check_total(total, None)
        if self.num_samples is None and not gave_any:
            raise ValueError("x gave no batch; an iterator that was read before is at its end")
        if waiting or not total:
            yield _side_by_side([self._empty(), *parts] if not waiting else parts)

    def num_samples_of(self, block: NDArray[Any]) -> int:
        """Return the number of rows."""
        return len(block)

    def run(
        self, block: NDArray[Any], options: _core.SimulationOptions, report: Report
    ) -> _core.SimulationResult:
        """Simulate a block."""
        return _core.simulate(self._snn.core, block, self.num_steps, options, report)

    def _arrays(self, size: int) -> Iterator[Block]:
        rank = None
        for block in self._source.blocks(size):
            if block.num_rows is None:
                values = as_batch(block.values, block.name, rank)
                rank = values.ndim
            else:
                values = as_array(block.values, block.name)
            yield block._replace(values=values)

    def _pieces(self, block: Block, size: int) -> Iterator[Floats]:
        # A batch of an iterable may be of any size; what is made of it should not be.
        values = block.values
        samples_shape(values.shape, self._snn.input_shape, block.name)
        if block.num_rows is not None or len(values) <= size:
            yield self._checked(block)
            return
        for start, stop in ranges(len(values), size):
            name = f"{block.name}[{start}:{stop}]"
            yield self._checked(Block(name, values[start:stop], None))

    def _checked(self, block: Block) -> Floats:
        samples = self._as_samples(block.values, block.name)
        if block.num_rows not in (None, len(samples)):
            raise ValueError(
                f"{block.name} has {len(samples)} samples, but must have {block.num_rows}"
            )
        return samples.reshape(len(samples), self._snn.num_inputs)

    def _as_samples(self, values: ArrayLike, name: str) -> Floats:
        return self._snn.input_range.samples(
            values, self._snn.input_shape, name=name, scale=self._scale
        )

    def _check_total(self, total: int, block: str | None) -> None:
        if self._expected is None or self._source.num_rows is not None:
            return
        expected, reason = self._expected
        if total > expected:
            raise ValueError(
                f"x has {total} samples up to {block} and may have more, but {reason} {expected}"
            )
        if block is None and total < expected:
            raise ValueError(f"x ended after {total} samples, but {reason} {expected}")

    def _empty(self) -> Floats:
        return np.empty((0, self._snn.num_inputs), dtype=np.float32)


class TrainDrive:
    """Spike trains of an array, taken as they are.

    Args:
        snn: The network.
        trains: The trains, whose shape and type are checked.
    """

    def __init__(self, snn: SpikingNetwork, trains: GivenTrains) -> None:
        self._snn = snn
        self._trains = trains

    @property
    def num_samples(self) -> int:
        """How many there are."""
        return self._trains.num_samples

    @property
    def num_steps(self) -> int:
        """Steps of each."""
        return self._trains.num_steps

    @property
    def sample_bytes(self) -> int:
        """Memory that the trains of a sample take."""
        return self.num_steps * self._snn.num_inputs

    def check(self) -> None:
        """Check the numbers of an array in memory, unless the core does: see `as_spikes`.

        Raises:
            ValueError: A number is none of -1, 0 and 1.
        """
        if not is_mapped(self._trains.array):
            as_spikes(self._trains.array)

    def blocks(self, size: int) -> Iterator[NDArray[Any]]:
        """Yield spike trains, (num_steps, size, num_inputs)."""
        for start, stop in ranges(self.num_samples, size) if self.num_samples else [(0, 0)]:
            yield self._trains.block(start, stop)

    def num_samples_of(self, block: NDArray[Any]) -> int:
        """Return the length of the second axis."""
        return int(block.shape[1])

    def run(
        self, block: NDArray[Any], options: _core.SimulationOptions, report: Report
    ) -> _core.SimulationResult:
        """Simulate a block."""
        return _core.simulate_spikes(self._snn.core, block, options, report)


def _side_by_side(parts: list[Floats]) -> Floats:
    filled = [part for part in parts if len(part)]
    return filled[0] if len(filled) == 1 else np.concatenate(filled or parts)


def _rows_to_check(snn: SpikingNetwork) -> int:
    return max(1, (1 << 22) // math.prod(snn.input_shape))
