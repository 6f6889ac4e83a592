"""From ReLU networks to spiking networks: normalization of weights, and neurons.

The methods are those of Diehl et al., Fast-Classifying, High-Accuracy Spiking Deep Networks
Through Weight and Threshold Balancing, IJCNN 2015, section III.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _core
from .._base.arrays import as_samples
from .._base.numbers import as_bool, as_choice, as_positive_int
from .._base.progress import check_progress, progress_bar
from .._base.system import as_num_threads
from .._base.tables import text_table
from ..network import Network
from ..network.forward import ForwardPass

Method = Literal["data", "model", "none"]
Variant = Literal["correct", "released"]


@dataclass(frozen=True, eq=False)
class Normalization:
    """What `normalize` did to the layers of a network.

    Attributes:
        method: ``"data"``, ``"model"`` or ``"none"``.
        layer_names: Names of the layers.
        scale_factor: Activation of the original network that 1 stands for in the normalized one,
            (num_layers,). Layers without weights have their source's.
        applied_factor: What the weights of each layer were divided by, (num_layers,); 1 for layers
            without weights.
    """

    method: Method
    layer_names: tuple[str, ...]
    scale_factor: NDArray[np.float64]
    applied_factor: NDArray[np.float64]

    def __str__(self) -> str:
        """Show a table of the factors."""
        rows = [
            (name, f"{scale:.5f}", f"{applied:.5f}")
            for name, scale, applied in zip(
                self.layer_names, self.scale_factor, self.applied_factor, strict=True
            )
        ]
        header = ("layer", "scale factor", "applied factor")
        return f"normalization: {self.method}\n{text_table(header, rows)}"


def normalize(
    network: Network,
    *,
    method: Method = "data",
    x: ArrayLike | None = None,
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
        x: Samples for ``"data"``, (num_samples, ...): the training set, or a part of it.
        variant: How ``"data"`` gets from a layer's own factor to what its weights are divided by.
            ``"correct"`` divides by factor / factor of the layer before; ``"released"`` by factor
            / divisor of the layer before, as the authors' MATLAB code does, which drives layers
            from the third weight layer on at another rate.
        include_last: False leaves the weights of the last weighted layer as they are.
        scale: Factor for the numbers of ``x``, such as 1/255; needed for integer images.
        batch_size: Most samples of ``x`` that are computed at a time; the result does not depend on
            it.
        num_threads: Threads of the core; None for the default.
        progress: True shows a progress bar, False none, None one on a terminal.

    Returns:
        The normalized network, and the factors.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: ``x`` is missing, not wanted or does not fit, or a layer's factor is 0.
    """
    if not isinstance(network, Network):
        raise TypeError(f"network is a {type(network).__name__}, but must be a pysnn.Network")
    as_choice(method, "method", ("data", "model", "none"))
    as_choice(variant, "variant", ("correct", "released"))
    as_bool(include_last, "include_last")
    if variant != "correct" and method != "data":
        raise ValueError(f"variant is {variant!r}, which goes with method 'data', not {method!r}")
    if x is not None and method != "data":
        raise ValueError(f"x is given, but method {method!r} reads no data")
    batch_size = as_positive_int(batch_size, "batch_size")
    threads = as_num_threads(num_threads)
    check_progress(progress)
    core = network.to_core()
    if method == "model":
        factors = _core.model_based_normalization(core, include_last, threads)
    elif method == "data":
        samples = _checked_samples(network, x, scale)
        largest = _largest_activations(network, samples, batch_size, threads, progress)
        factors = _core.data_based_normalization(core, largest, include_last, variant, threads)
    else:
        ones = np.ones(len(network.layers))
        return network.copy(), Normalization(method, network.layer_names, ones, ones.copy())
    normalized = Network.from_core(_core.apply_scales(core, factors.scale_factor))
    return normalized, Normalization(
        method=method,
        layer_names=network.layer_names,
        scale_factor=np.array(factors.scale_factor),
        applied_factor=np.array(factors.applied_factor),
    )


def _checked_samples(
    network: Network, x: ArrayLike | None, scale: float | None
) -> NDArray[np.float32]:
    if x is None:
        raise ValueError("x is None, but method 'data' needs samples, such as the training set")
    samples = as_samples(x, network.input_shape, scale=scale)
    if len(samples) == 0:
        raise ValueError("x has no samples, but method 'data' needs at least one")
    return samples


def _largest_activations(
    network: Network,
    samples: NDArray[np.float32],
    batch_size: int,
    num_threads: int,
    progress: bool | None,
) -> list[float]:
    forward = ForwardPass(network.to_core(), batch_size=batch_size, num_threads=num_threads)
    with progress_bar(len(samples), "activations", progress=progress, unit="sample") as bar:
        per_channel = forward.largest_activations(samples, bar.advance)
    return [float(largest.max()) for largest in per_channel]
