"""Every bad argument is refused before work starts, with a message that says what to mend."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path

import bad_arguments
import pytest
from bad_arguments import TABLE, Row

import pysnn


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
    text = inspect.getsource(bad_arguments)
    for name in pysnn.__all__:
        thing = getattr(pysnn, name)
        if inspect.isfunction(thing) and inspect.signature(thing).parameters:
            assert f"pysnn.{name}(" in text, name
    for owner in (pysnn.Network, pysnn.SpikingNetwork, pysnn.Simulation, pysnn.SimulationResult):
        for name, method in inspect.getmembers(owner, inspect.isfunction):
            takes_arguments = len(inspect.signature(method).parameters) > 1
            if takes_arguments and not name.startswith("_"):
                assert f".{name}(" in text, f"{owner.__name__}.{name}"


@pytest.mark.parametrize("num_samples", [1, 5])
def test_the_calls_of_the_table_work_with_good_arguments(num_samples: int) -> None:
    # Rows would prove nothing if their calls failed for another reason.
    x, y = bad_arguments.X[:num_samples], bad_arguments.Y[:num_samples]
    bad_arguments.train(x=x, y=y)
    bad_arguments.population()
    bad_arguments.connected("a", "b", pysnn.Linear([[1.0] * 3] * 3))
    bad_arguments.simulate(x=x).accuracy(y)
    bad_arguments.given(bad_arguments.SPIKES[:, :num_samples])
    assert bad_arguments.drawn(x=x).shape == (3, num_samples, 4)
