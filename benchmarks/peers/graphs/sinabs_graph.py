"""Graphs in sinabs: its IAF with one spike per step at most, the same weights and thresholds."""

# mypy: disable-error-code="import-not-found"

from __future__ import annotations

from typing import Any

import torch
from graphs.graph import GraphProblem, Population
from graphs.torch_graph import LayersGraph, Neuron
from peer import Setting
from sinabs.activation import MembraneReset, MembraneSubtract, SingleSpike
from sinabs.layers import IAF


def neuron(population: Population) -> Neuron:
    """Return the neurons of a population."""
    layer = IAF(
        spike_threshold=torch.tensor(population.threshold),
        spike_fn=SingleSpike,
        reset_fn=MembraneSubtract() if population.subtracts else MembraneReset(),
    )

    def run(currents: Any, v: Any) -> Any:
        layer.v_mem = v  # it begins at 0 by itself
        return layer(currents)

    return run


def sinabs_graph(problem: GraphProblem, setting: Setting, seed: int) -> LayersGraph:
    """Return the simulator; neurons see (images, steps, ...)."""
    del seed
    return LayersGraph(problem, setting, neuron, time_axis=1)
