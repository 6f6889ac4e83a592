"""Layers of a ReLU network, with the names and conventions of PyTorch.

Weights are float32 and C-contiguous, images are (channels, height, width). A layer owns its
arrays: they are copied on construction and may be changed in place, as training does.
"""

from __future__ import annotations

import math

from numpy.typing import ArrayLike

from ._layer_base import Activation, Layer, Shape, WeightedLayer
from ._validation import as_int_pair

__all__ = ["AvgPool2d", "Conv2d", "Flatten", "Layer", "Linear", "WeightedLayer"]


class Linear(WeightedLayer):
    """A fully connected layer: every output is a weighted sum of all inputs.

    Images are taken flattened, channel by channel and row by row.

    Args:
        weight: Weights, shape (out_features, in_features); real numbers, copied to float32.
        bias: Biases, shape (out_features,), or None.
        activation: ``"relu"`` or ``"none"``.

    Raises:
        TypeError: An array does not hold real numbers.
        ValueError: A shape does not fit, or a number is NaN or infinite.

    Example:
        >>> Linear([[0.5, -1.0]])
        Linear(in_features=2, out_features=1, bias=False, activation='relu')
    """

    kind = "linear"
    _weight_ndim = 2
    _weight_axes = "(out_features, in_features)"

    @property
    def in_features(self) -> int:
        """Number of inputs."""
        return int(self._weight.shape[1])

    @property
    def out_features(self) -> int:
        """Number of outputs."""
        return len(self._weight)

    def output_shape(self, input_shape: Shape) -> Shape:
        """Return (out_features,) for an input of in_features numbers in any shape."""
        if math.prod(input_shape) != self.in_features:
            raise ValueError(
                f"the input has shape {input_shape}, {math.prod(input_shape)} numbers, but the "
                f"weights expect {self.in_features}"
            )
        return (self.out_features,)

    def with_parameters(self, weight: ArrayLike, bias: ArrayLike | None = None) -> Linear:
        """Return a layer with the same settings and other weights and biases."""
        return Linear(weight, bias, activation=self._activation)

    def _settings(self) -> list[tuple[str, object]]:
        return [
            ("in_features", self.in_features),
            ("out_features", self.out_features),
            ("bias", self._bias is not None),
            ("activation", repr(self._activation)),
        ]


class Conv2d(WeightedLayer):
    """A two-dimensional convolution over images, without flipping the kernel (as in PyTorch).

    Where the stride does not divide what is left of the image, the rest is not looked at.

    Args:
        weight: Kernels, shape (out_channels, in_channels, kernel_height, kernel_width).
        bias: Biases, shape (out_channels,), or None.
        stride: Step between windows: an int, or a pair (vertical, horizontal).
        padding: Rows and columns of zeros around the image: an int or a pair.
        activation: ``"relu"`` or ``"none"``.

    Raises:
        TypeError: An array does not hold real numbers, or a size is not an int.
        ValueError: A shape does not fit, a number is NaN or infinite, or a size is too small.
    """

    kind = "conv"
    _weight_ndim = 4
    _weight_axes = "(out_channels, in_channels, kernel_height, kernel_width)"

    def __init__(
        self,
        weight: ArrayLike,
        bias: ArrayLike | None = None,
        stride: int | tuple[int, int] = 1,
        padding: int | tuple[int, int] = 0,
        *,
        activation: Activation = "relu",
    ) -> None:
        super().__init__(weight, bias, activation=activation)
        self._stride = as_int_pair(stride, "stride", minimum=1)
        self._padding = as_int_pair(padding, "padding", minimum=0)

    @property
    def in_channels(self) -> int:
        """Number of channels of the input image."""
        return int(self._weight.shape[1])

    @property
    def out_channels(self) -> int:
        """Number of channels of the output image."""
        return len(self._weight)

    @property
    def kernel_size(self) -> tuple[int, int]:
        """Height and width of the kernels."""
        return self._weight.shape[2], self._weight.shape[3]

    @property
    def stride(self) -> tuple[int, int]:
        """Vertical and horizontal step between windows."""
        return self._stride

    @property
    def padding(self) -> tuple[int, int]:
        """Rows above and below, columns left and right, of zeros."""
        return self._padding

    def output_shape(self, input_shape: Shape) -> Shape:
        """Return (out_channels, height, width) for an image of in_channels channels."""
        channels, *image = _as_image_shape(input_shape)
        if channels != self.in_channels:
            raise ValueError(
                f"the input has {channels} channels, but the weights expect {self.in_channels}"
            )
        sizes = []
        for size, kernel, stride, padding in zip(
            image, self.kernel_size, self._stride, self._padding, strict=True
        ):
            if size + 2 * padding < kernel:
                raise ValueError(
                    f"the padded input has a side of {size + 2 * padding}, but the kernel has "
                    f"{kernel}"
                )
            sizes.append((size + 2 * padding - kernel) // stride + 1)
        return (self.out_channels, *sizes)

    def with_parameters(self, weight: ArrayLike, bias: ArrayLike | None = None) -> Conv2d:
        """Return a layer with the same settings and other weights and biases."""
        return Conv2d(weight, bias, self._stride, self._padding, activation=self._activation)

    def _settings(self) -> list[tuple[str, object]]:
        return [
            ("in_channels", self.in_channels),
            ("out_channels", self.out_channels),
            ("kernel_size", self.kernel_size),
            ("stride", self._stride),
            ("padding", self._padding),
            ("bias", self._bias is not None),
            ("activation", repr(self._activation)),
        ]


class AvgPool2d(Layer):
    """The mean over windows of an image, channel by channel.

    Windows must cover the image exactly: a pool that left out a border would change rates.

    Args:
        kernel_size: Size of a window: an int, or a pair (height, width).
        stride: Step between windows, an int or a pair; None: the window's own size.

    Raises:
        TypeError: A size is not an int.
        ValueError: A size is below 1.
    """

    kind = "pool"

    def __init__(
        self,
        kernel_size: int | tuple[int, int],
        stride: int | tuple[int, int] | None = None,
    ) -> None:
        self._kernel_size = as_int_pair(kernel_size, "kernel_size", minimum=1)
        self._stride = (
            self._kernel_size if stride is None else as_int_pair(stride, "stride", minimum=1)
        )

    @property
    def kernel_size(self) -> tuple[int, int]:
        """Height and width of a window."""
        return self._kernel_size

    @property
    def stride(self) -> tuple[int, int]:
        """Vertical and horizontal step between windows."""
        return self._stride

    def output_shape(self, input_shape: Shape) -> Shape:
        """Return (channels, height, width) when the windows fit the image exactly."""
        channels, *image = _as_image_shape(input_shape)
        sizes = []
        for size, kernel, stride in zip(image, self._kernel_size, self._stride, strict=True):
            if size < kernel or (size - kernel) % stride:
                raise ValueError(
                    f"windows of {self._kernel_size} with stride {self._stride} do not fit an "
                    f"image of {tuple(image)} exactly"
                )
            sizes.append((size - kernel) // stride + 1)
        return (channels, *sizes)

    def _settings(self) -> list[tuple[str, object]]:
        return [("kernel_size", self._kernel_size), ("stride", self._stride)]


class Flatten(Layer):
    """Lays an image out as one row of numbers, channel by channel and row by row."""

    kind = "flatten"

    def output_shape(self, input_shape: Shape) -> Shape:
        """Return (number of inputs,)."""
        return (math.prod(input_shape),)

    def _settings(self) -> list[tuple[str, object]]:
        return []


def _as_image_shape(input_shape: Shape) -> Shape:
    if len(input_shape) != 3:
        raise ValueError(
            f"the input has shape {input_shape}, but must be (channels, height, width)"
        )
    return input_shape
