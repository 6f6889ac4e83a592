"""What flows between the populations of a NIR graph: sums of linear maps, and a constant."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ...conversion.folding.channels import Channels
from ...conversion.folding.compose import TooLargeError, as_dense, compose
from ...conversion.folding.dense import Dense
from ...conversion.folding.linear_map import LinearMap
from ...nodes import Shape
from ..refusal import RefusalError
from .maps import Doubles

_MOST_TERMS = 256  # their number doubles where a way parts and meets again


@dataclass(frozen=True, eq=False)
class Terms:
    """A sum of maps of populations.

    Attributes:
        maps: Source and map for each term; the map's own output has as many elements.
        shape: Shape of the sum.
        shift: What is added in each step, of that shape, or None.
    """

    maps: tuple[tuple[str, LinearMap], ...]
    shape: Shape
    shift: Doubles | None = None

    @classmethod
    def of_source(cls, name: str, shape: Shape) -> Terms:
        """Return the spikes of the input or of a population."""
        return cls(((name, Channels.unit(shape)),), shape)

    def added(self, other: Terms) -> Terms:
        """Return the sum of both.

        Raises:
            ValueError: It has more terms than any network needs.
        """
        if len(self.maps) + len(other.maps) > _MOST_TERMS:
            raise ValueError(f"adds up more than {_MOST_TERMS} ways from neurons to here")
        shift = self.shift
        if other.shift is not None:
            shift = other.shift if shift is None else shift + other.shift
        return Terms((*self.maps, *other.maps), self.shape, shift)

    def through(
        self,
        linear_map: LinearMap,
        shape: Shape,
        bias: Doubles | None,
        sources: Mapping[str, Shape],
        where: tuple[str, str],
    ) -> Terms:
        """Return the sum behind another map.

        Args:
            linear_map: The map, of values of this sum's shape.
            shape: Shape behind it.
            bias: What it adds, by channel, or None.
            sources: Shapes of the input and of populations.
            where: Name and operator of the node, for a refusal.

        Raises:
            RefusalError: Both together would take a matrix that is too large.
        """
        maps = tuple(
            (source, _behind(first, linear_map, sources[source], self.shape, where))
            for source, first in self.maps
        )
        shift = None if self.shift is None else linear_map.apply(self.shift[None])[0]
        if shift is not None:
            shift = shift.reshape(shape)
        if bias is not None and bias.any():
            spread = np.repeat(bias, math.prod(shape) // bias.size).reshape(shape)
            shift = spread if shift is None else shift + spread
        return Terms(maps, shape, shift)


def _behind(
    first: LinearMap, second: LinearMap, source: Shape, middle: Shape, where: tuple[str, str]
) -> LinearMap:
    if isinstance(first, Channels) and first.is_unit and source == middle:
        return second
    if isinstance(second, Channels) and second.is_unit:
        return first
    try:
        # A vector behind a flattening is no image to a map of images.
        if len(first.output_shape(source)) == len(middle) or isinstance(second, Dense):
            found = compose(first, second, source)
            if found is not None:
                return found
        pulled = as_dense(second, middle).weight
        return Dense(pulled @ as_dense(first, source).weight)
    except TooLargeError as error:
        raise RefusalError(
            *where, f"would take {error} with what is before it", "let IF neurons stand between"
        ) from None
