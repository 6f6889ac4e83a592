"""Every bad argument is refused before work starts, with a message that says what to mend."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import pysnn
from pysnn.nodes import NODE_KINDS, PROJECTION_KINDS

from . import TABLE, calls, comparisons, experiments
from .calls import Row


def identify(row: Row) -> str:
    """Return a name for a row: the beginning of its call."""
    call = inspect.getsource(row[0]).strip().partition(": ")[2]
    return " ".join(call.split())[:70]


@pytest.mark.parametrize(("call", "error", "words"), TABLE, ids=map(identify, TABLE))
def test_bad_arguments_are_refused_by_name(
    call: Callable[[Path], object],
    error: type[Exception],
    words: tuple[str, ...],
    tmp_path: Path,
) -> None:
    with pytest.raises(error) as caught:
        call(tmp_path)
    message = str(caught.value)
    assert "\n" not in message
    for word in words:
        assert word in message, f"{message!r} does not say {word!r}"


def test_the_table_has_rows_for_every_public_function() -> None:
    text = "\n".join(
        [
            inspect.getsource(calls),
            inspect.getsource(comparisons),
            *(inspect.getsource(row[0]) for row in TABLE),
        ]
    )
    made = (
        *(kind.__name__ for kind in (*NODE_KINDS, *PROJECTION_KINDS)),
        "Network",
        "SpikingNetwork",
        "Simulation",
    )
    assert set(made) <= set(pysnn.__all__)
    for prefix, module, names in (
        ("pysnn", pysnn, pysnn.__all__),
        ("pysnn.models", pysnn.models, dir(pysnn.models)),
        ("pysnn.datasets", pysnn.datasets, pysnn.datasets.__all__),
        ("pysnn.metrics", pysnn.metrics, pysnn.metrics.__all__),
    ):
        for name in names:
            thing = getattr(module, name)
            own = getattr(thing, "__module__", "").startswith(prefix) and not name.startswith("_")
            function = own and inspect.isfunction(thing) and takes_arguments(thing)
            if function or (own and name in made):
                assert f"{prefix}.{name}(" in text, name
    for owner in (pysnn.Network, pysnn.SpikingNetwork, pysnn.Simulation, pysnn.SimulationResult):
        for name, method in inspect.getmembers(owner, inspect.isfunction):
            if takes_arguments(method) and not name.startswith("_"):
                assert f".{name}(" in text, f"{owner.__name__}.{name}"


def takes_arguments(function: Callable[..., object]) -> bool:
    """Return whether there is anything but ``self`` to pass."""
    return bool(inspect.signature(function).parameters.keys() - {"self"})


@pytest.mark.parametrize("num_samples", [1, 5])
def test_the_calls_of_the_table_work_with_good_arguments(num_samples: int) -> None:
    # Rows would prove nothing if their calls failed for another reason.
    x, y = calls.X[:num_samples], calls.Y[:num_samples]
    calls.train(x=x, y=y)
    assert len(calls.population().populations) == 1
    assert calls.connected("input", "a", pysnn.Linear(np.ones((3, 4)))).input_shape == (4,)
    assert calls.simulate(x=x).accuracy(y).shape == (3,)
    assert calls.given(calls.SPIKES[:, :num_samples]).num_samples == num_samples
    assert calls.drawn(x=x).shape == (3, num_samples, 4)
    assert calls.diagnosed(x=x, y=y).num_samples == num_samples
    assert experiments.over_time(x=x, y=y).num_samples == num_samples
    assert experiments.first(x=x, y=y).num_samples == num_samples
    assert experiments.stopped(x=x, y=y).num_samples == num_samples
    assert len(experiments.cases_of(x=x)) == 4
    assert comparisons.compared(x=x, y=y).num_samples == num_samples
    assert calls.spaced(x=x).shape == (3, num_samples, 4)
