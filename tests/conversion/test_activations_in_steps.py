"""Networks with activations in steps (QCFS): what they compute and what their spikes say."""

from __future__ import annotations

import numpy as np
import pytest

import pysnn
from pysnn.nodes import AvgPool2d, Conv2d, Linear, ReLU


def simulated(network: pysnn.Network, x: np.ndarray, num_steps: int) -> pysnn.SimulationResult:
    """Simulate with the ceilings as scales, subtraction, and a start at half a threshold.

    The largest activations of ``x`` must reach the ceilings.
    """
    snn = pysnn.convert(
        network,
        method="percentile",
        per="layer",
        percentile=100.0,
        x=x,
        reset="subtract",
        initial_potential=0.5,
        pools="folded",
    )
    return pysnn.simulate(
        snn,
        x,
        num_steps=num_steps,
        max_rate=1000.0,
        dt=1e-3,
        encoding="constant",
        record="counts",
    )


@pytest.mark.parametrize(("largest", "levels"), [(0.5, 1), (2.0, 4), (1.0, 8), (4.0, 16)])
def test_counts_after_as_many_steps_as_levels_are_the_activations(
    largest: float, levels: int
) -> None:
    rng = np.random.default_rng(levels)
    # Sixteenths, so that nothing rounds, and sums that lie between two steps are among them.
    weight = rng.integers(-16, 17, (40, 8)) / 8
    x = rng.integers(0, 17, (60, 8)) / 16
    network = pysnn.Network([Linear(weight), ReLU(largest, levels), Linear(np.eye(40))], 8)
    result = simulated(network, x, levels)
    found = result.counts("relu1") * largest / levels
    expected = network.activations(x)[1]
    np.testing.assert_array_equal(found, expected)
    assert len(np.unique(expected)) == levels + 1
    places = (x @ weight.T) * levels / largest + 0.5
    assert ((places == np.floor(places)) & (places > 0) & (places <= levels)).any()


def test_outputs_of_one_hidden_layer_are_those_of_the_network() -> None:
    rng = np.random.default_rng(1)
    conv = Conv2d(rng.integers(-16, 17, (3, 1, 3, 3)) / 32, rng.integers(-8, 9, 3) / 32)
    layers = [conv, ReLU(0.5, 4), AvgPool2d(2), Linear(rng.integers(-8, 9, (5, 12)) / 8)]
    network = pysnn.Network(layers, (1, 6, 6))
    x = rng.integers(0, 17, (50, 1, 6, 6)) / 16
    result = simulated(network, x, 4)
    np.testing.assert_allclose(result.outputs, network.predict(x), atol=1e-5)
    np.testing.assert_array_equal(result.predictions, network.classify(x))
