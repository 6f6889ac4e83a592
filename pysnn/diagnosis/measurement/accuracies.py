"""Accuracies of a network whose populations are replaced one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .measuring import Measurement


@dataclass(frozen=True)
class Accuracies:
    """How many samples are classified as labelled, by what drives or replaces what.

    What is lost adds up: ``ann - spiking = lost_to_chance + sum(lost_by_population)``.

    Attributes:
        labelled: Whether labels were given; otherwise accuracies are agreement with the ReLU
            network.
        ann: Of the ReLU network.
        by_seed: Of the spiking network, one per seed where its input is drawn, else one.
        regular: Under the same input without chance: evenly spaced spikes of the same rates in
            place of Poisson spikes. Of input that is not drawn, the network's own run again.
        constant: Under constant current of the same mean.
        replaced: Where the first 1, 2, ... populations send evenly spaced spikes of their ideal
            rates; the last one stands for all, and is the ReLU network's.
        changed_by_seed: Share of samples that not all seeds classify alike.
        changed_by_chance: Share of samples that the first seed and input without chance classify
            differently.
    """

    labelled: bool
    ann: float
    by_seed: tuple[float, ...]
    regular: float
    constant: float
    replaced: tuple[float, ...]
    changed_by_seed: float
    changed_by_chance: float

    @classmethod
    def of(cls, measured: Measurement, labels: NDArray[np.int64] | None) -> Accuracies:
        """Compare all predictions with labels, or with the ReLU network's."""
        wanted = measured.ideal if labels is None else labels

        def accuracy(predictions: NDArray[np.int64]) -> float:
            return float((predictions == wanted).mean())

        ann = accuracy(measured.ideal)
        first = measured.by_seed[0]
        changed = np.any([other != first for other in measured.by_seed], axis=0)
        return cls(
            labelled=labels is not None,
            ann=ann,
            by_seed=tuple(accuracy(each) for each in measured.by_seed),
            regular=accuracy(measured.regular),
            constant=accuracy(measured.constant),
            replaced=(*(accuracy(each) for each in measured.replaced), ann),
            changed_by_seed=float(changed.mean()),
            changed_by_chance=float((measured.regular != first).mean()),
        )

    @property
    def spiking(self) -> float:
        """Accuracy of the spiking network, mean over seeds."""
        return float(np.mean(self.by_seed))

    @property
    def seed_deviation(self) -> float | None:
        """Standard deviation of the accuracy over seeds; None for one seed."""
        return float(np.std(self.by_seed, ddof=1)) if len(self.by_seed) > 1 else None

    @property
    def lost(self) -> float:
        """What the conversion costs: the ReLU network's accuracy minus the spiking network's."""
        return self.ann - self.spiking

    @property
    def lost_to_chance(self) -> float:
        """What Poisson input costs against evenly spaced spikes; 0 of input that is not drawn."""
        return self.regular - self.spiking

    @property
    def lost_by_population(self) -> tuple[float, ...]:
        """What ideal rates in place of each population gain, those before it being ideal."""
        steps = (self.regular, *self.replaced)
        return tuple(after - before for before, after in pairwise(steps))

    def to_dict(self) -> dict[str, Any]:
        """Return all numbers, ready for JSON."""
        return {
            "labelled": self.labelled,
            "ann": self.ann,
            "spiking": self.spiking,
            "by_seed": list(self.by_seed),
            "seed_deviation": self.seed_deviation,
            "changed_by_seed": self.changed_by_seed,
            "changed_by_chance": self.changed_by_chance,
            "regular": self.regular,
            "constant": self.constant,
            "replaced": list(self.replaced),
            "lost": self.lost,
            "lost_to_chance": self.lost_to_chance,
            "lost_by_population": list(self.lost_by_population),
        }
