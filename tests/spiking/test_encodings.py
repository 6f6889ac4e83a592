"""Input without chance, evenly spaced spikes and constant current, against the reference."""

from __future__ import annotations

import numpy as np
import pytest
import reference
import reference_poisson
from comparison import RECORD, assert_equals_reference, intensities
from fingerprints import fingerprint
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from random_networks import NETWORKS, Description

import pysnn
from pysnn.spiking import Encoding, Precision

NOISELESS: tuple[Encoding, ...] = ("regular", "constant")


def expected_trace(
    description: Description,
    x: NDArray[np.float32],
    num_steps: int,
    encoding: Encoding,
    rate: float,
) -> reference.Trace:
    """Return what the reference says of input of a probability of ``rate`` at intensity 1."""
    network = reference.from_description(description)
    if encoding == "regular":
        trains = reference_poisson.regular_spikes(x, num_steps, probability_of_one=rate)
        return reference.simulate(network, trains, bias_factor=rate)
    currents = reference.constant_currents(network, x, probability_of_one=rate)
    silence = np.zeros((num_steps, *x.shape), dtype=np.bool_)
    return reference.simulate(network, silence, bias_factor=rate, currents=currents)


@pytest.mark.parametrize("encoding", NOISELESS)
@pytest.mark.parametrize("precision", ["float32", "int16"])
@pytest.mark.parametrize("kind", NETWORKS)
def test_random_networks_equal_the_reference_spike_for_spike(
    kind: str, precision: Precision, encoding: Encoding
) -> None:
    description = NETWORKS[kind](11, precision)
    x = intensities(description, 5, seed=5)
    expected = expected_trace(description, x, 40, encoding, 700.0 * 1e-3)
    snn = description.build()
    result = pysnn.simulate(snn, x, duration=0.04, max_rate=700.0, encoding=encoding, record=RECORD)
    assert_equals_reference(result, expected, [p.name for p in description.populations])
    # Kernels take shortcuts where nothing is recorded.
    plain = pysnn.simulate(snn, x, duration=0.04, max_rate=700.0, encoding=encoding)
    np.testing.assert_array_equal(plain.output_spikes, expected.output_spikes)
    np.testing.assert_array_equal(plain.num_spikes, expected.num_spikes)
    np.testing.assert_array_equal(plain.synaptic_operations, expected.synaptic_operations)


@pytest.mark.parametrize("encoding", NOISELESS)
@pytest.mark.parametrize("kind", ["several sources", "pools", "convolutions", "mixed resets"])
def test_threads_and_splits_of_batch_and_time_change_nothing(kind: str, encoding: Encoding) -> None:
    description = NETWORKS[kind](3, "float32")
    snn = description.build()
    x = intensities(description, 19, seed=1)
    whole = pysnn.simulate(
        snn, x, duration=0.15, max_rate=900.0, encoding=encoding, num_threads=1, record=RECORD
    )
    threaded = pysnn.simulate(
        snn, x, duration=0.15, max_rate=900.0, encoding=encoding, num_threads=3, record=RECORD
    )
    assert fingerprint(threaded) == fingerprint(whole)
    half = pysnn.simulate(
        snn, x[7:], duration=0.15, max_rate=900.0, encoding=encoding, record=RECORD
    )
    np.testing.assert_array_equal(half.output_spikes, whole.output_spikes[:, 7:])
    simulation = pysnn.Simulation(snn, len(x), max_rate=900.0, encoding=encoding, record=RECORD)
    parts = [simulation.run(x, duration=t) for t in (0.003, 0.13, 0.017)]
    for name in whole.population_names:
        np.testing.assert_array_equal(
            np.concatenate([part.potentials[name] for part in parts]).view(np.uint32),
            whole.potentials[name].view(np.uint32),
        )


def test_constant_current_has_no_spikes_and_no_operations_of_its_own() -> None:
    description = NETWORKS["several sources"](3, "float32")
    x = intensities(description, 4, seed=1)
    result = pysnn.simulate(description.build(), x, duration=0.05, encoding="constant")
    assert result.num_input_spikes.sum() == 0
    assert result.num_spikes.sum() > 0
    # Only the input reaches the first population.
    assert result.synaptic_operations[:, 0].sum() == 0
    assert (result.synaptic_operations[:, 1:].sum(axis=0) > 0).all()


def test_a_simulation_takes_new_currents_in_each_call() -> None:
    snn = pysnn.SpikingNetwork(1)
    snn.add_population("out", 1, threshold=1.0)
    snn.connect("input", "out", pysnn.Linear([[0.5]]))
    simulation = pysnn.Simulation(snn, 1, encoding="constant", record="potentials")
    first = simulation.run([[0.5]], duration=0.003)
    second = simulation.run([[1.0]], duration=0.002)
    spikes = simulation.run(spikes=np.ones((1, 1, 1), dtype=np.bool_))
    np.testing.assert_array_equal(first.potentials["out"].ravel(), [0.25, 0.5, 0.75])
    np.testing.assert_array_equal(second.potentials["out"].ravel(), [0.0, 0.5])
    np.testing.assert_array_equal(spikes.output_spikes.ravel(), [True])


def test_constant_current_is_the_mean_of_poisson_input() -> None:
    rng = np.random.default_rng(2)
    snn = pysnn.SpikingNetwork(40)
    snn.add_population("out", 3, threshold=1e6)
    snn.connect("input", "out", pysnn.Linear(rng.normal(size=(3, 40))))
    x = rng.random((1, 40), dtype=np.float32)
    num_steps, probability = 20_000, 0.6
    runs = [
        pysnn.simulate(
            snn, x, num_steps=num_steps, max_rate=600.0, encoding=encoding, record="balance"
        )
        .balance["out"]
        .input_charge[0]
        for encoding in ("constant", "regular", "poisson")
    ]
    weight = snn.populations[0].projections[0].weight.astype(np.float64)
    mean = probability * x[0].astype(np.float64)
    # Intensities in steps of 2^-24; counts within one of their mean; six standard deviations,
    # that is a false alarm once in 10^8 for each neuron.
    np.testing.assert_allclose(runs[0], num_steps * weight @ mean, rtol=0, atol=0.1)
    np.testing.assert_allclose(runs[1], num_steps * weight @ mean, atol=np.abs(weight).sum(1).max())
    sigma = np.sqrt(num_steps * weight**2 @ (mean * (1 - mean)))
    assert (np.abs(runs[2] - num_steps * weight @ mean) < 6 * sigma).all()


@pytest.mark.parametrize("num_inputs", [1, 63, 64, 65, 784])
@pytest.mark.parametrize("max_rate", [1000.0, 333.3, 1e-3])
def test_regular_trains_equal_the_reference(num_inputs: int, max_rate: float) -> None:
    x = np.random.default_rng(num_inputs).uniform(-0.2, 1.2, (2, num_inputs))
    x = np.clip(x, 0, 1).astype(np.float32)
    trains = pysnn.regular_spikes(x, duration=0.03, max_rate=max_rate)
    expected = reference_poisson.regular_spikes(x, 30, probability_of_one=max_rate * 1e-3)
    np.testing.assert_array_equal(trains, expected)


@pytest.mark.parametrize("first_step", [1, 127, 2**31, 2**34 - 20])
def test_regular_trains_go_on_from_any_step(first_step: int) -> None:
    x = np.random.default_rng(first_step).random((2, 70), dtype=np.float32)
    trains = pysnn.regular_spikes(x, duration=0.02, max_rate=777.0, first_step=first_step)
    expected = reference_poisson.regular_spikes(
        x, 20, probability_of_one=777.0 * 1e-3, first_step=first_step
    )
    np.testing.assert_array_equal(trains, expected)


@given(st.integers(0, 2**24), st.integers(1, 600), st.integers(0, 99))
def test_a_regular_count_is_its_mean_rounded_up_or_down(
    units: int, num_steps: int, position: int
) -> None:
    x = np.zeros((1, 100), dtype=np.float32)
    x[0, position] = units / 2**24
    count = int(pysnn.regular_spikes(x, num_steps=num_steps).sum())
    assert num_steps * units // 2**24 <= count <= -(-num_steps * units // 2**24)


@given(st.integers(1, 2**24))
def test_regular_spikes_are_evenly_spaced(units: int) -> None:
    x = np.full((1, 1), units / 2**24, dtype=np.float32)
    steps = np.flatnonzero(pysnn.regular_spikes(x, duration=0.5))
    if len(steps) > 2:
        distances = np.diff(steps)
        assert distances.max() - distances.min() <= 1


def test_regular_inputs_of_one_intensity_do_not_spike_together() -> None:
    trains = pysnn.regular_spikes(np.full((1, 200), 0.1), duration=0.1)
    per_step = trains.sum(axis=(1, 2))
    assert per_step.sum() == pytest.approx(2000, abs=10)
    assert per_step.min() >= 18
    assert per_step.max() <= 22


def test_regular_spikes_are_those_of_the_simulation() -> None:
    description = NETWORKS["pools"](6, "float32")
    snn = description.build()
    x = intensities(description, 9, seed=2)
    driven = pysnn.simulate(
        snn, x, duration=0.04, max_rate=800.0, encoding="regular", record=RECORD
    )
    trains = pysnn.regular_spikes(x, duration=0.04, max_rate=800.0)
    given_trains = pysnn.simulate(snn, spikes=trains, bias_scale=800.0 * 1e-3, record=RECORD)
    assert fingerprint(driven) == fingerprint(given_trains)
