"""Normalization: scaling of weights so that activations fit the rates of spiking neurons.

The methods are those of Diehl et al., Fast-Classifying, High-Accuracy Spiking Deep Networks
Through Weight and Threshold Balancing, IJCNN 2015, section III.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _core
from .._base.foreign import wrong_type
from .._base.interface.loaders import collected_samples
from .._base.numbers import as_choice
from .._base.tables import text_table
from ..network import Network
from ..nodes import PAPER_KINDS
from .scale_settings import scale_settings
from .scales import PAPER_METHODS, PaperMethodName, Scales, ScaleSettings, Variant


@dataclass(frozen=True, eq=False)
class Normalization:
    """What `normalize` did to the layers of a network.

    Attributes:
        method: ``"data"``, ``"model"`` or ``"none"``.
        layer_names: Names of the layers.
        scales: Scales of each layer, one number or one per channel.
    """

    method: PaperMethodName
    layer_names: tuple[str, ...]
    scales: Scales

    @property
    def scale_factor(self) -> NDArray[np.float64]:
        """Activation of the original network that 1 stands for in the normalized one.

        Shape (num_layers,); layers without weights have their source's.

        Raises:
            ValueError: The channels of a layer have several scales, which `scales` has.
        """
        return _one_per_layer(self.scales.scale_factor, self.layer_names)

    @property
    def applied_factor(self) -> NDArray[np.float64]:
        """What the weights of each layer were divided by, (num_layers,); 1 without weights.

        Raises:
            ValueError: The channels of a layer have several, which `scales` has.
        """
        return _one_per_layer(self.scales.applied_factor, self.layer_names)

    def __str__(self) -> str:
        """Show a table of the factors."""
        rows = [
            (name, _range_text(scale), _range_text(applied))
            for name, scale, applied in zip(
                self.layer_names,
                self.scales.scale_factor,
                self.scales.applied_factor,
                strict=True,
            )
        ]
        header = ("layer", "scale factor", "applied factor")
        return f"normalization: {self.method}\n{text_table(header, rows)}"


def normalize(
    network: Network,
    *,
    method: PaperMethodName = "data",
    x: ArrayLike | Iterable[Any] | None = None,
    variant: Variant = "correct",
    include_last: bool = True,
    scale: float | None = None,
    batch_size: int = 1000,
    num_threads: int | None = None,
    progress: bool | None = None,
) -> tuple[Network, Normalization]:
    """Scale the weights of a network so that its neurons neither starve nor saturate.

    With a scale factor per layer, weights are multiplied by the source's factor and divided by
    the layer's own, biases are divided by the layer's own: activations are then those of the
    original network over the layer's factor, and predictions stay the same.

    - ``"data"``: the factor is the layer's largest activation on ``x`` or its largest positive
      weight, whichever is larger. No activation on ``x`` exceeds 1.
    - ``"model"``: weights are divided by the largest sum of positive weights (and positive bias)
      that a neuron of the layer has. No input in [0, 1] can drive an activation above 1.
    - ``"none"``: everything stays as it is.

    Args:
        network: The trained network; it is not changed.
        method: ``"data"``, ``"model"`` or ``"none"``.
        x: Samples in [0, 1] for ``"data"``, (num_samples, ...): the training set, or a part of it;
            or a data loader, as for `convert`.
        variant: How ``"data"`` gets from a layer's own factor to what its weights are divided by.
            ``"correct"`` divides by factor / factor of the layer before; ``"released"`` by factor
            / divisor of the layer before, as the authors' MATLAB code does, which drives layers
            from the third weight layer on at another rate.
        include_last: False leaves the weights of the last weighted layer as they are.
        scale: Factor for the numbers of ``x``, such as 1/255; needed for integer images.
        batch_size: Samples of ``x`` that are computed at a time.
        num_threads: Threads of the core; None for the default.
        progress: True shows a progress bar, False none, None one on a terminal or in a notebook.

    Returns:
        The normalized network, and the factors.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: ``x`` is missing, does not fit or has a number outside [0, 1], an argument has
            no effect under this method, or a layer's factor is 0.
    """
    if not isinstance(network, Network):
        raise wrong_type("network", network, "a pysnn.Network")
    _check_kinds(network)
    as_choice(method, "method", get_args(PaperMethodName))
    samples = collected_samples(x)
    settings = scale_settings(
        network,
        method=method,
        x=samples,
        variant=variant,
        include_last=include_last,
        scale=scale,
        batch_size=batch_size,
        num_threads=num_threads,
        progress=progress,
    )
    return normalized_by(network, method, settings)


def normalized_by(
    network: Network, method: PaperMethodName, settings: ScaleSettings
) -> tuple[Network, Normalization]:
    """Return what `normalize` does, with its checked arguments."""
    scales = PAPER_METHODS[method].find(network, settings)
    factors = [each.tolist() for each in scales.scale_factor]
    normalized = Network.from_core(_core.apply_scales(network.to_core(), factors))
    return normalized, Normalization(method, network.layer_names, scales)


def _check_kinds(network: Network) -> None:
    for each in network.graph.nodes:
        if not isinstance(each.node, PAPER_KINDS):
            raise ValueError(
                f"network has {each.name!r}, a {type(each.node).__name__}, but normalize knows "
                f"Linear, Conv2d, AvgPool2d and Flatten; convert takes networks of all kinds"
            )


def _one_per_layer(
    factors: tuple[NDArray[np.float64], ...], names: tuple[str, ...]
) -> NDArray[np.float64]:
    for name, each in zip(names, factors, strict=True):
        if len(np.unique(each)) != 1:
            raise ValueError(f"layer {name!r} has a factor per channel, not one for all")
    return np.array([each[0] for each in factors])


def _range_text(factors: NDArray[np.float64]) -> str:
    if factors.size == 0:
        return "by channel"
    low, high = f"{factors.min():.5f}", f"{factors.max():.5f}"
    return low if low == high else f"{low} .. {high}"
