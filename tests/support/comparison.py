"""Inputs, and the comparison of a result with the reference, that several test files share."""

from __future__ import annotations

import numpy as np
import reference
import reference_poisson
from numpy.typing import NDArray
from random_networks import Description
from random_spiking_graphs import Setting

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


def expected_of(description: Description, setting: Setting) -> reference.Trace:
    """Return what the reference makes of a random graph."""
    return reference_run(description, setting)[1]


def reference_run(
    description: Description, setting: Setting
) -> tuple[NDArray[np.int8], reference.Trace]:
    """Return the input spikes of a random graph, and what the reference makes of them."""
    network = reference.from_description(description)
    rate, num_steps = setting.rate, setting.num_steps
    if setting.encoding is None:
        spikes = setting.spikes(description)
        return spikes, reference.simulate(network, spikes, dt=1.0, bias_factor=rate)
    x, of_input = setting.inputs(description), description.input_range
    if setting.encoding == "constant":
        currents = reference.constant_currents(
            network, x, probability_of_one=rate, input_range=of_input
        )
        silence = np.zeros((num_steps, *x.shape), dtype=np.int8)
        return silence, reference.simulate(
            network, silence, dt=1.0, bias_factor=rate, currents=currents
        )
    if setting.encoding == "regular":
        trains = reference_poisson.regular_spikes(
            x, num_steps, probability_of_one=rate, input_range=of_input
        )
    else:
        trains = reference_poisson.poisson_spikes(
            x, num_steps, probability_of_one=rate, seed=setting.seed, input_range=of_input
        )
    return trains, reference.simulate(network, trains, dt=1.0, bias_factor=rate)


def assert_equals_reference(
    result: pysnn.SimulationResult, expected: reference.Trace, names: list[str]
) -> None:
    """Compare everything that a result has, with all populations recorded."""
    assert list(result.population_names) == names
    assert result.potentials.keys() == expected.potentials.keys()
    for name in names:
        train = expected.spike_trains[name]
        np.testing.assert_array_equal(result.spikes(name), train, name)
        np.testing.assert_array_equal(result.counts(name), train.sum(axis=0), name)
    for name, potentials in expected.potentials.items():
        # As integers: 0.0 and -0.0 are different bits.
        np.testing.assert_array_equal(
            result.potentials[name].view(np.uint32), potentials.view(np.uint32), name
        )
    np.testing.assert_array_equal(result.output_spikes, expected.output_spikes)
    np.testing.assert_array_equal(result.spike_counts, expected.output_spikes.sum(axis=0))
    np.testing.assert_array_equal(result.num_input_spikes, expected.num_input_spikes)
    np.testing.assert_array_equal(result.num_spikes, expected.num_spikes)
    np.testing.assert_array_equal(result.synaptic_operations, expected.synaptic_operations)
    np.testing.assert_array_equal(result.predictions_over_time, expected.predictions_over_time)
    np.testing.assert_array_equal(result.predictions, expected.predictions_over_time[-1])


def assert_balances_equal(
    result: pysnn.SimulationResult, expected: reference.Trace, network: list[reference.Neurons]
) -> None:
    """Compare the balances of all populations that have one, and what they add up to."""
    assert result.balance.keys() == expected.charges.keys()
    for neurons in network:
        if neurons.name not in expected.charges:
            continue
        balance, charges = result.balance[neurons.name], expected.charges[neurons.name]
        # Sums of the same float64 numbers in the same order.
        np.testing.assert_array_equal(balance.input_charge, charges.received)
        np.testing.assert_array_equal(balance.dropped_charge, charges.dropped)
        np.testing.assert_array_equal(balance.excess_charge, charges.excess)
        # The reference takes differences in float64, the core finds them exactly.
        np.testing.assert_allclose(balance.rounding_charge, charges.rounding, atol=1e-12)
        np.testing.assert_array_equal(balance.multi_spike_steps, charges.multi_spikes)
        train = expected.spike_trains[neurons.name]
        np.testing.assert_array_equal(balance.spike_counts, train.sum(axis=0))
        np.testing.assert_array_equal(
            balance.final_potential, expected.potentials[neurons.name][-1]
        )
        initial = np.tile(neurons.initial_potential, (train.shape[1], 1))
        np.testing.assert_array_equal(balance.initial_potential, initial)
        np.testing.assert_array_equal(balance.threshold, neurons.threshold)
        assert balance.loses_excess == (neurons.reset == "zero")
        np.testing.assert_allclose(balance.discrepancy, 0.0, atol=1e-9)
