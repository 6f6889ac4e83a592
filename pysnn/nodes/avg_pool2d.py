"""Average pooling."""

from __future__ import annotations

from .._base.numbers import as_int_pair
from .node import Layer, Shape, as_image_shape


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
        channels, *image = as_image_shape(input_shape)
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
