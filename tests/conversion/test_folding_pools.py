"""Folding of pools: which are populations, and which are parts of weights."""

from __future__ import annotations

from typing import Any

import pytest
from folding_checks import check_outputs, graph, shown, weights

from pysnn.conversion import fold
from pysnn.conversion.folding import fold_graph
from pysnn.conversion.folding.convolution import Convolution
from pysnn.network import Network
from pysnn.nodes import Add, AvgPool2d, Concat, Conv2d, Flatten, Linear, MaxPool2d, ReLU


@pytest.mark.parametrize("names", [["pool"], ["first", "second"]])
def test_a_relu_behind_a_max_pool_moves_in_front_of_it(names: list[str]) -> None:
    pools = [(name, MaxPool2d(2, 1)) for name in names]
    network = graph(
        (2, 5, 5),
        ("conv", Conv2d(weights(2, 2, 2, 2))),
        *pools,
        ("relu", ReLU(max=1.5)),
        ("fc", Linear(weights(2, 2 * (5 - 1 - len(pools)) ** 2))),
    )
    folded = check_outputs(network)
    assert [each.name for each in folded.populations] == ["relu", *names, "fc"]
    assert [each.neuron for each in folded.populations][:2] == ["if", "max_pool"]
    assert (folded["relu"].node, folded["relu"].max) == ("conv", 1.5)


def test_a_relu_behind_a_max_pool_that_others_read_stays_behind_it() -> None:
    network = graph(
        (2, 5, 5),
        ("conv", Conv2d(weights(2, 2, 2, 2))),
        ("pool", MaxPool2d(2)),
        ("relu", ReLU()),
        ("sum", Add(), ["relu", "pool"]),
        ("fc", Linear(weights(2, 8))),
    )
    assert shown(check_outputs(network)) == [
        ("conv", "bipolar", ["input Conv2d"]),
        ("pool", "max_pool", ["conv MaxPool2d"]),
        ("relu", "if", ["pool Identity"]),
        ("fc", "readout", ["relu Linear", "pool Linear"]),
    ]


def test_other_readers_of_what_a_max_pool_reads_see_it_before_the_relu() -> None:
    network = graph(
        (2, 3, 3),
        ("conv", Conv2d(weights(2, 2, 2, 2))),
        ("pool", MaxPool2d(1, 1)),
        ("big", MaxPool2d(2, 1), ["conv"]),
        ("relu", ReLU()),
        ("flat", Flatten()),
        ("rest", Flatten(), ["pool"]),
        ("both", Concat(), ["flat", "rest"]),
        ("fc", Linear(weights(2, 10))),
    )
    check_outputs(network)


def pooled(pool: AvgPool2d, *behind: Any) -> Network:
    return graph((2, 6, 6), ("relu1", ReLU()), ("pool", pool), *behind)


def test_average_pools_are_populations_or_parts_of_the_weights_behind() -> None:
    network = pooled(AvgPool2d(2), ("conv", Conv2d(weights(3, 2, 2, 2))), ("relu2", ReLU()))
    assert shown(check_outputs(network)) == [
        ("relu1", "if", ["input Identity"]),
        ("pool", "if", ["relu1 AvgPool2d"]),
        ("relu2", "if", ["pool Conv2d"]),
    ]
    folded = check_outputs(network, "folded")
    assert shown(folded)[1:] == [("relu2", "if", ["relu1 Conv2d"])]
    kernels = folded["relu2"].projections[0].map
    assert isinstance(kernels, Convolution)
    assert (kernels.kernel_size, kernels.stride) == ((4, 4), (2, 2))


def test_a_pool_of_signed_inputs_has_bipolar_neurons() -> None:
    network = graph((2, 4, 4), ("pool", AvgPool2d(2)), ("fc", Linear(weights(2, 8))))
    signed = fold_graph(network.graph, signed_input=True)
    assert [each.neuron for each in signed.populations] == ["bipolar", "readout"]
    assert [each.neuron for each in fold(network).populations] == ["if", "readout"]


def test_windows_of_several_divisors_fold_into_matrices_but_not_into_convolutions() -> None:
    pool = AvgPool2d(3, 2, 1, count_include_pad=False)
    check_outputs(pooled(pool, ("fc", Linear(weights(2, 18)))), "folded")
    network = pooled(pool, ("conv", Conv2d(weights(2, 2, 2, 2))), ("relu2", ReLU()))
    with pytest.raises(ValueError, match=r"'conv', a Conv2d behind an average pool .* divisors"):
        fold(network, pools="folded")
    check_outputs(network, "spiking")


def test_pools_of_concatenated_channels_are_one_population_each() -> None:
    network = graph(
        (2, 4, 4),
        ("a", ReLU()),
        ("conv", Conv2d(weights(3, 2, 1, 1))),
        ("b", ReLU()),
        ("both", Concat(), ["a", "b"]),
        ("pool", MaxPool2d(2)),
        ("fc", Linear(weights(2, 20))),
    )
    folded = check_outputs(network)
    assert [each.name for each in folded.populations] == ["a", "b", "pool.1", "pool.2", "fc"]
    assert folded["pool.2"].channels == (2, 5)
    assert [one.source for one in folded["fc"].projections] == ["pool.1", "pool.2"]


def test_a_max_pool_of_the_input_is_refused_by_name() -> None:
    network = graph((2, 4, 4), ("first", MaxPool2d(2)), ("fc", Linear(weights(2, 8))))
    with pytest.raises(ValueError, match="'first', a max pool of the network's input"):
        fold(network)
