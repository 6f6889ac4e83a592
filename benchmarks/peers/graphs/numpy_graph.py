"""A graph simulated by NumPy, step by step: what the tests hold the description against.

Arrays are channel-first, as the problem has them; nothing here is meant to be fast.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from graphs.graph import INPUT, GraphProblem, Population
from graphs.synapses import product
from numpy.typing import NDArray

Array = NDArray[Any]


def outputs(problem: GraphProblem, drive: Array) -> NDArray[np.float64]:
    """Return potentials of the readout, or spikes of each output neuron, after all steps.

    Args:
        problem: The network.
        drive: What `GraphProblem.batch` returns.
    """
    count = len(drive)
    potential = {
        each.name: np.broadcast_to(each.initial_potential, (count, *each.shape)).copy()
        for each in problem.populations
    }
    last = problem.populations[-1]
    total = np.zeros((count, problem.num_classes))
    for step in range(problem.num_steps):
        spikes: dict[str, Array] = {}
        if not problem.is_constant:
            spikes[INPUT] = drive[:, step].astype(np.float32)
        for population in problem.populations:
            v = potential[population.name]
            v += currents(population, spikes, drive)
            if population.fires:
                spikes[population.name] = fire(population, v)
        total += spikes[last.name] if last.fires else 0
    return total if last.fires else potential[last.name].astype(np.float64)


def currents(population: Population, spikes: dict[str, Array], drive: Array) -> Array:
    """Return what a population's membrane potentials gain in a step."""
    total = np.zeros((len(drive), *population.shape), dtype=np.float32)
    if INPUT not in spikes and population.reads_input:
        return drive
    for projection in population.projections:
        total += product(projection, spikes[projection.source])
    return total + population.bias


def fire(population: Population, v: Array) -> Array:
    """Return the spikes of a step, and reset the membrane potentials in place."""
    fired = v >= np.float32(population.threshold)
    v[fired] = v[fired] - np.float32(population.threshold) if population.subtracts else 0
    return fired.astype(np.float32)
