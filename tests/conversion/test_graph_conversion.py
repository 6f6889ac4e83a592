"""Conversion of networks that are no chains of the paper's kinds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from random_graphs import random_graph
from residual import X, residual

import pysnn
from pysnn.conversion.folding import InputAffine
from pysnn.conversion.input_range import InputRange
from pysnn.network import Network
from pysnn.nodes import (
    AvgPool2d,
    Concat,
    Conv2d,
    Linear,
    MaxPool2d,
    ReLU,
)

GOOD = {"reset": "subtract", "initial_potential": 0.5, "progress": False}


def test_every_relu_becomes_a_population_of_its_name() -> None:
    snn = pysnn.convert(residual(), method="data", x=X, **GOOD)
    assert [(each.name, each.neuron) for each in snn.populations] == [
        ("relu1", "if"),
        ("relu2", "if"),
        ("relu3", "if"),
        ("pool", "if"),
        ("fc", "readout"),
    ]
    kinds = [type(each.layer).__name__ for each in snn.populations[2].projections]
    assert kinds == ["Conv2d", "Identity"]
    text = repr(snn)
    for words in ("relu2 (Conv2d), relu1 (Identity)", "readout", "pool"):
        assert words in text


@pytest.mark.parametrize("affine", [False, True])
@pytest.mark.parametrize("method", ["data", "model"])
@pytest.mark.parametrize("pools", ["spiking", "folded"])
def test_outputs_of_the_spiking_network_approach_those_of_the_network(
    affine: bool, method: Any, pools: Any
) -> None:
    network = residual(affine=affine)
    x = X if method == "data" else None
    snn = pysnn.convert(network, method=method, x=x, pools=pools, **GOOD)
    outputs = network.predict(X)
    errors = []
    for steps in (64, 1024):
        result = pysnn.simulate(snn, X, duration=steps * 1e-3, encoding="constant")
        errors.append(float(np.sqrt(((result.outputs - outputs) ** 2).mean())))
    assert errors[1] < errors[0]
    if method == "data":
        assert errors[1] < 0.1 * float(outputs.std())


def test_scales_by_data_are_largest_activations_or_weights() -> None:
    network = residual()
    values = dict(zip(network.layer_names, network.activations(X), strict=True))
    snn = pysnn.convert(network, method="data", x=X, **GOOD)
    scales = {each.name: each.scale_factor for each in snn.populations}
    folded = pysnn.fold(network)
    for name in ("relu1", "relu2", "relu3"):
        weights = [one.map for one in folded[name].projections if one.kind == "Conv2d"]
        largest = max(float(each.weight.max()) for each in weights)  # type: ignore[union-attr]
        assert scales[name] == pytest.approx(max(float(values[name].max()), largest), rel=1e-6)
    assert scales["pool"] == scales["relu3"]
    assert scales["fc"] == pytest.approx(float(np.abs(values["fc"]).max()), rel=1e-6)


def test_weights_are_multiplied_by_the_source_s_scale_and_divided_by_the_target_s() -> None:
    network = residual()
    snn = pysnn.convert(network, method="data", x=X, **GOOD)
    relu1, _, relu3, *_ = snn.populations
    assert isinstance(relu1.scale_factor, float)
    assert isinstance(relu3.scale_factor, float)
    shortcut = relu3.projections[1]
    expected = np.full(4, relu1.scale_factor / relu3.scale_factor)
    np.testing.assert_allclose(shortcut.weight, expected, rtol=1e-5)
    bias = pysnn.fold(network)["relu3"].bias
    assert bias is not None
    assert relu3.bias is not None
    by_channel = relu3.bias.reshape(8, -1)
    np.testing.assert_allclose(by_channel[:, 0], bias / relu3.scale_factor, rtol=1e-4, atol=1e-6)


def test_no_input_drives_activations_above_model_based_scales() -> None:
    network = residual()
    snn = pysnn.convert(network, method="model", **GOOD)
    values = dict(zip(network.layer_names, network.activations(np.round(X)), strict=True))
    for population in snn.populations:
        assert population.scale_factor is not None
        assert float(np.abs(values[population.name]).max()) <= population.scale_factor


def test_a_scale_is_not_above_the_ceiling_of_a_relu() -> None:
    network = Network(input_shape=2)
    network.add("linear", Linear([[8.0, 4.0]])).add("relu", ReLU(max=6))
    network.add("out", Linear([[1.0]]))
    for options in ({"method": "model"}, {"method": "data", "x": np.ones((1, 2))}):
        snn = pysnn.convert(network, **options)  # type: ignore[arg-type]
        assert snn.populations[0].scale_factor == 6


def test_linear_nodes_between_are_bipolar() -> None:
    rng = np.random.default_rng(0)
    network = Network(input_shape=4)
    network.add("a", Linear(rng.normal(size=(6, 4)), rng.normal(size=6)))
    network.add("b", Linear(rng.normal(size=(5, 6)))).add("relu", ReLU())
    network.add("c", Linear(rng.normal(size=(3, 5))))
    x = rng.random((30, 4)).astype(np.float32)
    snn = pysnn.convert(network, method="data", x=x, **GOOD)
    first = snn.populations[0]
    assert (first.name, first.neuron) == ("a", "bipolar")
    assert (first.initial_potential == 0).all()
    values = network.activations(x)[0]
    assert first.scale_factor == pytest.approx(
        max(float(np.abs(values).max()), float(network.layers[0].weight.max())),  # type: ignore[union-attr]
        rel=1e-6,
    )
    result = pysnn.simulate(snn, x, duration=2.0, encoding="constant")
    np.testing.assert_allclose(result.outputs, network.predict(x), atol=0.05)


def test_max_pools_keep_their_source_s_scale() -> None:
    rng = np.random.default_rng(0)
    network = Network(input_shape=(2, 6, 6))
    network.add("conv", Conv2d(rng.normal(0, 0.4, (3, 2, 3, 3)), padding=1))
    network.add("pool", MaxPool2d(3, 2, 1)).add("relu", ReLU())
    network.add("fc", Linear(rng.normal(0, 0.4, (4, 27))))
    x = rng.random((20, 2, 6, 6)).astype(np.float32)
    snn = pysnn.convert(network, method="data", x=x, **GOOD)
    assert [each.name for each in snn.populations] == ["relu", "pool", "fc"]
    assert snn.populations[1].scale_factor == snn.populations[0].scale_factor
    result = pysnn.simulate(snn, x, duration=2.0, encoding="constant")
    np.testing.assert_allclose(result.outputs, network.predict(x), atol=0.05)


def test_logits_may_be_spikes_of_both_signs() -> None:
    network = residual()
    snn = pysnn.convert(network, method="data", x=X, readout="spikes", **GOOD)
    assert snn.populations[-1].neuron == "bipolar"
    result = pysnn.simulate(snn, X, duration=0.5, encoding="constant")
    assert (result.spike_counts < 0).any()
    assert (result.predictions == network.classify(X)).mean() > 0.9


def test_an_output_with_a_relu_sends_spikes_unless_potentials_are_asked_for() -> None:
    network = residual(relu_output=True)
    spikes = pysnn.convert(network, method="data", x=X, **GOOD)
    assert (spikes.populations[-1].name, spikes.populations[-1].neuron) == ("last", "if")
    potentials = pysnn.convert(network, method="data", x=X, readout="potential", **GOOD)
    assert (potentials.populations[-1].name, potentials.populations[-1].neuron) == (
        "last",
        "readout",
    )
    chain = pysnn.convert(pysnn.models.mlp((4, 3, 2)), method="model", readout="potential")
    assert [each.neuron for each in chain.populations] == ["if", "readout"]


def test_an_output_that_is_a_pool_has_no_potentials() -> None:
    network = Network([Conv2d(np.ones((1, 1, 1, 1))), AvgPool2d(2)], (1, 2, 2))
    with pytest.raises(ValueError, match="the network ends in 'pool1', a pool"):
        pysnn.convert(network, method="model", readout="potential")


def test_the_range_of_inputs_is_the_least_power_of_two_that_holds_the_samples() -> None:
    network = residual(affine=True)
    snn = pysnn.convert(network, method="data", x=X, **GOOD)
    assert snn.input_scale == 4
    assert snn.input_affine is not None
    np.testing.assert_array_equal(snn.input_affine[0], [4, 3, 5])
    assert pysnn.convert(network, method="model", **GOOD).input_scale == 4
    assert pysnn.convert(residual(), method="data", x=X, **GOOD).input_scale is None
    assert pysnn.convert(residual(), method="data", x=X * 2.5, **GOOD).input_scale == 4
    assert pysnn.convert(residual(), method="data", x=X - 0.5, **GOOD).input_scale == 0.5
    assert pysnn.convert(residual(), method="data", x=X, input_scale=7.5, **GOOD).input_scale == 7.5


def test_a_chain_takes_inputs_of_any_range_where_input_scale_says_so() -> None:
    network = pysnn.models.mlp((4, 6, 3), seed=2)
    x = np.random.default_rng(0).normal(0, 2, (30, 4)).astype(np.float32)
    snn = pysnn.convert(network, method="data", x=x, input_scale=16.0, readout="potential", **GOOD)
    result = pysnn.simulate(snn, x, duration=2.0, encoding="constant")
    outputs = network.predict(x)
    positive = outputs > 0
    np.testing.assert_allclose(result.outputs[positive], outputs[positive], atol=0.2)


def test_pools_of_inputs_that_may_be_negative_are_bipolar() -> None:
    network = Network(input_shape=(1, 4, 4))
    network.add("pool", AvgPool2d(2)).add("fc", Linear(np.ones((2, 4))))
    x = np.random.default_rng(0).normal(size=(20, 1, 4, 4)).astype(np.float32)
    snn = pysnn.convert(network, method="data", x=x, **GOOD)
    assert snn.populations[0].neuron == "bipolar"
    result = pysnn.simulate(snn, x, duration=2.0, encoding="constant")
    np.testing.assert_allclose(result.outputs, network.predict(x), atol=0.1)
    assert (
        pysnn.convert(network, method="data", x=np.abs(x) / 8, **GOOD).populations[0].neuron == "if"
    )


def test_quantized_relus_count_their_steps() -> None:
    # After `levels` steps of an input that does not change, counts are the steps of QCFS.
    levels = 8
    network = Network(input_shape=1)
    network.add("linear", Linear([[1.0]])).add("relu", ReLU(max=1.0, levels=levels))
    network.add("fc", Linear([[1.0]]))
    x = np.linspace(0, 1, 30, dtype=np.float32)[:, None]
    snn = pysnn.convert(network, method="none", **GOOD)
    result = pysnn.simulate(snn, x, duration=levels * 1e-3, encoding="constant", record="counts")
    expected = network.activations(x)[1] * levels
    np.testing.assert_array_equal(result.counts("relu"), np.rint(expected))


@pytest.mark.parametrize("precision", ["float32", "int16"])
@pytest.mark.parametrize("seed", range(12))
def test_random_graphs_convert_and_run(seed: int, precision: Any) -> None:
    network = random_graph(seed)
    x = np.random.default_rng(seed).uniform(-1, 1, (6, *network.input_shape)).astype(np.float32)
    try:
        snn = pysnn.convert(network, method="data", x=x, precision=precision, **GOOD)
    except ValueError as error:
        words = ("max pool of the network's input", "nothing makes it fire")
        assert any(each in str(error) for each in words)  # noqa: PT017
        return
    result = pysnn.simulate(snn, x, duration=0.02, encoding="constant")
    assert result.predictions.shape == (6,)
    assert [each.name for each in snn.populations][-1] == pysnn.fold(network).populations[-1].name


def test_the_last_layer_may_keep_its_weights() -> None:
    network = Network(input_shape=2)
    network.add("a", Linear([[1.0, 2.0]])).add("relu", ReLU()).add("b", Linear([[0.5]]))
    snn = pysnn.convert(network, method="model", include_last=False)
    assert snn.populations[1].projections[0].weight == 0.5
    joined = Network(input_shape=2)
    joined.add("a", Linear([[1.0, 2.0]])).add("relu", ReLU())
    joined.add("b", Linear([[4.0, 2.0]]), inputs=["input"]).add("other", ReLU())
    joined.add("both", Concat(), ["relu", "other"]).add("fc", Linear([[1.0, 1.0]]))
    with pytest.raises(ValueError, match=r"include_last is False, but 'fc' has sources of several"):
        pysnn.convert(joined, method="model", include_last=False)


@pytest.mark.parametrize(
    ("largest", "scale"), [(1024.0, 1024.0), (1024.0 + 2.0**-42, 2048.0), (0.3, 0.5), (0.0, 1.0)]
)
def test_the_input_scale_is_the_least_power_of_two_not_below_the_samples(
    largest: float, scale: float
) -> None:
    shift = InputAffine(np.ones(1), np.array([-largest]))
    assert InputRange.of(np.zeros((2, 3), np.float32), shift, None).scale == scale
