"""What the arithmetic of every kind of node in training must have.

The batch is the last axis. Results stay in buffers that the next call with the same batch size
writes again.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..nodes import AnyNode, Shape

FloatArray = NDArray[Any]  # float32 in use; float64 where gradients are checked


class NodeOp(ABC):
    """The arithmetic of one node.

    Attributes:
        parameters: The arrays that training updates: none, (weight,) or (weight, bias).
        gradients: Their gradients, valid after `backward`.
    """

    def __init__(self, node: AnyNode, input_shape: Shape) -> None:
        self.input_shape = input_shape
        self.output_shape = node.output_shape(input_shape)
        self.parameters: list[FloatArray] = []
        self.gradients: list[FloatArray] = []
        self._buffers: dict[str, FloatArray] = {}

    @abstractmethod
    def forward(self, x: FloatArray) -> FloatArray:
        """Return the layer's sums, (*output_shape, batch), for x (*input_shape, batch)."""

    @abstractmethod
    def backward(self, delta: FloatArray, *, to_input: bool) -> FloatArray | None:
        """Fill `gradients` and return the gradient by the input of the last `forward`.

        Args:
            delta: Gradient by the layer's sums, (*output_shape, batch).
            to_input: False leaves the input's gradient out and returns None.
        """

    def _buffer(self, name: str, shape: Shape, like: FloatArray) -> FloatArray:
        buffer = self._buffers.get(name)
        if buffer is None or buffer.shape != shape or buffer.dtype != like.dtype:
            buffer = np.zeros(shape, dtype=like.dtype)
            self._buffers[name] = buffer
        return buffer
