"""Graphs in SpikingJelly: its IFNode in multi-step mode, the same weights and thresholds."""

# mypy: disable-error-code="import-not-found"

from __future__ import annotations

from typing import Any

from graphs.graph import GraphProblem, Population
from graphs.torch_graph import LayersGraph, Neuron
from peer import Setting
from spikingjelly.activation_based.neuron import IFNode


def neuron(population: Population) -> Neuron:
    """Return the neurons of a population."""
    node = IFNode(
        v_threshold=population.threshold,
        v_reset=None if population.subtracts else 0.0,
        step_mode="m",
    ).eval()

    def run(currents: Any, v: Any) -> Any:
        node.reset()
        node.v = v  # it begins at 0 by itself
        return node(currents)

    return run


def spikingjelly_graph(problem: GraphProblem, setting: Setting, seed: int) -> LayersGraph:
    """Return the simulator; products see steps and images as one axis, as its own layers do."""
    del seed
    return LayersGraph(problem, setting, neuron)
