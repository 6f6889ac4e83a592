"""Reports on networks that are no chains name populations as the nodes are named."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import pysnn
from pysnn.network import Network
from pysnn.nodes import Add, Affine, AvgPool2d, BatchNorm, Concat, Conv2d, Linear, MaxPool2d, ReLU

GOOD: Any = {"reset": "subtract", "initial_potential": 0.5, "progress": False}
X = np.random.default_rng(0).random((24, 2, 8, 8)).astype(np.float32)


def network(seed: int = 0) -> Network:
    """Return a network with a shortcut, a max pool, a linear node between and logits."""
    rng = np.random.default_rng(seed)

    def conv(outputs: int, inputs: int, **options: Any) -> Conv2d:
        return Conv2d(rng.normal(0, 0.35, (outputs, inputs, 3, 3)), padding=1, **options)

    net = Network(input_shape=(2, 8, 8))
    net.add("center", Affine(2.0, -1.0))
    net.add("stem", conv(4, 2)).add("relu1", ReLU())
    net.add("conv2", conv(8, 4, stride=2))
    net.add("norm2", BatchNorm(np.ones(8), np.full(8, 0.1), np.zeros(8), np.ones(8)))
    net.add("relu2", ReLU(max=6))
    net.add("conv3", conv(8, 8))
    net.add("short", Conv2d(np.eye(8, 4, -2)[:, :, None, None], stride=2), inputs=["relu1"])
    net.add("sum", Add(), inputs=["conv3", "short"]).add("relu3", ReLU())
    net.add("pool", MaxPool2d(2))
    net.add("linear", Linear(rng.normal(0, 0.3, (12, 32))))
    net.add("mixed", Linear(rng.normal(0, 0.3, (12, 12)))).add("relu4", ReLU())
    return net.add("logits", Linear(rng.normal(0, 0.4, (5, 12)), rng.normal(0, 0.3, 5)))


def report_on(net: Network, snn: pysnn.SpikingNetwork, **options: Any) -> Any:
    arguments = {"duration": 0.1, "num_seeds": 2, "progress": False, **options}
    return pysnn.diagnose(net, snn, X, **arguments)


@pytest.mark.parametrize("pools", ["spiking", "folded"])
def test_populations_are_named_as_the_nodes_are(pools: Any) -> None:
    net = network()
    report = report_on(net, pysnn.convert(net, method="data", x=X, pools=pools, **GOOD))
    names = ["relu1", "relu2", "relu3", "pool", "linear", "relu4", "logits"]
    assert [each.name for each in report.populations] == names
    neurons = ["if", "if", "if", "max_pool", "bipolar", "if", "readout"]
    assert [each.neuron for each in report.populations] == neurons
    text = str(report)
    for name in names:
        assert f"lost in {name}" in text
    assert report.errors is not None
    assert [each.name for each in report.errors.populations] == names
    assert "noise is the largest error of its own" in text
    json.loads(report.to_json())


def test_activations_are_those_of_the_network() -> None:
    net = network()
    snn = pysnn.convert(net, method="data", x=X, **GOOD)
    report = report_on(net, snn, duration=0.4, max_rate=1000.0, num_seeds=1)
    values = dict(zip(net.layer_names, net.activations(X), strict=True))
    for population, own in zip(report.populations, snn.populations, strict=True):
        expected = values[population.name].reshape(len(X), -1) / own.scale_factor
        np.testing.assert_allclose(population.activation, expected, rtol=1e-5, atol=1e-6)
        assert population.correlation > 0.5
    assert report.accuracies.replaced[-1] == 1.0
    lost = report.accuracies.lost_to_chance + sum(report.accuracies.lost_by_population)
    assert lost == pytest.approx(report.accuracies.lost)


def test_errors_are_those_of_the_rates_under_the_same_input() -> None:
    net = network()
    snn = pysnn.convert(net, recipe="diehl2015", x=X, progress=False)
    report = report_on(net, snn, num_seeds=1)
    assert report.errors is not None
    for population, own in zip(report.populations, snn.populations, strict=True):
        by_neuron = (population.rate - population.activation).mean(axis=0)
        scale = np.repeat(own.scale_factor, own.num_neurons // np.size(own.scale_factor))
        expected = float((by_neuron * scale).mean())
        found = report.errors[population.name].mean["error"]
        assert found == pytest.approx(expected, abs=1e-5 * scale.max())


def test_errors_are_under_the_input_that_a_recipe_is_for() -> None:
    net = network()
    snn = pysnn.convert(net, recipe="robust", x=X, progress=False)
    report = pysnn.diagnose(net, snn, X, num_steps=100, progress=False)
    assert report.errors is not None
    assert report.errors.encoding == "constant"
    assert "noise" not in str(report.errors)


@pytest.mark.parametrize("encoding", ["constant", "regular"])
def test_a_network_is_judged_under_the_input_that_it_was_made_for(encoding: Any) -> None:
    net = network()
    recipe = replace(pysnn.recipes["robust"], encoding=encoding)
    snn = pysnn.convert(net, recipe=recipe, x=X, progress=False)
    report = pysnn.diagnose(net, snn, X, num_steps=12, progress=False)
    result = pysnn.simulate(snn, X, num_steps=12, record="counts")
    agreement = float((result.predictions == net.classify(X)).mean())
    assert report.encoding == encoding
    assert report.seeds == ()
    assert report.accuracies.by_seed == (agreement,)
    assert report.accuracies.spiking == agreement
    assert report.accuracies.lost_to_chance == 0
    first = report.populations[0]
    counts = result.counts(first.name).reshape(len(X), -1)
    np.testing.assert_array_equal(first.rate, (counts / 12).astype(np.float32))
    assert "chance of the input" not in str(report)
    assert f"{encoding} input" in str(report).splitlines()[0]


def test_another_input_can_be_asked_for() -> None:
    net = network()
    snn = pysnn.convert(net, recipe="robust", x=X, progress=False)
    options: Any = {"num_steps": 12, "progress": False}
    drawn = pysnn.diagnose(net, snn, X, encoding="poisson", num_seeds=2, seed=5, **options)
    assert (drawn.encoding, drawn.seeds) == ("poisson", (5, 6))
    assert "lost to chance of the input" in str(drawn)
    assert drawn.errors is not None
    assert drawn.errors.encoding == "poisson"
    slow = pysnn.diagnose(net, snn, X, max_rate=500.0, **options)
    assert str(slow).splitlines()[0].endswith("s, constant input of 500 Hz")
    for unused in ({"num_seeds": 2}, {"seed": 5}):
        with pytest.raises(ValueError, match=r"(num_seeds|seed) is given, but the encoding"):
            pysnn.diagnose(net, snn, X, **unused, **options)


def test_what_a_conversion_lacks_is_found_in_a_residual_network() -> None:
    net = network()
    snn = pysnn.convert(net, method="data", x=X, **GOOD)
    starved = snn.with_threshold(20.0)
    report = report_on(net, starved)
    assert ("under-activation", "relu2") in {(f.cause, f.population) for f in report.findings}


def test_shares_of_bipolar_populations_count_both_signs() -> None:
    net = network()
    report = report_on(
        net, pysnn.convert(net, method="data", x=X, **GOOD), duration=0.5, max_rate=1000.0
    )
    linear = report.populations[4]
    assert linear.neuron == "bipolar"
    assert (linear.rate < 0).any()
    assert linear.alone.due == pytest.approx(float(np.abs(linear.activation).sum() * 500), rel=1e-5)
    assert abs(linear.alone.missing) < 0.2


def test_concatenated_pools_are_diagnosed_part_by_part() -> None:
    rng = np.random.default_rng(3)
    net = Network(input_shape=(2, 8, 8))
    net.add("a", Conv2d(rng.normal(0, 0.4, (3, 2, 3, 3)), padding=1, activation="relu"))
    net.add("b", Conv2d(rng.normal(0, 0.4, (2, 2, 1, 1)), activation="relu"), inputs=["input"])
    net.add("both", Concat(), inputs=["a", "b"]).add("pool", AvgPool2d(2))
    net.add("fc", Linear(rng.normal(0, 0.2, (4, 80)), activation="relu"))
    snn = pysnn.convert(net, method="data", x=X, **GOOD)
    report = report_on(net, snn)
    assert [each.name for each in report.populations] == ["a", "b", "pool.1", "pool.2", "fc"]
    assert all(each.correlation > 0.8 for each in report.populations)


def test_another_network_of_the_same_structure_does_not_belong() -> None:
    snn = pysnn.convert(network(0), method="data", x=X, **GOOD)
    with pytest.raises(ValueError, match=r"do not belong together: weight.*'relu1'"):
        report_on(network(1), snn)


def test_a_network_of_another_structure_does_not_belong() -> None:
    other = Network(input_shape=(2, 8, 8))
    other.add("stem", Conv2d(np.ones((4, 2, 3, 3)))).add("relu1", ReLU())
    other.add("logits", Linear(np.ones((5, 144))))
    snn = pysnn.convert(network(), method="data", x=X, **GOOD)
    with pytest.raises(ValueError, match="snn has population 'relu1' of shape"):
        report_on(other, snn)


def test_a_changed_bias_is_noticed() -> None:
    net = network()
    snn = pysnn.convert(net, method="data", x=X, **GOOD)
    net.layers[-1].bias[0] += 1  # type: ignore[union-attr, index]
    with pytest.raises(ValueError, match=r"bias\[0\] of population 'logits'"):
        report_on(net, snn)
