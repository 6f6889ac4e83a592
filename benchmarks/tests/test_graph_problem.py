"""What peers are told of a network that is no chain is the network that pysnn simulates."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from graphs.from_network import constant_problem, fewest, populations_of, spikes_problem
from graphs.graph import load_any, save_graph
from graphs.hand_built import hand_built
from graphs.numpy_graph import outputs
from graphs.synapses import product
from run_build import network as plain_network

import pysnn

NUM_STEPS = 12


def residual_network() -> pysnn.Network:
    """Return blocks with shortcuts, one of them between resolutions, and a linear end."""
    rng = np.random.default_rng(0)

    def conv(outputs: int, inputs: int, stride: int = 1) -> pysnn.Conv2d:
        weight = rng.normal(0.05, 0.3, (outputs, inputs, 3, 3))
        return pysnn.Conv2d(weight, rng.normal(0, 0.1, outputs), stride=stride, padding=1)

    network = pysnn.Network(input_shape=(2, 8, 8))
    network.add("conv1", conv(4, 2)).add("relu1", pysnn.ReLU())
    network.add("inner2", conv(4, 4)).add("relu of inner2", pysnn.ReLU()).add("conv2", conv(4, 4))
    network.add("sum2", pysnn.Add(), inputs=["conv2", "relu1"]).add("relu2", pysnn.ReLU())
    network.add("inner3", conv(8, 4, stride=2)).add("relu of inner3", pysnn.ReLU())
    network.add("conv3", conv(8, 8))
    passed = np.eye(8, 4, -2)[:, :, None, None]
    network.add("shortcut", pysnn.Conv2d(passed, stride=2), inputs=["relu2"])
    network.add("sum3", pysnn.Add(), inputs=["conv3", "shortcut"]).add("relu3", pysnn.ReLU())
    network.add("pool", pysnn.AvgPool2d(4)).add("flatten", pysnn.Flatten())
    return network.add("fc", pysnn.Linear(rng.normal(0, 0.4, (3, 8)), rng.normal(0, 0.1, 3)))


def test_a_residual_network_has_the_outputs_of_pysnn(tmp_path: Path) -> None:
    x = np.random.default_rng(1).random((20, 2, 8, 8), dtype=np.float32)
    snn = pysnn.convert(residual_network(), x=x, recipe="robust", progress=False)
    problem = constant_problem("residual", snn, x[:6], np.zeros(6, np.int64), NUM_STEPS)
    assert any(part.kind == "identity" for each in problem.populations for part in each.projections)
    save_graph(problem, tmp_path / "problem.npz")
    loaded = load_any(tmp_path / "problem.npz")
    found = outputs(loaded, loaded.trains)
    np.testing.assert_array_equal(found, problem.expected)
    assert problem.wrong(found) == 0
    assert problem.wrong(found + 0.01) == found.size
    predictions = outputs(loaded, loaded.batch(slice(6))).argmax(axis=1)
    np.testing.assert_array_equal(predictions, problem.predictions)


def test_given_spikes_make_the_spikes_of_pysnn(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    snn = pysnn.SpikingNetwork((2, 8, 8))
    start = rng.random((4, 8, 8), dtype=np.float32)
    snn.add_population("conv", (4, 8, 8), threshold=1.5, initial_potential=start)
    snn.connect("input", "conv", pysnn.Conv2d(rng.normal(0.1, 0.3, (4, 2, 3, 3)), padding=1))
    snn.add_population("pool", (4, 4, 4))
    snn.connect("conv", "pool", pysnn.AvgPool2d(2))
    snn.add_population("out", 3)
    snn.connect("pool", "out", pysnn.Linear(rng.normal(0.1, 0.3, (3, 64))))
    problem = spikes_problem("chain", snn, rng.random((NUM_STEPS, 5, 2, 8, 8)) < 0.3)
    save_graph(problem, tmp_path / "problem.npz")
    loaded = load_any(tmp_path / "problem.npz")
    assert problem.expected.any()
    np.testing.assert_array_equal(outputs(loaded, loaded.trains), problem.expected)


def test_what_a_problem_has_no_word_for_is_refused() -> None:
    snn = pysnn.SpikingNetwork(4)
    snn.add_population("leaky", 2, neuron="leaky", leak=0.5)
    snn.connect("input", "leaky", pysnn.Linear(np.ones((2, 4))))
    with pytest.raises(ValueError, match="leaky is more than"):
        populations_of(snn)


def test_numbers_shrink_to_what_they_say() -> None:
    values = np.ones((2, 3, 3), np.float32)
    assert fewest(values).shape == ()
    values[1] = 2
    assert fewest(values).shape == (2, 1, 1)
    values[1, 0, 0] = 3
    assert fewest(values).shape == (2, 3, 3)


def test_a_network_by_hand_has_the_spikes_of_the_converted_one() -> None:
    x = np.random.default_rng(1).random((6, 2, 8, 8), dtype=np.float32)
    snn = pysnn.convert(residual_network(), x=x, recipe="robust", progress=False)
    problem = hand_built(snn, x, np.zeros(6, np.int64), NUM_STEPS)
    call = {"num_steps": NUM_STEPS, "encoding": "constant", "record": "spikes"}
    found = pysnn.simulate(plain_network(problem), x, **call).spikes
    expected = pysnn.simulate(snn, x, **call).spikes
    hidden = [each.name for each in snn.populations[:-1]]
    assert len(hidden) == 5
    for name in hidden:
        assert expected[name].any()
        np.testing.assert_array_equal(found[name], expected[name], err_msg=name)
    assert found[snn.populations[-1].name].any()


def test_a_network_by_hand_standardizes_in_its_first_convolution() -> None:
    rng = np.random.default_rng(3)
    network = pysnn.Network(input_shape=(2, 8, 8))
    network.add("normalize", pysnn.Affine([2.0, 3.0], [-0.5, 0.25]))
    network.add("conv", pysnn.Conv2d(rng.normal(0, 0.5, (4, 2, 3, 3)), rng.normal(0, 0.1, 4)))
    network.add("relu", pysnn.ReLU()).add("flatten", pysnn.Flatten())
    network.add("fc", pysnn.Linear(rng.normal(0, 0.4, (3, 144)), np.zeros(3)))
    x = rng.random((5, 2, 8, 8), dtype=np.float32)
    snn = pysnn.convert(network, x=x, recipe="robust", progress=False)
    expected = constant_problem("standardized", snn, x, np.zeros(5, np.int64), NUM_STEPS)
    first = hand_built(snn, x, np.zeros(5, np.int64), NUM_STEPS).populations[0]
    found = product(first.projections[0], x) + first.bias
    np.testing.assert_allclose(found, expected.batch(slice(5)), rtol=1e-4, atol=1e-5)
