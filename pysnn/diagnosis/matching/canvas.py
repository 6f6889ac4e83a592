"""Several sources laid out as one input."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...nodes import Conv2d, Linear, Node, Shape

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Canvas:
    """Sources as neighbouring channels of one image, or as parts of one vector.

    An image is as large as the least common multiple of the sources' sizes; the pixels of a smaller
    source lie as far from each other as a stride that reads it has steps. A vector among images
    lies in the first pixel.

    Attributes:
        shape: (num_elements,) or (channels, height, width).
        sources: Shapes by name.
    """

    shape: Shape
    sources: Mapping[str, Shape]

    @classmethod
    def of(cls, sources: Mapping[str, Shape]) -> Canvas:
        """Return the canvas of some sources."""
        channels = sum(shape[0] for shape in sources.values())
        images = [shape[1:] for shape in sources.values() if len(shape) == 3]
        if not images:
            return cls((channels,), sources)
        height, width = (math.lcm(*sizes) for sizes in zip(*images, strict=True))
        return cls((channels, height, width), sources)

    def samples(self, rates: Mapping[str, Floats]) -> Floats:
        """Return one input for the rates of the sources, (num_samples, *shape).

        Args:
            rates: (num_samples, num_neurons) by name of the source.
        """
        count = len(next(iter(rates.values())))
        result = np.zeros((count, *self.shape), dtype=np.float32)
        for name, shape in self.sources.items():
            channels = (slice(None), self._channels(name))
            values = rates[name].reshape(count, *shape)
            if len(self.shape) == 1:
                result[channels] = values
            elif len(shape) == 1:
                result[(*channels, 0, 0)] = values
            else:
                down, right = self._stride(shape)
                result[(*channels, slice(None, None, down), slice(None, None, right))] = values
        return result

    def reader(self, source: str) -> Node:
        """Return the synapses that read a source, with weights of 1."""
        shape = self.sources[source]
        channels = self._channels(source)
        weight = np.eye(self.shape[0], dtype=np.float32)[channels]
        if len(self.shape) == 1:
            return Linear(weight)
        if len(shape) == 3:
            return Conv2d(weight[:, :, None, None], stride=self._stride(shape))
        whole = np.zeros((*weight.shape, *self.shape[1:]), dtype=np.float32)
        whole[:, :, 0, 0] = weight
        return Linear(whole.reshape(len(whole), -1))

    def _channels(self, source: str) -> slice:
        first = 0
        for name, shape in self.sources.items():
            if name == source:
                break
            first += shape[0]
        return slice(first, first + self.sources[source][0])

    def _stride(self, shape: Shape) -> tuple[int, int]:
        return self.shape[1] // shape[1], self.shape[2] // shape[2]
