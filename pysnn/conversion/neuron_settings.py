"""Settings of the neurons that a conversion makes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from .._base.numbers import as_finite_float, as_positive_float, as_str
from ..spiking import Precision, Reset
from ..spiking.neuron import WITHOUT_THRESHOLD
from .folding import FoldedNetwork
from .recipe import Recipe, Rectifier


@dataclass(frozen=True, eq=False)
class NeuronSettings:
    """Settings of all neurons that are not told otherwise by what they stand for.

    Attributes:
        reset: What a spike does to the membrane potential.
        refractory_period: Time in s after a spike during which input is dropped.
        precision: That of the network.
        rectifier: Neuron model of what is cut off at 0.
        threshold: Membrane potential at which neurons fire.
        thresholds: In place of it, by name of a population.
        initial_potential: Membrane potential before the first step; None: ``start`` thresholds.
        start: See there.
        negative_threshold: Of ``"signed"``: below minus this potential they fire -1; None:
            ``negative`` thresholds.
        negative: See there.
    """

    reset: Reset
    refractory_period: float
    precision: Precision
    rectifier: Rectifier
    threshold: float = 1.0
    thresholds: Mapping[str, float] = field(default_factory=dict)
    initial_potential: float | None = None
    start: float = 0.0
    negative_threshold: float | None = None
    negative: float = 0.0

    @property
    def has_unit_thresholds(self) -> bool:
        """Whether all neurons fire at 1."""
        return self.threshold == 1 and all(each == 1 for each in self.thresholds.values())

    def texts(self) -> dict[str, str]:
        """Return what stands in place of a recipe's thresholds and starts, as a network keeps it.

        Potentials are numbers of their own, not of thresholds.
        """
        threshold = dict(self.thresholds) or (None if self.threshold == 1 else self.threshold)
        given = {
            "threshold": threshold,
            "initial_potential": self.initial_potential,
            "negative_threshold": self.negative_threshold,
        }
        return {name: f"{value} as given" for name, value in given.items() if value is not None}

    def threshold_of(self, population: str) -> float:
        """Return the threshold of a population."""
        return self.thresholds.get(population, self.threshold)

    def initial_potential_of(self, population: str) -> float:
        """Return the initial potential of a population's neurons."""
        if self.initial_potential is not None:
            return self.initial_potential
        return self.threshold_of(population) * self.start

    def shift_of(self, population: str) -> float:
        """Return the initial potential of a population's neurons in thresholds."""
        return self.initial_potential_of(population) / self.threshold_of(population)

    def negative_threshold_of(self, population: str) -> float:
        """Return the negative threshold of a population."""
        if self.negative_threshold is not None:
            return self.negative_threshold
        return self.threshold_of(population) * self.negative

    def check_names(self, folded: FoldedNetwork) -> None:
        """Raise a ValueError unless all named populations have a threshold."""
        neurons = {each.name: each.neuron for each in folded.populations}
        for name in self.thresholds:
            if neurons.get(name, "max_pool") in WITHOUT_THRESHOLD:
                firing = [each for each, model in neurons.items() if model not in WITHOUT_THRESHOLD]
                raise ValueError(
                    f"threshold has the key {name!r}, but must name populations that fire: {firing}"
                )


def neuron_settings(
    chosen: Recipe,
    *,
    threshold: float | Mapping[str, float],
    refractory_period: float,
    initial_potential: float | None,
    negative_threshold: float | None,
    precision: Precision,
) -> NeuronSettings:
    """Return the settings that `convert` explains.

    Raises:
        TypeError: One has the wrong type.
        ValueError: A threshold is not above 0, or a negative one goes with other neurons.
    """
    by_name: dict[str, float] = {}
    if isinstance(threshold, Mapping):
        by_name = {
            as_str(name, "threshold's keys"): as_positive_float(value, f"threshold[{name!r}]")
            for name, value in threshold.items()
        }
    if negative_threshold is not None and chosen.neuron != "signed":
        raise ValueError(
            f"negative_threshold is {negative_threshold}, which goes with neuron 'signed', not "
            f"{chosen.neuron!r}"
        )
    return NeuronSettings(
        chosen.reset,
        refractory_period,
        precision,
        chosen.neuron,
        threshold=1.0 if isinstance(threshold, Mapping) else as_one(threshold, "threshold"),
        thresholds=by_name,
        initial_potential=None
        if initial_potential is None
        else as_one(initial_potential, "initial_potential"),
        start=chosen.initial_potential,
        negative_threshold=None
        if negative_threshold is None
        else as_one(negative_threshold, "negative_threshold"),
        negative=chosen.negative_threshold or 0.0,
    )


def as_one(value: object, name: str) -> float:
    """Return a number for the neurons of all layers.

    Raises:
        TypeError: There are several, or it is none.
        ValueError: It is not finite.
    """
    if isinstance(value, list | tuple) or (isinstance(value, np.ndarray) and value.ndim):
        raise TypeError(
            f"{name} is a {type(value).__name__}, but must be one number for the neurons of all "
            f"layers"
        )
    return as_finite_float(value, name)
