"""Runs take turns, ratios are those of one round, and processes say when they end."""

from __future__ import annotations

import sys

import pytest
from peers.process import PeerFailedError, TimedProcess
from turns import in_turns, spread, times_as_fast

SERVER = """
import json, sys
print(json.dumps({"ready": True}), flush=True)
for number, _ in enumerate(sys.stdin):
    print(json.dumps({"seconds": number}), flush=True)
"""


def test_every_run_comes_once_in_each_round() -> None:
    order = []

    def run(name: str, seconds: float) -> float:
        order.append(name)
        return seconds

    found = in_turns([lambda: run("a", 1.0), lambda: run("b", 2.0)], 3)
    assert order == ["a", "b"] * 3
    assert found == [[1.0] * 3, [2.0] * 3]


def test_a_ratio_is_taken_inside_each_round() -> None:
    # Of medians it would be 2.
    assert times_as_fast([1.0, 2.0, 4.0], [3.0, 4.0, 20.0]) == 3.0
    assert times_as_fast([1.0], [3.0], work=10.0) == 30.0
    assert spread([1.0, 2.0, 4.0]) == 1.5


def test_a_process_times_a_run_for_every_line() -> None:
    process = TimedProcess("server", [sys.executable, "-c", SERVER])
    assert process.info == {"ready": True}
    assert [process.run(), process.run()] == [0.0, 1.0]
    process.close()


def test_a_process_that_ends_is_named() -> None:
    with pytest.raises(PeerFailedError, match="broken ended with 3"):
        TimedProcess("broken", [sys.executable, "-c", "raise SystemExit(3)"])
