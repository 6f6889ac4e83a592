"""Where the spikes went that a population should have fired."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from ...spiking import Balance


@dataclass(frozen=True)
class Shortfall:
    """Spikes that were due and were not fired, by cause; shares of all spikes that were due.

    A spike is due each time that a neuron's activation stands for one: its ideal rate times the
    time. Only samples and neurons with an activation other than 0 count here; where it is negative,
    negative spikes are due, and all signs are turned around. The causes add up::

        missing = too_little_input + lost + left + backlog + dropped + rounding

    Attributes:
        due: Spikes that were due.
        missing: Of these, the share that was not fired; negative where more were fired.
        too_little_input: Missing because the neuron did not receive the charge; negative where
            it received more.
        lost: Charge above the threshold that resets to zero threw away.
        left: Charge that waits in the membrane at the end, up to one threshold, less what the
            membrane began with.
        backlog: Charge above that: spikes that were due but must wait, one per step.
        dropped: Charge that arrived while input was dropped (refractory).
        rounding: What rounding to float32 took.
        silent: Share of the neurons and samples due at least one spike that fired none.
        false_spikes: Spikes of neurons whose activation is 0, as a share of the spikes due.
        multi_spikes: Share of the spikes at twice the threshold or more.
        lost_of_input: Charge lost at resets as a share of the charge that neurons received
            (of those that received more than 0 in all).
    """

    due: float
    missing: float
    too_little_input: float
    lost: float
    left: float
    backlog: float
    dropped: float
    rounding: float
    silent: float
    false_spikes: float
    multi_spikes: float
    lost_of_input: float


@dataclass
class ShortfallSums:
    """Sums over parts of a batch, that a `Shortfall` is made from; in spikes unless noted."""

    due: float = 0.0
    fired: float = 0.0
    received: float = 0.0
    lost: float = 0.0
    left: float = 0.0
    backlog: float = 0.0
    dropped: float = 0.0
    rounding: float = 0.0
    due_pairs: float = 0.0  # (sample, neuron) with at least one spike due
    silent_pairs: float = 0.0
    false_spikes: float = 0.0
    spikes: float = 0.0  # of all neurons
    multi_spikes: float = 0.0
    lost_charge: float = 0.0  # of all neurons, in charge
    positive_input: float = 0.0

    def add(self, due: NDArray[np.float64], balance: Balance) -> None:
        """Add a part of a batch.

        Args:
            due: Spikes due, (num_samples, num_neurons); negative ones below 0.
            balance: The charge of the same neurons.
        """
        sign = np.where(due < 0, -1.0, 1.0)
        due = np.abs(due)
        active = due > 0
        threshold = balance.threshold.astype(np.float64)
        final = sign * balance.final_potential
        fired = sign * balance.spike_counts

        def spikes_of(charge: NDArray[np.float64]) -> float:
            return float((charge / threshold)[active].sum())

        one_due = due >= 1
        self.due += float(due[active].sum())
        self.fired += float(fired[active].sum())
        self.received += spikes_of(sign * balance.input_charge)
        self.lost += spikes_of(balance.lost_charge)
        self.left += spikes_of(np.minimum(final, threshold) - sign * balance.initial_potential)
        self.backlog += spikes_of(np.maximum(final - threshold, 0.0))
        self.dropped += spikes_of(balance.dropped_charge)
        self.rounding += spikes_of(sign * balance.rounding_charge)
        self.due_pairs += float(one_due.sum())
        self.silent_pairs += float((one_due & (balance.spike_counts == 0)).sum())
        self.false_spikes += float(np.abs(fired[~active]).sum())
        self.spikes += float(np.abs(fired).sum())
        self.multi_spikes += float(balance.multi_spike_steps.sum())
        self.lost_charge += float(balance.lost_charge.sum())
        self.positive_input += float(np.maximum(balance.input_charge, 0.0).sum())

    def merge(self, others: ShortfallSums) -> None:
        """Add the sums over other parts."""
        for field in fields(self):
            setattr(self, field.name, getattr(self, field.name) + getattr(others, field.name))

    def finish(self) -> Shortfall:
        """Return the shares."""

        def share(part: float, whole: float) -> float:
            return part / whole if whole > 0 else 0.0

        return Shortfall(
            due=self.due,
            missing=share(self.due - self.fired, self.due),
            too_little_input=share(self.due - self.received, self.due),
            lost=share(self.lost, self.due),
            left=share(self.left, self.due),
            backlog=share(self.backlog, self.due),
            dropped=share(self.dropped, self.due),
            rounding=share(self.rounding, self.due),
            silent=share(self.silent_pairs, self.due_pairs),
            false_spikes=share(self.false_spikes, self.due),
            multi_spikes=share(self.multi_spikes, self.spikes),
            lost_of_input=share(self.lost_charge, self.positive_input),
        )


def as_dict(shortfall: Shortfall) -> dict[str, float]:
    """Return the numbers by name."""
    return {field.name: float(getattr(shortfall, field.name)) for field in fields(shortfall)}
