"""The charge that neurons receive is the charge that they spend."""

from __future__ import annotations

import numpy as np
import pytest
import reference
import reference_poisson
from comparison import intensities
from hypothesis import given
from hypothesis import strategies as st
from random_networks import NETWORKS

import pysnn
from pysnn.spiking import Encoding, Precision, Reset, Stimulus


@pytest.mark.parametrize("precision", ["float32", "int16"])
@pytest.mark.parametrize("kind", NETWORKS)
def test_charges_equal_the_reference(kind: str, precision: Precision) -> None:
    description = NETWORKS[kind](11, precision)
    x = intensities(description, 5, seed=5)
    # Longer than the chunks of the core.
    drawn = reference_poisson.poisson_spikes(x, 140, probability_of_one=0.7, seed=9)
    network = reference.from_description(description)
    expected = reference.simulate(network, drawn, bias_factor=700.0 * 1e-3)
    result = pysnn.simulate(
        description.build(), x, duration=0.14, max_rate=700.0, seed=9, record="balance"
    )
    for neurons in network:
        balance, charges = result.balance[neurons.name], expected.charges[neurons.name]
        # Sums of the same float64 numbers in the same order.
        np.testing.assert_array_equal(balance.input_charge, charges.received)
        np.testing.assert_array_equal(balance.dropped_charge, charges.dropped)
        np.testing.assert_array_equal(balance.excess_charge, charges.excess)
        # The reference takes differences in float64, the core finds them exactly.
        np.testing.assert_allclose(balance.rounding_charge, charges.rounding, atol=1e-12)
        np.testing.assert_array_equal(balance.multi_spike_steps, charges.multi_spikes)
        np.testing.assert_array_equal(
            balance.spike_counts, expected.spike_trains[neurons.name].sum(axis=0)
        )
        np.testing.assert_array_equal(
            balance.final_potential, expected.potentials[neurons.name][-1]
        )
        np.testing.assert_array_equal(
            balance.initial_potential, np.tile(neurons.initial_potential, (len(x), 1))
        )
        np.testing.assert_array_equal(balance.threshold, neurons.threshold)
        assert balance.loses_excess == (neurons.reset == "zero")


@pytest.mark.parametrize("encoding", ["poisson", "regular", "constant"])
@pytest.mark.parametrize("kind", NETWORKS)
def test_counting_changes_no_spike(kind: str, encoding: Encoding) -> None:
    description = NETWORKS[kind](4, "float32")
    snn = description.build()
    x = intensities(description, 6, seed=3)
    plain = pysnn.simulate(snn, x, duration=0.14, encoding=encoding)
    counted = pysnn.simulate(snn, x, duration=0.14, encoding=encoding, record="balance")
    one = pysnn.simulate(
        snn,
        x,
        duration=0.14,
        encoding=encoding,
        record={"balance": [description.populations[0].name]},
    )
    for other in (counted, one):
        np.testing.assert_array_equal(other.output_spikes, plain.output_spikes)
        np.testing.assert_array_equal(other.num_spikes, plain.num_spikes)
        np.testing.assert_array_equal(other.synaptic_operations, plain.synaptic_operations)
    assert set(one.balance) == {description.populations[0].name}
    assert plain.balance == {}


def test_threads_and_parts_of_a_batch_change_no_charge() -> None:
    description = NETWORKS["several sources"](4, "float32")
    snn = description.build()
    x = intensities(description, 11, seed=3)
    whole = pysnn.simulate(snn, x, duration=0.2, num_threads=1, record="balance")
    threaded = pysnn.simulate(snn, x, duration=0.2, num_threads=3, record="balance")
    part = pysnn.simulate(
        snn, x[4:], duration=0.2, sample_ids=np.arange(4, 11), num_threads=2, record="balance"
    )
    for name in whole.population_names:
        for field in ("input_charge", "excess_charge", "rounding_charge", "final_potential"):
            expected = getattr(whole.balance[name], field)
            np.testing.assert_array_equal(getattr(threaded.balance[name], field), expected)
            np.testing.assert_array_equal(getattr(part.balance[name], field), expected[4:])


def test_calls_of_a_simulation_count_their_own_steps() -> None:
    description = NETWORKS["mixed resets"](4, "float32")
    snn = description.build()
    x = intensities(description, 3, seed=3)
    whole = pysnn.simulate(snn, x, duration=0.05, record="balance")
    simulation = pysnn.Simulation(snn, 3, record="balance")
    first, second = (simulation.run(x, duration=t) for t in (0.02, 0.03))
    for name in whole.population_names:
        one, two, both = (result.balance[name] for result in (first, second, whole))
        np.testing.assert_array_equal(one.final_potential, two.initial_potential)
        np.testing.assert_array_equal(two.final_potential, both.final_potential)
        np.testing.assert_array_equal(one.spike_counts + two.spike_counts, both.spike_counts)
        np.testing.assert_allclose(one.input_charge + two.input_charge, both.input_charge)


def test_a_sample_that_ends_early_is_counted_up_to_its_end() -> None:
    snn = pysnn.SpikingNetwork(1)
    snn.add_population("out", 1)
    snn.connect("input", "out", pysnn.Linear([[0.5]]))
    result = pysnn.simulate(
        snn, [[1.0]], duration=0.02, stop_margin=2, stop_interval=1, record="balance"
    )
    balance = result.balance["out"]
    assert balance.input_charge[0, 0] == 2.0
    assert balance.spike_counts[0, 0] == 2


def single_neuron(
    weights: list[float], threshold: float, initial: float, reset: Reset, refractory: int
) -> pysnn.SpikingNetwork:
    """Return a neuron that all inputs reach."""
    snn = pysnn.SpikingNetwork(len(weights))
    snn.add_population(
        "out",
        1,
        threshold=threshold,
        initial_potential=initial,
        reset=reset,
        refractory_period=refractory * 1e-3,
    )
    snn.connect("input", "out", pysnn.Linear([weights]))
    return snn


def has_grid(weights: list[float]) -> bool:
    """Return whether a network takes such weights: those of a sum near 2**-126 have no grid."""
    return sum(map(abs, weights)) == 0 or sum(map(abs, weights)) >= 2.0**-100


weights_strategy = st.lists(st.floats(-2.0, 3.0, width=32), min_size=1, max_size=6).filter(has_grid)
resets = st.sampled_from(["zero", "subtract"])


@given(
    weights_strategy,
    st.integers(1, 64),
    resets,
    st.integers(0, 3),
    st.integers(0, 2**32),
    st.sampled_from(["poisson", "regular", "constant"]),
)
def test_the_balance_is_exact_where_threshold_and_potential_are_on_the_grid(
    weights: list[float],
    quarters: int,
    reset: Reset,
    refractory: int,
    seed: int,
    encoding: Encoding,
) -> None:
    # Quarters are multiples of any grid of such weights; of 1, where all are 0, nothing is added.
    snn = single_neuron(weights, quarters / 4, 0.0, reset, refractory)
    x = np.full((2, len(weights)), 0.75, dtype=np.float32)
    stimulus = Stimulus.of(encoding="poisson", seed=seed).changed(encoding=encoding)
    result = pysnn.simulate(
        snn, x, duration=0.2, record=("balance", "counts"), **stimulus.options()
    )
    balance = result.balance["out"]
    np.testing.assert_array_equal(balance.discrepancy, 0.0)
    np.testing.assert_array_equal(balance.spike_counts, result.counts("out"))
    assert (balance.multi_spike_steps <= balance.spike_counts).all()
    if refractory == 0:
        assert (balance.dropped_charge == 0).all()


@given(
    weights_strategy,
    st.floats(0.0625, 9.0, width=32),
    st.floats(-3.0, 3.0, width=32),
    resets,
    st.integers(0, 3),
)
def test_the_balance_holds_to_float64_for_any_threshold_and_potential(
    weights: list[float], threshold: float, initial: float, reset: Reset, refractory: int
) -> None:
    snn = single_neuron(weights, threshold, initial, reset, refractory)
    x = np.full((2, len(weights)), 0.6, dtype=np.float32)
    balance = pysnn.simulate(snn, x, duration=0.2, record="balance").balance["out"]
    magnitude = np.abs(weights).sum() * 200 + abs(initial) + threshold * 200
    assert np.abs(balance.discrepancy).max() <= 200 * 2.0**-51 * magnitude


def test_charges_of_one_neuron_are_those_of_a_calculation_by_hand() -> None:
    # Five steps of 2.5 against a threshold of 1: every other step is dropped.
    for reset in ("zero", "subtract"):
        snn = single_neuron([2.5], 1.0, 0.25, reset, 1)
        balance = pysnn.simulate(snn, [[1.0]], duration=0.003, record="balance").balance["out"]
        charges = [
            balance.input_charge,
            balance.dropped_charge,
            balance.excess_charge,
            balance.lost_charge,
            balance.final_potential,
            balance.spike_counts,
            balance.multi_spike_steps,
        ]
        found = [float(each[0, 0]) for each in charges]
        if reset == "zero":
            # 2.75 fires and is lost but for 1; a step of rest; 2.5 fires.
            assert found == [7.5, 2.5, 3.25, 3.25, 0.0, 2.0, 2.0]
        else:
            # 2.75 - 1; 1.75 fires again while it rests; 0.75 rests.
            assert found == [7.5, 5.0, 2.5, 0.0, 0.75, 2.0, 1.0]
