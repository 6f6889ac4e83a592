"""From ReLU networks to spiking networks."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from .._base.numbers import as_finite_float
from ..network import Network
from ..nodes import WeightedNode
from ..spiking import Precision, Reset, SpikingNetwork
from .normalize import normalize
from .scales import Method, Variant


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
        x: Samples in [0, 1] for ``"data"``, (num_samples, ...): the training set, or a part of it.
        variant: As in `normalize`.
        include_last: As in `normalize`.
        threshold: Membrane potential at which every neuron fires, one number above 0.
        reset: What a spike does to the membrane potential: ``"zero"`` sets it to 0, as in the
            paper, ``"subtract"`` takes the threshold off.
        refractory_period: Time in s after a spike during which input is dropped.
        initial_potential: Membrane potential of every neuron before the first step, one number.
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
    _check_activations(network)
    # Made before the data is run, so that a wrong setting costs no time.
    populations = [each for each in network.graph.nodes if each.node.has_synapses]
    snn = SpikingNetwork(network.input_shape, precision=precision)
    for each in populations:
        snn.add_population(
            each.name,
            each.output_shape,
            threshold=_as_one_number(threshold, "threshold"),
            reset=reset,
            refractory_period=refractory_period,
            initial_potential=_as_one_number(initial_potential, "initial_potential"),
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
    sources = normalized.graph.population_sources()
    for each in normalized.graph.nodes:
        for source in sources.get(each.name, ()):
            snn.connect(source, each.name, each.node)
    scales = dict(zip(network.layer_names, normalization.scale_factor, strict=True))
    return snn._with_scales([float(scales[each.name]) for each in populations])


def _check_activations(network: Network) -> None:
    for each in network.graph.nodes:
        if isinstance(each.node, WeightedNode) and each.node.activation != "relu":
            is_output = each is network.graph.nodes[-1]
            advice = '; load_matlab(path, output="relu") reads the last layer so'
            raise ValueError(
                f"network has no ReLU after {each.name!r}, but spiking neurons can't show negative "
                f"values; expected activation 'relu' on every layer{advice if is_output else ''}"
            )


def _as_one_number(value: object, name: str) -> float:
    if isinstance(value, list | tuple) or (isinstance(value, np.ndarray) and value.ndim):
        raise TypeError(
            f"{name} is a {type(value).__name__}, but must be one number for the neurons of all "
            f"layers"
        )
    return as_finite_float(value, name)
