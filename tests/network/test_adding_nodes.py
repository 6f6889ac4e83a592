"""Networks as graphs: nodes added by name, implied ReLUs, one-dimensional data."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path

import numpy as np
import pytest
from random_graphs import random_graph
from reference_forward import reference_activations

import pysnn
from pysnn.network import Network
from pysnn.nodes import Add, Affine, BatchNorm, Concat, Conv2d, Flatten, Linear, MaxPool2d, ReLU


def residual() -> Network:
    """Return a residual block and a linear output."""
    rng = np.random.default_rng(3)
    network = Network(input_shape=(2, 4, 4))
    network.add("conv1", Conv2d(rng.normal(0, 0.5, (3, 2, 3, 3)), padding=1))
    network.add("relu1", ReLU())
    network.add("conv2", Conv2d(rng.normal(0, 0.5, (3, 3, 3, 3)), padding=1))
    network.add("norm2", BatchNorm([1.0] * 3, [0.1] * 3, [0.2] * 3, [0.5] * 3))
    network.add("sum", Add(), inputs=["norm2", "relu1"])
    network.add("relu2", ReLU(max=6))
    return network.add("output", Linear(rng.normal(0, 0.5, (4, 48)), np.ones(4)))


def test_a_node_reads_the_one_before_it_unless_inputs_are_named() -> None:
    nodes = {each.name: each for each in residual().graph.nodes}
    assert nodes["conv1"].inputs == ("input",)
    assert nodes["relu1"].inputs == ("conv1",)
    assert nodes["sum"].inputs == ("norm2", "relu1")
    assert residual().output_shape == (4,)
    assert residual().num_parameters == 54 + 81 + 6 + 192 + 4


def test_outputs_are_those_of_the_reference() -> None:
    x = np.random.default_rng(0).uniform(-1, 1, (5, 2, 4, 4)).astype(np.float32)
    network = residual()
    expected = reference_activations(network, x)
    for outputs, wanted in zip(network.activations(x), expected, strict=True):
        np.testing.assert_array_equal(outputs, wanted)
    np.testing.assert_array_equal(network.predict(x), expected[-1])
    labels = expected[-1].argmax(axis=1)
    np.testing.assert_array_equal(network.classify(x), labels)
    assert network.accuracy(x, labels) == 1


@pytest.mark.parametrize("seed", range(60))
def test_outputs_of_random_graphs_are_those_of_the_reference(seed: int) -> None:
    network = random_graph(seed, levels=True)
    x = np.random.default_rng(seed).uniform(-1, 1, (3, *network.input_shape)).astype(np.float32)
    expected = reference_activations(network, x)
    for name, outputs, wanted in zip(
        network.layer_names, network.activations(x), expected, strict=True
    ):
        np.testing.assert_array_equal(outputs, wanted, err_msg=name)
    np.testing.assert_array_equal(network.predict(x), expected[-1])


def test_add_implies_no_relu() -> None:
    network = Network(input_shape=1)
    network.add("a", Linear([[1.0]])).add("b", Linear([[1.0]], activation="relu"))
    assert [layer.activation for layer in network.layers] == ["none", "relu"]  # type: ignore[union-attr]
    np.testing.assert_array_equal(network.activations([[-1.0]])[0], [[-1]])
    np.testing.assert_array_equal(network.predict([[-1.0]]), [[0]])


def test_a_chain_with_another_kind_of_node_implies_no_relu() -> None:
    first, second = Linear([[1.0]]), Linear([[-1.0]], activation="relu")
    network = Network([first, ReLU(), second], input_shape=1)
    assert [layer.activation for layer in network.layers[::2]] == ["none", "relu"]  # type: ignore[union-attr]
    assert network.layers[0].weight is first.weight  # type: ignore[union-attr]
    chain = Network([Linear([[1.0]]), Flatten(), Linear([[1.0]])], input_shape=1)
    assert [layer.activation for layer in chain.layers[::2]] == ["relu", "relu"]  # type: ignore[union-attr]


def test_a_chain_may_grow() -> None:
    network = pysnn.models.mlp((3, 2, 2), seed=1)
    before = network.predict(np.eye(3))
    network.add("double", Add(), inputs=["linear2", "linear2"])
    np.testing.assert_array_equal(network.predict(np.eye(3)), 2 * before)


def test_one_dimensional_data_is_images_of_height_1() -> None:
    weight = np.random.default_rng(0).normal(size=(3, 2, 1, 3))
    network = Network([Conv2d(weight, padding=(0, 1)), MaxPool2d((1, 2))], input_shape=(2, 6))
    assert network.input_shape == (2, 1, 6)
    assert network.output_shape == (3, 1, 3)
    x = np.random.default_rng(1).random((4, 2, 6))
    outputs = network.predict(x)
    np.testing.assert_array_equal(outputs, network.predict(x.reshape(4, 2, 1, 6)))
    np.testing.assert_array_equal(outputs, network.predict(x.reshape(4, 12)))


def test_a_graph_is_shown_with_the_inputs_of_its_nodes() -> None:
    lines = repr(residual()).splitlines()
    assert lines[0].split() == ["node", "kind", "inputs", "output", "shape", "parameters"]
    assert lines[6].split("  ")[0] == "sum"
    assert "norm2, relu1" in lines[6]
    assert repr(pysnn.models.mlp((3, 2))).startswith("layer")


def test_graphs_compare_copy_pickle_and_save(tmp_path: Path) -> None:
    network = residual()
    assert network == residual()
    network.save(tmp_path / "residual.safetensors")
    loaded = pysnn.load(tmp_path / "residual.safetensors")
    for other in (
        network.copy(),
        copy.deepcopy(network),
        pickle.loads(pickle.dumps(network)),
        loaded,
    ):
        assert isinstance(other, Network)
        assert other == network
        assert other.layer_names == network.layer_names
        other.layers[0].weight[0, 0, 0, 0] += 1  # type: ignore[union-attr, index]
        assert other != network


def test_a_node_that_does_not_lead_to_the_output_is_refused_when_it_is_run() -> None:
    network = residual().add("loose", Linear(np.ones((2, 48))), inputs=["relu2"])
    with pytest.raises(ValueError, match="'output'"):
        network.predict(np.ones((1, 2, 4, 4)))


def test_a_network_without_nodes_says_so() -> None:
    network = Network(input_shape=(2, 3, 3))
    for call in (lambda: network.output_shape, lambda: network.predict(np.ones((1, 18)))):
        with pytest.raises(ValueError, match="the network has no nodes yet"):
            call()
    assert repr(network).splitlines()[1].startswith("input")


def test_a_refused_node_leaves_the_network_as_it_is() -> None:
    network = residual()
    with pytest.raises(ValueError, match="node 'both' does not fit: the inputs have shapes"):
        network.add("both", Concat(), inputs=["relu1", "output"])
    assert network == residual()


def test_training_is_for_chains_of_kinds_with_gradients() -> None:
    network = Network([Linear(np.ones((2, 4))), Affine([1.0, 1.0], [0.0, 0.0])], input_shape=4)
    with pytest.raises(ValueError, match=r"'affine1', an? Affine, but training knows Linear, Conv"):
        pysnn.train(network, np.ones((4, 4)), [0, 1, 0, 1])
