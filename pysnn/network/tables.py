"""The table that a network is shown as."""

from __future__ import annotations

from .._base.tables import Table
from .graph import INPUT, Graph


def network_table(graph: Graph) -> Table:
    """Return the nodes, their output shapes and numbers of parameters, the whole number below.

    Graphs that are no chains show the kinds of their nodes and what they read, too.
    """
    num_parameters = sum(each.node.num_parameters for each in graph.nodes)
    return _chain(graph, num_parameters) if graph.is_chain else _nodes(graph, num_parameters)


def _chain(graph: Graph, num_parameters: int) -> Table:
    rows: list[tuple[str, ...]] = [("input", str(graph.input_shape), "")]
    rows += [
        (each.name, str(each.output_shape), f"{each.node.num_parameters:,}") for each in graph.nodes
    ]
    rows.append(("total", "", f"{num_parameters:,}"))
    return ("layer", "output shape", "parameters"), rows


def _nodes(graph: Graph, num_parameters: int) -> Table:
    rows: list[tuple[str, ...]] = [(INPUT, "", "", str(graph.input_shape), "")]
    rows += [
        (
            each.name,
            type(each.node).__name__,
            ", ".join(each.inputs),
            str(each.output_shape),
            f"{each.node.num_parameters:,}",
        )
        for each in graph.nodes
    ]
    rows.append(("total", "", "", "", f"{num_parameters:,}"))
    return ("node", "kind", "inputs", "output shape", "parameters"), rows
