"""The graph inside of a network: names, order, shapes, who reads whom."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest

import pysnn
from pysnn import _core
from pysnn.network import INPUT, Graph, Network
from pysnn.nodes import AvgPool2d, Conv2d, Flatten, Linear
from pysnn.training.trainable import check_trainable


def chain() -> Network:
    return Network(
        [Conv2d(np.ones((2, 1, 3, 3))), AvgPool2d(2), Flatten(), Linear(np.ones((3, 8)))],
        input_shape=(1, 6, 6),
    )


def test_a_chain_reads_the_node_before() -> None:
    nodes = chain().graph.nodes
    assert [each.name for each in nodes] == ["conv1", "pool1", "flatten1", "linear1"]
    assert [each.inputs for each in nodes] == [(INPUT,), ("conv1",), ("pool1",), ("flatten1",)]
    assert [each.input_shape for each in nodes] == [(1, 6, 6), (2, 4, 4), (2, 2, 2), (8,)]
    assert [each.output_shape for each in nodes] == [(2, 4, 4), (2, 2, 2), (8,), (3,)]
    assert chain().graph.is_chain


def branches() -> Graph:
    """Return two readers of one source; the last of them is the output."""
    return Graph(
        (2,),
        [
            ("a", Linear([[1.0, 2.0]]), [INPUT]),
            ("b", Linear([[3.0]]), ["a"]),
            ("c", Linear([[4.0]]), ["a"]),
        ],
    )


def test_a_node_may_read_any_earlier_node() -> None:
    graph = branches()
    assert [each.input_shapes for each in graph.nodes] == [((2,),), ((1,),), ((1,),)]
    assert not graph.is_chain


def test_graphs_compare_by_nodes_and_by_who_reads_whom_but_not_by_names() -> None:
    def graph(last: str, weight: float = 4.0) -> Graph:
        nodes = [("a", Linear([[1.0]]), [INPUT]), ("b", Linear([[3.0]]), ["a"])]
        return Graph((1,), [*nodes, ("c", Linear([[weight]]), [last])])

    assert graph("a") == graph("a")
    assert graph("a") != graph("b")
    assert graph("a") != graph("a", weight=5.0)
    renamed = [("x", Linear([[1.0]]), [INPUT]), ("y", Linear([[3.0]]), ["x"])]
    assert graph("a") == Graph((1,), [*renamed, ("z", Linear([[4.0]]), ["x"])])
    assert Graph((2,), [("a", Flatten(), [INPUT])]) != Graph((3,), [("a", Flatten(), [INPUT])])


@pytest.mark.parametrize("source", ["b", "c", "d", "inputs"])
def test_an_input_that_is_no_earlier_node_is_refused(source: str) -> None:
    nodes = [("a", Linear([[1.0]]), [INPUT]), ("b", Linear([[1.0]]), [source])]
    with pytest.raises(ValueError, match=rf"'b' reads from '{source}', which is no earlier node"):
        Graph((1,), [*nodes, ("c", Linear([[1.0]]), ["b"])])


def test_a_name_that_is_taken_is_refused() -> None:
    nodes = [("a", Linear([[1.0]]), [INPUT]), ("a", Linear([[1.0]]), ["a"])]
    with pytest.raises(ValueError, match="node 1 is named 'a', which is used twice"):
        Graph((1,), nodes)


def test_the_core_gives_back_the_graph() -> None:
    core = _core.Network(
        (2,),
        [
            ("a", _core.Linear(np.ones((3, 2), np.float32)), "relu", []),
            ("b", _core.Linear(np.ones((2, 3), np.float32)), "none", ["a"]),
        ],
    )
    network = Network.from_core(core)
    assert network.layer_names == ("a", "b")
    assert network.graph.is_chain
    assert network == Network(
        [Linear(np.ones((3, 2))), Linear(np.ones((2, 3)), activation="none")], 2
    )
    again = [(name, activation, inputs) for name, _, activation, inputs in network.to_core().nodes]
    assert again == [("a", "relu", []), ("b", "none", [])]


def test_training_needs_a_chain(monkeypatch: pytest.MonkeyPatch) -> None:
    network = pysnn.models.mlp((2, 1, 1, 1))
    monkeypatch.setattr(network, "_graph", branches())
    with pytest.raises(ValueError, match="network is no chain"):
        check_trainable(network)


def test_copies_and_pickles_have_graphs_of_their_own() -> None:
    for other in (copy.deepcopy(chain()), pickle.loads(pickle.dumps(chain()))):
        assert other == chain()
        assert other.layer_names == chain().layer_names
        other.layers[0].weight[...] += 1
        assert other != chain()
