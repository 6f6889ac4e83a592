"""norse: its functional integrate-and-fire step, all layers in every step.

norse fires where the membrane potential lies above the threshold, not at it, so the threshold is
the next smaller float32: the same network.
"""

# mypy: disable-error-code="import-not-found"

from __future__ import annotations

from typing import Any

import harness
import torch
from norse.torch.functional.iaf import IAFFeedForwardState, IAFParameters, iaf_feed_forward_step
from peer import Peer, Setting
from problem import Problem, just_below
from torch_network import CHANNELS_LAST, COMPILED, Neuron, StepSimulator


def neuron(threshold: float) -> Neuron:
    """Return a population that is reset to zero."""
    parameters = IAFParameters(v_th=torch.tensor(just_below(threshold)))

    def run(currents: Any, membrane: Any) -> tuple[Any, Any]:
        spikes, state = iaf_feed_forward_step(currents, IAFFeedForwardState(membrane), parameters)
        return spikes, state.v

    return run


def prepare(problem: Problem, setting: Setting, seed: int) -> StepSimulator:
    """Return the network."""
    neurons = [neuron(layer.threshold) for layer in problem.layers]
    return StepSimulator(problem, setting, seed, neurons)


if __name__ == "__main__":
    harness.main(
        Peer(
            name="norse",
            packages=("norse", "torch"),
            prepare=prepare,
            variants=("eager", COMPILED),
            image_variants=(CHANNELS_LAST, f"{COMPILED} {CHANNELS_LAST}"),
        )
    )
