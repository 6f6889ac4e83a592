"""Channels passed on one by one: shortcuts between populations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NoReturn

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _core
from .._base.arrays import as_finite_float32
from .._base.numbers import Sizes, as_count, as_int_pair, as_padding, as_positive_int
from .node import Geometry, Shape, as_image_shape, only_shape
from .window import Windows
from .windowed import WindowedNode


class Identity(WindowedNode):
    """A projection from each channel of a source to one channel of a population.

    Source channel c, times its weight, reaches channel ``first_channel + c``; other channels get
    nothing. The shortcuts of residual networks and the parts of concatenated channels are such. It
    is for `SpikingNetwork.connect`, no node of a `Network`.

    Args:
        weight: A weight per source channel, (channels,); of a vector an element is a channel.
        stride: Step between the pixels that are passed on: an int or a pair. Of images only.
        padding: Rows and columns of zeros around the image: an int, (vertical, horizontal) or
            (top, bottom, left, right). Of images only.
        out_channels: Channels of the population; None for ``first_channel`` and those of the
            source.
        first_channel: Where the first source channel goes to.

    Raises:
        TypeError: ``weight`` does not hold real numbers, or a size is not an int.
        ValueError: A number is NaN or infinite, a size is out of its range, or the channels go
            beyond ``out_channels``.
    """

    kind = "identity"
    has_synapses = True

    def __init__(
        self,
        weight: ArrayLike,
        stride: Sizes = 1,
        padding: Sizes = 0,
        out_channels: int | None = None,
        first_channel: int = 0,
    ) -> None:
        self._weight = as_finite_float32(weight, "weight")
        if self._weight.ndim != 1 or self._weight.size == 0:
            raise ValueError(f"weight has shape {self._weight.shape}, but must be (channels,)")
        self._stride = as_int_pair(stride, "stride", minimum=1)
        self._padding = as_padding(padding, "padding")
        self._first_channel = as_count(first_channel, "first_channel")
        least = self._first_channel + self._weight.size
        self._out_channels = (
            least if out_channels is None else as_positive_int(out_channels, "out_channels")
        )
        if self._out_channels < least:
            raise ValueError(
                f"out_channels is {self._out_channels}, but {self._weight.size} channels from "
                f"first_channel {self._first_channel} on need {least}"
            )

    @property
    def weight(self) -> NDArray[np.float32]:
        """A weight per source channel, (channels,)."""
        return self._weight

    @property
    def in_channels(self) -> int:
        """Number of channels of the source."""
        return self._weight.size

    @property
    def out_channels(self) -> int:
        """Number of channels of the population."""
        return self._out_channels

    @property
    def first_channel(self) -> int:
        """Channel of the population that the first source channel reaches."""
        return self._first_channel

    @property
    def windows(self) -> Windows:
        """Where the pixels that are passed on lie."""
        return Windows((1, 1), self._stride, self._padding)

    @property
    def num_parameters(self) -> int:
        """Number of weights."""
        return self._weight.size

    def output_shape(self, *input_shapes: Shape) -> Shape:
        """Return (out_channels,) for a vector, (out_channels, height, width) for an image."""
        shape = only_shape(input_shapes)
        if shape[0] != self.in_channels:
            raise ValueError(
                f"the input has {shape[0]} channels, but there are {self.in_channels} weights"
            )
        if len(shape) == 1:
            if self._stride != (1, 1) or any(self._padding):
                raise ValueError(
                    f"the input has shape {shape}, but stride {self._stride} and padding "
                    f"{self.padding} are for images"
                )
            return (self._out_channels,)
        _, image = as_image_shape(shape)
        return (self._out_channels, *self.windows.grid(image))

    def num_synapses(self, input_shape: Shape) -> int:
        """Return the number of elements that are passed on."""
        if len(input_shape) == 1:
            return self.in_channels
        return self.in_channels * self.windows.num_taps(as_image_shape(input_shape)[1])

    def fan_out(self, input_shape: Shape, *, leave_out_zeros: bool = False) -> NDArray[np.int64]:
        """Return 1 for each input that is passed on and 0 for the others, (num_inputs,)."""
        counted: NDArray[np.bool_] = (self._weight != 0) | (not leave_out_zeros)
        if len(input_shape) == 1:
            return counted.astype(np.int64)
        _, image = as_image_shape(input_shape)
        per_tap = counted.astype(np.int64).reshape(-1, 1, 1)
        return self.windows.spread(per_tap, image).reshape(-1)

    def geometry(self) -> Geometry:
        """Return stride, padding and channels where they are not as by default."""
        geometry: Geometry = {}
        if self._stride != (1, 1):
            geometry["stride"] = self._stride
        if any(self._padding):
            geometry["padding"] = self.padding
        if self._out_channels != self._first_channel + self.in_channels:
            geometry["out_channels"] = self._out_channels
        if self._first_channel:
            geometry["first_channel"] = self._first_channel
        return geometry

    def settings(self) -> dict[str, object]:
        """Return the number of channels and the geometry."""
        return {"in_channels": self.in_channels, **self.geometry()}

    def arrays(self) -> Mapping[str, NDArray[np.float32] | None]:
        """Return the weights."""
        return {"weight": self._weight}

    def to_core(self) -> NoReturn:
        """Refuse.

        Raises:
            TypeError: Always: it is no node.
        """
        raise TypeError("Identity is a projection between populations, no node of a network")

    def synapses_to_core(self) -> _core.IdentitySynapses:
        """Return the core's synapses."""
        return _core.IdentitySynapses(
            self._weight, self._stride, self._padding, self._out_channels, self._first_channel
        )

    @classmethod
    def from_core(cls, core: _core.IdentitySynapses) -> Identity:
        """Return a projection with a copy of the core's weights."""
        return cls(
            core.weight,
            tuple(core.stride),
            tuple(core.padding),
            core.out_channels,
            core.first_channel,
        )
