"""What flows between the nodes of a network that is being imported."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ...nodes import Shape
from ..refusal import RefusalError

Indices = NDArray[np.int64]

ZERO = -1
"""Stands in an index for the number 0, as padding has it."""

MOST_NUMBERS = 1 << 24
"""Of a sample of a value: a file of a few bytes can ask for any size."""


def check_size(shape: Sequence[int], name: str, operator: str) -> None:
    """Raise a RefusalError where a step makes more than `MOST_NUMBERS`."""
    size = math.prod(shape)
    if size > MOST_NUMBERS:
        raise RefusalError(
            name,
            operator,
            f"makes {size:,} numbers of a sample, of the shape {tuple(shape)}",
            f"use smaller samples, of at most {MOST_NUMBERS:,} numbers at every step",
        )


@dataclass(frozen=True, eq=False)
class Value:
    """The elements of a node's output for one sample, or a view that has them in other places.

    Foreign networks lay numbers out anew (reshape, transpose, slice, pad), which a `Network` does
    not. Such steps only change the view; `GraphBuilder` finds nodes for what is left of them when a
    node reads the value.

    Attributes:
        node: Name of the node, or of the network's input.
        node_shape: Shape of the node's output for one sample.
        name: Name of the foreign step that made the view last, for messages and helper nodes.
        operator: What the foreign format calls that step.
        index: Where in the node's flat output each element of the view is, `ZERO` for the number 0;
            None for the output as it is.
    """

    node: str
    node_shape: Shape
    name: str
    operator: str
    index: Indices | None = None

    @property
    def shape(self) -> Shape:
        """Shape of one sample of the view."""
        return self.node_shape if self.index is None else self.index.shape

    @property
    def places(self) -> Indices:
        """`index`, also of an output as it is."""
        if self.index is not None:
            return self.index
        return np.arange(math.prod(self.node_shape), dtype=np.int64).reshape(self.node_shape)

    @property
    def is_whole(self) -> bool:
        """Whether every element of the node's output stands in the view once, and nothing else."""
        return self.index is None or bool(
            self.index.size == math.prod(self.node_shape)
            and (np.sort(self.index, axis=None) == np.arange(self.index.size)).all()
        )

    def viewed(self, index: Indices, name: str, operator: str) -> Value:
        """Return another view of the same node's output."""
        is_plain = index.shape == self.node_shape and np.array_equal(
            index.reshape(-1), np.arange(index.size)
        )
        return replace(self, index=None if is_plain else index, name=name, operator=operator)

    def reshaped(self, shape: Sequence[int], name: str, operator: str) -> Value:
        """Return the elements in another shape of the same size."""
        return self.viewed(self.places.reshape(tuple(shape)), name, operator)

    def transposed(self, axes: Sequence[int], name: str, operator: str) -> Value:
        """Return the axes in another order."""
        return self.viewed(self.places.transpose(tuple(axes)), name, operator)

    def sliced(self, slices: Sequence[slice | Indices], name: str, operator: str) -> Value:
        """Return some of the elements: a slice or an array of indices for every axis.

        Raises:
            RefusalError: They are too many.
        """
        sizes = [
            len(range(*part.indices(n))) if isinstance(part, slice) else len(part)
            for part, n in zip(slices, self.shape, strict=False)
        ]
        check_size((*sizes, *self.shape[len(sizes) :]), name, operator)
        index = self.places
        for axis, part in enumerate(slices):
            index = index[(slice(None),) * axis + (part,)]
        return self.viewed(index, name, operator)

    def padded(self, widths: Sequence[tuple[int, int]], name: str, operator: str) -> Value:
        """Return the elements between zeros: their number before and behind, for every axis.

        Raises:
            RefusalError: They are too many.
        """
        sizes = [
            before + n + behind for (before, behind), n in zip(widths, self.shape, strict=True)
        ]
        check_size(sizes, name, operator)
        index = np.pad(self.places, tuple(widths), constant_values=ZERO)
        return self.viewed(index, name, operator)
