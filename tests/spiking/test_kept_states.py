"""A simulation that was pickled or copied goes on as the one that it was made of."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from comparison import RECORD, intensities
from fingerprints import fingerprint
from random_networks import NETWORKS

import pysnn
from pysnn.spiking import Encoding, Precision

WAYS: dict[str, Callable[[pysnn.Simulation], pysnn.Simulation]] = {
    "pickled": lambda simulation: pickle.loads(pickle.dumps(simulation)),
    "copied": copy.copy,
    "deeply copied": copy.deepcopy,
}


def begun(
    kind: str = "several sources",
    encoding: Encoding = "poisson",
    precision: Precision = "float32",
    duration: float = 0.031,
) -> tuple[pysnn.Simulation, np.ndarray[tuple[int, ...], np.dtype[np.float32]]]:
    """Return a simulation in mid course, and what drives it."""
    description = NETWORKS[kind](5, precision)
    x = intensities(description, 9, seed=2)
    simulation = pysnn.Simulation(
        description.build(), 9, max_rate=900.0, encoding=encoding, record=RECORD
    )
    simulation.run(x, duration=duration)
    return simulation, x


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("precision", ["float32", "int16"])
@pytest.mark.parametrize("kind", NETWORKS)
def test_it_goes_on_to_the_bit(kind: str, precision: Precision, way: str) -> None:
    simulation, x = begun(kind, precision=precision)
    again = WAYS[way](simulation)
    expected = simulation.run(x, duration=0.04)
    result = again.run(x, duration=0.04)
    assert result.first_step == 31
    assert fingerprint(result) == fingerprint(expected)


@pytest.mark.parametrize("encoding", ["poisson", "regular", "constant"])
def test_it_goes_on_under_every_encoding_and_given_trains(encoding: Encoding) -> None:
    simulation, x = begun(encoding=encoding)
    again = pickle.loads(pickle.dumps(simulation))
    spikes = np.random.default_rng(0).random((20, *x.shape)) < 0.4
    for _ in range(2):
        assert fingerprint(again.run(spikes=spikes)) == fingerprint(simulation.run(spikes=spikes))
        same = simulation.run(x, duration=0.01)
        assert fingerprint(again.run(x, duration=0.01)) == fingerprint(same)


@pytest.mark.parametrize("way", WAYS)
def test_what_it_says_of_itself_is_the_same(way: str) -> None:
    simulation, _ = begun()
    again = WAYS[way](simulation)
    assert (again.next_step, again.num_samples) == (31, 9)
    np.testing.assert_array_equal(again.spike_counts, simulation.spike_counts)
    np.testing.assert_array_equal(again.predictions, simulation.predictions)
    for name in ("a", "b", "c", "out"):
        np.testing.assert_array_equal(
            again.membrane_potential(name), simulation.membrane_potential(name)
        )


@pytest.mark.parametrize("way", WAYS)
def test_neither_changes_the_other(way: str) -> None:
    simulation, x = begun()
    again = WAYS[way](simulation)
    again.run(x, duration=0.02)
    assert simulation.next_step == 31
    again.reset()
    assert (again.next_step, again.spike_counts.sum()) == (0, 0)
    expected, _ = begun()
    assert fingerprint(simulation.run(x, duration=0.02)) == fingerprint(
        expected.run(x, duration=0.02)
    )


def test_one_that_has_not_begun_begins_at_its_initial_potentials() -> None:
    simulation, x = begun("mixed resets")
    fresh = copy.deepcopy(simulation)
    fresh.reset()
    whole = pickle.loads(pickle.dumps(fresh)).run(x, duration=0.05)
    assert fingerprint(whole) == fingerprint(fresh.run(x, duration=0.05))


def test_another_process_goes_on(tmp_path: Path) -> None:
    simulation, x = begun()
    path = tmp_path / "simulation.pickle"
    path.write_bytes(pickle.dumps((simulation, x)))
    child = (
        "import pickle, sys\n"
        "with open(sys.argv[1], 'rb') as file: simulation, x = pickle.load(file)\n"
        "result = simulation.run(x, duration=0.02)\n"
        "with open(sys.argv[1], 'wb') as file: pickle.dump(result, file)\n"
    )
    subprocess.run([sys.executable, "-P", "-c", child, str(path)], check=True, timeout=120)
    assert fingerprint(pickle.loads(path.read_bytes())) == fingerprint(
        simulation.run(x, duration=0.02)
    )


def test_a_state_of_another_size_is_refused() -> None:
    simulation, _ = begun()
    other = pysnn.Simulation(NETWORKS["several sources"](5, "float32").build(), 4)
    state = {**simulation.__getstate__(), "state": other.__getstate__()["state"]}
    with pytest.raises(ValueError, match="state"):
        simulation.__setstate__(state)
