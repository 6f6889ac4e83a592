"""What was counted in a comparison of conversions, and the shares that follow from it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..._base.intervals import paired_interval, share_interval
from ...spiking.encoding import Encoding

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ComparedCounts:
    """Conversions of one network on the same samples, each read off after several steps.

    Counts are sums over samples, (num_recipes, num_readings).

    Attributes:
        names: What the ways of conversion are called, (num_recipes,).
        encodings: How samples drove each network, (num_recipes,).
        steps: Numbers of steps, rising, (num_readings,).
        num_samples: Samples that were simulated.
        ann_num_correct: Those that the ReLU network classifies as labelled.
        num_correct: Those that a spiking network classifies as labelled.
        num_lost: Those that the ReLU network has right and the spiking network has not.
        num_equal: Those that both put into the same class.
        spikes: Spikes so far of all populations, without the input's.
        synaptic_operations: Synaptic operations so far, as `SimulationResult` counts them.
        refusals: Ways that the network can't be converted by, each with the reason.
        seed: Seed of Poisson input, given or drawn; None where no way had any.
    """

    names: tuple[str, ...]
    encodings: tuple[Encoding, ...]
    steps: Counts
    num_samples: int
    ann_num_correct: int
    num_correct: Counts
    num_lost: Counts
    num_equal: Counts
    spikes: Counts
    synaptic_operations: Counts
    refusals: tuple[tuple[str, str], ...] = ()
    seed: int | None = None

    @property
    def ann_accuracy(self) -> float:
        """Share of samples that the ReLU network classifies as labelled."""
        return self.ann_num_correct / self.num_samples

    @property
    def ann_interval(self) -> Floats:
        """95 % interval of it over test sets of this size, Wilson's, (2,)."""
        return share_interval(self.ann_accuracy, self.num_samples)

    @property
    def accuracy(self) -> Floats:
        """Share of samples that are classified as labelled, (num_recipes, num_readings)."""
        return self.num_correct / self.num_samples

    @property
    def accuracy_interval(self) -> Floats:
        """95 % interval over test sets of this size, Wilson's, (2, num_recipes, num_readings)."""
        return share_interval(self.accuracy, self.num_samples)

    @property
    def num_gained(self) -> Counts:
        """Samples that the ReLU network has wrong and the spiking network right."""
        return self.num_correct - self.ann_num_correct + self.num_lost

    @property
    def loss(self) -> Floats:
        """Accuracy of the ReLU network less that of the spiking one, in shares of samples."""
        return (self.ann_num_correct - self.num_correct) / self.num_samples

    @property
    def loss_interval(self) -> Floats:
        """95 % interval of the loss over test sets of this size, (2, num_recipes, num_readings).

        Paired (Agresti and Min 2005): both networks see the same samples, so that it is far
        narrower than that of either accuracy.
        """
        return paired_interval(self.num_lost, self.num_gained, self.num_samples)

    @property
    def equal_share(self) -> Floats:
        """Share of samples that both networks put into the same class."""
        return self.num_equal / self.num_samples

    @property
    def mean_spikes(self) -> Floats:
        """Spikes per sample so far, (num_recipes, num_readings)."""
        return self.spikes / self.num_samples

    @property
    def mean_synaptic_operations(self) -> Floats:
        """Synaptic operations per sample so far, (num_recipes, num_readings)."""
        return self.synaptic_operations / self.num_samples
