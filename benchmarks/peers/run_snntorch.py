"""snnTorch: Leaky neurons without leak, all layers in every step.

snnTorch fires where the membrane potential lies above the threshold, not at it, so the threshold is
the next smaller float32: the same network. It is told to reset in the step of the spike.
"""

# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import harness
import snntorch
from peer import Peer, Setting
from problem import Problem, just_below
from torch_network import CHANNELS_LAST, COMPILED, StepSimulator


def prepare(problem: Problem, setting: Setting, seed: int) -> StepSimulator:
    """Return the network."""
    neurons = [
        snntorch.Leaky(
            beta=1.0,
            threshold=just_below(layer.threshold),
            reset_mechanism="zero",
            reset_delay=False,
        )
        for layer in problem.layers
    ]
    return StepSimulator(problem, setting, seed, neurons)


if __name__ == "__main__":
    harness.main(
        Peer(
            name="snntorch",
            packages=("snntorch", "torch"),
            prepare=prepare,
            variants=("eager", COMPILED),
            image_variants=(CHANNELS_LAST, f"{COMPILED} {CHANNELS_LAST}"),
        )
    )
