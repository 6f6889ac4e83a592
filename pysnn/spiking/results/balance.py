"""What became of the charge that neurons received."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Balance:
    """The charge of each neuron of a population, in the unit of its membrane potential.

    For every neuron and sample, up to the rounding of sums in float64::

        input_charge + initial_potential = threshold * spike_counts + lost_charge
            + dropped_charge + rounding_charge + final_potential

    Arrays are (num_samples, num_neurons) unless they say otherwise.

    Attributes:
        threshold: Membrane potential at which each neuron fires, (num_neurons,).
        input_charge: Currents of all steps, biases included.
        dropped_charge: Currents of the steps in which input was dropped (refractory), and what
            leaks took off the potential.
        excess_charge: Potential above the threshold, summed over all positive spikes.
        loses_excess: Whether a reset takes the excess: True for reset to zero, False for
            subtraction, which leaves it in the membrane.
        rounding_charge: What rounding to float32 took off the potential.
        initial_potential: Before the first step.
        final_potential: After the last step.
        spike_counts: Spikes, less negative ones.
        multi_spike_steps: Positive spikes at twice the threshold or more: steps in which more than
            one spike was due.
    """

    threshold: NDArray[np.float32]
    input_charge: NDArray[np.float64]
    dropped_charge: NDArray[np.float64]
    excess_charge: NDArray[np.float64]
    loses_excess: bool
    rounding_charge: NDArray[np.float64]
    initial_potential: NDArray[np.float32]
    final_potential: NDArray[np.float32]
    spike_counts: NDArray[np.int32]
    multi_spike_steps: NDArray[np.uint32]

    @property
    def lost_charge(self) -> NDArray[np.float64]:
        """What resets took beyond the threshold: the excess, or 0 for reset by subtraction."""
        return self.excess_charge if self.loses_excess else np.zeros_like(self.excess_charge)

    @property
    def spike_charge(self) -> NDArray[np.float64]:
        """What spikes stand for: ``threshold * spike_counts``."""
        charge: NDArray[np.float64] = self.threshold.astype(np.float64) * self.spike_counts
        return charge

    @property
    def discrepancy(self) -> NDArray[np.float64]:
        """Left side of the balance minus its right side; 0 up to the rounding of float64."""
        received = self.input_charge + self.initial_potential
        spent = self.spike_charge + self.lost_charge + self.dropped_charge
        difference: NDArray[np.float64] = (
            received - spent - self.rounding_charge - self.final_potential
        )
        return difference
