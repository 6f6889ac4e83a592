"""What samples tell of the values that populations stand for, found by the core."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

from ... import _core
from ..._base.memory import check_memory
from ..._base.progress import progress_bar
from ...network import INPUT, Network
from ..folding import FoldedNetwork, FoldedPopulation
from ..folding.linear_map import Doubles
from .method import ScaleSettings

Report = Callable[[float], None]


class Readings:
    """Reduces values of populations that are no pools over the samples, by channel.

    Sums are float64: of a channel's values of a sample in their order, of samples in blocks of 64,
    of the blocks, each from +0. Results do not depend on the batch size, the number of threads or
    the instruction set.

    Args:
        network: The network that was folded.
        folded: Its populations.
        settings: Samples, and how they run; ``per`` says whether a population or each of its
            channels is a channel here. The outputs, which are compared, are always one.
    """

    def __init__(self, network: Network, folded: FoldedNetwork, settings: ScaleSettings) -> None:
        assert settings.x is not None, "samples are there where x is read"
        self._core = _core.Calibration(network.to_core())
        self._x = np.ascontiguousarray(settings.x).reshape(len(settings.x), -1)
        self._settings = settings
        self._index = {name: i for i, name in enumerate(network.layer_names)}
        self._elements = [math.prod(shape) for shape in network.layer_shapes]
        self._compared = compared(folded)
        self.populations = tuple(each for each in folded.populations if not each.is_pool)

    def num_channels(self, population: FoldedPopulation) -> int:
        """Return how many scales a population has."""
        whole = self._settings.per == "layer" or population.name in self._compared
        return 1 if whole else population.shape[0]

    def num_values(self, population: FoldedPopulation) -> int:
        """Return how many values each of its channels has over all samples."""
        elements = self._elements[self._index[population.node]]
        return len(self._x) * elements // self.num_channels(population)

    def largest(self) -> dict[str, Doubles]:
        """Return the largest values, (channels,); of what may be negative, absolute ones."""
        with self._bar("largest activations") as report:
            found = self._core.largest(self._x, self._all(), *self._options, report)
        return self._named([each[:, 0].astype(np.float64) for each in found])

    def percentiles(
        self, percentile: float, populations: Iterable[FoldedPopulation] | None = None
    ) -> dict[str, Doubles]:
        """Return percentiles of the values, (channels,), interpolated linearly.

        Zeros count, and values that may be negative with their size.

        Args:
            percentile: In (0, 100].
            populations: Those that are wanted; None for all.

        Raises:
            MemoryError: The values above the percentile would not fit into the machine's memory.
        """
        wanted = self.populations if populations is None else tuple(populations)
        if not wanted:
            return {}
        places = [(self.num_values(each) - 1) * (percentile / 100) for each in wanted]
        ranks = [
            min(int(place), self.num_values(each) - 1)
            for place, each in zip(places, wanted, strict=True)
        ]
        kept = sum(
            self.num_channels(each) * (self.num_values(each) - rank)
            for rank, each in zip(ranks, wanted, strict=True)
        )
        check_memory("the largest activations", (kept,), 4)
        readings = [
            self._reading(each, rank=rank) for rank, each in zip(ranks, wanted, strict=True)
        ]
        with self._bar("activations") as report:
            ranked = self._core.ranked(self._x, readings, *self._options, report)
        result: dict[str, Doubles] = {}
        for each, place, rank, ends in zip(wanted, places, ranks, ranked, strict=True):
            low, high = ends.astype(np.float64).T
            result[each.name] = low + (high - low) * (place - rank)
        return result

    def moments(
        self, populations: Iterable[FoldedPopulation]
    ) -> dict[str, tuple[Doubles, Doubles]]:
        """Return means and variances of the values before they are cut off, (channels,) each."""
        wanted = tuple(populations)
        readings = [self._reading(each, look="plain") for each in wanted]
        with self._bar("means") as report:
            sums = self._core.moments(self._x, readings, *self._options, report)
        result = {}
        for each, (total, squares) in zip(wanted, (each.T for each in sums), strict=True):
            mean = total / self.num_values(each)
            result[each.name] = mean, np.maximum(squares / self.num_values(each) - mean * mean, 0.0)
        return result

    def neuron_means(self) -> dict[str, Doubles]:
        """Return the mean of each neuron's value, with its sign, (num_neurons,)."""
        readings = [
            self._reading(
                each,
                look="rectified" if each.is_rectified else "plain",
                channels=self._elements[self._index[each.node]],
            )
            for each in self.populations
        ]
        with self._bar("mean activations") as report:
            sums = self._core.moments(self._x, readings, *self._options, report)
        return self._named([each[:, 0] / len(self._x) for each in sums])

    def squared_errors(
        self, scales: Mapping[str, Doubles], num_steps: int, shifts: Mapping[str, float]
    ) -> dict[str, Doubles]:
        """Return sums of squared errors of the values as counts of spikes, (channels, candidates).

        A neuron of scale m counts ``floor(a * (num_steps / m) + shift)`` spikes for a, at least 0
        and at most num_steps, which stand for m / num_steps each.

        Args:
            scales: Candidates by population, (channels, candidates), above 0.
            num_steps: Number of steps.
            shifts: By population, its initial potential in thresholds.
        """
        readings = [
            self._reading(
                each, scales=scales[each.name].reshape(-1).tolist(), shift=shifts[each.name]
            )
            for each in self.populations
        ]
        with self._bar("errors") as report:
            found = self._core.squared_errors(self._x, readings, num_steps, *self._options, report)
        return self._named(found)

    def balanced(self, num_updates: int) -> dict[str, Doubles]:
        """Return thresholds that rose by twice the mean excess, (channels,), (Bu et al. 2025).

        Each update takes the next 100 samples, from the first again behind the last; what a
        population sends on is cut off at its thresholds.

        Args:
            num_updates: Number of updates.
        """
        with self._bar("updates", num_updates, "update") as report:
            found = self._core.balanced(self._x, self._all(), num_updates, *self._options, report)
        return self._named([each[:, 0] for each in found])

    @property
    def _options(self) -> tuple[int, int]:
        return self._settings.batch_size, self._settings.num_threads

    def _all(self) -> list[_core.Reading]:
        return [self._reading(each) for each in self.populations]

    def _reading(
        self,
        population: FoldedPopulation,
        *,
        channels: int | None = None,
        look: str | None = None,
        shift: float = 0.0,
        rank: int = 0,
        scales: list[float] | None = None,
    ) -> _core.Reading:
        node = self._index[population.node]
        return _core.Reading(
            node=node,
            channels=channels or self.num_channels(population),
            look=look or ("rectified" if population.is_rectified else "magnitude"),
            most=math.inf if population.max is None else population.max,
            # A ReLU may stand behind a max pool that comes behind its population.
            cut_node=self._index.get(population.name, node),
            shift=shift,
            rank=rank,
            scales=scales or [],
        )

    def _named(self, found: Iterable[NDArray[np.float64]]) -> dict[str, Doubles]:
        return {each.name: one for each, one in zip(self.populations, found, strict=True)}

    @contextmanager
    def _bar(
        self, description: str, total: int | None = None, unit: str = "sample"
    ) -> Iterator[Report]:
        units = len(self._x) if total is None else total
        done = 0
        with progress_bar(units, description, progress=self._settings.progress, unit=unit) as bar:

            def report(fraction: float) -> None:
                nonlocal done
                now = round(fraction * units)
                bar.advance(now - done)
                done = now

            yield report


def compared(folded: FoldedNetwork) -> set[str]:
    """Return the output and, where it is a pool, whose spikes it passes on."""
    population = folded.populations[-1]
    names = {population.name}
    while population.is_pool and population.projections[0].source != INPUT:
        population = folded[population.projections[0].source]
        names.add(population.name)
    return names
