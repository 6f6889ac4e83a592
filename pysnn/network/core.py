"""Networks on their way into the C++ core and back."""

from __future__ import annotations

from .. import _core
from ..nodes import AnyNode, WeightedNode, node_from_core
from .graph import Graph


def graph_to_core(graph: Graph) -> _core.Network:
    """Return the core's copy of a graph."""
    return _core.Network(
        graph.input_shape,
        [(each.name, each.node.to_core(), not _is_linear(each.node)) for each in graph.nodes],
    )


def graph_from_core(core: _core.Network) -> Graph:
    """Return the graph that the core holds, with copies of its weights."""
    nodes = [
        node_from_core(node, "relu" if is_relu else "none") for _, node, is_relu in core.layers
    ]
    return Graph.chain(core.input_shape, [name for name, _, _ in core.layers], nodes)


def _is_linear(node: AnyNode) -> bool:
    return isinstance(node, WeightedNode) and node.activation == "none"
