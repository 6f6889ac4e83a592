"""Folding: which populations a network becomes, and that its outputs stay what they are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from folding_checks import check_outputs, graph, shown, weights
from hypothesis import given, settings
from hypothesis import strategies as st
from random_graphs import random_graph

import pysnn
from pysnn.conversion import fold
from pysnn.conversion.folding.channels import Channels
from pysnn.conversion.folding.convolution import Convolution
from pysnn.conversion.folding.dense import Dense
from pysnn.network import Network
from pysnn.nodes import (
    Add,
    Affine,
    AvgPool2d,
    BatchNorm,
    Concat,
    Conv2d,
    Linear,
    MaxPool2d,
    Node,
    Pad,
    ReLU,
)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), pools=st.sampled_from(["spiking", "folded"]))
def test_folding_changes_no_output(seed: int, pools: str) -> None:
    try:
        check_outputs(random_graph(seed), pools)
    except ValueError as error:
        refusals = ("windows have different divisors", "max pool of the network's input")
        assert any(words in str(error) for words in refusals)  # noqa: PT017


def block(shortcut: Node | None = None) -> Network:
    """Return a residual block whose shortcut is the identity or a node."""
    nodes: list[Any] = [
        ("conv1", Conv2d(weights(4, 2, 3, 3), padding=1)),
        ("norm1", BatchNorm(weights(4), weights(4), weights(4), np.ones(4))),
        ("relu1", ReLU()),
        ("conv2", Conv2d(weights(4, 4, 3, 3), weights(4), padding=1)),
        ("norm2", BatchNorm(weights(4), weights(4), weights(4), np.ones(4))),
    ]
    if shortcut is not None:
        nodes.append(("short", shortcut, ["relu1"]))
    source = "relu1" if shortcut is None else "short"
    nodes += [("sum", Add(), ["norm2", source]), ("relu2", ReLU()), ("fc", Linear(weights(3, 100)))]
    return graph((2, 5, 5), *nodes)


def test_batch_norm_and_sums_are_no_populations() -> None:
    assert shown(check_outputs(block()))[:2] == [
        ("relu1", "if", ["input Conv2d"]),
        ("relu2", "if", ["relu1 Conv2d"]),
    ]


def test_a_shortcut_from_another_population_is_a_projection_of_its_own() -> None:
    network = graph(
        (2, 5, 5),
        ("conv1", Conv2d(weights(4, 2, 3, 3), padding=1)),
        ("relu1", ReLU()),
        ("conv2", Conv2d(weights(4, 4, 3, 3), padding=1)),
        ("relu2", ReLU()),
        ("conv3", Conv2d(weights(6, 4, 3, 3), stride=2, padding=1)),
        ("short", Conv2d(np.eye(6, 4, -1)[:, :, None, None], stride=2), ["relu1"]),
        ("sum", Add(), ["conv3", "short"]),
        ("relu3", ReLU()),
        ("fc", Linear(weights(3, 54))),
    )
    folded = check_outputs(network)
    assert shown(folded) == [
        ("relu1", "if", ["input Conv2d"]),
        ("relu2", "if", ["relu1 Conv2d"]),
        ("relu3", "if", ["relu2 Conv2d", "relu1 Identity"]),
        ("fc", "readout", ["relu3 Linear"]),
    ]
    shortcut = folded["relu3"].projections[1].map
    assert isinstance(shortcut, Channels)
    assert (shortcut.stride, shortcut.first_channel, shortcut.out_channels) == ((2, 2), 1, 6)


def test_maps_of_one_source_become_one_projection() -> None:
    # Three branches of one source, as in RepVGG: 3x3, 1x1 and the identity.
    network = graph(
        (3, 5, 5),
        ("relu1", ReLU()),
        ("conv3", Conv2d(weights(3, 3, 3, 3), weights(3), padding=1)),
        ("conv1", Conv2d(weights(3, 3, 1, 1), weights(3)), ["relu1"]),
        ("norm", BatchNorm(weights(3), weights(3), weights(3), np.ones(3)), ["relu1"]),
        ("sum", Add(), ["conv3", "conv1", "norm"]),
        ("relu2", ReLU()),
        ("fc", Linear(weights(2, 75))),
    )
    folded = check_outputs(network)
    assert shown(folded)[1] == ("relu2", "if", ["relu1 Conv2d"])
    kernels = folded["relu2"].projections[0].map
    assert isinstance(kernels, Convolution)
    assert kernels.kernel_size == (3, 3)


def test_linear_shortcuts_of_vectors_are_added_to_the_matrix() -> None:
    network = graph(
        (3,),
        ("relu1", ReLU()),
        ("linear", Linear(weights(3, 3))),
        ("sum", Add(), ["linear", "relu1"]),
        ("relu2", ReLU()),
    )
    folded = check_outputs(network)
    assert shown(folded) == [
        ("relu1", "if", ["input Identity"]),
        ("relu2", "if", ["relu1 Linear"]),
    ]
    matrix = folded["relu2"].projections[0].map
    assert isinstance(matrix, Dense)
    np.testing.assert_allclose(matrix.weight, weights(3, 3).astype(np.float32) + np.eye(3))


def test_a_second_weighted_node_without_relu_gets_bipolar_neurons_before_it() -> None:
    network = graph(
        (2, 4, 4),
        ("conv1", Conv2d(weights(3, 2, 3, 3), weights(3))),
        ("conv2", Conv2d(weights(3, 3, 2, 2))),
        ("relu", ReLU()),
    )
    assert shown(check_outputs(network)) == [
        ("conv1", "bipolar", ["input Conv2d"]),
        ("relu", "if", ["conv1 Conv2d"]),
    ]


def test_what_can_not_be_negative_needs_no_bipolar_neurons() -> None:
    network = graph(
        (2, 4, 4),
        ("relu1", ReLU()),
        ("double", Affine(2.0, 0.5)),
        ("pool", MaxPool2d(2)),
        ("fc", Linear(weights(2, 8))),
    )
    assert shown(check_outputs(network)) == [
        ("relu1", "if", ["input Identity"]),
        ("double", "if", ["relu1 Identity"]),
        ("pool", "max_pool", ["double MaxPool2d"]),
        ("fc", "readout", ["pool Linear"]),
    ]


def test_relus_behind_each_other_merge() -> None:
    network = graph(
        (2,),
        ("linear", Linear(weights(3, 2))),
        ("a", ReLU(max=3)),
        ("b", ReLU()),
        ("c", ReLU(max=2)),
        ("d", ReLU(max=4)),
    )
    folded = check_outputs(network)
    assert shown(folded) == [("a", "if", ["input Linear"])]
    assert folded["a"].max == 2


def test_a_lower_ceiling_for_one_of_two_readers_is_a_population() -> None:
    network = graph(
        (2,),
        ("a", ReLU()),
        ("b", ReLU(max=0.5)),
        ("sum", Add(), ["a", "b"]),
        ("fc", Linear(weights(2, 2))),
    )
    assert shown(check_outputs(network))[1] == ("b", "if", ["a Identity"])


def test_steps_of_a_quantized_relu_are_kept() -> None:
    network = graph((2,), ("linear", Linear(weights(3, 2))), ("relu", ReLU(max=1.0, levels=4)))
    folded = check_outputs(network)
    assert (folded["relu"].max, folded["relu"].levels) == (1, 4)
    assert "1 in 4 steps" in str(folded)


def test_a_shift_before_padding_becomes_a_bias_per_neuron() -> None:
    network = graph(
        (1, 3, 3),
        ("relu", ReLU()),
        ("norm", BatchNorm([1.0], [2.0], [0.0], [1.0], eps=0.0)),
        ("conv", Conv2d(np.ones((2, 1, 3, 3)), padding=1)),
        ("relu2", ReLU()),
    )
    bias = check_outputs(network)["relu2"].bias
    assert bias is not None
    np.testing.assert_array_equal(bias[0], [[8, 12, 8], [12, 18, 12], [8, 12, 8]])


def test_a_bias_that_is_the_same_everywhere_is_one_per_channel() -> None:
    bias = check_outputs(block())["relu2"].bias
    assert bias is not None
    assert bias.shape == (4,)


def test_an_affine_at_the_input_is_kept_apart() -> None:
    network = graph(
        (2, 4, 4),
        ("normalize", Affine([2.0, 4.0], [-1.0, 0.5])),
        ("conv", Conv2d(weights(3, 2, 3, 3), padding=1)),
        ("relu", ReLU()),
    )
    folded = check_outputs(network)
    assert folded.input_affine is not None
    np.testing.assert_array_equal(folded.input_affine.scale, [2, 4])
    np.testing.assert_array_equal(folded.input_affine.shift, [-1, 0.5])
    assert folded["relu"].bias is None
    assert "x * scale + shift" in str(folded)


def test_an_affine_of_the_input_that_is_read_elsewhere_too_is_folded() -> None:
    network = graph(
        (2,),
        ("half", Affine(0.5, 0.0)),
        ("sum", Add(), ["half", "input"]),
        ("relu", ReLU()),
    )
    folded = check_outputs(network)
    assert folded.input_affine is None
    (projection,) = folded["relu"].projections
    np.testing.assert_array_equal(projection.map.weight, [1.5, 1.5])  # type: ignore[union-attr]


def test_concatenated_channels_are_projections_onto_some_of_the_channels() -> None:
    network = graph(
        (2, 4, 4),
        ("a", ReLU()),
        ("conv", Conv2d(weights(3, 2, 1, 1))),
        ("b", ReLU()),
        ("both", Concat(), ["b", "a"]),
        ("norm", BatchNorm(weights(5), weights(5), weights(5), np.ones(5))),
        ("relu", ReLU()),
    )
    folded = check_outputs(network)
    assert shown(folded)[2] == ("relu", "if", ["b Identity", "a Identity"])
    maps = [one.map for one in folded["relu"].projections]
    assert [(each.first_channel, each.out_channels) for each in maps] == [(0, 5), (3, 5)]  # type: ignore[union-attr]


def test_grouped_convolutions_stay_grouped() -> None:
    network = graph(
        (4, 5, 5),
        ("relu1", ReLU()),
        ("norm", BatchNorm(weights(4), weights(4), weights(4), np.ones(4))),
        ("conv", Conv2d(weights(8, 1, 3, 3), padding=1, groups=4)),
        ("relu2", ReLU()),
    )
    kernels = check_outputs(network)["relu2"].projections[0].map
    assert isinstance(kernels, Convolution)
    assert kernels.groups == 4


def test_a_border_behind_a_convolution_needs_a_population_before_it() -> None:
    network = graph(
        (2, 4, 4),
        ("conv", Conv2d(weights(2, 2, 3, 3), weights(2))),
        ("pad", Pad((1, 0, 2, 1))),
        ("relu", ReLU()),
    )
    assert shown(check_outputs(network)) == [
        ("conv", "bipolar", ["input Conv2d"]),
        ("relu", "if", ["conv Identity"]),
    ]


def test_a_border_before_a_convolution_is_its_padding() -> None:
    network = graph(
        (2, 4, 4),
        ("relu1", ReLU()),
        ("pad", Pad((1, 0, 2, 1))),
        ("conv", Conv2d(weights(2, 2, 3, 3), padding=1)),
        ("relu2", ReLU()),
    )
    kernels = check_outputs(network)["relu2"].projections[0].map
    assert isinstance(kernels, Convolution)
    assert kernels.sides == (2, 1, 3, 2)


def test_a_matrix_that_would_be_too_large_is_refused_by_name() -> None:
    pool = AvgPool2d(3, 2, 1, count_include_pad=False)
    network = graph((16, 64, 64), ("relu1", ReLU()), ("pool", pool), ("relu2", ReLU()))
    with pytest.raises(ValueError, match=r"'relu2', a ReLU that can't be folded .* a matrix of"):
        fold(network, pools="folded")


def test_a_linear_output_is_a_readout_of_the_output_node_s_name() -> None:
    network = graph(
        (2,), ("relu", ReLU()), ("fc", Linear(weights(2, 2))), ("scaled", Affine(2.0, 1.0))
    )
    assert shown(check_outputs(network))[1] == ("scaled", "readout", ["relu Linear"])


def test_a_folded_network_is_shown_as_a_table() -> None:
    network = graph((2,), ("linear", Linear(weights(3, 2))), ("relu", ReLU(max=6)))
    assert str(fold(network)) == (
        "FoldedNetwork: 1 populations\n"
        "population  shape  neuron         sources  ceiling\n"
        "input        (2,)\n"
        "relu         (3,)      if  input (Linear)        6"
    )
    with pytest.raises(KeyError):
        fold(network)["linear"]


def test_a_chain_folds_to_the_populations_that_convert_makes_of_it() -> None:
    network = pysnn.models.convnet((1, 8, 8), [2], kernel_size=3, num_classes=3, seed=0)
    names = [each.name for each in pysnn.convert(network, method="none").populations]
    assert [each.name for each in fold(network).populations] == names
