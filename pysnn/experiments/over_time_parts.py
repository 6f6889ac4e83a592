"""Accuracy over time in parts: what is counted of one network and seed on some samples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..parallel.job import Job
from ..parallel.messages.calls import Arrays, Part
from ..spiking import Stimulus, simulate
from ..spiking.parts import as_settings, part_stimulus, shared_network
from .accuracy_curve import AccuracyCurve
from .over_time_result import OverTimeCase


@dataclass(frozen=True, eq=False)
class Run:
    """What is kept of a simulation with one seed."""

    curve: AccuracyCurve
    num_lost: int
    num_gained: int

    @classmethod
    def total(cls, parts: Sequence[Arrays], num_samples: int, dt: float) -> Run:
        """Put what parts counted together."""
        num_correct = np.sum([part["num_correct"] for part in parts], axis=0)
        return cls(
            curve=AccuracyCurve((num_correct / num_samples)[np.newaxis], dt, num_samples),
            num_lost=int(sum(part["num_lost"] for part in parts)),
            num_gained=int(sum(part["num_gained"] for part in parts)),
        )


def over_time_job(case: OverTimeCase, seed: int, common: Stimulus, num_steps: int) -> Job:
    """Return the job of one case and seed.

    Args:
        case: The network, and its rate.
        seed: Seed of the input.
        common: How samples drive all networks, but for rate and seed.
        num_steps: Number of steps.
    """
    stimulus = common.changed(max_rate=case.max_rate, seed=seed)
    return Job(
        kind="over_time",
        name=f"{case.name}, seed {seed}",
        function=count_right,
        settings={"num_steps": num_steps, "stimulus": as_settings(stimulus)},
        values=(shared_network(case.snn),),
    )


def count_right(part: Part) -> Arrays:
    """Count the samples of a part that are right after each step."""
    (snn,) = part.values
    x, y, ann_right, ids = part.rows
    result = simulate(
        snn,
        x,
        num_steps=part.settings["num_steps"],
        num_threads=part.num_threads,
        progress=False,
        **part_stimulus(part.settings["stimulus"], ids).options(),
    )
    right = result.predictions == y
    return {
        "num_correct": np.count_nonzero(result.predictions_over_time == y, axis=1),
        "num_lost": np.array(np.count_nonzero(ann_right & ~right)),
        "num_gained": np.array(np.count_nonzero(~ann_right & right)),
    }
