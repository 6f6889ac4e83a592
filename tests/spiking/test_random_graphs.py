"""Random graphs of every kind: the core equals the reference in every bit."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from graph_checks import check_graph

TOOL = Path(__file__).parents[2] / "tools" / "check_graphs.py"

# Blocks of seeds, so that a failure names few of them; tools/check_graphs.py runs more.
BLOCK = 10


@pytest.mark.parametrize("block", range(24))
def test_random_graphs_equal_the_reference_in_every_bit(block: int) -> None:
    for seed in range(block * BLOCK, (block + 1) * BLOCK):
        try:
            check_graph(seed)
        except AssertionError as error:
            raise AssertionError(f"seed {seed}") from error


@pytest.mark.parametrize("cpu", ["baseline", "avx2", "avx512", "neon"])
def test_every_cpu_target_equals_the_reference(cpu: str) -> None:
    done = subprocess.run(
        [sys.executable, "-P", str(TOOL), "--first", "1000", "--count", "40", "--jobs", "1"],
        env={**os.environ, "PYSNN_CPU": cpu},
        capture_output=True,
        text=True,
        timeout=600,
    )
    if done.returncode != 0 and "PYSNN_CPU" in done.stdout + done.stderr:
        pytest.skip(f"this machine has no {cpu}")
    assert done.returncode == 0, done.stdout[-3000:]
