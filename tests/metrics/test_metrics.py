"""Metrics against loops over every synapse, every spike and every step."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pysnn
from pysnn import metrics


def sparse(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Return weights of which about a third are 0."""
    return rng.normal(0.3, 0.5, shape) * (rng.random(shape) > 0.3)


def network() -> pysnn.Network:
    rng = np.random.default_rng(1)
    return pysnn.Network(
        [
            pysnn.Conv2d(sparse(rng, (3, 2, 3, 3)), rng.normal(0, 0.1, 3), padding=1),
            pysnn.AvgPool2d(2),
            pysnn.Linear(sparse(rng, (7, 27))),
            pysnn.Linear(sparse(rng, (4, 7))),
        ],
        input_shape=(2, 6, 6),
    )


def data(num_samples: int = 9) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(3)
    x = rng.random((num_samples, 2, 6, 6), dtype=np.float32)
    x[x < 0.3] = 0
    return x, rng.integers(0, 4, num_samples)


def synapses(layer, source_shape) -> np.ndarray:
    """Return the dense matrix of a layer, (num_targets, num_sources), column by column."""
    num_sources = math.prod(source_shape)
    linear = layer.with_parameters(layer.weight)
    plain = type(linear)(linear.weight, activation="none", **geometry(layer))
    one = pysnn.Network([plain], input_shape=source_shape)
    return one.predict(np.eye(num_sources, dtype=np.float32)).reshape(num_sources, -1).T


def geometry(layer) -> dict:
    """Return the arguments beside weights and biases."""
    return {name: value for name, value in layer.geometry().items() if name != "kernel_size"}


@given(
    st.integers(0, 2**32 - 1),
    st.tuples(*[st.integers(1, 4)] * 2),
    st.tuples(*[st.integers(1, 3)] * 2),
    st.tuples(*[st.integers(0, 2)] * 2),
    st.tuples(*[st.integers(1, 2)] * 2),
    st.integers(1, 3),
)
def test_fan_out_is_the_column_sum_of_the_dense_matrix(
    seed, kernel, stride, padding, dilation, groups
):
    rng = np.random.default_rng(seed)
    shape = (2 * groups, 8, 7)
    options = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    layer = pysnn.Conv2d(sparse(rng, (3 * groups, 2, *kernel)), **options)
    expected = (synapses(layer, shape) != 0).sum(axis=0)
    np.testing.assert_array_equal(layer.fan_out(shape, leave_out_zeros=True), expected)
    full = pysnn.Conv2d(np.ones((3 * groups, 2, *kernel)), **options)
    np.testing.assert_array_equal(layer.fan_out(shape), (synapses(full, shape) != 0).sum(axis=0))


def test_fan_out_is_what_the_simulation_books():
    # Every input spikes alone, once, in a sample of its own.
    for layer, shape, target in (
        (pysnn.Conv2d(np.ones((3, 2, 3, 2)), stride=(2, 1), padding=(1, 0)), (2, 5, 4), (3, 3, 3)),
        (pysnn.Conv2d(np.ones((4, 1, 2, 2)), dilation=(2, 1), groups=2), (2, 5, 4), (4, 3, 3)),
        (pysnn.AvgPool2d(3, 1), (2, 5, 4), (2, 3, 2)),
        (pysnn.Linear(np.ones((3, 40))), (2, 5, 4), (3,)),
    ):
        snn = pysnn.SpikingNetwork(shape)
        snn.add_population("out", target)
        snn.connect("input", "out", layer)
        spikes = np.eye(math.prod(shape), dtype=np.uint8)[np.newaxis]
        booked = pysnn.simulate(snn, spikes=spikes).synaptic_operations[:, 0]
        np.testing.assert_array_equal(layer.fan_out(shape), booked)


def test_effective_operations_of_a_relu_network_are_products_without_a_zero():
    net, (x, y) = network(), data()
    measured = metrics.measure_network(net, x, y, batch_size=4)
    activations = [x, *net.activations(x)]
    expected = dense = 0
    shapes = [net.input_shape, *net.layer_shapes]
    for i, layer in enumerate(net.layers):
        if not isinstance(layer, pysnn.AvgPool2d):
            matrix = synapses(layer, shapes[i]) != 0
            inputs = activations[i].reshape(len(x), -1) != 0
            expected += (inputs.astype(int) @ matrix.T.astype(int)).sum()
            ones = layer.with_parameters(np.ones_like(layer.weight))
            dense += (synapses(ones, shapes[i]) != 0).sum()
    assert measured.effective_macs == expected / len(x)
    assert measured.effective_acs == 0
    assert measured.dense == dense == metrics.dense_operations(net)
    relus = [values for i, values in enumerate(activations[1:]) if i != 1]
    zeros = sum((values == 0).sum() for values in relus)
    assert measured.activation_sparsity == zeros / sum(values.size for values in relus)
    assert measured.classification_accuracy == np.mean(net.classify(x) == y)


def test_a_layer_of_binary_inputs_accumulates():
    net, (x, y) = network(), data()
    binary = metrics.measure_network(net, (x > 0.5).astype(np.float32), y)
    first = net.layers[0].fan_out(net.input_shape, leave_out_zeros=True)
    assert binary.effective_acs == ((x > 0.5).reshape(len(x), -1) @ first).sum() / len(x)
    assert binary.effective_macs > 0


@pytest.mark.parametrize("dense_input", [False, True])
def test_effective_operations_of_a_spiking_network_are_spikes_times_weights(dense_input: bool):
    rng = np.random.default_rng(5)
    layers = list(network().layers)
    if dense_input:
        layers = [pysnn.Linear(rng.uniform(0.1, 0.2, (8, 72))), pysnn.Linear(sparse(rng, (4, 8)))]
    net = pysnn.Network(layers, input_shape=(2, 6, 6))
    snn, (x, y) = pysnn.convert(net, method="none"), data()
    arguments = {"duration": 0.037, "max_rate": 700.0, "seed": 4}
    measured = metrics.measure_spiking_network(snn, x, y, batch_size=4, **arguments)
    result = pysnn.simulate(snn, x, record="spikes", **arguments)
    trains = {"input": pysnn.poisson_spikes(x, **arguments).reshape(37, len(x), -1)}
    trains.update(result.spikes)
    shapes = {"input": snn.input_shape, **{each.name: each.shape for each in snn.populations}}
    expected = dense = spikes = neurons = 0
    for population in snn.populations:
        spikes += trains[population.name].sum()
        neurons += trains[population.name].size
        for projection in population.projections:
            if not isinstance(projection.layer, pysnn.AvgPool2d):
                shape = shapes[projection.source]
                matrix = synapses(projection.layer, shape) != 0
                expected += (trains[projection.source].astype(int) @ matrix.T.astype(int)).sum()
                full = projection.layer.with_parameters(np.ones_like(projection.layer.weight))
                dense += 37 * (synapses(full, shape) != 0).sum()
    assert measured.effective_acs == expected / len(x)
    assert measured.effective_macs == 0
    assert measured.dense == dense
    assert measured.activation_sparsity == 1 - spikes / neurons
    assert measured.classification_accuracy == result.accuracy(y)[-1]


def test_operations_without_pools_and_zeros_are_those_of_the_result():
    rng = np.random.default_rng(6)
    net = pysnn.models.mlp((72, 9, 4), initial_range=1.0, seed=2)
    assert metrics.connection_sparsity(net) == 0
    x = rng.random((6, 72))
    snn = pysnn.convert(net, method="none")
    measured = metrics.measure_spiking_network(snn, x, [0] * 6, duration=0.05)
    result = pysnn.simulate(snn, x, duration=0.05)
    assert measured.effective_acs == result.synaptic_operations.sum() / 6


def test_connection_sparsity_counts_each_weight_once():
    net = network()
    weights = [layer.weight for layer in net.layers if not isinstance(layer, pysnn.AvgPool2d)]
    expected = sum((weight == 0).sum() for weight in weights) / sum(w.size for w in weights)
    assert metrics.connection_sparsity(net) == expected
    assert metrics.connection_sparsity(pysnn.convert(net, method="none")) == expected
    assert metrics.connection_sparsity(pysnn.Network([pysnn.Flatten()], (1, 2, 2))) == 0


def test_footprint_counts_parameters_and_the_state():
    net = network()
    weights = 54 + 27 * 7 + 28
    assert metrics.footprint(net) == 4 * (weights + 3)
    # Thresholds and initial potentials: one each per population; a pool's weight per channel.
    neurons = 3 * 36 + 27 + 7 + 4
    snn = pysnn.convert(net, method="none")
    assert metrics.footprint(snn) == 4 * (weights + 3 + 3 + 4 * 2 + neurons)
    grids = 3 + 3 + 7 + 4
    int16 = pysnn.convert(net, method="none", precision="int16")
    assert metrics.footprint(int16) == 2 * (weights + 3) + 4 * (3 + 4 * 2 + neurons + grids)
    own = pysnn.SpikingNetwork(2)
    own.add_population("out", 3, threshold=[1.0, 2.0, 3.0])
    own.connect("input", "out", pysnn.Linear(np.ones((3, 2))))
    assert metrics.footprint(own) == 4 * (6 + 3 + 1 + 3)


def test_names_are_neurobench_s():
    x, y = data()
    values = metrics.measure_network(network(), x, y).to_dict()
    assert list(values) == [
        "Footprint",
        "ConnectionSparsity",
        "ClassificationAccuracy",
        "ActivationSparsity",
        "SynapticOperations",
    ]
    assert list(values["SynapticOperations"]) == ["Effective_MACs", "Effective_ACs", "Dense"]
    assert json.loads(json.dumps(values)) == values


def test_the_paper_s_networks_have_their_known_operations():
    assert metrics.dense_operations(pysnn.models.diehl2015_fcn()) == 784 * 1200 + 1200**2 + 12000
    convnet = 12 * 24**2 * 25 + 64 * 8**2 * 12 * 25 + 10240
    assert metrics.dense_operations(pysnn.models.diehl2015_convnet()) == convnet


@pytest.mark.parametrize("interval", [1, 7, 100])
def test_cost_over_time_is_the_sum_of_what_is_recorded(interval: int):
    snn, (x, _) = pysnn.convert(network(), method="none"), data()
    arguments = {"duration": 0.025, "max_rate": 700.0, "seed": 4}
    cost = metrics.cost_over_time(snn, x, interval=interval, batch_size=4, **arguments)
    result = pysnn.simulate(snn, x, record="spikes", **arguments)
    steps = [*range(interval, 25, interval), 25]
    np.testing.assert_allclose(cost.time, np.array(steps) * 1e-3)
    assert cost.population_names == result.population_names
    at = np.array(steps) - 1
    for i, name in enumerate(cost.population_names):
        so_far = result.spikes(name).sum(axis=(1, 2)).cumsum()[at] / len(x)
        np.testing.assert_allclose(cost.spikes[:, i], so_far)
    inputs = pysnn.poisson_spikes(x, **arguments).reshape(25, -1).sum(axis=1).cumsum()[at]
    np.testing.assert_allclose(cost.input_spikes, inputs / len(x))
    np.testing.assert_allclose(
        cost.synaptic_operations[-1], result.synaptic_operations.mean(axis=0)
    )
    assert cost.total_spikes[-1] == pytest.approx(result.num_spikes.sum(axis=1).mean())
    assert cost.total_synaptic_operations[-1] == pytest.approx(
        result.synaptic_operations.sum(axis=1).mean()
    )
    assert (np.diff(cost.synaptic_operations, axis=0) >= 0).all()
    assert json.loads(json.dumps(cost.to_dict()))["time"] == cost.time.tolist()


def test_parts_with_their_sample_ids_add_up_to_the_whole():
    snn, (x, y) = pysnn.convert(network(), method="model"), data()
    ids = np.arange(100, 100 + len(x))

    def both(rows: slice) -> tuple[np.ndarray, float]:
        options = {"duration": 0.03, "seed": 4, "sample_ids": ids[rows]}
        cost = metrics.cost_over_time(snn, x[rows], batch_size=3, **options)
        measured = metrics.measure_spiking_network(snn, x[rows], y[rows], batch_size=3, **options)
        return cost.synaptic_operations * len(x[rows]), measured.effective_acs * len(x[rows])

    whole, first, rest = both(slice(None)), both(slice(4)), both(slice(4, None))
    np.testing.assert_allclose(first[0] + rest[0], whole[0], rtol=1e-12)
    assert first[1] + rest[1] == pytest.approx(whole[1], rel=1e-12)
    rows_as_ids = metrics.cost_over_time(snn, x, duration=0.03, seed=4).synaptic_operations
    assert (rows_as_ids * len(x) != whole[0]).any()


@pytest.mark.parametrize("encoding", ["constant", "regular"])
def test_a_network_is_measured_under_the_input_that_it_was_made_for(encoding: Any) -> None:
    rng = np.random.default_rng(5)
    x, y = rng.random((20, 6), np.float32), rng.integers(0, 3, 20)
    recipe = replace(pysnn.recipes["robust"], encoding=encoding)
    snn = pysnn.convert(pysnn.models.mlp((6, 5, 3), seed=1), recipe=recipe, x=x)
    result = pysnn.simulate(snn, x, num_steps=12)
    measured = metrics.measure_spiking_network(snn, x, y, num_steps=12)
    assert measured.classification_accuracy == result.score(y)
    assert measured.effective_acs == result.synaptic_operations.sum() / len(x)
    assert measured.seed is None
    cost = metrics.cost_over_time(snn, x, num_steps=12)
    assert cost.total_synaptic_operations[-1] == result.synaptic_operations.sum() / len(x)
