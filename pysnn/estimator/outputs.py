"""What the outputs of a spiking network say of the ReLU network's."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..spiking import SimulationResult, SpikingNetwork


def estimated_outputs(
    snn: SpikingNetwork, result: SimulationResult, max_intensity: float
) -> NDArray[np.float64]:
    """Return estimates of the ReLU network's outputs, (num_samples, num_classes).

    Potentials of a readout are that by themselves; spikes are counted, and their mean number in a
    step, as a fraction of what an output of the scale would send, is multiplied by the scale.

    Args:
        snn: The spiking network.
        result: What it did with some samples, from the first step on.
        max_intensity: Spikes in a step that an input of the largest intensity stands for.
    """
    if result.has_readout:
        return result.outputs
    scales = snn.scale_factors
    scale = 1.0 if scales is None else scales[-1]
    most = result.stopped_step.reshape(-1, 1) * max_intensity
    return np.asarray(result.spike_counts / most * scale, dtype=np.float64)
