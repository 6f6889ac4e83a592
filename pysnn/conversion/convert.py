"""From ReLU networks to spiking networks: normalization of weights, and neurons.

The methods are those of Diehl et al., Fast-Classifying, High-Accuracy Spiking Deep Networks
Through Weight and Threshold Balancing, IJCNN 2015, section III.
"""

from __future__ import annotations

from numpy.typing import ArrayLike

from ..network import Network
from ..nodes import Flatten, Shape, WeightedLayer
from ..spiking import Precision, Reset, SpikingNetwork
from .normalize import Method, Variant, normalize


def convert(
    network: Network,
    *,
    method: Method = "data",
    x: ArrayLike | None = None,
    variant: Variant = "correct",
    include_last: bool = True,
    threshold: float = 1.0,
    reset: Reset = "zero",
    refractory_period: float = 0.0,
    initial_potential: float = 0.0,
    precision: Precision = "float32",
    scale: float | None = None,
    batch_size: int = 1000,
    num_threads: int | None = None,
    progress: bool | None = None,
) -> SpikingNetwork:
    """Turn a trained ReLU network into a network of integrate-and-fire neurons.

    Weights are normalized as `normalize` does; every layer but `Flatten` becomes a population of
    the layer's name. Average pooling is a population of its own, as in the paper.

    Args:
        network: The trained network. ReLU must follow every weighted layer: a firing rate can't
            be negative.
        method: Normalization, ``"data"``, ``"model"`` or ``"none"``.
        x: Samples for ``"data"``, (num_samples, ...): the training set, or a part of it.
        variant: As in `normalize`.
        include_last: As in `normalize`.
        threshold: Membrane potential at which a neuron fires, above 0.
        reset: What a spike does to the membrane potential: ``"zero"`` sets it to 0, as in the
            paper, ``"subtract"`` takes the threshold off.
        refractory_period: Time in s after a spike during which input is dropped.
        initial_potential: Membrane potential before the first step.
        precision: ``"float32"``, or ``"int16"`` for coarser weights and half the memory traffic.
        scale: Factor for the numbers of ``x``, such as 1/255; needed for integer images.
        batch_size: Most samples of ``x`` that are computed at a time; the result does not depend on
            it.
        num_threads: Threads of the core; None for the default.
        progress: True shows a progress bar, False none, None one on a terminal.

    Returns:
        The spiking network; printing it shows a table with the scale factors.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: As `normalize`, or a layer has no ReLU, or a neuron's setting is out of range.
    """
    if not isinstance(network, Network):
        raise TypeError(f"network is a {type(network).__name__}, but must be a pysnn.Network")
    for name, layer in zip(network.layer_names, network.layers, strict=True):
        if isinstance(layer, WeightedLayer) and layer.activation != "relu":
            raise ValueError(
                f"network has no ReLU after {name!r}, but spiking neurons can't show negative "
                f"values; expected activation 'relu' on every layer"
            )
    # Made before the data is run, so that a wrong setting costs no time.
    shapes = _population_shapes(network)
    drafts = SpikingNetwork(network.input_shape, precision=precision)
    for name, shape in shapes.items():
        drafts.add_population(
            name,
            shape,
            threshold=threshold,
            reset=reset,
            refractory_period=refractory_period,
            initial_potential=initial_potential,
        )
    normalized, normalization = normalize(
        network,
        method=method,
        x=x,
        variant=variant,
        include_last=include_last,
        scale=scale,
        batch_size=batch_size,
        num_threads=num_threads,
        progress=progress,
    )
    source = "input"
    for name, layer in zip(normalized.layer_names, normalized.layers, strict=True):
        if name in shapes:
            drafts.connect(source, name, layer)
            source = name
    scales = dict(zip(network.layer_names, normalization.scale_factor, strict=True))
    return drafts._with_scales([float(scales[name]) for name in shapes])


def _population_shapes(network: Network) -> dict[str, Shape]:
    return {
        name: shape
        for name, layer, shape in zip(
            network.layer_names, network.layers, network.layer_shapes, strict=True
        )
        if not isinstance(layer, Flatten)
    }
