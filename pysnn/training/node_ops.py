"""Forward and backward arithmetic of layers, the batch in the last axis.

With the batch last, every window of a convolution or a pool is a block of long contiguous runs,
flattening an image is free, and each weighted layer is one matrix product whose result needs no
transposition. Results stay in buffers that the next call with the same batch size writes again.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..nodes import AvgPool2d, Conv2d, Flatten, Layer, Linear, Shape

FloatArray = NDArray[Any]  # float32 in use; float64 where gradients are checked


class LayerOp(ABC):
    """The arithmetic of one layer.

    Attributes:
        parameters: The arrays that training updates: none, (weight,) or (weight, bias).
        gradients: Their gradients, valid after `backward`.
    """

    def __init__(self, input_shape: Shape, output_shape: Shape) -> None:
        self.input_shape = input_shape
        self.output_shape = output_shape
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


class _WeightedOp(LayerOp):
    """A layer that is one matrix product: sums = weight matrix @ columns."""

    def __init__(
        self,
        input_shape: Shape,
        output_shape: Shape,
        weight: FloatArray,
        bias: FloatArray | None,
    ) -> None:
        super().__init__(input_shape, output_shape)
        self.parameters = [weight] if bias is None else [weight, bias]
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

    def __init__(
        self,
        input_shape: Shape,
        output_shape: Shape,
        weight: FloatArray,
        bias: FloatArray | None,
        stride: tuple[int, int],
        padding: tuple[int, int],
    ) -> None:
        super().__init__(input_shape, output_shape, weight, bias)
        self._kernel = weight.shape[2:]
        self._stride = stride
        self._padding = padding

    def forward(self, x: FloatArray) -> FloatArray:
        """Return the sums, (out_channels, height, width, batch)."""
        batch = x.shape[-1]
        channels = self.input_shape[0]
        _, height, width = self.output_shape
        x = self._padded(x)
        windows = self._buffer("windows", (channels, *self._kernel, height, width, batch), x)
        for i, j in np.ndindex(*self._kernel):
            windows[:, i, j] = x[self._window_slices(i, j)]
        return self._sums(windows.reshape(-1, height * width * batch), batch)

    def backward(self, delta: FloatArray, *, to_input: bool) -> FloatArray | None:
        """Fill `gradients` and return the gradient by the input."""
        columns = self._backward_columns(delta, to_input=to_input)
        if columns is None:
            return None
        channels, input_height, input_width = self.input_shape
        (up, left), batch = self._padding, delta.shape[-1]
        padded_shape = (channels, input_height + 2 * up, input_width + 2 * left, batch)
        gradient = self._buffer("input_gradient", padded_shape, delta)
        gradient.fill(0)
        windows = columns.reshape(channels, *self._kernel, *self.output_shape[1:], batch)
        for i, j in np.ndindex(*self._kernel):
            gradient[self._window_slices(i, j)] += windows[:, i, j]
        return np.ascontiguousarray(gradient[:, up : up + input_height, left : left + input_width])

    def _padded(self, x: FloatArray) -> FloatArray:
        if self._padding == (0, 0):
            return x
        (channels, height, width), (up, left) = self.input_shape, self._padding
        # The border of the buffer is zero from its creation and never written.
        padded = self._buffer(
            "padded", (channels, height + 2 * up, width + 2 * left, x.shape[-1]), x
        )
        padded[:, up : up + height, left : left + width] = x
        return padded

    def _window_slices(self, i: int, j: int) -> tuple[slice, slice, slice]:
        return _strided_slices((i, j), self._stride, self.output_shape)


class AvgPool2dOp(LayerOp):
    """The mean over windows."""

    def __init__(
        self,
        input_shape: Shape,
        output_shape: Shape,
        kernel_size: tuple[int, int],
        stride: tuple[int, int],
    ) -> None:
        super().__init__(input_shape, output_shape)
        self._kernel = kernel_size
        self._stride = stride

    def forward(self, x: FloatArray) -> FloatArray:
        """Return the means, (channels, height, width, batch)."""
        means = self._buffer("means", (*self.output_shape, x.shape[-1]), x)
        means.fill(0)
        for i, j in np.ndindex(*self._kernel):
            means += x[_strided_slices((i, j), self._stride, self.output_shape)]
        means *= 1 / math.prod(self._kernel)
        return means

    def backward(self, delta: FloatArray, *, to_input: bool) -> FloatArray | None:
        """Return the gradient by the input."""
        if not to_input:
            return None
        gradient = self._buffer("input_gradient", (*self.input_shape, delta.shape[-1]), delta)
        gradient.fill(0)
        share = delta * (1 / math.prod(self._kernel))
        for i, j in np.ndindex(*self._kernel):
            gradient[_strided_slices((i, j), self._stride, self.output_shape)] += share
        return gradient


class FlattenOp(LayerOp):
    """A reshape, which the batch in the last axis makes free."""

    def forward(self, x: FloatArray) -> FloatArray:
        """Return the input as (num_inputs, batch)."""
        return x.reshape(*self.output_shape, x.shape[-1])

    def backward(self, delta: FloatArray, *, to_input: bool) -> FloatArray | None:
        """Return the gradient in the input's shape."""
        return delta.reshape(*self.input_shape, delta.shape[-1]) if to_input else None


def make_ops(
    layers: Sequence[Layer], input_shape: Shape, dtype: type[np.floating[Any]] = np.float32
) -> list[LayerOp]:
    """Return the arithmetic of a chain of layers.

    With float32 the ops use the layers' own arrays, so that an update changes the layers; with
    another dtype they use copies.
    """
    ops = []
    for layer in layers:
        ops.append(_make_op(layer, input_shape, dtype))
        input_shape = ops[-1].output_shape
    return ops


def _make_op(layer: Layer, input_shape: Shape, dtype: type[np.floating[Any]]) -> LayerOp:
    output_shape = layer.output_shape(input_shape)
    if isinstance(layer, Linear | Conv2d):
        weight = layer.weight.astype(dtype, copy=False)
        bias = None if layer.bias is None else layer.bias.astype(dtype, copy=False)
        if isinstance(layer, Linear):
            return LinearOp(input_shape, output_shape, weight, bias)
        return Conv2dOp(input_shape, output_shape, weight, bias, layer.stride, layer.padding)
    if isinstance(layer, AvgPool2d):
        return AvgPool2dOp(input_shape, output_shape, layer.kernel_size, layer.stride)
    if isinstance(layer, Flatten):
        return FlattenOp(input_shape, output_shape)
    raise TypeError(f"layers of type {type(layer).__name__} have no forward pass")


def _strided_slices(
    start: tuple[int, int], stride: tuple[int, int], output_shape: Shape
) -> tuple[slice, slice, slice]:
    rows, columns = (
        slice(first, first + step * (count - 1) + 1, step)
        for first, step, count in zip(start, stride, output_shape[1:], strict=True)
    )
    return slice(None), rows, columns
