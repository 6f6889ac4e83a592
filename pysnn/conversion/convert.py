"""From ReLU networks to spiking networks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from numpy.typing import ArrayLike

from .._base.foreign import wrong_type
from .._base.interface.loaders import collected_samples
from ..network import Network
from ..spiking import Precision, Reset, SpikingNetwork
from .calibration import Calibration
from .chain import convert_chain
from .folding import Pools
from .graph import convert_folded
from .named_recipes import choose
from .neuron_settings import neuron_settings
from .recipe import READING_STEPS, Delay, Readout, Recipe, Rectifier
from .scale_settings import scale_settings
from .scales import PAPER_METHODS, Method, Per, Variant
from .spiking_of_folded import Memory


def convert(
    network: Network,
    *,
    recipe: str | Recipe | None = None,
    method: Method | None = None,
    x: ArrayLike | Iterable[Any] | None = None,
    per: Per | None = None,
    percentile: float | None = None,
    num_updates: int | None = None,
    variant: Variant = "correct",
    include_last: bool = True,
    threshold: float | Mapping[str, float] = 1.0,
    reset: Reset | None = None,
    refractory_period: float = 0.0,
    initial_potential: float | None = None,
    neuron: Rectifier | None = None,
    negative_threshold: float | None = None,
    precision: Precision = "float32",
    readout: Readout | None = None,
    delay: Delay | None = None,
    calibration: Calibration | None = None,
    calibration_samples: int | None = None,
    num_steps: int | None = None,
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
            None: ``"calibrated"``; with a ``method``, ``"diehl2015"`` for the paper's and
            ``"robust"`` for the others.
        method: How scales are found: ``"data"``, ``"model"`` or ``"none"`` as in the paper;
            ``"percentile"`` of the activations; ``"mmse"``, the least squared error of spike counts
            after ``num_steps`` (Li et al. 2021); ``"balanced"``, thresholds that rise with what
            they cut off (Bu et al. 2025); ``"gaussian"``, the least error of normal variables (DCGS
            2025); ``"clip"``, the ceilings of the network's own ReLUs (Bu et al. 2022).
        x: Samples, (num_samples, ...), for all methods but ``"model"`` and ``"none"``: the training
            set, or a part of it; or an iterable of batches such as a data loader of PyTorch, of
            which up to 4 GiB are read, and no labels. ``"clip"`` takes scales of linear outputs
            from them, or else from what any input can cause. In [0, 1] for chains as above under
            ``"data"`` without ``input_scale``.
        per: Whether a ``"layer"`` or each ``"channel"`` (each neuron of a fully connected layer)
            has a scale; outputs always have one for all. None: a layer, or a channel under
            ``"balanced"`` and ``"gaussian"``.
        percentile: Of ``"percentile"``: percentage of the values that a scale covers, in (0, 100].
        num_updates: Of ``"balanced"``: batches of 100 samples, in order and over again; None: 400.
        variant: As in `normalize`; for such chains only.
        include_last: As in `normalize`.
        threshold: Membrane potential at which every neuron fires, one number above 0; or, by name
            of populations, those of their neurons, where it is not 1 (set by hand in Cao et al.
            2015).
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
        delay: Steps that a readout leaves out before it adds its input, or ``"latency"`` for as
            many as the first spikes take to it (Bu et al. 2025), at least 4 less than
            ``num_steps``.
        calibration: What takes up the mean error that populations have on ``x`` after
            ``num_steps`` steps, layer by layer (Li et al. 2021): ``"bias"``, by channel,
            ``"potential"``, the initial potential of each neuron, or ``"none"``.
        calibration_samples: How many of ``x``, from the first, calibrations simulate; 256 unless
            given, or all where there are fewer.
        num_steps: Number of steps that ``"mmse"``, ``"gaussian"``, calibrations and ``"latency"``
            are for; unless given, those of the recipe, or 32.
        pools: What becomes of average pools: ``"spiking"`` populations, or ``"folded"`` into the
            weights behind them.
        input_scale: Largest absolute value of an input, behind the network's own `Affine` where it
            begins with one; None: inputs are in [0, 1] unless ``x`` or that `Affine` needs more,
            then the least power of two that is not below.
        scale: Factor for the numbers of ``x``, such as 1/255; needed for integer images.
        batch_size: Most samples of ``x`` that are computed at a time; the result does not depend on
            it.
        num_threads: Threads of the core; None for the default.
        progress: True shows a progress bar, False none, None one on a terminal or in a notebook.

    Returns:
        The spiking network; printing it shows a table with the scale factors.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: As `normalize` and `fold`, or a neuron's setting is out of range.
    """
    if not isinstance(network, Network):
        raise wrong_type("network", network, "a pysnn.Network")
    chosen, is_named = choose(
        recipe,
        method=method,
        per=per,
        percentile=percentile,
        num_updates=num_updates,
        reset=reset,
        neuron=neuron,
        pools=pools,
        readout=readout,
        calibration=calibration,
        calibration_samples=calibration_samples,
        delay=delay,
        num_steps=num_steps,
    )
    settings = neuron_settings(
        chosen,
        threshold=threshold,
        refractory_period=refractory_period,
        initial_potential=initial_potential,
        negative_threshold=negative_threshold,
        precision=precision,
    )
    memory = Memory(chosen.encoding, chosen.texts() | settings.texts()) if is_named else Memory()
    if chosen.calibration != "none" and not settings.has_unit_thresholds:
        raise ValueError(
            f"threshold is {threshold}, but calibration {chosen.calibration!r} compares spikes "
            f"with activations, which takes thresholds of 1; leave it out by calibration='none'"
        )
    samples = collected_samples(x)
    paper_method = next((name for name in PAPER_METHODS if name == chosen.method), None)
    as_the_paper = (
        chosen.neuron == "if"
        and chosen.readout != "potential"
        and chosen.calibration == "none"
        and chosen.delay == 0
        and chosen.pools == "spiking"
        and input_scale is None
        and network.graph.is_chain
        and network.graph.is_plain
    )
    found = scale_settings(
        network,
        method=chosen.method,
        x=samples,
        variant=variant,
        include_last=include_last,
        scale=scale,
        batch_size=batch_size,
        num_threads=num_threads,
        progress=progress,
        per=chosen.per,
        percentile=chosen.percentile,
        num_steps=chosen.num_steps if chosen.method in READING_STEPS else None,
        num_updates=chosen.num_updates,
        shift=settings.shift_of,
        unit_range=paper_method is not None and as_the_paper,
        needed_by=chosen.reading_samples,
    )
    if paper_method is not None and as_the_paper:
        return convert_chain(network, settings, paper_method, found, memory)
    if variant != "correct":
        raise ValueError(
            f"variant is {variant!r}, which is for chains of Linear, Conv2d, AvgPool2d and Flatten "
            f"with ReLUs, as the paper's"
        )
    return convert_folded(network, chosen, settings, found, input_scale, memory)
