"""Inputs, and the comparison of a result with the reference, that several test files share."""

from __future__ import annotations

import numpy as np
import reference
from numpy.typing import NDArray
from random_networks import Description

import pysnn

RECORD = ("spikes", "potentials", "counts")


def intensities(
    description: Description | pysnn.SpikingNetwork, num_samples: int, seed: int
) -> NDArray[np.float32]:
    """Return inputs between 0 and 1, the ends included and frequent."""
    rng = np.random.default_rng(seed)
    shape = (num_samples, *description.input_shape)
    x = np.clip(rng.uniform(-0.3, 1.3, shape), 0.0, 1.0)
    return x.astype(np.float32)


def assert_equals_reference(
    result: pysnn.SimulationResult, expected: reference.Trace, names: list[str]
) -> None:
    """Compare everything that a result has, with all populations recorded."""
    assert list(result.population_names) == names
    for name in names:
        np.testing.assert_array_equal(result.spike_trains[name], expected.spike_trains[name], name)
        # As integers: 0.0 and -0.0 are different bits.
        np.testing.assert_array_equal(
            result.potentials[name].view(np.uint32), expected.potentials[name].view(np.uint32), name
        )
        np.testing.assert_array_equal(
            result.counts[name], expected.spike_trains[name].sum(axis=0), name
        )
    np.testing.assert_array_equal(result.output_spikes, expected.output_spikes)
    np.testing.assert_array_equal(result.input_spikes, expected.input_spikes)
    np.testing.assert_array_equal(result.spikes, expected.spikes)
    np.testing.assert_array_equal(result.synaptic_operations, expected.synaptic_operations)
    np.testing.assert_array_equal(result.predictions_over_time, expected.predictions_over_time)
