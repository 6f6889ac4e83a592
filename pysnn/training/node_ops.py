"""Forward and backward arithmetic of layers, the batch in the last axis.

With the batch last, every window of a convolution or a pool is a block of long contiguous runs,
flattening an image is free, and each weighted layer is one matrix product whose result needs no
transposition.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..nodes import AnyNode, AvgPool2d, Conv2d, Flatten, Linear, ReLU, Shape
from ..nodes.node import as_image_shape
from .node_op import FloatArray, NodeOp
from .relu_ops import make_relu_op


class _WeightedOp(NodeOp):
    """A layer that is one matrix product: sums = weight matrix @ columns."""

    def __init__(
        self, node: Linear | Conv2d, input_shape: Shape, dtype: type[np.floating[Any]]
    ) -> None:
        super().__init__(node, input_shape)
        arrays = [node.weight] if node.bias is None else [node.weight, node.bias]
        self.parameters = [array.astype(dtype, copy=False) for array in arrays]
        weight = self.parameters[0]
        self.gradients = [np.zeros_like(parameter) for parameter in self.parameters]
        # Reshaping must not copy, or in-place training would change something else.
        self._matrix = weight.reshape(len(weight), -1)
        self._matrix_gradient = self.gradients[0].reshape(len(weight), -1)
        self._columns: FloatArray | None = None

    def _sums(self, columns: FloatArray, batch: int) -> FloatArray:
        self._columns = columns
        sums = self._buffer("sums", (*self.output_shape, batch), columns)
        rows = sums.reshape(len(self._matrix), -1)
        np.matmul(self._matrix, columns, out=rows)
        if len(self.parameters) > 1:
            rows += self.parameters[1][:, None]
        return sums

    def _backward_columns(self, delta: FloatArray, *, to_input: bool) -> FloatArray | None:
        assert self._columns is not None, "backward follows forward"
        rows = delta.reshape(len(self._matrix), -1)
        np.matmul(rows, self._columns.T, out=self._matrix_gradient)
        if len(self.parameters) > 1:
            np.sum(rows, axis=1, out=self.gradients[1])
        if not to_input:
            return None
        result = self._buffer("columns_gradient", self._columns.shape, delta)
        return np.matmul(self._matrix.T, rows, out=result)


class LinearOp(_WeightedOp):
    """A fully connected layer."""

    def forward(self, x: FloatArray) -> FloatArray:
        """Return the sums, (out_features, batch)."""
        batch = x.shape[-1]
        return self._sums(x.reshape(-1, batch), batch)

    def backward(self, delta: FloatArray, *, to_input: bool) -> FloatArray | None:
        """Fill `gradients` and return the gradient by the input."""
        gradient = self._backward_columns(delta, to_input=to_input)
        return None if gradient is None else gradient.reshape(*self.input_shape, -1)


class Conv2dOp(_WeightedOp):
    """A convolution, as the product of the kernels with a matrix of all windows."""

    def __init__(self, node: Conv2d, input_shape: Shape, dtype: type[np.floating[Any]]) -> None:
        super().__init__(node, input_shape, dtype)
        self._kernel = node.kernel_size
        self._padding = node.sides
        self._taps = node.windows.taps(as_image_shape(input_shape)[1])

    def forward(self, x: FloatArray) -> FloatArray:
        """Return the sums, (out_channels, height, width, batch)."""
        batch = x.shape[-1]
        channels = self.input_shape[0]
        _, height, width = self.output_shape
        x = self._padded(x)
        windows = self._buffer("windows", (channels, *self._kernel, height, width, batch), x)
        for (i, j), pixels in self._taps.items():
            windows[:, i, j] = x[pixels]
        return self._sums(windows.reshape(-1, height * width * batch), batch)

    def backward(self, delta: FloatArray, *, to_input: bool) -> FloatArray | None:
        """Fill `gradients` and return the gradient by the input."""
        columns = self._backward_columns(delta, to_input=to_input)
        if columns is None:
            return None
        channels, input_height, input_width = self.input_shape
        (up, down, left, right), batch = self._padding, delta.shape[-1]
        padded_shape = (channels, up + input_height + down, left + input_width + right, batch)
        gradient = self._buffer("input_gradient", padded_shape, delta)
        gradient.fill(0)
        windows = columns.reshape(channels, *self._kernel, *self.output_shape[1:], batch)
        for (i, j), pixels in self._taps.items():
            gradient[pixels] += windows[:, i, j]
        return np.ascontiguousarray(gradient[:, up : up + input_height, left : left + input_width])

    def _padded(self, x: FloatArray) -> FloatArray:
        if not any(self._padding):
            return x
        (channels, height, width), (up, down, left, right) = self.input_shape, self._padding
        # The border of the buffer is zero from its creation and never written.
        padded = self._buffer(
            "padded", (channels, up + height + down, left + width + right, x.shape[-1]), x
        )
        padded[:, up : up + height, left : left + width] = x
        return padded


class AvgPool2dOp(NodeOp):
    """The mean over windows."""

    def __init__(self, node: AvgPool2d, input_shape: Shape) -> None:
        super().__init__(node, input_shape)
        self._taps = node.windows.taps(as_image_shape(input_shape)[1])

    def forward(self, x: FloatArray) -> FloatArray:
        """Return the means, (channels, height, width, batch)."""
        means = self._buffer("means", (*self.output_shape, x.shape[-1]), x)
        means.fill(0)
        for pixels in self._taps.values():
            means += x[pixels]
        means *= 1 / len(self._taps)
        return means

    def backward(self, delta: FloatArray, *, to_input: bool) -> FloatArray | None:
        """Return the gradient by the input."""
        if not to_input:
            return None
        gradient = self._buffer("input_gradient", (*self.input_shape, delta.shape[-1]), delta)
        gradient.fill(0)
        share = delta * (1 / len(self._taps))
        for pixels in self._taps.values():
            gradient[pixels] += share
        return gradient


class FlattenOp(NodeOp):
    """A reshape, which the batch in the last axis makes free."""

    def forward(self, x: FloatArray) -> FloatArray:
        """Return the input as (num_inputs, batch)."""
        return x.reshape(*self.output_shape, x.shape[-1])

    def backward(self, delta: FloatArray, *, to_input: bool) -> FloatArray | None:
        """Return the gradient in the input's shape."""
        return delta.reshape(*self.input_shape, delta.shape[-1]) if to_input else None


def make_ops(
    layers: Sequence[AnyNode], input_shape: Shape, dtype: type[np.floating[Any]] = np.float32
) -> list[NodeOp]:
    """Return the arithmetic of a chain of layers.

    With float32 the ops use the layers' own arrays, so that an update changes the layers; with
    another dtype they use copies.
    """
    ops = []
    for layer in layers:
        ops.append(_make_op(layer, input_shape, dtype))
        input_shape = ops[-1].output_shape
    return ops


def _make_op(node: AnyNode, input_shape: Shape, dtype: type[np.floating[Any]]) -> NodeOp:
    match node:
        case Linear():
            return LinearOp(node, input_shape, dtype)
        case Conv2d():
            return Conv2dOp(node, input_shape, dtype)
        case AvgPool2d():
            return AvgPool2dOp(node, input_shape)
        case Flatten():
            return FlattenOp(node, input_shape)
        case ReLU():
            return make_relu_op(node, input_shape, dtype)
        case _:
            raise TypeError(f"no gradient of a {type(node).__name__}")
