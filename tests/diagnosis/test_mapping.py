"""Populations are found in a graph by their names and by what feeds them."""

from __future__ import annotations

import numpy as np
import pytest

import pysnn
from pysnn.diagnosis.matching.mapping import match
from pysnn.diagnosis.matching.tails import tails
from pysnn.network import Graph


def ones(num_outputs: int, num_inputs: int) -> pysnn.Linear:
    return pysnn.Linear(np.ones((num_outputs, num_inputs)))


def branched() -> Graph:
    """Return a graph with two branches: 2-3 (left) and 2-4-5-1 (right, flat, last)."""
    return Graph(
        (2,),
        [
            ("left", ones(3, 2), ["input"]),
            ("right", ones(4, 2), ["input"]),
            ("flat", pysnn.Flatten(), ["right"]),
            ("middle", ones(5, 4), ["flat"]),
            ("last", ones(1, 5), ["middle"]),
        ],
    )


def connected(*populations: tuple[str, int, str]) -> pysnn.SpikingNetwork:
    """Return populations of a name, a size and one source each."""
    snn = pysnn.SpikingNetwork(2)
    sizes = {"input": 2}
    for name, size, source in populations:
        snn.add_population(name, size)
        snn.connect(source, name, ones(size, sizes[source]))
        sizes[name] = size
    return snn


def test_populations_of_branches_are_found_by_name_in_any_order() -> None:
    snn = connected(
        ("right", 4, "input"), ("middle", 5, "right"), ("left", 3, "input"), ("last", 1, "middle")
    )
    stages = match(branched(), snn)
    assert [stage.position for stage in stages] == [1, 3, 0, 4]
    assert [stage.node.name for stage in stages] == ["right", "middle", "left", "last"]
    assert [stage.sources for stage in stages] == [("input",), ("right",), ("input",), ("middle",)]


def test_populations_of_other_names_are_found_by_sources_and_structure() -> None:
    snn = connected(("a", 4, "input"), ("b", 3, "input"), ("c", 5, "a"), ("d", 1, "c"))
    assert [stage.node.name for stage in match(branched(), snn)] == [
        "right",
        "left",
        "middle",
        "last",
    ]


def test_a_name_does_not_stand_against_what_feeds_the_population() -> None:
    # "middle" is fed by the input: it can only be one of the branches.
    snn = connected(("middle", 4, "input"), ("left", 3, "input"), ("b", 5, "middle"), ("c", 1, "b"))
    assert [stage.node.name for stage in match(branched(), snn)] == [
        "right",
        "left",
        "middle",
        "last",
    ]


def test_a_name_does_not_stand_against_the_structure_either() -> None:
    snn = connected(("left", 4, "input"), ("right", 3, "input"), ("b", 5, "left"), ("c", 1, "b"))
    assert [stage.position for stage in match(branched(), snn)] == [1, 0, 3, 4]


def test_a_population_that_nothing_in_the_network_is_fed_like_is_refused() -> None:
    snn = connected(("left", 3, "input"), ("right", 4, "input"), ("b", 5, "left"), ("c", 1, "b"))
    with pytest.raises(ValueError, match=r"'b' with sources \['left'\].*'middle' .*\['right'\]"):
        match(branched(), snn)


def test_scales_are_one_per_neuron_of_the_population() -> None:
    network = pysnn.Network([pysnn.Conv2d(np.ones((2, 1, 2, 2)))], (1, 3, 3))
    (stage,) = match(network.graph, pysnn.convert(network, method="model"))
    np.testing.assert_array_equal(stage.scale, np.full(8, 4.0))
    (stage,) = match(Graph.chain((2,), ["a"], [ones(3, 2)]), connected(("a", 3, "input")))
    np.testing.assert_array_equal(stage.scale, np.ones(3))


def test_a_tail_begins_with_the_source_of_its_first_population() -> None:
    snn = connected(("a", 4, "input"), ("b", 5, "a"), ("c", 1, "b"))
    ends = tails(snn)
    assert [end.sources for end in ends] == [("input",), ("a",), ("b",)]
    assert ends[0].network == snn
    assert [p.name for p in ends[1].network.populations] == ["b", "c"]
    assert ends[1].network.input_shape == (4,)


def test_several_sources_of_a_tail_are_parts_of_one_input() -> None:
    snn = connected(("left", 3, "input"), ("right", 4, "input"), ("last", 1, "left"))
    _, tail, last = tails(snn)
    assert tail.sources == ("input", "left")
    assert tail.network.input_shape == (5,)
    rates = {"input": np.full((1, 2), 0.5, np.float32), "left": np.ones((1, 3), np.float32)}
    np.testing.assert_array_equal(tail.samples(rates), [[0.5, 0.5, 1, 1, 1]])
    assert last.sources == ("left",)


def images() -> pysnn.SpikingNetwork:
    """Return populations of several sizes with shortcuts, a max pool and spikes of both signs."""
    rng = np.random.default_rng(0)
    snn = pysnn.SpikingNetwork((2, 8, 6))
    options = {"reset": "subtract", "initial_potential": 0.5}

    def kernels(outputs: int, inputs: int) -> np.ndarray:
        return rng.normal(0.1, 0.4, (outputs, inputs, 3, 3))

    snn.add_population("a", (3, 8, 6), **options)
    snn.connect("input", "a", pysnn.Conv2d(kernels(3, 2), padding=1))
    snn.add_population("b", (4, 4, 3), neuron="bipolar")
    snn.connect("a", "b", pysnn.Conv2d(kernels(4, 3), stride=2, padding=1))
    snn.add_population("pool", (4, 4, 3), neuron="max_pool")
    snn.connect("b", "pool", pysnn.MaxPool2d(3, 1, 1))
    snn.add_population("c", (4, 4, 3), **options, bias=rng.normal(size=4))
    snn.connect("pool", "c", pysnn.Conv2d(kernels(4, 4), padding=1))
    snn.connect("a", "c", pysnn.Identity(np.ones(3), stride=2, out_channels=4))
    snn.connect("b", "c", pysnn.Identity(np.ones(4)))
    snn.add_population("out", 5, neuron="readout")
    snn.connect("c", "out", pysnn.Linear(rng.normal(0, 0.3, (5, 48))))
    snn.connect("b", "out", pysnn.Linear(rng.normal(0, 0.3, (5, 48))))
    return snn


def test_a_tail_sees_the_spikes_of_its_sources_as_the_whole_network_does() -> None:
    # Spikes of the sources are taken from the network, and given to the tails one by one.
    snn = images()
    x = np.random.default_rng(1).random((3, 2, 8, 6)).astype(np.float32)
    whole = pysnn.simulate(snn, x, duration=0.03, encoding="regular", record="spikes")
    drawn = pysnn.regular_spikes(x.reshape(3, -1), duration=0.03)
    spikes = {"input": drawn, **whole.spikes}
    for tail in tails(snn)[1:]:
        steps = []
        for t in range(30):
            rates = {
                name: spikes[name][t].reshape(3, -1).astype(np.float32) for name in tail.sources
            }
            steps.append(tail.samples(rates).reshape(3, -1).astype(np.int8))
        given = np.stack(steps)
        signed = tail.network.input_range.is_signed
        result = pysnn.simulate(
            tail.network, spikes=given if signed else given.astype(bool), bias_scale=1.0
        )
        np.testing.assert_array_equal(result.output_potentials, whole.output_potentials)
