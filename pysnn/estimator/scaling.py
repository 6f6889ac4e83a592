"""How features are scaled, and how far they may go, as nodes of a network and its limits."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray

from ..network import Network
from ..nodes import Affine, Shape, WeightedNode
from ..spiking import SpikingNetwork
from ..training.trainable import check_not_pixels
from .library import MinMaxScaler, StandardScaler

Scaler = Literal["standard", "minmax", "none"]
SCALERS: tuple[Scaler, ...] = ("standard", "minmax", "none")

_HEADROOM = 4.0

_Samples = NDArray[np.float32]


def learn_scaling(x: _Samples, shape: Shape, kind: Scaler) -> Affine | None:
    """Return what brings each channel of samples to one size, or None for ``"none"``.

    Args:
        x: Samples, (num_samples, num_features).
        shape: Shape that the network gives to a sample; each number of a vector is a channel.
        kind: ``"standard"`` for mean 0 and deviation 1, ``"minmax"`` for the range [0, 1].

    Raises:
        ValueError: Samples look like pixels of 0 to 255, which ``"none"`` would leave so.
    """
    if kind == "none":
        try:
            check_not_pixels(x)
        except ValueError:
            raise ValueError(
                f"X has numbers from 0 to {x.max():g}, but training needs about [0, 1] or [-1, 1]: "
                f"scaler='minmax' or 'standard' brings them there"
            ) from None
        return None
    by_channel = np.moveaxis(x.reshape(len(x), *shape), 1, -1).reshape(-1, shape[0])
    if kind == "minmax":
        scaler = MinMaxScaler().fit(by_channel.astype(np.float64))
        return Affine(scaler.scale_, scaler.min_)
    scaler = StandardScaler().fit(by_channel.astype(np.float64))
    return Affine(1 / scaler.scale_, -scaler.mean_ / scaler.scale_)


def scaled(x: _Samples, shape: Shape, affine: Affine | None) -> _Samples:
    """Return samples as a network has them behind its input's `Affine`."""
    return x if affine is None else Network([affine], shape).predict(x).reshape(len(x), -1)


def with_scaling(network: Network, affine: Affine | None) -> Network:
    """Return a chain with an `Affine` in front, called ``"scaler"``."""
    if affine is None:
        return network
    name = "scaler"
    while name in network.layer_names:
        name += "_"
    # A ReLU that a plain chain implies is implied no more beside an Affine.
    layers = [
        layer.with_activation(layer.activation) if isinstance(layer, WeightedNode) else layer
        for layer in network.layers
    ]
    return Network([affine, *layers], network.input_shape, layer_names=[name, *network.layer_names])


def roomy_input_scale(x: _Samples) -> float:
    """Return a power of two well above all samples, for inputs that are constant currents.

    A current has 24 bits, of which later samples, further out than any of the training, may need
    the two uppermost.

    Args:
        x: Samples behind the network's `Affine`.
    """
    largest = float(np.abs(x).max())
    return 2.0 ** np.ceil(np.log2(_HEADROOM * largest)) if largest > 0 else 1.0


@dataclass(frozen=True, eq=False)
class Limits:
    """The least and the largest number that a spiking network takes, as samples have it.

    Attributes:
        shape: Shape of a sample.
        lowest: By channel, (1,) or (channels,).
        highest: Likewise.
    """

    shape: Shape
    lowest: _Samples
    highest: _Samples

    @classmethod
    def of(cls, snn: SpikingNetwork) -> Self:
        """Return those of a network."""
        factor, shift = snn.input_affine or (np.ones(1), np.zeros(1))
        largest = 1.0 if snn.input_scale is None else snn.input_scale
        least = 0.0 if snn.input_scale is None else -largest

        def edge(value: float) -> _Samples:
            """Return the numbers next to an end of the range that are still inside."""
            with np.errstate(over="ignore"):
                found = np.asarray((value - shift) / factor, dtype=np.float32)
            inward = np.float32(-np.inf if value > 0 else np.inf)
            while True:
                there = found.astype(np.float64) * factor + shift
                outside = (there > largest) | (there < least)
                if not outside.any():
                    return found
                found = np.where(outside, np.nextafter(found, inward), found)

        return cls(snn.input_shape, edge(least), edge(largest))

    def applied(self, x: _Samples) -> _Samples:
        """Return samples with numbers beyond the limits set to them, of which it warns.

        Args:
            x: (num_samples, num_features).
        """
        ends = (len(self.shape) - 1) * (1,)
        lowest, highest = (each.reshape(-1, *ends) for each in (self.lowest, self.highest))
        images = x.reshape(len(x), *self.shape)
        num_beyond = int(np.count_nonzero((images < lowest) | (images > highest)))
        if num_beyond == 0:
            return x
        warnings.warn(
            f"X has {num_beyond:,} of {x.size:,} numbers beyond what the spiking network takes, "
            f"which are set to its limits; fit on samples that reach as far, or give "
            f"convert_options={{'input_scale': ...}}",
            UserWarning,
            stacklevel=5,
        )
        return np.clip(images, lowest, highest).reshape(x.shape)
