"""Networks on their way into the C++ core and back."""

from __future__ import annotations

from .. import _core
from ..nodes import Activation, AnyNode, WeightedNode, node_from_core
from .graph import INPUT, Graph


def graph_to_core(graph: Graph) -> _core.Network:
    """Return the core's copy of a graph."""
    nodes = []
    before = INPUT
    for each in graph.nodes:
        # The core leaves inputs out where a node reads the one before it, as in every chain.
        inputs = () if each.inputs == (before,) else each.inputs
        nodes.append((each.name, each.node.to_core(), _activation(each.node), inputs))
        before = each.name
    return _core.Network(graph.input_shape, nodes)


def graph_from_core(core: _core.Network) -> Graph:
    """Return the graph that the core holds, with copies of its weights."""
    nodes = []
    before = INPUT
    for name, node, activation, inputs in core.nodes:
        nodes.append((name, node_from_core(node, activation), inputs or [before]))
        before = name
    return Graph(core.input_shape, nodes)


def _activation(node: AnyNode) -> Activation:
    # The core gives nodes without weights a ReLU, which they have no use for.
    return node.activation if isinstance(node, WeightedNode) else "relu"
