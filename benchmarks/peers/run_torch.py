"""PyTorch: one step of the whole network as a function, compiled by torch.compile.

Generic code, not a package for spiking networks. Drawing the input is part of what is compiled.
"""

# mypy: disable-error-code="import-not-found"

from __future__ import annotations

from typing import Any

import harness
import torch
from graphs.graph import BATCH_SIZES, TRIAL_IMAGES
from graphs.torch_graph import LAYERS, torch_graph
from peer import Peer, Setting
from problem import Problem
from torch_network import CHANNELS_LAST, COMPILED, FROZEN, Neuron, StepSimulator


def neuron(threshold: float) -> Neuron:
    """Return a population that is reset to zero."""

    def run(currents: Any, membrane: Any) -> tuple[Any, Any]:
        membrane = membrane + currents
        fired = membrane >= threshold
        return fired.float(), torch.where(fired, 0.0, membrane)

    return run


def prepare(problem: Problem, setting: Setting, seed: int) -> StepSimulator:
    """Return the network, compiled if the variant says so."""
    neurons = [neuron(layer.threshold) for layer in problem.layers]
    return StepSimulator(problem, setting, seed, neurons)


if __name__ == "__main__":
    harness.main(
        Peer(
            name="torch",
            packages=("torch",),
            prepare=prepare,
            batch_sizes=(50, 100, 250, 500),
            variants=(COMPILED, f"{COMPILED} {FROZEN}", "eager"),
            image_variants=(f"{COMPILED} {CHANNELS_LAST}", f"{COMPILED} {FROZEN} {CHANNELS_LAST}"),
        ),
        Peer(
            name="torch",
            packages=("torch",),
            prepare=torch_graph,
            batch_sizes=BATCH_SIZES,
            variants=(LAYERS, "steps"),
            image_variants=(f"{LAYERS} {CHANNELS_LAST}", f"steps {CHANNELS_LAST}"),
            graphs=True,
            trial_images=TRIAL_IMAGES,
        ),
    )
