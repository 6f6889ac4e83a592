"""What every kind of node must have: the base class of all of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from .. import _core

Shape = tuple[int, ...]
Geometry = dict[str, int | bool | tuple[int, ...]]
CoreNode: TypeAlias = (
    "_core.Linear | _core.Conv2d | _core.AvgPool2d | _core.Flatten | _core.MaxPool2d | "
    "_core.BatchNorm | _core.ReLU | _core.Add | _core.Concat | _core.Pad | _core.Affine"
)
CoreSynapses: TypeAlias = (
    "_core.Linear | _core.Conv2d | _core.PoolSynapses | _core.IdentitySynapses | "
    "_core.MaxPoolSynapses"
)


class Node(ABC):
    """One step of a `Network`, with an output shape that follows from its input shapes.

    A class that lacks a part can't be instantiated, and has no place in `registry.AnyNode`.
    """

    # Nodes compare by value and change in place, so that a hash could not stay right.
    __hash__ = None  # type: ignore[assignment]

    @property
    @abstractmethod
    def kind(self) -> str:
        """First part of the name that a Network gives the node, such as ``"conv"``."""

    @property
    @abstractmethod
    def has_synapses(self) -> bool:
        """Whether the node can be a projection of a spiking network."""

    @abstractmethod
    def output_shape(self, *input_shapes: Shape) -> Shape:
        """Return the shape of one sample's output.

        Args:
            input_shapes: Shape of one sample of each input, without the batch.

        Raises:
            ValueError: The inputs do not fit the node, or there are too many or too few.
        """

    @abstractmethod
    def num_synapses(self, input_shape: Shape) -> int:
        """Return the number of synapses; those of weight 0 count.

        What lies beyond a border is no synapse, so that this is the number of synaptic operations
        when every input spikes once.

        Args:
            input_shape: Shape of one sample of its input.
        """

    @abstractmethod
    def fan_out(self, input_shape: Shape, *, leave_out_zeros: bool = False) -> NDArray[np.int64]:
        """Return the number of synapses that leave each input, (num_inputs,).

        An input at a border that fewer windows reach has fewer of them.

        Args:
            input_shape: Shape of one sample of its input.
            leave_out_zeros: Whether synapses of weight 0 do not count.
        """

    @abstractmethod
    def geometry(self) -> Geometry:
        """Return the sizes of the windows by their names as arguments; none without windows."""

    @abstractmethod
    def settings(self) -> dict[str, object]:
        """Return what tells two nodes of a kind apart, arrays excepted, as `repr` shows it."""

    @abstractmethod
    def to_core(self) -> CoreNode:
        """Return the C++ core's copy of the node."""

    @abstractmethod
    def synapses_to_core(self) -> CoreSynapses | None:
        """Return the node as the C++ core's synapses of a projection; None without synapses."""

    @property
    @abstractmethod
    def num_parameters(self) -> int:
        """Number of weights and biases."""

    def arrays(self) -> Mapping[str, NDArray[Any] | None]:
        """Return the arrays that tell two nodes of a kind apart, by their names as arguments."""
        return {}

    def projection_text(self, source: str) -> str:
        """Return how a table shows the node as a projection from a source."""
        return f"{source} ({type(self).__name__})"

    def __eq__(self, other: object) -> bool:
        """Compare type, settings and every number of the arrays."""
        if type(other) is not type(self):
            return NotImplemented
        assert isinstance(other, Node)
        if self.settings() != other.settings():
            return False
        theirs = other.arrays()
        return all(_equal(array, theirs[name]) for name, array in self.arrays().items())

    def __repr__(self) -> str:
        """Show the type and its settings."""
        return (
            f"{type(self).__name__}({', '.join(f'{k}={v!r}' for k, v in self.settings().items())})"
        )


def only_shape(input_shapes: Sequence[Shape]) -> Shape:
    """Return the shape of the one input that a node has.

    Raises:
        ValueError: There are more, or none.
    """
    if len(input_shapes) != 1:
        raise ValueError(f"there are {len(input_shapes)} inputs, but the node has one")
    return input_shapes[0]


def several_shapes(input_shapes: Sequence[Shape]) -> Sequence[Shape]:
    """Return the shapes of at least two inputs.

    Raises:
        ValueError: There are fewer.
    """
    if len(input_shapes) < 2:
        raise ValueError(f"there are {len(input_shapes)} inputs, but the node has at least two")
    return input_shapes


def as_image_shape(input_shape: Shape) -> tuple[int, tuple[int, int]]:
    """Return the number of channels of an image, and (height, width).

    Raises:
        ValueError: The shape is no image's.
    """
    if len(input_shape) != 3:
        raise ValueError(
            f"the input has shape {input_shape}, but must be (channels, height, width)"
        )
    channels, height, width = input_shape
    return channels, (height, width)


def _equal(ours: NDArray[Any] | None, theirs: NDArray[Any] | None) -> bool:
    if ours is None or theirs is None:
        return ours is theirs
    return np.array_equal(ours, theirs)
