"""The specification of what samples tell of populations: plain NumPy, nothing in parts.

A sum of float64 numbers adds a sample's values in their order, samples in their order in blocks of
64, and blocks in their order, each from +0.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from reference_forward import Floats, reference_activations

from pysnn.conversion.folding import FoldedNetwork, FoldedPopulation
from pysnn.conversion.scales.readings import compared
from pysnn.network import Network

Doubles = NDArray[np.float64]

BATCH = 100


class ReferenceReadings:
    """What `Readings` finds, by population.

    Args:
        network: The network.
        folded: Its populations.
        x: Samples.
        per: What is a channel.
    """

    def __init__(self, network: Network, folded: FoldedNetwork, x: Floats, per: str) -> None:
        self._network, self._x, self._per = network, x, per
        self._compared = compared(folded)
        self.populations = [each for each in folded.populations if not each.is_pool]

    def values(self) -> dict[str, Floats]:
        """Return what the populations stand for, (channels, samples, positions)."""
        finished = {name: after for name, (_, after) in self._outputs().items()}
        return {
            each.name: self._rows(each, looked_at(each, finished[each.node]))
            for each in self.populations
        }

    def sums(self) -> dict[str, Floats]:
        """Return values before they are cut off, (channels, samples, positions)."""
        plain = {name: before for name, (before, _) in self._outputs().items()}
        return {each.name: self._rows(each, plain[each.node]) for each in self.populations}

    def percentiles(self, percentile: float) -> dict[str, Doubles]:
        """Return percentiles, (channels,)."""
        return {
            name: _percentile(rows.reshape(len(rows), -1), percentile)
            for name, rows in self.values().items()
        }

    def moments(self) -> dict[str, tuple[Doubles, Doubles]]:
        """Return means and variances, (channels,) each."""
        result = {}
        for name, rows in self.sums().items():
            z = rows.astype(np.float64)
            count = z[0].size
            mean = ordered_sum(z) / count
            result[name] = mean, np.maximum(ordered_sum(z * z) / count - mean * mean, 0)
        return result

    def squared_errors(
        self, scales: dict[str, Doubles], num_steps: int, shifts: dict[str, float]
    ) -> dict[str, Doubles]:
        """Return sums of squared errors, (channels, candidates)."""
        result = {}
        for name, rows in self.values().items():
            a = rows.astype(np.float64)
            columns = []
            for scale in scales[name].T[:, :, np.newaxis, np.newaxis]:
                count = np.clip(np.floor(a * (num_steps / scale) + shifts[name]), 0, num_steps)
                columns.append(ordered_sum((a - count * (scale / num_steps)) ** 2))
            result[name] = np.stack(columns, axis=1)
        return result

    def balanced(self, num_updates: int) -> dict[str, Doubles]:
        """Return balanced thresholds, (channels,)."""
        thresholds = {
            each.name: np.zeros(1 if self._is_whole(each) else each.shape[0])
            for each in self.populations
        }
        size = min(BATCH, len(self._x))

        def visit(node: str, before: Floats, after: Floats) -> Floats:
            for each in self.populations:
                threshold = thresholds[each.name]
                if each.node == node:
                    rows = self._rows(each, looked_at(each, after)).astype(np.float64)
                    excess = np.maximum(rows - threshold[:, np.newaxis, np.newaxis], 0)
                    total = in_order(in_order(excess))
                    threshold += 2 * (total / rows[0].size)
            for each in self.populations:
                if each.name == node:
                    after = _cut_off(each, thresholds[each.name], after)
            return after

        for update in range(num_updates):
            rows = (update * size + np.arange(size)) % len(self._x)
            reference_activations(self._network, self._x[rows], visit)
        return thresholds

    def _outputs(self) -> dict[str, tuple[Floats, Floats]]:
        found: dict[str, tuple[Floats, Floats]] = {}

        def visit(node: str, before: Floats, after: Floats) -> Floats:
            found[node] = before, after
            return after

        reference_activations(self._network, self._x, visit)
        return found

    def _is_whole(self, population: FoldedPopulation) -> bool:
        return self._per == "layer" or population.name in self._compared

    def _rows(self, population: FoldedPopulation, values: Floats) -> Floats:
        channels = 1 if self._is_whole(population) else population.shape[0]
        return values.reshape(len(values), channels, -1).swapaxes(0, 1)


def looked_at(population: FoldedPopulation, values: Floats) -> Floats:
    """Return what a population stands for, of its node's outputs."""
    return np.clip(values, 0, population.max) if population.is_rectified else np.abs(values)


def in_order(values: Doubles) -> Doubles:
    """Return sums over the last axis, added one by one."""
    result: Doubles = np.add.accumulate(values, axis=-1)[..., -1]
    return result


def ordered_sum(values: Doubles) -> Doubles:
    """Return the sum of (channels, samples, positions) by channel, in the order of the core."""
    of_samples = in_order(values)
    blocks = [
        in_order(of_samples[:, start : start + 64]) for start in range(0, of_samples.shape[1], 64)
    ]
    return in_order(np.stack(blocks, axis=-1))


def _percentile(rows: Floats, percentile: float) -> Doubles:
    place = (rows.shape[1] - 1) * (percentile / 100)
    below = min(int(place), rows.shape[1] - 1)
    ordered = np.sort(rows, axis=1).astype(np.float64)
    low, high = ordered[:, below], ordered[:, min(below + 1, rows.shape[1] - 1)]
    result: Doubles = low + (high - low) * (place - below)
    return result


def _cut_off(population: FoldedPopulation, threshold: Doubles, values: Floats) -> Floats:
    most = threshold.astype(np.float32)[:, np.newaxis]
    rows = values.reshape(len(values), len(threshold), -1)
    least = np.float32(0) if population.is_rectified else -most
    return np.minimum(np.maximum(rows, least), most).reshape(values.shape)
