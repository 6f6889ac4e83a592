"""Objects of every public class are pickled and copied whole, and freed with their last name."""

from __future__ import annotations

import copy
import dataclasses
import functools
import gc
import importlib
import inspect
import pickle
import tempfile
import weakref
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import pytest

import pysnn
from pysnn.experiments import first_spike, over_time, stopping, sweep

MODULES = (
    "pysnn",
    "pysnn.datasets",
    "pysnn.metrics",
    "pysnn.spiking",
    "pysnn.experiments.first_spike",
    "pysnn.experiments.over_time",
    "pysnn.experiments.stopping",
    "pysnn.experiments.sweep",
)
X = np.random.default_rng(0).random((12, 6), dtype=np.float32)
Y = np.arange(12) % 3
RECORD = ("spikes", "potentials", "counts", "balance")
WAYS: dict[str, Callable[[Any], Any]] = {
    "pickled": lambda thing: pickle.loads(pickle.dumps(thing)),
    "copied": copy.copy,
    "deeply copied": copy.deepcopy,
}


def network() -> pysnn.Network:
    """Return a 6-5-3 network."""
    return pysnn.models.mlp((6, 5, 3), seed=0)


def snn() -> pysnn.SpikingNetwork:
    """Return it with spiking neurons, two of whose settings are others than usual."""
    return pysnn.convert(network(), method="data", x=X, refractory_period=2e-3, reset="subtract")


def image_network() -> pysnn.Network:
    """Return a network of a convolution, a pool and what leads to a vector."""
    return pysnn.Network(
        [pysnn.Conv2d(np.ones((2, 1, 3, 3))), pysnn.AvgPool2d(2), pysnn.Flatten()], (1, 6, 6)
    )


def simulation() -> pysnn.Simulation:
    """Return a simulation in mid course."""
    made = pysnn.Simulation(snn(), 12, seed=3, record=RECORD, progress=True)
    made.run(X, duration=0.031)
    return made


def accuracy_over_time() -> object:
    """Return accuracies of four cases over two seeds, and when one comes near its best."""
    cases = over_time.convert_cases(network(), X)
    result = over_time.accuracy_over_time(network(), cases, X, Y, duration=0.02, seeds=(0, 1))
    return cases, result, result.cases[0].time_within(1.0)


def grids() -> object:
    """Return grids of two networks, and the best point of one."""
    cases = sweep.sweep_networks(
        {"a": network()}, X, X, Y, num_samples=None, num_steps=5, max_rates=(100, 200)
    )
    return cases, cases[0].result.best


def record_files() -> pysnn.RecordFiles:
    """Return what is known of records in files, which are read when they are asked for."""
    with tempfile.TemporaryDirectory() as folder:
        pysnn.simulate(snn(), X, num_steps=3, record=RECORD, record_to=folder)
        return pysnn.RecordFiles(folder)


MADE: dict[str, Callable[[], object]] = {
    "network": network,
    "image network": image_network,
    "layers": lambda: image_network().layers,
    "nodes": lambda: (
        *(pysnn.AvgPool2d(2), pysnn.MaxPool2d(2), pysnn.Add(), pysnn.Concat(), pysnn.Flatten()),
        *(pysnn.Pad(1), pysnn.ReLU(), pysnn.Affine(2.0, 1.0), pysnn.Identity([1.0, 2.0])),
        pysnn.BatchNorm([1.0], [0.0], [0.5], [2.0]),
    ),
    "folded network": lambda: pysnn.fold(network()),
    "spiking network": snn,
    "rounding losses": lambda: snn().rounding_loss,
    "populations": lambda: snn().populations,
    "rounding loss": lambda: snn().rounding_loss,
    "normalization": lambda: pysnn.normalize(network(), method="data", x=X),
    "history": lambda: pysnn.train(network(), X, Y, epochs=1, progress=False),
    "result": lambda: pysnn.simulate(snn(), X, duration=0.03, record=RECORD),
    "record files": record_files,
    "balance": lambda: pysnn.simulate(snn(), X, duration=0.03, record="balance").balance,
    "simulation": simulation,
    "recipe": lambda: dataclasses.replace(pysnn.recipes["robust"], name="mine"),
    "quantized network": lambda: pysnn.quantize(snn()),
    "stimulus": lambda: pysnn.spiking.Stimulus.of(seed=3, sample_ids=[1, 2]),
    "report": lambda: pysnn.diagnose(network(), snn(), X, duration=0.02, y=Y, progress=False),
    "cost": lambda: pysnn.metrics.cost_over_time(snn(), X, duration=0.02),
    "metrics": lambda: pysnn.metrics.measure_spiking_network(snn(), X, Y, duration=0.02),
    "data set": lambda: pysnn.datasets.Mnist(X, Y.astype(np.uint8), X, Y.astype(np.uint8)),
    "errors": lambda: (pysnn.ModelFileError("text"), pysnn.datasets.DatasetError("text")),
    "accuracy curve": lambda: over_time.AccuracyCurve.of(
        pysnn.simulate(snn(), X, duration=0.03), Y
    ),
    "accuracy over time": accuracy_over_time,
    "first spikes": lambda: first_spike.first_spike(snn(), X, Y, duration=0.02),
    "stopping": lambda: stopping.stopping(snn(), X, Y, duration=0.02),
    "sweep": grids,
    "comparison": lambda: pysnn.compare(
        network(), X, Y, x_calibration=X, recipes=["robust"], num_steps=4, progress=False
    ),
    "tuning": lambda: pysnn.tune(
        network(),
        X,
        Y,
        x_calibration=X,
        recipes=[dataclasses.replace(pysnn.recipes["robust"], name="mine")],
        num_steps=4,
        progress=False,
    ),
    "conversion errors": lambda: pysnn.conversion_errors(
        network(), snn(), X, num_steps=4, progress=False
    ),
}


@functools.cache
def made(name: str) -> object:
    """Return one of them, made once."""
    return MADE[name]()


def parts(thing: object) -> Iterator[object]:
    """Yield an object and all that it holds."""
    yield thing
    if isinstance(thing, np.ndarray | str | bytes | int | float | None):
        return
    if isinstance(thing, Mapping):
        held = list(thing.values())
    elif isinstance(thing, tuple | list):
        held = list(thing)
    else:
        held = list(getattr(thing, "__dict__", {}).values())
    for each in held:
        yield from parts(each)


def assert_same(thing: Any, expected: Any, place: str) -> None:
    """Compare two objects by what they hold, arrays to the bit."""
    assert type(thing) is type(expected), place
    if isinstance(expected, np.ndarray):
        assert thing.dtype == expected.dtype, place
        np.testing.assert_array_equal(thing, expected, place)
    elif isinstance(expected, pysnn.Simulation):
        again, same = (each.run(X, duration=0.02) for each in (thing, copy.copy(expected)))
        assert_same(again, same, place)
    elif isinstance(expected, pysnn.SimulationResult):
        for name in ("output_spikes", "spikes", "potentials", "balance", "first_step", "dt"):
            assert_same(getattr(thing, name), getattr(expected, name), f"{place}.{name}")
    elif isinstance(expected, pysnn.Network | pysnn.SpikingNetwork):
        assert thing == expected, place
        if isinstance(expected, pysnn.QuantizedNetwork):
            assert thing.scales == expected.scales, place
    elif isinstance(expected, Mapping):
        assert thing.keys() == expected.keys(), place
        for name in expected:
            assert_same(thing[name], expected[name], f"{place}[{name!r}]")
    elif isinstance(expected, tuple | list):
        assert len(thing) == len(expected), place
        for i, each in enumerate(expected):
            assert_same(thing[i], each, f"{place}[{i}]")
    elif isinstance(expected, BaseException):
        assert thing.args == expected.args, place
    elif dataclasses.is_dataclass(expected):
        for field in dataclasses.fields(expected):
            assert_same(
                getattr(thing, field.name), getattr(expected, field.name), f"{place}.{field.name}"
            )
    elif hasattr(expected, "__dict__"):
        assert_same(vars(thing), vars(expected), place)
    else:
        assert thing == expected, place


def public_classes() -> set[type]:
    """Return the classes of all public modules."""
    found = set()
    for name in MODULES:
        module = importlib.import_module(name)
        for public in module.__all__:
            thing = getattr(module, public)
            # TypedDicts are types of keywords: no object has them for its class.
            if inspect.isclass(thing) and not hasattr(thing, "__total__"):
                found.add(thing)
    return found


def test_every_public_class_has_an_object_here() -> None:
    seen = {type(part) for name in MADE for part in parts(made(name))}
    assert {each.__name__ for each in public_classes() - seen} == set()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", MADE)
def test_what_was_made_goes_through_it_whole(name: str, way: str) -> None:
    assert_same(WAYS[way](made(name)), made(name), name)


@pytest.mark.parametrize("name", MADE)
def test_nothing_outlives_its_last_name(name: str) -> None:
    thing: Any = MADE[name]()
    watched = [
        weakref.ref(part)
        for part in parts(thing)
        if type(part).__module__.startswith("pysnn.") and hasattr(part, "__weakref__")
    ]
    assert watched or name in ("data set", "errors")
    del thing
    gc.collect()
    assert [ref() for ref in watched if ref() is not None] == []
