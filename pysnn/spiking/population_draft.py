"""Populations that are added by hand, until their weights are rounded together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _core
from .._base.arrays import as_finite_float32
from .._base.numbers import as_choice, as_count, as_rate, as_shape
from ..network import INPUT
from ..nodes import MaxPool2d, Node, Shape
from ..nodes.node import CoreSynapses
from .neuron import NEURONS, RESETTING, WITHOUT_THRESHOLD, Neuron
from .population import RESETS, Reset


@dataclass
class PopulationDraft:
    """A population that was added by hand, with its weights as given."""

    shape: Shape
    threshold: NDArray[np.float32]
    initial_potential: NDArray[np.float32]
    reset: Reset
    refractory_period: float
    neuron: Neuron
    negative_threshold: NDArray[np.float32]
    leak: NDArray[np.float32]
    delay: int
    bias: NDArray[np.float32] | None
    projections: list[tuple[str, CoreSynapses]]

    @classmethod
    def of(
        cls,
        shape: int | Sequence[int],
        *,
        threshold: ArrayLike,
        initial_potential: ArrayLike,
        reset: Reset | None,
        refractory_period: float,
        neuron: Neuron,
        negative_threshold: ArrayLike,
        leak: ArrayLike,
        delay: int,
        bias: ArrayLike | None,
    ) -> PopulationDraft:
        """Check the arguments that `SpikingNetwork.add_population` explains.

        Raises:
            TypeError: An argument has the wrong type.
            ValueError: A value is out of its range, or is one that the model does not read.
        """
        sizes = as_population_shape(shape, "shape")
        model = as_choice(neuron, "neuron", NEURONS)
        if reset is None:
            reset = "zero" if model in RESETTING else "subtract"
        draft = cls(
            shape=sizes,
            threshold=_per_neuron(threshold, sizes, "threshold"),
            initial_potential=_per_neuron(initial_potential, sizes, "initial_potential"),
            reset=as_choice(reset, "reset", RESETS),
            refractory_period=as_rate(refractory_period, "refractory_period"),
            neuron=model,
            negative_threshold=_per_neuron(negative_threshold, sizes, "negative_threshold"),
            leak=_per_neuron(leak, sizes, "leak"),
            delay=as_count(delay, "delay"),
            bias=None if bias is None else _per_channel(bias, sizes, "bias"),
            projections=[],
        )
        _check_values(draft.threshold, draft.threshold > 0, "threshold", "above 0")
        _check_values(
            draft.negative_threshold,
            draft.negative_threshold >= 0,
            "negative_threshold",
            "at least 0",
        )
        _check_values(draft.leak, (draft.leak > 0) & (draft.leak <= 1), "leak", "in (0, 1]")
        draft._check_that_all_is_read()
        draft._drop_what_is_not_read()
        return draft

    def check_layer(self, name: str, source: str, layer: Node) -> None:
        """Raise a ValueError where a layer is none that the neuron model takes."""
        if (self.neuron == "max_pool") != isinstance(layer, MaxPool2d):
            raise ValueError(
                f"layer is a {type(layer).__name__}, but a MaxPool2d and a population with "
                f"neuron='max_pool' belong together; {name!r} has neuron={self.neuron!r}"
            )
        if self.neuron != "max_pool":
            return
        if self.projections:
            raise ValueError(f"target is {name!r}, a max pool, which has one source already")
        if source == INPUT:
            raise ValueError("source is 'input', but a max pool counts spikes of a population")

    def to_core(self, name: str) -> _core.Population:
        """Return the population as the core takes it."""
        return _core.Population(
            name=name,
            shape=self.shape,
            threshold=self.threshold,
            initial_potential=self.initial_potential,
            reset=self.reset,
            refractory_period=self.refractory_period,
            projections=self.projections,
            neuron=self.neuron,
            negative_threshold=self.negative_threshold,
            leak=self.leak,
            delay=self.delay,
            bias=self.bias,
        )

    def _check_that_all_is_read(self) -> None:
        """Raise a ValueError that names a setting without effect under the neuron model."""
        model = self.neuron
        given: dict[str, bool] = {}
        if model not in RESETTING:
            given["reset='zero'"] = self.reset == "zero"
            given["refractory_period"] = self.refractory_period != 0
        if model in WITHOUT_THRESHOLD:
            given["threshold"] = bool((self.threshold != 1).any())
        if model == "max_pool":
            given["initial_potential"] = bool((self.initial_potential != 0).any())
            given["bias"] = self.bias is not None
        if model != "signed":
            given["negative_threshold"] = bool((self.negative_threshold != 0).any())
        if model != "leaky":
            given["leak"] = bool((self.leak != 1).any())
        if model != "readout":
            given["delay"] = self.delay != 0
        for name, is_given in given.items():
            if is_given:
                raise ValueError(f"{name} is given, but neuron={model!r} has none; leave it out")

    def _drop_what_is_not_read(self) -> None:
        """Make one number of arrays of a default that the neuron model does not read."""
        if self.neuron in WITHOUT_THRESHOLD:
            self.threshold = self.threshold[:1]
        if self.neuron == "max_pool":
            self.initial_potential = self.initial_potential[:1]
        if self.neuron != "signed":
            self.negative_threshold = self.negative_threshold[:1]
        if self.neuron != "leaky":
            self.leak = self.leak[:1]


def as_population_shape(value: int | Sequence[int], name: str) -> Shape:
    """Return the shape of a population or of an input.

    Raises:
        TypeError: It does not hold ints.
        ValueError: It has neither one nor three sizes, or they make more neurons than can be.
    """
    shape = as_shape(value, name)
    if len(shape) not in (1, 3):
        raise ValueError(f"{name} is {shape}, but must be (n,) or (channels, height, width)")
    if math.prod(shape) >= 1 << 63:
        raise ValueError(f"{name} is {shape}, but must have fewer than 2^63 elements")
    return shape


def _per_neuron(value: ArrayLike, shape: Shape, name: str) -> NDArray[np.float32]:
    values = as_finite_float32(value, name)
    if values.shape not in ((), shape, (math.prod(shape),), shape[:1]):
        channels = f", have shape ({shape[0]},)" if len(shape) > 1 else ""
        raise ValueError(
            f"{name} has shape {values.shape}, but must be one number{channels} or have shape "
            f"{shape}"
        )
    return values.reshape(-1)


def _per_channel(value: ArrayLike, shape: Shape, name: str) -> NDArray[np.float32]:
    values = as_finite_float32(value, name)
    if values.shape not in (shape, (math.prod(shape),), shape[:1]):
        raise ValueError(
            f"{name} has shape {values.shape}, but must have shape ({shape[0]},)"
            + (f" or {shape}" if len(shape) > 1 else "")
        )
    return values.reshape(-1)


def _check_values(
    values: NDArray[np.float32], good: NDArray[np.bool_], name: str, expected: str
) -> None:
    if not good.all():
        first = int(np.argmin(good))
        raise ValueError(f"{name} is {values[first]} at {first}, but must be {expected}")
