"""Populations that are added by hand, until their weights are rounded together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _core
from .._base.arrays import as_finite_float32
from .._base.numbers import as_choice, as_rate, as_shape
from ..nodes import Shape
from ..nodes.node import CoreSynapses
from .population import RESETS, Reset


@dataclass
class PopulationDraft:
    """A population that was added by hand, with its weights as given."""

    shape: Shape
    threshold: NDArray[np.float32]
    initial_potential: NDArray[np.float32]
    reset: Reset
    refractory_period: float
    projections: list[tuple[str, CoreSynapses]]

    @classmethod
    def of(
        cls,
        shape: int | Sequence[int],
        threshold: ArrayLike,
        initial_potential: ArrayLike,
        reset: Reset,
        refractory_period: float,
    ) -> PopulationDraft:
        """Check the arguments that `SpikingNetwork.add_population` explains.

        Raises:
            TypeError: An argument has the wrong type.
            ValueError: A value is out of its range.
        """
        sizes = as_population_shape(shape, "shape")
        period = as_rate(refractory_period, "refractory_period")
        thresholds = _per_neuron(threshold, sizes, "threshold")
        if not (thresholds > 0).all():
            first = int(np.argmin(thresholds > 0))
            raise ValueError(f"threshold is {thresholds[first]} at {first}, but must be above 0")
        return cls(
            shape=sizes,
            threshold=thresholds,
            initial_potential=_per_neuron(initial_potential, sizes, "initial_potential"),
            reset=as_choice(reset, "reset", RESETS),
            refractory_period=period,
            projections=[],
        )

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
        )


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
    if values.shape not in ((), shape, (math.prod(shape),)):
        raise ValueError(
            f"{name} has shape {values.shape}, but must be one number or have shape {shape}"
        )
    return values.reshape(-1)
