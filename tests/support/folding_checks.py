"""Networks to fold, and what folding must keep."""

from __future__ import annotations

from typing import Any

import numpy as np
from reference_forward import reference_activations

from pysnn.conversion import FoldedNetwork
from pysnn.conversion.folding import fold_graph
from pysnn.network import Network
from pysnn.nodes import Node


def weights(*shape: int) -> np.ndarray[Any, Any]:
    return np.random.default_rng(sum(shape)).normal(0.1, 0.5, shape)


def graph(
    input_shape: tuple[int, ...], *nodes: tuple[str, Node] | tuple[str, Node, list[str]]
) -> Network:
    network = Network(input_shape=input_shape)
    for node in nodes:
        network.add(*node)
    return network


def shown(folded: FoldedNetwork) -> list[tuple[str, str, list[str]]]:
    """Return name, neuron and sources with their kinds of each population."""
    return [
        (each.name, each.neuron, [f"{one.source} {one.kind}" for one in each.projections])
        for each in folded.populations
    ]


def check_outputs(network: Network, pools: Any = "spiking") -> FoldedNetwork:
    """Check that folding changes no output beyond rounding."""
    folded = fold_graph(network.graph, pools=pools, signed_input=True)
    shape = (4, *network.input_shape)
    x = np.random.default_rng(1).uniform(-1, 1, shape).astype(np.float32)
    expected = reference_activations(network, x)[-1]
    largest = 1 + float(np.abs(expected).max())
    np.testing.assert_allclose(folded.predict(x), expected, rtol=0, atol=1e-5 * largest)
    return folded
