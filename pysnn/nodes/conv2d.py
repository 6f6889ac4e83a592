"""Convolutions."""

from __future__ import annotations

from numpy.typing import ArrayLike

from .._base.numbers import as_int_pair
from .node import Activation, Shape, WeightedLayer, as_image_shape


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
        channels, *image = as_image_shape(input_shape)
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
