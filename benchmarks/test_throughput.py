"""Throughput of pysnn on every case, by pytest-benchmark.

Images a second and synaptic operations a second stand in each benchmark's extra_info, which
``--benchmark-json=FILE`` writes. ``-k fcn-1000hz-100`` picks a case, ``--num-images 1000`` makes it
short. Needs pytest-benchmark.

Usage:
    python -m pytest benchmarks/test_throughput.py
"""

from __future__ import annotations

from typing import Any

import own
import pytest
from cases import CASES, Case

import pysnn
from pysnn.datasets import Mnist, load_mnist
from pysnn.spiking import Precision

NUM_ROUNDS = 7


@pytest.fixture(scope="session")
def mnist() -> Mnist:
    """The data set."""
    return load_mnist()


@pytest.fixture(scope="module", params=CASES, ids=lambda case: case.key)
def case(request: pytest.FixtureRequest) -> Case:
    """One case after the other."""
    chosen: Case = request.param
    return chosen


@pytest.fixture(scope="module", params=["float32", "int16"])
def ready(request: pytest.FixtureRequest, case: Case, mnist: Mnist) -> own.OwnRun:
    """The case, built and checked, with the images that all benchmarks share."""
    precision: Precision = request.param
    num_threads = pysnn.default_num_threads()
    num_images: int | None = request.config.getoption("--num-images")
    return own.prepare(
        case, mnist, precision=precision, num_threads=num_threads, num_images=num_images
    )


def test_throughput(benchmark: Any, ready: own.OwnRun) -> None:
    benchmark.group = ready.case.key
    benchmark.pedantic(ready.run, rounds=NUM_ROUNDS, warmup_rounds=1)
    median = benchmark.stats.stats.median
    benchmark.extra_info.update(
        images_per_second=ready.num_images / median,
        synaptic_operations_per_second=ready.synaptic_operations / median,
        accuracy=ready.accuracy,
        num_images=ready.num_images,
        num_threads=ready.num_threads,
        cpu_target=pysnn.cpu_target(),
    )
