"""Successive halving: many candidates on few samples, the best of them on more.

Source: K. Jamieson and A. Talwalkar, Non-stochastic best arm identification and hyperparameter
optimization, AISTATS 2016.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..compare import Comparison

Cost = Literal["operations", "steps"]

_FIRST_SAMPLES = 100
_GROWTH = 4
_KEPT = 3  # one of so many goes on
_LEAST_KEPT = 2
_STEPS_BEYOND = 4


@dataclass(frozen=True)
class Goal:
    """What is looked for.

    Attributes:
        max_loss: Largest loss of accuracy, in shares of samples.
        cost: What is to be small.
    """

    max_loss: float
    cost: Cost


def rung_sizes(num_samples: int) -> tuple[int, ...]:
    """Return how many samples the candidates of each round have seen, at its end."""
    sizes = [num_samples]
    while sizes[0] // _GROWTH >= _FIRST_SAMPLES:
        sizes.insert(0, sizes[0] // _GROWTH)
    return tuple(sizes)


def num_kept(num_candidates: int) -> int:
    """Return how many of some candidates go on to the next round."""
    return min(num_candidates, max(_LEAST_KEPT, -(-num_candidates // _KEPT)))


def costs(trial: Comparison, cost: Cost) -> NDArray[np.float64]:
    """Return what each reading of a candidate costs, (num_readings,)."""
    if cost == "steps":
        return trial.steps.astype(np.float64)
    found: NDArray[np.float64] = trial.mean_synaptic_operations[0]
    return found


def best_reading(trial: Comparison, goal: Goal, slack: float = 0.0) -> tuple[int, bool]:
    """Return the cheapest reading within the loss, or else the one that loses least.

    Args:
        trial: Figures of one candidate.
        goal: The loss.
        slack: Standard errors of the loss that are forgiven: a candidate must not drop out for
            what chance explains. Below 0: that must be left.

    Returns:
        Its index, and whether it is within the loss.
    """
    lost, gained = trial.num_lost[0], trial.num_gained[0]
    error = np.sqrt(lost + gained - (lost - gained) ** 2 / trial.num_samples) / trial.num_samples
    within = trial.loss[0] - slack * error <= goal.max_loss + 1e-12
    if within.any():
        return int(np.argmax(within)), True
    return int(np.argmin(trial.loss[0])), False


def ranked(trials: Sequence[Comparison], goal: Goal, slack: float = 0.0) -> list[int]:
    """Return the indices of candidates, the best one first.

    Those within the loss by what they cost then, and the others by their loss; of equal ones the
    first.
    """

    def key(i: int) -> tuple[bool, float, float]:
        trial = trials[i]
        reading, is_within = best_reading(trial, goal, slack)
        cost, loss = float(costs(trial, goal.cost)[reading]), float(trial.loss[0, reading])
        return (False, cost, loss) if is_within else (True, loss, cost)

    return sorted(range(len(trials)), key=key)


def steps_to_come(trial: Comparison, goal: Goal) -> tuple[int, ...]:
    """Return the numbers of steps that a candidate is worth being read off at in the next round.

    Where it is surely within the loss, up to four times that number of steps; all otherwise.
    """
    reading, is_within = best_reading(trial, goal, slack=-1.0)
    steps: list[int] = trial.steps.tolist()
    if not is_within:
        return tuple(steps)
    return tuple(each for each in steps if each <= _STEPS_BEYOND * steps[reading])
