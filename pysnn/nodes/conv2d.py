"""Convolutions."""

from __future__ import annotations

from typing import Any, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _core
from .._base.numbers import Sizes, as_int_pair, as_padding, as_positive_int
from .initial import check_named, drawn_parameters, is_size
from .node import Geometry, Shape, as_image_shape, only_shape
from .weighted import Activation, WeightedNode
from .window import Windows
from .windowed import WindowedNode

_WINDOWS = ("stride", "padding", "dilation", "groups")


class Conv2d(WindowedNode, WeightedNode):
    """A two-dimensional convolution over images, without flipping the kernel (as in PyTorch).

    Where the stride does not divide what is left of the image, the rest is not looked at.

    Made of weights, ``Conv2d(weight, bias)``, or of sizes, ``Conv2d(in_channels, out_channels,
    kernel_size)``: then weights are drawn, uniform in plus or minus sqrt(6 / (fan_in + fan_out)),
    where both fans are of one group and the kernel's area is a factor of both (Glorot and Bengio,
    2010).

    Args:
        weight: Kernels, shape (out_channels, in_channels / groups, kernel_height, kernel_width).
        bias: Biases, shape (out_channels,), or None. With sizes: whether there are biases, which
            begin at 0; False unless given.
        in_channels: Number of channels of the input.
        out_channels: Number of channels of the output.
        kernel_size: Height and width of the kernels: an int or a pair.
        stride: Step between windows: an int, or a pair (vertical, horizontal).
        padding: Rows and columns of zeros around the image: an int, (vertical, horizontal) or
            (top, bottom, left, right).
        dilation: Step between the pixels that a kernel looks at: an int or a pair.
        groups: Parts that the channels are cut into. Each part of the outputs sees the part of
            the inputs with the same number only.
        activation: ``"relu"`` or ``"none"``; None: as the network implies.
        seed: With sizes: seed of the weights; None draws one, which `seed` keeps.

    Raises:
        TypeError: An array does not hold real numbers, or a size is not an int.
        ValueError: A shape does not fit, a number is NaN or infinite, a size is too small, or
            ``groups`` does not divide the number of channels.

    Example:
        >>> Conv2d(1, 12, 5, seed=3).weight.shape
        (12, 1, 5, 5)
    """

    kind = "conv"
    _weight_ndim = 4
    _weight_axes = "(out_channels, in_channels / groups, kernel_height, kernel_width)"

    @overload
    def __init__(
        self,
        weight: ArrayLike,
        bias: ArrayLike | None = None,
        stride: Sizes = 1,
        padding: Sizes = 0,
        dilation: Sizes = 1,
        groups: int = 1,
        *,
        activation: Activation | None = None,
    ) -> None: ...

    @overload
    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Sizes,
        stride: Sizes = 1,
        padding: Sizes = 0,
        dilation: Sizes = 1,
        groups: int = 1,
        *,
        bias: bool = False,
        activation: Activation | None = None,
        seed: int | None = None,
    ) -> None: ...

    def __init__(self, *arguments: Any, activation: Activation | None = None, **named: Any) -> None:
        if "in_channels" in named or (arguments and is_size(arguments[0])):
            known = ("in_channels", "out_channels", "kernel_size", *_WINDOWS, "bias", "seed")
            check_named("Conv2d", named, known, "in_channels, out_channels and kernel_size")
            self._set_drawn(*arguments, activation=activation, **named)
        else:
            check_named("Conv2d", named, ("weight", "bias", *_WINDOWS), "weight and bias")
            self._set(*arguments, activation=activation, **named)

    def _set_drawn(
        self,
        in_channels: object = None,
        out_channels: object = None,
        kernel_size: Any = None,
        stride: Sizes = 1,
        padding: Sizes = 0,
        dilation: Sizes = 1,
        groups: int = 1,
        *,
        bias: object = False,
        activation: Activation | None,
        seed: object = None,
    ) -> None:
        outputs = as_positive_int(out_channels, "out_channels")
        inputs = as_positive_int(in_channels, "in_channels")
        kernel = as_int_pair(kernel_size, "kernel_size", minimum=1)
        number = as_positive_int(groups, "groups")
        if inputs % number:
            raise ValueError(f"groups is {number}, but must divide the {inputs} input channels")
        weight, biases, drawn = drawn_parameters((outputs, inputs // number, *kernel), bias, seed)
        self._set(weight, biases, stride, padding, dilation, number, activation=activation)
        self._seed = drawn

    def _set(
        self,
        weight: ArrayLike,
        bias: ArrayLike | None = None,
        stride: Sizes = 1,
        padding: Sizes = 0,
        dilation: Sizes = 1,
        groups: int = 1,
        *,
        activation: Activation | None,
    ) -> None:
        super().__init__(weight, bias, activation=activation)
        self._stride = as_int_pair(stride, "stride", minimum=1)
        self._padding = as_padding(padding, "padding")
        self._dilation = as_int_pair(dilation, "dilation", minimum=1)
        self._groups = as_positive_int(groups, "groups")
        if self.out_channels % self._groups:
            raise ValueError(
                f"groups is {self._groups}, but must divide the {self.out_channels} output channels"
            )

    @property
    def in_channels(self) -> int:
        """Number of channels of the input image."""
        return int(self._weight.shape[1]) * self._groups

    @property
    def out_channels(self) -> int:
        """Number of channels of the output image."""
        return len(self._weight)

    @property
    def kernel_size(self) -> tuple[int, int]:
        """Height and width of the kernels."""
        return self._weight.shape[2], self._weight.shape[3]

    @property
    def dilation(self) -> tuple[int, int]:
        """Vertical and horizontal step between the pixels that a kernel looks at."""
        return self._dilation

    @property
    def groups(self) -> int:
        """Number of parts that the channels are cut into."""
        return self._groups

    @property
    def windows(self) -> Windows:
        """Where the windows lie."""
        return Windows(self.kernel_size, self._stride, self._padding, self._dilation)

    def output_shape(self, *input_shapes: Shape) -> Shape:
        """Return (out_channels, height, width) for an image of in_channels channels."""
        channels, image = as_image_shape(only_shape(input_shapes))
        if channels != self.in_channels:
            raise ValueError(
                f"the input has {channels} channels, but the weights expect {self.in_channels}"
            )
        return (self.out_channels, *self.windows.grid(image))

    def num_synapses(self, input_shape: Shape) -> int:
        """Return the number of pairs of an input and an output that a weight connects."""
        _, image = as_image_shape(input_shape)
        pairs = self.out_channels * self.in_channels // self._groups
        return pairs * self.windows.num_taps(image)

    def fan_out(self, input_shape: Shape, *, leave_out_zeros: bool = False) -> NDArray[np.int64]:
        """Return the number of outputs that each input reaches, (num_inputs,)."""
        _, image = as_image_shape(input_shape)
        counted = self._counted(leave_out_zeros)
        grouped = counted.reshape(self._groups, -1, *counted.shape[1:])
        per_tap = grouped.sum(axis=1, dtype=np.int64).reshape(-1, *self.kernel_size)
        return self.windows.spread(per_tap, image).reshape(-1)

    def with_parameters(self, weight: ArrayLike, bias: ArrayLike | None = None) -> Conv2d:
        """Return a layer with the same settings and other weights and biases."""
        return Conv2d(
            weight,
            bias,
            self._stride,
            self._padding,
            self._dilation,
            self._groups,
            activation=self._given_activation,
        )

    def geometry(self) -> Geometry:
        """Return the sizes of the windows, and dilation and groups where there are any."""
        geometry: Geometry = {
            "kernel_size": self.kernel_size,
            "stride": self._stride,
            "padding": self.padding,
        }
        if self._dilation != (1, 1):
            geometry["dilation"] = self._dilation
        if self._groups != 1:
            geometry["groups"] = self._groups
        return geometry

    def settings(self) -> dict[str, object]:
        """Return channels, sizes of the windows, whether there is a bias, and the activation."""
        return {
            "in_channels": self.in_channels,
            "out_channels": self.out_channels,
            **self.geometry(),
            "bias": self._bias is not None,
            "activation": self.activation,
        }

    def to_core(self) -> _core.Conv2d:
        """Return the core's copy."""
        return _core.Conv2d(
            self._weight, self._bias, self._stride, self._padding, self._dilation, self._groups
        )

    def synapses_to_core(self) -> _core.Conv2d:
        """Return the same as `to_core`."""
        return self.to_core()

    @classmethod
    def from_core(cls, core: _core.Conv2d, activation: Activation) -> Conv2d:
        """Return a layer with copies of the core's weights."""
        return cls(
            core.weight,
            core.bias,
            stride=tuple(core.stride),
            padding=tuple(core.padding),
            dilation=tuple(core.dilation),
            groups=core.groups,
            activation=activation,
        )
