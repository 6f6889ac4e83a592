"""Names of version 0.1: each warns, says the new one, and gives what it gave."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import pysnn

SNN = pysnn.SpikingNetwork(2)
SNN.add_population("hidden", 3, threshold=0.5)
SNN.connect("input", "hidden", pysnn.Linear([[0.5, 0.25], [0.125, 0.5], [0.25, 0.25]]))
SNN.add_population("output", 2)
SNN.connect("hidden", "output", pysnn.Linear([[0.5, 0.25, 0.5], [0.25, 0.5, 0.25]]))
RESULT = pysnn.simulate(SNN, [[0.75, 0.5], [0.25, 1.0]], num_steps=40, record=("spikes", "counts"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (lambda: RESULT.spike_trains["hidden"], lambda: RESULT.spikes("hidden")),
        (lambda: RESULT.input_spikes, lambda: RESULT.num_input_spikes),
        (lambda: np.asarray(RESULT.spikes), lambda: RESULT.num_spikes),
        (lambda: RESULT.spikes[:, 1], lambda: RESULT.num_spikes[:, 1]),
        (lambda: RESULT.spikes.sum(axis=1), lambda: RESULT.num_spikes.sum(axis=1)),
        (lambda: RESULT.spikes.shape, lambda: RESULT.num_spikes.shape),
        (lambda: RESULT.spikes / 40, lambda: RESULT.num_spikes / 40),
        (lambda: 1 + RESULT.spikes, lambda: 1 + RESULT.num_spikes),
        (lambda: np.log1p(RESULT.spikes), lambda: np.log1p(RESULT.num_spikes)),
    ],
)
def test_an_old_name_warns_and_gives_what_it_gave(
    old: Callable[[], Any], new: Callable[[], Any]
) -> None:
    with pytest.warns(DeprecationWarning, match=r"result\.\w+ is now result\.\w+") as warned:
        found = old()
    assert warned[0].filename.endswith((__file__, "mixins.py"))  # NumPy's, of operators
    np.testing.assert_array_equal(found, new())


@pytest.mark.filterwarnings("error")
def test_new_names_do_not_warn() -> None:
    for records in (RESULT.spikes, RESULT.counts):
        assert list(records) == ["hidden", "output"]
        assert len(records) == 2
        assert records("hidden") is records["hidden"]
    assert RESULT.spikes("hidden").shape == (40, 2, 3)
    assert RESULT.spikes("hidden").sum(axis=0).tolist() == RESULT.counts("hidden").tolist()
    assert not hasattr(RESULT.spikes, "no_such_name")
    assert RESULT.num_spikes[:, 0].tolist() == RESULT.counts("hidden").sum(axis=1).tolist()


@pytest.mark.filterwarnings("error")
def test_whether_something_was_recorded_may_be_asked() -> None:
    plain = pysnn.simulate(SNN, [[0.5, 0.5]], num_steps=2)
    assert not plain.spikes
    assert RESULT.spikes
    assert "hidden" not in plain.spikes
    assert dict(plain.spikes) == {}
    assert (len(plain.spikes), list(plain.spikes)) == (0, [])
    assert not pickle.loads(pickle.dumps(plain)).spikes
    assert str(plain.spikes) == "{}"


def test_what_was_not_recorded_is_named() -> None:
    plain = pysnn.simulate(SNN, [[0.5, 0.5]], num_steps=2)
    with pytest.raises(KeyError, match=r"record=\{'spikes': \['hidden'\]\}"):
        plain.spikes("hidden")
    with pytest.raises(KeyError, match="there is no population 'other'"):
        RESULT.counts("other")


@pytest.mark.filterwarnings("error")
def test_pickles_keep_records() -> None:
    again = pickle.loads(pickle.dumps(RESULT))
    np.testing.assert_array_equal(again.spikes("output"), RESULT.spikes("output"))
    spikes = pickle.loads(pickle.dumps(RESULT.spikes))
    np.testing.assert_array_equal(spikes("output"), RESULT.spikes("output"))
