"""From ReLU networks to spiking networks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from .._base.numbers import as_finite_float
from ..network import Network
from ..spiking import Precision, Reset, SpikingNetwork
from ..spiking.neuron import Neuron
from .folding import FoldedNetwork, Pools, fold_graph, input_affine
from .input_range import InputRange
from .normalize import normalized_by
from .population_scales import population_scales
from .recipe import Readout, Recipe, Rectifier, as_recipe, recipes
from .scale_settings import scale_settings
from .scales import PAPER_METHODS, Method, PaperMethodName, Per, ScaleSettings, Variant
from .spiking_of_folded import NeuronSettings, empty_network, fill_network


def convert(
    network: Network,
    *,
    recipe: str | Recipe | None = None,
    method: Method | None = None,
    x: ArrayLike | None = None,
    per: Per | None = None,
    percentile: float | None = None,
    num_steps: int | None = None,
    num_updates: int | None = None,
    variant: Variant = "correct",
    include_last: bool = True,
    threshold: float = 1.0,
    reset: Reset | None = None,
    refractory_period: float = 0.0,
    initial_potential: float | None = None,
    neuron: Rectifier | None = None,
    negative_threshold: float | None = None,
    precision: Precision = "float32",
    readout: Readout | None = None,
    pools: Pools | None = None,
    input_scale: float | None = None,
    scale: float | None = None,
    batch_size: int = 1000,
    num_threads: int | None = None,
    progress: bool | None = None,
) -> SpikingNetwork:
    """Turn a trained ReLU network into a network of spiking neurons.

    With the paper's methods weights are normalized as `normalize` does. In a chain of `Linear`,
    `Conv2d`, `AvgPool2d` and `Flatten` with a ReLU behind all weights, every layer but `Flatten`
    becomes a population of the layer's name; average pooling is a population of its own, as in the
    paper. Any other network, and any under another method, is folded first, as `fold` does: every
    ReLU becomes a population of its name, values that may be negative become ``"bipolar"``
    neurons, and linear outputs a ``"readout"``.

    Args:
        network: The trained network.
        recipe: Name of one of `pysnn.recipes`, or a `Recipe`: the choices that are None below;
            None: ``"diehl2015"``, the paper's.
        method: How scales are found: ``"data"``, ``"model"`` or ``"none"`` as in the paper;
            ``"percentile"`` of the activations; ``"mmse"``, the least squared error of spike counts
            after ``num_steps`` (Li et al. 2021); ``"balanced"``, thresholds that rise with what
            they cut off (Bu et al. 2025); ``"gaussian"``, the least error of normal variables (DCGS
            2025); ``"clip"``, the ceilings of the network's own ReLUs (Bu et al. 2022).
        x: Samples, (num_samples, ...), for all methods but ``"model"`` and ``"none"``: the training
            set, or a part of it. ``"clip"`` takes scales of linear outputs from them, or else from
            what any input can cause. In [0, 1] for chains as above under ``"data"`` without
            ``input_scale``.
        per: Whether a ``"layer"`` or each ``"channel"`` (each neuron of a fully connected layer)
            has a scale; outputs always have one for all. None: a layer, or a channel under
            ``"balanced"`` and ``"gaussian"``.
        percentile: Of ``"percentile"``: percentage of the values that a scale covers, in (0, 100].
        num_steps: Of ``"mmse"`` and ``"gaussian"``: steps that the scales are meant for; None: 32.
        num_updates: Of ``"balanced"``: batches of 100 samples, in order and over again; None: 400.
        variant: As in `normalize`; for such chains only.
        include_last: As in `normalize`.
        threshold: Membrane potential at which every neuron fires, one number above 0.
        reset: What a spike does to the membrane potential: ``"zero"`` sets it to 0, as in the
            paper, ``"subtract"`` takes the threshold off. Bipolar neurons subtract.
        refractory_period: Time in s after a spike during which input is dropped; 0 for bipolar
            neurons.
        initial_potential: Membrane potential of every neuron before the first step, one number; 0
            for bipolar neurons and readouts.
        neuron: What ReLUs become: ``"if"``, or ``"signed"`` neurons, which take spikes back.
        negative_threshold: Of ``"signed"``: they take one back below minus this potential.
        precision: ``"float32"``, or ``"int16"`` for coarser weights and half the memory traffic.
        readout: ``"potential"`` takes the output from membrane potentials, ``"spikes"`` from spike
            counts; None: as the recipe, or else potentials where the network ends without a ReLU,
            spikes otherwise. The potentials of an output with a ReLU are those of its sums.
        pools: What becomes of average pools: ``"spiking"`` populations, or ``"folded"`` into the
            weights behind them.
        input_scale: Largest absolute value of an input, behind the network's own `Affine` where it
            begins with one; None: inputs are in [0, 1] unless ``x`` or that `Affine` needs more,
            then the least power of two that is not below.
        scale: Factor for the numbers of ``x``, such as 1/255; needed for integer images.
        batch_size: Most samples of ``x`` that are computed at a time; the result does not depend on
            it.
        num_threads: Threads of the core; None for the default.
        progress: True shows a progress bar, False none, None one on a terminal.

    Returns:
        The spiking network; printing it shows a table with the scale factors.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: As `normalize` and `fold`, or a neuron's setting is out of range.
    """
    if not isinstance(network, Network):
        raise TypeError(f"network is a {type(network).__name__}, but must be a pysnn.Network")
    chosen = (recipes["diehl2015"] if recipe is None else as_recipe(recipe)).overridden(
        method=method,
        per=per,
        percentile=percentile,
        num_steps=num_steps,
        num_updates=num_updates,
        reset=reset,
        neuron=neuron,
        pools=pools,
        readout=readout,
    )
    settings = _neuron_settings(
        chosen,
        threshold=threshold,
        refractory_period=refractory_period,
        initial_potential=initial_potential,
        negative_threshold=negative_threshold,
        precision=precision,
    )
    paper_method = next((name for name in PAPER_METHODS if name == chosen.method), None)
    as_the_paper = (
        chosen.neuron == "if"
        and chosen.readout != "potential"
        and chosen.pools == "spiking"
        and input_scale is None
        and network.graph.is_chain
        and network.graph.is_plain
    )
    found = scale_settings(
        network,
        method=chosen.method,
        x=x,
        variant=variant,
        include_last=include_last,
        scale=scale,
        batch_size=batch_size,
        num_threads=num_threads,
        progress=progress,
        per=chosen.per,
        percentile=chosen.percentile,
        num_steps=chosen.num_steps,
        num_updates=chosen.num_updates,
        # A threshold that is refused later may be 0.
        shift=settings.initial_potential / settings.threshold if settings.threshold > 0 else 0.0,
        unit_range=paper_method is not None and as_the_paper,
    )
    if paper_method is not None and as_the_paper:
        return _convert_chain(network, settings, paper_method, found)
    if variant != "correct":
        raise ValueError(
            f"variant is {variant!r}, which is for chains of Linear, Conv2d, AvgPool2d and Flatten "
            f"with ReLUs, as the paper's"
        )
    return _convert_folded(network, chosen, settings, found, input_scale)


def _neuron_settings(
    chosen: Recipe,
    *,
    threshold: float,
    refractory_period: float,
    initial_potential: float | None,
    negative_threshold: float | None,
    precision: Precision,
) -> NeuronSettings:
    unit = _as_one_number(threshold, "threshold")
    if negative_threshold is not None and chosen.neuron != "signed":
        raise ValueError(
            f"negative_threshold is {negative_threshold}, which goes with neuron 'signed', not "
            f"{chosen.neuron!r}"
        )
    return NeuronSettings(
        unit,
        chosen.reset,
        refractory_period,
        unit * chosen.initial_potential
        if initial_potential is None
        else _as_one_number(initial_potential, "initial_potential"),
        precision,
        chosen.neuron,
        unit * (chosen.negative_threshold or 0.0)
        if negative_threshold is None
        else _as_one_number(negative_threshold, "negative_threshold"),
    )


def _convert_folded(
    network: Network,
    chosen: Recipe,
    settings: NeuronSettings,
    found: ScaleSettings,
    input_scale: float | None,
) -> SpikingNetwork:
    network.to_core()  # which checks that every node leads to the output
    affine, _ = input_affine(network.graph)
    inputs = InputRange.of(found.x, affine, input_scale)
    folded = _with_readout(
        fold_graph(network.graph, pools=chosen.pools, signed_input=inputs.is_signed),
        chosen.readout,
    )
    snn = empty_network(folded, inputs, settings)
    if found.x is not None:
        snn.input_range.samples(found.x, network.input_shape)
    scales = population_scales(network, folded, inputs, chosen.method, found)
    return fill_network(snn, folded, scales.by_name, settings)


def _convert_chain(
    network: Network, settings: NeuronSettings, method: PaperMethodName, found: ScaleSettings
) -> SpikingNetwork:
    # Made before the data is run, so that a wrong setting costs no time.
    populations = [each for each in network.graph.nodes if each.node.has_synapses]
    snn = SpikingNetwork(network.input_shape, precision=settings.precision)
    for each in populations:
        snn.add_population(
            each.name,
            each.output_shape,
            threshold=settings.threshold,
            reset=settings.reset,
            refractory_period=settings.refractory_period,
            initial_potential=settings.initial_potential,
        )
    normalized, normalization = normalized_by(network, method, found)
    sources = normalized.graph.population_sources()
    for each in normalized.graph.nodes:
        for source in sources.get(each.name, ()):
            snn.connect(source, each.name, each.node)
    scales = dict(zip(network.layer_names, normalization.scale_factor, strict=True))
    return snn._with_scales([float(scales[each.name]) for each in populations])


def _with_readout(folded: FoldedNetwork, readout: Readout | None) -> FoldedNetwork:
    """Return the network with the output that is asked for."""
    last = folded.populations[-1]
    if readout is None or (readout == "spikes") != (last.neuron == "readout"):
        return folded
    neuron: Neuron
    if readout == "spikes":
        neuron = "bipolar"
    elif last.is_rectified:
        neuron = "readout"
    else:
        raise ValueError(
            f"readout is 'potential', but the network ends in {last.name!r}, a pool, whose output "
            f"is spikes"
        )
    last = replace(last, neuron=neuron)
    return replace(folded, populations=(*folded.populations[:-1], last))


def _as_one_number(value: object, name: str) -> float:
    if isinstance(value, list | tuple) or (isinstance(value, np.ndarray) and value.ndim):
        raise TypeError(
            f"{name} is a {type(value).__name__}, but must be one number for the neurons of all "
            f"layers"
        )
    return as_finite_float(value, name)
