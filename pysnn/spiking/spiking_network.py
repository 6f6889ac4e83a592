"""Networks of spiking populations."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping, Sequence
from typing import Literal, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _core
from .._base.arrays import as_finite_float32
from .._base.interface.html import html_view
from .._base.numbers import (
    as_choice,
    as_name,
    as_path,
    as_positive_float,
    as_str,
)
from .._base.tables import Table, text_table
from ..network import INPUT
from ..nodes import PROJECTION_KINDS, Linear, Node, Shape
from .encoding import ENCODINGS, Encoding
from .input_range import InputAffine, InputRange
from .neuron import WITHOUT_THRESHOLD, Neuron
from .population import Population, Reset
from .population_draft import PopulationDraft, as_population_shape
from .rounding_loss import RoundingLoss
from .tables import made_by_text, rounding_lines, spiking_network_table

Precision = Literal["float32", "int16"]
PRECISIONS: tuple[Precision, ...] = ("float32", "int16")


class SpikingNetwork:
    """A feed-forward network of spiking populations.

    `convert` makes one from a ReLU network. By hand: add populations from input to output and
    connect them; the last one added is the output. Weights are rounded once all are known, for
    every neuron to the finest grid on which no sum of its weights needs more bits than
    ``precision`` has, so that sums are exact in any order.

    Args:
        input_shape: Shape of one sample: (num_inputs,), an int for the same, or
            (channels, height, width).
        precision: ``"float32"`` (sums of 24 bits) or ``"int16"`` (sums of 15 bits).
        input_scale: Largest |x| of the samples, above 0: x may be negative, and a spike of the
            input in every step stands for ``input_scale``. None takes x in [0, 1].
        input_affine: (scale, shift): samples are ``x * scale + shift`` before anything else, in
            float64. One number each, or one per channel; None changes nothing.

    Raises:
        TypeError: ``input_shape`` does not hold ints, or another argument has the wrong type.
        ValueError: ``input_shape`` has neither one nor three sizes, ``precision`` is unknown, or a
            number is out of its range.

    Example:
        >>> snn = SpikingNetwork(2)
        >>> snn.add_population("output", 1, threshold=0.5)
        >>> snn.connect("input", "output", pysnn.Linear([[0.25, 0.25]]))
        >>> snn.populations[0].projections[0].weight
        array([[0.25, 0.25]], dtype=float32)
    """

    __hash__ = None  # type: ignore[assignment]

    def __init__(
        self,
        input_shape: int | Sequence[int],
        *,
        precision: Precision = "float32",
        input_scale: float | None = None,
        input_affine: InputAffine | None = None,
    ) -> None:
        self._input_shape = as_population_shape(input_shape, "input_shape")
        self._precision = as_choice(precision, "precision", PRECISIONS)
        self._input_range = InputRange.of(input_scale, input_affine, self._input_shape)
        # By name, in order; those of a converted or loaded network stand as the core has them.
        self._drafts: dict[str, PopulationDraft | _core.Population] = {}
        self._encoding: Encoding | None = None
        self._recipe: dict[str, str] = {}
        self._core: _core.SpikingNetwork | None = None
        self._populations: tuple[Population, ...] | None = None

    def add_population(
        self,
        name: str,
        shape: int | Sequence[int],
        *,
        threshold: ArrayLike = 1.0,
        reset: Reset | None = None,
        refractory_period: float = 0.0,
        initial_potential: ArrayLike = 0.0,
        neuron: Neuron = "if",
        negative_threshold: ArrayLike = 0.0,
        leak: ArrayLike = 1.0,
        delay: int = 0,
        bias: ArrayLike | None = None,
    ) -> None:
        """Add neurons behind all earlier ones.

        Args:
            name: Unique name without ``/``; not ``"input"``.
            shape: (num_neurons,), an int for the same, or (channels, height, width).
            threshold: Membrane potential at which a neuron fires, above 0: one number, one per
                channel, (channels,), or one per neuron, (num_neurons,) or ``shape``.
            reset: What a spike does to the membrane potential: ``"zero"`` sets it to 0,
                ``"subtract"`` takes the threshold off. None: ``"zero"`` for the models ``"if"`` and
                ``"leaky"``, ``"subtract"``, the only choice, for the others.
            refractory_period: Time in s after a spike during which input is dropped; of ``"if"``
                and ``"leaky"``.
            initial_potential: Membrane potential before the first step, as ``threshold``.
            neuron: Model: ``"if"``, integrate-and-fire; ``"signed"``, which also takes spikes back
                by spikes of -1, as many as it has sent; ``"bipolar"``, which fires -1 at
                ``-threshold``; ``"leaky"``, whose potential decays; ``"readout"``, which never
                fires, and whose potential is the network's output; ``"max_pool"``, for a
                `MaxPool2d`.
            negative_threshold: Of ``"signed"``: fires -1 below minus this potential, at least 0; as
                ``threshold``.
            leak: Of ``"leaky"``: factor in (0, 1] on the potential in each step; as ``threshold``.
            delay: Of ``"readout"``: steps before it begins to add its input.
            bias: Beside the biases of layers: one per channel or one per neuron, or None.

        Raises:
            TypeError: An argument has the wrong type.
            ValueError: The name is taken, a readout stands before, a value is out of its range, or
                an argument is one that the neuron model does not read.
        """
        name = as_name(name, "name")
        if name == INPUT or name in self._drafts:
            raise ValueError(f"name is {name!r}, which is taken")
        for other, draft in self._drafts.items():
            if draft.neuron == "readout":
                raise ValueError(f"name is {name!r}, but the readout {other!r} must stay the last")
        self._drafts[name] = PopulationDraft.of(
            shape,
            threshold=threshold,
            initial_potential=initial_potential,
            reset=reset,
            refractory_period=refractory_period,
            neuron=neuron,
            negative_threshold=negative_threshold,
            leak=leak,
            delay=delay,
            bias=bias,
        )
        self._changed()

    def connect(self, source: str, target: str, layer: Node) -> None:
        """Feed a population from the input or from an earlier population.

        Args:
            source: ``"input"`` or the name of an earlier population.
            target: Name of the population that is fed. It may have several sources.
            layer: `Linear`, `Conv2d`, `AvgPool2d`, `Identity`, or `MaxPool2d` onto a population of
                that neuron model; its weights are copied, its activation function is not read. A
                `Linear` reads and writes images as flat vectors.

        Raises:
            TypeError: ``layer`` is not one of these, or a name is not a str.
            ValueError: A name is unknown, the order is wrong, shapes do not fit, the layer is none
                for the target's neuron model, or the target is part of a converted or loaded
                network and complete.
        """
        if not isinstance(layer, PROJECTION_KINDS):
            kinds = ", ".join(kind.__name__ for kind in PROJECTION_KINDS)
            raise TypeError(f"layer is a {type(layer).__name__}, but must be one of {kinds}")
        source, target = as_str(source, "source"), as_str(target, "target")
        names = list(self._drafts)
        if target not in self._drafts:
            raise ValueError(f"target is {target!r}, but must be one of {names}")
        earlier = [INPUT, *names[: names.index(target)]]
        if source not in earlier:
            raise ValueError(
                f"source is {source!r}, but must be the input or stand before {target!r}: "
                f"one of {earlier}"
            )
        draft = self._drafts[target]
        if isinstance(draft, _core.Population):
            raise ValueError(
                f"target is {target!r}, which is complete: its weights were rounded together"
            )
        draft.check_layer(target, source, layer)
        source_shape = self._input_shape if source == INPUT else self._drafts[source].shape
        shape = layer.output_shape(source_shape)
        # A vector may fill an image.
        fits = isinstance(layer, Linear) and math.prod(shape) == math.prod(draft.shape)
        if shape != draft.shape and not fits:
            raise ValueError(
                f"layer makes {shape} of {source!r}, but {target!r} has shape {draft.shape}"
            )
        synapses = layer.synapses_to_core()
        assert synapses is not None, "the layer has synapses"
        draft.projections.append((source, synapses))
        self._changed()

    @property
    def input_shape(self) -> Shape:
        """Shape of one sample."""
        return self._input_shape

    @property
    def num_inputs(self) -> int:
        """Number of inputs of one sample."""
        return math.prod(self._input_shape)

    @property
    def num_outputs(self) -> int:
        """Number of neurons of the last population."""
        return self.populations[-1].num_neurons

    @property
    def precision(self) -> Precision:
        """``"float32"`` or ``"int16"``."""
        return self._precision

    @property
    def input_scale(self) -> float | None:
        """Largest |x| of the samples; None for x in [0, 1]."""
        known = self._input_range
        return known.scale if known.is_signed or known.scale != 1 else None

    @property
    def input_affine(self) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
        """Scale and shift of the samples, (1,) or (channels,) each, or None."""
        return self._input_range.affine

    @property
    def encoding(self) -> Encoding | None:
        """What `simulate` makes of samples where it is not told; None: Poisson spikes."""
        return self._encoding

    @property
    def recipe(self) -> Mapping[str, str]:
        """Choices of the conversion that made the network, by name; empty where none is known."""
        return dict(self._recipe)

    @property
    def input_range(self) -> InputRange:
        """Which numbers the network takes as samples."""
        return self._input_range

    @property
    def populations(self) -> tuple[Population, ...]:
        """The populations from input to output, with rounded weights.

        Raises:
            ValueError: The network has no population, one has no source, or weights span a range
                that no grid covers.
        """
        if self._populations is None:
            core = self.core
            scales = self.scale_factors
            self._populations = tuple(
                Population.from_core(
                    population,
                    scale_factor=None if scales is None else scales[i],
                    sends_negative=core.sends_negative(i),
                )
                for i, population in enumerate(core.populations)
            )
        return self._populations

    @property
    def scale_factors(self) -> tuple[float | NDArray[np.float64], ...] | None:
        """Scale of each population as normalization gave it, None where that is not known.

        One number for a population, or an array with one per channel.
        """
        scales = self.core.scale_factors
        return tuple(each[0] if len(each) == 1 else np.array(each) for each in scales) or None

    @property
    def rounding_loss(self) -> tuple[RoundingLoss | None, ...]:
        """What rounding took from the weights of each population.

        None for populations that came with rounded weights, as from a model file.
        """
        return tuple(loss and RoundingLoss(*loss) for loss in self.core.rounding_loss)

    @property
    def core(self) -> _core.SpikingNetwork:
        """The network in the C++ core, made on first use and again after a change."""
        if self._core is None:
            self._core = self._make_core([])
        return self._core

    def _make_core(self, scale_factors: Sequence[ArrayLike]) -> _core.SpikingNetwork:
        return _core.SpikingNetwork(
            input_shape=self._input_shape,
            precision=self._precision,
            populations=[
                draft.to_core(name) if isinstance(draft, PopulationDraft) else draft
                for name, draft in self._drafts.items()
            ],
            scale_factors=[np.atleast_1d(each).astype(float).tolist() for each in scale_factors],
            input=self._input_range.to_core(),
            encoding=self._encoding,
            recipe=self._recipe,
        )

    def _copy(self) -> SpikingNetwork:
        """Return a network to which populations may be added without adding them to this one."""
        copy = SpikingNetwork(self._input_shape, precision=self._precision)
        copy._input_range = self._input_range
        copy._drafts.update(self._drafts)
        return copy

    def _finished(
        self,
        scale_factors: Sequence[ArrayLike],
        *,
        encoding: Encoding | None = None,
        recipe: Mapping[str, str] | None = None,
    ) -> SpikingNetwork:
        """Return the finished network, without the weights from before they were rounded.

        Args:
            scale_factors: One per population: a number, or one per channel.
            encoding: What samples are meant to become.
            recipe: Choices of the conversion by name.
        """
        self._encoding = encoding
        self._recipe = dict(recipe or {})
        return SpikingNetwork.from_core(self._make_core(scale_factors))

    @classmethod
    def from_core(cls, core: _core.SpikingNetwork) -> Self:
        """Return the network that the C++ core holds."""
        network = cls(
            core.input_shape, precision=as_choice(core.precision, "precision", PRECISIONS)
        )
        network._input_range = InputRange.from_core(core.input)
        network._encoding = (
            None if core.encoding is None else as_choice(core.encoding, "encoding", ENCODINGS)
        )
        network._recipe = core.recipe
        network._drafts.update({population.name: population for population in core.populations})
        network._core = core
        return network

    def with_threshold(self, threshold: float) -> Self:
        """Return the network with one threshold for every neuron, and the same rounded weights.

        Readouts and max pools, which have none, stay as they are.

        Args:
            threshold: Membrane potential at which a neuron fires, above 0.

        Raises:
            TypeError: ``threshold`` is not a number.
            ValueError: It is not finite or not above 0, also as float32.
        """
        value = as_finite_float32(as_positive_float(threshold, "threshold"), "threshold")
        if value <= 0:
            raise ValueError(f"threshold is {threshold}, which is 0 as float32")
        core = self.core
        return type(self).from_core(
            _core.SpikingNetwork(
                input_shape=core.input_shape,
                precision=core.precision,
                populations=[
                    each
                    if each.neuron in WITHOUT_THRESHOLD
                    else each.with_threshold(value.reshape(1))
                    for each in core.populations
                ],
                scale_factors=core.scale_factors,
                input=core.input,
                encoding=core.encoding,
                recipe=core.recipe,
            )
        )

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the network to a model file; `pysnn.load` reads it.

        Args:
            path: Name of the file, ``.safetensors`` by custom.

        Raises:
            OSError: The file can't be written.
        """
        _core.save(self.core, as_path(path))

    def _changed(self) -> None:
        self._core = None
        self._populations = None

    def __eq__(self, other: object) -> bool:
        """Compare populations and rounded weights."""
        if not isinstance(other, SpikingNetwork):
            return NotImplemented
        return bool(self.core == other.core)

    def __reduce__(self) -> tuple[Callable[[bytes], object], tuple[bytes]]:
        return _from_bytes, (_core.to_bytes(self.core),)

    def __repr__(self) -> str:
        """Show a table of the populations, and what rounding turned into 0."""
        title, table = self._table()
        lines = rounding_lines(self.populations, self.rounding_loss)
        return "\n".join([title, text_table(*table), *lines])

    def _repr_html_(self) -> str:
        """Show in a notebook what `repr` shows."""
        title, table = self._table()
        return html_view(title, table, notes=rounding_lines(self.populations, self.rounding_loss))

    def _table(self) -> tuple[str, Table]:
        return spiking_network_table(
            self.input_shape,
            self.populations,
            self.precision,
            self._input_range,
            made_by_text(self._recipe, self._encoding),
        )


def _from_bytes(data: bytes) -> SpikingNetwork:
    """Return the network that a pickle holds as a model file."""
    core = _core.from_bytes(data)
    assert isinstance(core, _core.SpikingNetwork)
    return SpikingNetwork.from_core(core)
