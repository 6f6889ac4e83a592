"""Every long job on a small problem, and all bits of what it gives."""

from __future__ import annotations

import dataclasses
import hashlib
import pickle
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np

import pysnn
from pysnn.experiments import first_spike, over_time, stopping, sweep

NUM_SAMPLES = 60
NUM_STEPS = 24

Run = Callable[..., Any]
"""Runs a job with an executor, or None."""


@cache
def network() -> pysnn.Network:
    return pysnn.models.mlp((6, 12, 3), seed=1)


@cache
def x() -> np.ndarray:
    return np.random.default_rng(3).random((NUM_SAMPLES, 6), dtype=np.float32)


@cache
def y() -> np.ndarray:
    labels = network().classify(x())
    labels[::5] = 0
    return labels


@cache
def snn() -> pysnn.SpikingNetwork:
    return pysnn.convert(network(), method="data", x=x())


@cache
def signed() -> pysnn.SpikingNetwork:
    return pysnn.convert(network(), recipe="signed", x=x())


def simulate(executor: object, **options: Any) -> object:
    records = ("spikes", "potentials", "counts", "balance")
    return pysnn.simulate(
        snn(), x(), num_steps=NUM_STEPS, seed=5, record=records, executor=executor, **options
    )


def simulate_signed(executor: object) -> object:
    return pysnn.simulate(signed(), x(), num_steps=NUM_STEPS, executor=executor)


def simulate_trains(executor: object) -> object:
    trains = np.random.default_rng(4).random((NUM_STEPS, NUM_SAMPLES, 6)) < 0.4
    return pysnn.simulate(snn(), spikes=trains, stop_margin=3, executor=executor)


def simulate_totals(executor: object) -> object:
    result = pysnn.simulate(
        snn(), x(), num_steps=NUM_STEPS, seed=5, y=y(), keep_trains=False, executor=executor
    )
    return result.spike_counts, result.predictions, result.accuracy()


def swept(executor: object) -> object:
    grid = {"max_rates": (200.0, 900.0), "thresholds": (0.5, 1.0, 2.0)}
    return sweep.sweep(snn(), x(), y(), **grid, num_steps=NUM_STEPS, executor=executor)


def compared(executor: object) -> object:
    recipes = ["diehl2015", "opi2022", ("signed", {"percentile": 90.0})]
    return pysnn.compare(
        network(),
        x(),
        y(),
        x_calibration=x()[:30],
        recipes=recipes,
        num_steps=NUM_STEPS,
        executor=executor,
    )


def tuned(executor: object) -> object:
    return pysnn.tune(
        network(),
        x(),
        y(),
        x_calibration=x()[:30],
        recipes=["diehl2015", "signed"],
        percentiles=(99.0,),
        num_steps=NUM_STEPS,
        executor=executor,
    )


def in_time(executor: object) -> object:
    cases = over_time.convert_cases(network(), x())
    return over_time.accuracy_over_time(
        network(), cases, x(), y(), num_steps=NUM_STEPS, seeds=(0, 7), executor=executor
    )


def first(executor: object) -> object:
    return first_spike.first_spike(snn(), x(), y(), num_steps=NUM_STEPS, executor=executor)


def stopped(executor: object) -> object:
    return stopping.stopping(snn(), x(), y(), (1, 3), 4, num_steps=NUM_STEPS, executor=executor)


def diagnosed(executor: object) -> object:
    return pysnn.diagnose(
        network(), signed(), x(), y=y(), num_steps=NUM_STEPS, batch_size=8, executor=executor
    )


JOBS: dict[str, Run] = {
    "simulate": simulate,
    "simulate_totals": simulate_totals,
    "simulate signed neurons": simulate_signed,
    "simulate spike trains": simulate_trains,
    "sweep": swept,
    "compare": compared,
    "tune": tuned,
    "over time": in_time,
    "first spike": first,
    "stopping": stopped,
    "diagnose": diagnosed,
}


@cache
def alone(name: str) -> str:
    """Return the digest of what a job gives without an executor."""
    return digest(JOBS[name](None))


def digest(value: object) -> str:
    """Return a hash of every bit of a result: types, shapes and contents of all that it holds."""
    found = hashlib.sha256()
    _add(value, found.update)
    return found.hexdigest()


def _add(value: object, update: Callable[[bytes], object]) -> None:
    update(type(value).__name__.encode())
    if isinstance(value, pysnn.SimulationResult):
        _add(value._arrays(), update)
    elif isinstance(value, np.ndarray):
        update(f"{value.dtype}{value.shape}".encode() + value.tobytes())
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            _add(getattr(value, field.name), update)
    elif isinstance(value, Mapping):
        for key, each in value.items():
            update(repr(key).encode())
            _add(each, update)
    elif isinstance(value, list | tuple):
        for each in value:
            _add(each, update)
    elif isinstance(value, pysnn.SpikingNetwork):
        update(pysnn.io.to_bytes(value))
    else:
        update(pickle.dumps(value))
