"""What every kind of node must have: the base class of all of them."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np
from numpy.typing import NDArray

from .. import _core

Shape = tuple[int, ...]
Geometry = dict[str, int | tuple[int, ...]]
CoreNode = _core.Linear | _core.Conv2d | _core.AvgPool2d | _core.Flatten
CoreSynapses = _core.Linear | _core.Conv2d | _core.PoolSynapses


class Node(ABC):
    """One step of a `Network`, with an output shape that follows from its input shape.

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
        """Whether a population of a converted network stands for the node.

        A node without synapses only lays numbers out differently: its sources feed its readers.
        """

    @abstractmethod
    def output_shape(self, input_shape: Shape) -> Shape:
        """Return the shape of one sample's output.

        Args:
            input_shape: Shape of one sample, without the batch.

        Raises:
            ValueError: The input does not fit the node.
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

    def projection_text(self, source: str) -> str:
        """Return how a table shows the node as a projection from a source."""
        return f"{source} ({type(self).__name__})"

    def __eq__(self, other: object) -> bool:
        """Compare type, settings and every weight."""
        if type(other) is not type(self):
            return NotImplemented
        assert isinstance(other, Node)
        return self.settings() == other.settings()

    def __repr__(self) -> str:
        """Show the type and its settings."""
        return (
            f"{type(self).__name__}({', '.join(f'{k}={v!r}' for k, v in self.settings().items())})"
        )


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
