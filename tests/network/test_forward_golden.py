"""Predictions and conversions have the same bits everywhere: digests of them, kept here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from forward_digests import forward_digests

CPU_LEVELS = ("baseline", "avx2", "avx512", "neon")

GOLDEN = {
    "vectors: activations": "63c9ca90d92f2d26",
    "vectors: predictions": "5b51748d6930cae1",
    "vectors: factors, correct": "4baa9caacb1dedd5",
    "vectors: weights, correct": "679baa58135573a3",
    "vectors: factors, released": "18b782262c5ff80b",
    "vectors: weights, released": "4063f0e246b21253",
    "vectors: scales, percentile": "43432eef5c7daae7",
    "vectors: scales, mmse": "bb952a85ae3de9f2",
    "vectors: scales, balanced": "ec5ed4dfdd028291",
    "vectors: scales, gaussian": "5b9c193b8842c301",
    "vectors: spikes": "da5e67b291d94bf3",
    "images: activations": "36390b87161d3dfa",
    "images: predictions": "3bdd268a7889250d",
    "images: factors, correct": "0abd421ccbc472db",
    "images: weights, correct": "32420c0301c3bbc0",
    "images: factors, released": "083d1b55bbade252",
    "images: weights, released": "028cbdb944bb49d8",
    "images: scales, percentile": "504e08999b507c28",
    "images: scales, mmse": "5e0adb6582bb7035",
    "images: scales, balanced": "b9b078c86ea81e6d",
    "images: scales, gaussian": "2bf5071a16ae3a58",
    "images: spikes": "907d8e30f5244150",
}

_CHILD = """
import json, sys
sys.path.insert(0, sys.argv[1])
from forward_digests import forward_digests
print(json.dumps(forward_digests()))
"""


def digests_of_a_child(**environment: str) -> dict[str, str] | None:
    """Return what a process with these variables finds; None on a CPU that it does not have."""
    run = subprocess.run(
        [sys.executable, "-P", "-c", _CHILD, str(Path(__file__).parents[1] / "support")],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )
    if "which this CPU does not have" in run.stderr:
        return None
    assert run.returncode == 0, run.stderr
    found: dict[str, str] = json.loads(run.stdout)
    return found


@pytest.mark.parametrize("num_threads", [1, 2, 5])
@pytest.mark.parametrize("batch_size", [1, 7, 1000])
def test_digests_do_not_depend_on_batches_and_threads(batch_size: int, num_threads: int) -> None:
    assert forward_digests(batch_size, num_threads) == GOLDEN


@pytest.mark.parametrize("cpu", CPU_LEVELS)
def test_digests_do_not_depend_on_the_instruction_set(cpu: str) -> None:
    found = digests_of_a_child(PYSNN_CPU=cpu)
    if found is None:
        pytest.skip(f"this CPU does not have {cpu}")
    assert found == GOLDEN


@pytest.mark.parametrize("threads", ["1", "2", "5"])
def test_digests_do_not_depend_on_threads_of_openmp_and_blas(threads: str) -> None:
    assert digests_of_a_child(OPENBLAS_NUM_THREADS=threads, OMP_NUM_THREADS=threads) == GOLDEN


def test_digests_do_not_depend_on_the_kernels_of_blas() -> None:
    assert digests_of_a_child(OPENBLAS_CORETYPE="Prescott") == GOLDEN
