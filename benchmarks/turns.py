"""Runs that are timed in turns, so that a machine whose speed drifts does so for all of them."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any


def clocked(call: Callable[[], Any]) -> Callable[[], float]:
    """Return a run for `in_turns`: a call that gives the seconds it took."""

    def run() -> float:
        start = time.perf_counter()
        call()
        return time.perf_counter() - start

    return run


def in_turns(runs: Sequence[Callable[[], float]], rounds: int) -> list[list[float]]:
    """Run each once a round, one after the other, and return the seconds of each by round."""
    seconds: list[list[float]] = [[] for _ in runs]
    for _ in range(rounds):
        for run, times in zip(runs, seconds, strict=True):
            times.append(run())
    return seconds


def times_as_fast(ours: Sequence[float], theirs: Sequence[float], work: float = 1.0) -> float:
    """Return how many times as fast ours is: the median of the ratios inside each round.

    Args:
        ours: Seconds of ours in each round.
        theirs: Seconds of theirs in the same rounds.
        work: What ours does in a run for each unit that theirs does.
    """
    return statistics.median(work * b / a for a, b in zip(ours, theirs, strict=True))


def spread(seconds: Sequence[float]) -> float:
    """Return the most minus the least, as a part of the median."""
    return (max(seconds) - min(seconds)) / statistics.median(seconds)
