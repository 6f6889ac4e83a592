"""The errors of one population."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...spiking.neuron import Neuron
from ..matching.mapping import Stage
from .parts import PARTS, Part
from .sums import ChannelSums

Doubles = NDArray[np.float64]
ERROR = "error"  # the name of the sum of all parts


@dataclass(frozen=True, eq=False)
class PopulationErrors:
    """What a population sends, less the activation that it stands for, part by part.

    Errors are in the unit of the activation. The means of the parts add up to that of the error;
    their sizes and roots of mean squares do not, since parts of opposite sign make up for each
    other.

    Attributes:
        name: Name of the population.
        node: Name of the node whose value it stands for.
        neuron: Model of its neurons.
        num_neurons: Their number.
        start: Mean initial potential, in thresholds.
        scale: Activation that a spike in every step stands for, (1,) or (channels,).
        mean_activation: Mean size of the activation by channel, (channels,).
        channel_mean: Mean by channel of each of `PARTS` and of ``"error"``, (channels,).
        channel_mean_absolute: Mean size, likewise.
        channel_rms: Root of the mean square, likewise.
    """

    name: str
    node: str
    neuron: Neuron
    num_neurons: int
    start: float
    scale: Doubles
    mean_activation: Doubles
    channel_mean: Mapping[str, Doubles]
    channel_mean_absolute: Mapping[str, Doubles]
    channel_rms: Mapping[str, Doubles]

    @classmethod
    def of(cls, stage: Stage, sums: ChannelSums) -> PopulationErrors:
        """Make it from what was summed of all samples."""
        names = (*PARTS, ERROR)
        return cls(
            name=stage.population.name,
            node=stage.node.name,
            neuron=stage.population.neuron,
            num_neurons=stage.population.num_neurons,
            start=float((stage.population.initial_potential / stage.population.threshold).mean()),
            scale=stage.channel_scale,
            mean_activation=sums.mean_absolute("activation"),
            channel_mean={name: sums.mean(name) for name in names},
            channel_mean_absolute={name: sums.mean_absolute(name) for name in names},
            channel_rms={name: sums.rms(name) for name in names},
        )

    @property
    def mean(self) -> dict[str, float]:
        """Mean of each part, and of ``"error"``, over samples and neurons."""
        return {name: float(each.mean()) for name, each in self.channel_mean.items()}

    @property
    def mean_absolute(self) -> dict[str, float]:
        """Mean size of each part, and of ``"error"``."""
        return {name: float(each.mean()) for name, each in self.channel_mean_absolute.items()}

    @property
    def rms(self) -> dict[str, float]:
        """Root of the mean square of each part, and of ``"error"``."""
        return {name: float(np.sqrt((each**2).mean())) for name, each in self.channel_rms.items()}

    @property
    def share(self) -> dict[Part, float]:
        """Mean size of each part over the sum of all; 0 where there is no error at all."""
        sizes = self.mean_absolute
        total = sum(sizes[part] for part in PARTS)
        return {part: sizes[part] / total if total > 0 else 0.0 for part in PARTS}

    @property
    def dominant(self) -> Part | None:
        """The part of the largest mean size beside what is inherited; None where all are 0."""
        own: dict[Part, float] = {
            part: share for part, share in self.share.items() if part != "inherited"
        }
        largest = max(own, key=lambda part: own[part])
        return largest if own[largest] > 0 else None

    def relative(self, sizes: Mapping[str, float]) -> dict[str, float]:
        """Return errors as fractions of the mean size of the activation; as they are if that is 0.

        Args:
            sizes: Errors of the whole population, such as `mean`.
        """
        unit = float(self.mean_activation.mean()) or 1.0
        return {name: size / unit for name, size in sizes.items()}

    def to_dict(self) -> dict[str, Any]:
        """Return the numbers of the population as a whole, ready for JSON."""
        return {
            "name": self.name,
            "node": self.node,
            "neuron": self.neuron,
            "num_neurons": self.num_neurons,
            "mean_activation": float(self.mean_activation.mean()),
            "mean": self.mean,
            "mean_absolute": self.mean_absolute,
            "rms": self.rms,
            "share": dict(self.share),
        }
