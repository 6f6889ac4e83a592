"""What neurons send under even current is what a simulation of them sends."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import pysnn
from pysnn.diagnosis.errors.transfer import Transfer

STEPS = 24
Counts = np.ndarray[Any, np.dtype[np.int32]]


def simulated(
    steady: Any, later: Any, arrival: int, **options: Any
) -> tuple[pysnn.spiking.Population, Counts]:
    """Return neurons, and what they send under currents that change in a step."""
    snn = pysnn.SpikingNetwork(2, input_scale=2.0)
    options = {"reset": "subtract", "initial_potential": 0.5, **options}
    snn.add_population("only", len(steady), **options)
    snn.connect("input", "only", pysnn.Linear(np.stack([steady, later], axis=1) / 2))
    spikes = np.zeros((STEPS, 1, 2), dtype=np.int8)
    spikes[:arrival, 0, 0] = 1
    spikes[arrival:, 0, 1] = 1
    return snn.populations[0], pysnn.simulate(snn, spikes=spikes).spike_counts


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"threshold": 0.5, "initial_potential": 0.25},
        {"neuron": "signed"},
        {"neuron": "signed", "negative_threshold": 1.0},
        {"neuron": "bipolar", "initial_potential": 0.0},
    ],
    ids=["if", "threshold", "signed", "negative threshold", "bipolar"],
)
def test_counts_under_even_current_are_those_of_a_simulation(options: dict[str, Any]) -> None:
    # Multiples of a power of two, so that potentials are exact.
    currents = np.arange(-40, 41) / 32
    population, counts = simulated(currents, currents, STEPS, **options)
    found = Transfer(population, STEPS).even(currents[None] * STEPS)
    np.testing.assert_array_equal(found, counts)


@pytest.mark.parametrize("arrival", [0, 5, 20])
@pytest.mark.parametrize("neuron", ["if", "signed", "bipolar"])
def test_counts_under_late_current_are_those_of_a_simulation(neuron: Any, arrival: int) -> None:
    # Of at most a threshold, so that no spike waits for another step.
    steady, later = np.random.default_rng(0).integers(-32, 33, (2, 500)) / 32
    population, counts = simulated(steady, later, arrival, neuron=neuron, initial_potential=0.0)
    charge = steady * arrival + later * (STEPS - arrival)
    found = Transfer(population, STEPS).late(
        steady[None], charge[None], np.full((1, 500), float(arrival))
    )
    np.testing.assert_array_equal(found, counts)


def test_a_current_that_never_comes_is_no_delay() -> None:
    steady = np.arange(-40, 41) / 32
    population, counts = simulated(steady, steady, STEPS)
    found = Transfer(population, STEPS).late(
        steady[None], steady[None] * STEPS, np.full((1, 81), np.inf)
    )
    np.testing.assert_array_equal(found, counts)
