"""Sums of errors over samples and the neurons of a channel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]


class ChannelSums:
    """Sums of values, of their sizes and of their squares, by channel.

    Args:
        num_channels: Channels of the population, or elements of a vector.
        names: What is summed.
    """

    def __init__(self, num_channels: int, names: Iterable[str]) -> None:
        self._count = 0
        self._sums = {name: np.zeros((3, num_channels)) for name in names}

    def add(self, values: dict[str, Doubles]) -> None:
        """Add values of some samples by name, (num_samples, num_neurons) each."""
        for name, sums in self._sums.items():
            by_channel = values[name].reshape(len(values[name]), sums.shape[1], -1)
            for row, each in zip(sums, (by_channel, abs(by_channel), by_channel**2), strict=True):
                row += each.sum(axis=(0, 2))
            count = by_channel.shape[0] * by_channel.shape[2]
        self._count += count

    def merge(self, others: ChannelSums) -> None:
        """Add the sums over other samples."""
        for name, sums in self._sums.items():
            sums += others._sums[name]
        self._count += others._count

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the sums by name, and their number as ``"count"``."""
        return {"count": np.array(self._count), **self._sums}

    @staticmethod
    def of(arrays: Mapping[str, NDArray[Any]]) -> ChannelSums:
        """Return the sums that `arrays` gave these arrays for."""
        sums = ChannelSums(0, ())
        sums._sums = dict(arrays)
        sums._count = int(sums._sums.pop("count"))
        return sums

    def mean(self, name: str) -> Doubles:
        """Return the means by channel."""
        return self._of(name, 0)

    def mean_absolute(self, name: str) -> Doubles:
        """Return the means of the sizes by channel."""
        return self._of(name, 1)

    def rms(self, name: str) -> Doubles:
        """Return the roots of the mean squares by channel."""
        return np.sqrt(self._of(name, 2))

    def _of(self, name: str, row: int) -> Doubles:
        result: Doubles = self._sums[name][row] / self._count
        return result
