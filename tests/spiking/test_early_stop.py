"""Samples that end early equal the simulation of all steps, cut off where the rule says."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import reference
import reference_poisson
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from random_networks import NETWORKS, Description, NetworkMaker

import pysnn
from pysnn.datasets import Mnist
from pysnn.spiking import Precision

RECORD = ("spikes", "potentials", "counts")
FIELDS = ("output_spikes", "num_input_spikes", "num_spikes", "synaptic_operations", "stopped_step")
CPU_LEVELS = ("baseline", "avx2", "avx512", "neon")


def relay(num_classes: int) -> pysnn.SpikingNetwork:
    """Return a network whose output spikes are its input spikes."""
    snn = pysnn.SpikingNetwork((num_classes,))
    snn.add_population("out", (num_classes,))
    snn.connect("input", "out", pysnn.Linear(np.eye(num_classes)))
    return snn


def trains(*classes: str) -> NDArray[np.bool_]:
    """Return spike trains of one sample from one string of 0 and 1 per class."""
    return np.array([[letter == "1" for letter in train] for train in classes]).T[:, np.newaxis]


def stopped_step(spikes: NDArray[np.bool_], margin: int, interval: int) -> int:
    """Return where a sample whose output has these spikes ends."""
    result = pysnn.simulate(
        relay(spikes.shape[2]), spikes=spikes, stop_margin=margin, stop_interval=interval
    )
    return int(result.stopped_step[0])


def assert_equals_oracle(
    result: pysnn.SimulationResult, expected: reference.Trace, stopped: NDArray[np.int64]
) -> None:
    """Compare everything that a result has, with all populations recorded."""
    np.testing.assert_array_equal(result.stopped_step, stopped)
    for name, train in expected.spike_trains.items():
        np.testing.assert_array_equal(result.spikes(name), train, name)
        np.testing.assert_array_equal(
            result.potentials[name].view(np.uint32), expected.potentials[name].view(np.uint32), name
        )
        np.testing.assert_array_equal(result.counts(name), train.sum(axis=0), name)
    for field in ("output_spikes", "num_input_spikes", "num_spikes", "synaptic_operations"):
        np.testing.assert_array_equal(getattr(result, field), getattr(expected, field), field)
    np.testing.assert_array_equal(result.predictions_over_time, expected.predictions_over_time)
    np.testing.assert_array_equal(result.spike_counts, expected.output_spikes.sum(axis=0))


def assert_same(result: pysnn.SimulationResult, expected: pysnn.SimulationResult) -> None:
    """Compare two results, recordings included."""
    for field in FIELDS:
        np.testing.assert_array_equal(getattr(result, field), getattr(expected, field), field)
    for record in RECORD:
        mine, theirs = getattr(result, record), getattr(expected, record)
        assert mine.keys() == theirs.keys()
        for name in mine:
            np.testing.assert_array_equal(mine[name], theirs[name], name)


def intensities(description: Description | pysnn.SpikingNetwork, num: int) -> NDArray[np.float32]:
    """Return random inputs in [0, 1]."""
    return np.random.default_rng(3).random((num, *description.input_shape), dtype=np.float32)


@pytest.mark.parametrize("precision", ["float32", "int16"])
@pytest.mark.parametrize("kind", NETWORKS)
def test_random_networks_equal_the_oracle_in_everything(kind: str, precision: Precision) -> None:
    description = NETWORKS[kind](11, precision)
    network, snn = reference.from_description(description), description.build()
    x = intensities(description, 9)
    drawn = reference_poisson.poisson_spikes(x, 45, probability_of_one=0.7, seed=9)
    trace = reference.simulate(network, drawn, bias_factor=700.0 * 1e-3)
    ends = set()
    for margin, interval in ((1, 1), (1, 7), (2, 16), (3, 4), (5, 2)):
        expected, stopped = reference.stop_early(
            network, drawn, trace, margin=margin, interval=interval
        )
        ends |= set(stopped.tolist())
        result = pysnn.simulate(
            snn,
            x,
            duration=0.045,
            max_rate=700.0,
            seed=9,
            record=RECORD,
            stop_margin=margin,
            stop_interval=interval,
        )
        assert_equals_oracle(result, expected, stopped)
    # Among many random classes two are likely to fire equally often all the time.
    assert len(ends) > 1 or trace.output_spikes.shape[2] > 60


@pytest.mark.parametrize("num_classes", [2, 8, 9, 64, 65, 129, 1001])
def test_any_number_of_classes_ends_where_the_oracle_says(num_classes: int) -> None:
    rng = np.random.default_rng(num_classes)
    rates = 0.3 * rng.random((20, num_classes))
    rates[np.arange(20), rng.integers(0, num_classes, 20)] = 0.8
    spikes = rng.random((60, 20, num_classes)) < rates
    result = pysnn.simulate(relay(num_classes), spikes=spikes, stop_margin=6, stop_interval=5)
    stopped = reference.stopped_steps(spikes, margin=6, interval=5)
    np.testing.assert_array_equal(result.stopped_step, stopped)
    assert len(set(stopped.tolist())) > 2


def test_an_output_that_is_an_image_ends_where_the_oracle_says() -> None:
    maker = NetworkMaker(5, (2, 6, 5))
    maker.add("out", ("input", maker.conv("input", 3, (5, 4))))
    network = reference.from_description(maker.description)
    spikes = np.random.default_rng(2).random((50, 12, 2, 6, 5)) < 0.4
    expected, stopped = reference.stop_early(
        network, spikes, reference.simulate(network, spikes), margin=2, interval=3
    )
    result = pysnn.simulate(
        maker.description.build(), spikes=spikes, record=RECORD, stop_margin=2, stop_interval=3
    )
    assert_equals_oracle(result, expected, stopped)
    assert len(set(stopped.tolist())) > 2


@pytest.mark.parametrize("interval", [1, 3, 16, 50, 127, 128, 129, 200, 300])
@pytest.mark.parametrize("margin", [1, 4, 25])
def test_intervals_of_every_size_equal_the_oracle(margin: int, interval: int) -> None:
    # 300 steps are more than any block of them that the core is likely to take at once.
    description = NETWORKS["several sources"](2, "float32")
    network = reference.from_description(description)
    spikes = np.random.default_rng(interval).random((300, 7, 2, 6, 6)) < 0.3
    expected, stopped = reference.stop_early(
        network, spikes, reference.simulate(network, spikes), margin=margin, interval=interval
    )
    result = pysnn.simulate(
        description.build(),
        spikes=spikes,
        record=RECORD,
        stop_margin=margin,
        stop_interval=interval,
    )
    assert_equals_oracle(result, expected, stopped)


@pytest.mark.parametrize("kind", ["several sources", "mixed resets", "pools"])
def test_a_large_batch_whose_samples_end_at_many_steps_equals_the_oracle(kind: str) -> None:
    # One thread, and samples enough for several to follow each other in the same memory.
    description = NETWORKS[kind](11, "float32")
    network = reference.from_description(description)
    rng = np.random.default_rng(6)
    density = rng.random((300, *(1 for _ in description.input_shape)))
    spikes = rng.random((70, 300, *description.input_shape)) < density
    expected, stopped = reference.stop_early(
        network, spikes, reference.simulate(network, spikes), margin=3, interval=4
    )
    assert len(set(stopped.tolist())) > 8
    result = pysnn.simulate(
        description.build(),
        spikes=spikes,
        record=RECORD,
        num_threads=1,
        stop_margin=3,
        stop_interval=4,
    )
    assert_equals_oracle(result, expected, stopped)


def test_trained_network_equals_the_oracle_and_the_smallest_margin_changes_predictions(
    trained_mlp: pysnn.Network, mnist: Mnist
) -> None:
    snn = pysnn.convert(trained_mlp, method="data", x=mnist.x_train[:1000])
    x = mnist.x_test[:200]
    whole = pysnn.simulate(snn, x, duration=0.1, seed=2)
    changed, steps = [], []
    for margin in (1, 2, 4, 8):
        result = pysnn.simulate(snn, x, duration=0.1, seed=2, stop_margin=margin, stop_interval=4)
        stopped = reference.stopped_steps(whole.output_spikes, margin=margin, interval=4)
        np.testing.assert_array_equal(result.stopped_step, stopped)
        runs = np.arange(100)[:, np.newaxis, np.newaxis] < stopped[:, np.newaxis]
        np.testing.assert_array_equal(result.output_spikes, whole.output_spikes & runs)
        changed.append(np.count_nonzero(result.predictions != whole.predictions))
        steps.append(result.stopped_step.mean())
    assert changed[0] > 0
    assert changed[0] > changed[-1]
    assert steps == sorted(steps)
    assert steps[0] < 30


@pytest.mark.parametrize(
    ("margin", "interval", "expected"),
    [
        (1, 1, 1),
        (2, 1, 5),
        (3, 1, 6),
        (4, 1, 8),  # never reached
        (1, 2, 2),
        (2, 2, 6),
        (2, 3, 6),
        (1, 3, 6),  # a tie at the first look
        (1, 5, 5),
        (3, 5, 8),  # reached between two looks
        (2, 7, 7),
        (3, 8, 8),
        (1, 9, 8),
        (1, 1000, 8),
    ],
)
def test_a_hand_worked_sample_ends_at_the_first_look_with_the_margin(
    margin: int, interval: int, expected: int
) -> None:
    # The lead of class 1 after each step: 1 1 0 1 2 3 2 3.
    spikes = trains("00100010", "10011101", "00000000")
    assert stopped_step(spikes, margin, interval) == expected


def test_one_output_neuron_leads_by_its_own_spikes() -> None:
    spikes = trains("01101010")
    assert [stopped_step(spikes, margin, 1) for margin in (1, 2, 3, 4, 5)] == [2, 3, 5, 7, 8]


def test_a_tie_and_silence_run_to_the_end() -> None:
    assert stopped_step(trains("1111", "1111"), 1, 1) == 4
    assert stopped_step(trains("0000", "0000"), 1, 1) == 4


def test_the_runner_up_may_be_any_class_on_either_side_of_the_leader() -> None:
    assert stopped_step(trains("0110", "1110", "0000"), 2, 1) == 4
    assert stopped_step(trains("0000", "1110", "0110"), 2, 1) == 4
    assert stopped_step(trains("1111", "0000", "0001"), 3, 1) == 3


def test_a_look_at_the_last_step_changes_nothing() -> None:
    spikes = np.random.default_rng(0).random((32, 20, 5)) < np.linspace(0.1, 0.9, 5)
    snn = relay(5)
    whole = pysnn.simulate(snn, spikes=spikes, record=RECORD)
    result = pysnn.simulate(snn, spikes=spikes, record=RECORD, stop_margin=1, stop_interval=32)
    np.testing.assert_array_equal(whole.stopped_step, 32)
    assert_same(result, whole)


def test_the_default_interval_is_sixteen_steps() -> None:
    assert stopped_step(np.ones((40, 1, 1), dtype=np.bool_), 3, 16) == 16
    result = pysnn.simulate(relay(1), spikes=np.ones((40, 1, 1), dtype=np.bool_), stop_margin=3)
    np.testing.assert_array_equal(result.stopped_step, [16])


def test_no_samples_give_no_stopped_steps() -> None:
    result = pysnn.simulate(relay(2), spikes=np.zeros((4, 0, 2), dtype=np.bool_), stop_margin=1)
    assert result.stopped_step.shape == (0,)
    assert result.stopped_step.dtype == np.int64


def test_predictions_and_accuracy_stay_as_they_were_at_the_end_of_a_sample() -> None:
    # Class 1 leads by 2 after two steps; without the stop class 0 would win.
    spikes = trains("001111", "110000")
    result = pysnn.simulate(relay(2), spikes=spikes, stop_margin=2, stop_interval=1)
    np.testing.assert_array_equal(result.predictions, [1])
    np.testing.assert_array_equal(result.predictions_over_time[:, 0], [1] * 6)
    np.testing.assert_array_equal(result.accuracy([1]), np.ones(6))
    np.testing.assert_array_equal(result.spike_counts, [[0, 2]])
    assert pysnn.simulate(relay(2), spikes=spikes).predictions[0] == 0


def test_the_result_says_how_many_samples_ended_early() -> None:
    snn, spikes = relay(2), np.ones((4, 2, 2), dtype=np.bool_)
    spikes[:, 0, 1] = False
    result = pysnn.simulate(snn, spikes=spikes, stop_margin=1, stop_interval=2)
    assert "1 samples ended early; mean per sample: 3.0 steps" in repr(result)
    assert "early" not in repr(pysnn.simulate(snn, spikes=spikes))


def test_stopped_step_of_a_kept_state_counts_from_its_step_zero() -> None:
    simulation = pysnn.Simulation(relay(1), 2)
    for end in (3, 6):
        result = simulation.run(spikes=np.ones((3, 2, 1), dtype=np.bool_))
        np.testing.assert_array_equal(result.stopped_step, [end, end])


@pytest.fixture(scope="module")
def whole() -> pysnn.SimulationResult:
    """Return the simulation that the splits are compared with."""
    result = drawn()
    assert len(set(result.stopped_step.tolist())) > 3
    return result


def drawn(part: slice = slice(None), **options: Any) -> pysnn.SimulationResult:
    """Simulate Poisson input with a margin and an interval, or some of its samples."""
    snn = NETWORKS["several sources"](21, "float32").build()
    return pysnn.simulate(
        snn,
        intensities(snn, 37)[part],
        **{
            "duration": 0.045,
            "max_rate": 900.0,
            "seed": 5,
            "num_threads": 1,
            "sample_ids": np.arange(37)[part],
            "record": RECORD,
            "stop_margin": 2,
            "stop_interval": 3,
            **options,
        },
    )


@pytest.mark.parametrize("num_threads", [2, 3, 7])
def test_any_number_of_threads_ends_every_sample_at_the_same_step(
    whole: pysnn.SimulationResult, num_threads: int
) -> None:
    assert_same(drawn(num_threads=num_threads), whole)


@pytest.mark.parametrize("sizes", [[1] * 37, [36, 1], [5, 7, 11, 14], [8, 8, 8, 8, 5]])
def test_batches_in_any_pieces_end_every_sample_at_the_same_step(
    whole: pysnn.SimulationResult, sizes: list[int]
) -> None:
    ends = np.cumsum(sizes)
    parts = [drawn(slice(e - n, e), num_threads=2) for n, e in zip(sizes, ends, strict=True)]
    for field in FIELDS:
        joined = np.concatenate(
            [getattr(part, field) for part in parts], axis=1 if field == "output_spikes" else 0
        )
        np.testing.assert_array_equal(joined, getattr(whole, field), field)


@pytest.mark.parametrize("record", [(), ("counts",), {"potentials": ["b"]}, {"spikes": ["a"]}])
def test_what_is_recorded_changes_no_end(whole: pysnn.SimulationResult, record: Any) -> None:
    result = drawn(record=record)
    for field in FIELDS:
        np.testing.assert_array_equal(getattr(result, field), getattr(whole, field), field)


def test_drawn_spike_trains_that_are_given_back_end_at_the_same_step(
    whole: pysnn.SimulationResult,
) -> None:
    snn = NETWORKS["several sources"](21, "float32").build()
    spikes = pysnn.poisson_spikes(intensities(snn, 37), duration=0.045, max_rate=900.0, seed=5)
    result = pysnn.simulate(
        snn,
        spikes=spikes,
        bias_scale=900.0 * 1e-3,
        record=RECORD,
        stop_margin=2,
        stop_interval=3,
    )
    assert_same(result, whole)


_CHILD = """
import sys
sys.path.insert(0, sys.argv[1])
import numpy as np, pysnn
from random_networks import NETWORKS
print(pysnn.cpu_target())
for name, make in NETWORKS.items():
    snn = make(31, "float32").build()
    x = np.random.default_rng(3).random((11, *snn.input_shape), dtype=np.float32)
    result = pysnn.simulate(snn, x, duration=0.04, stop_margin=2, stop_interval=5)
    print(name, result.stopped_step, result.num_spikes.tolist())
    print(result.synaptic_operations.tolist())
"""


def test_every_cpu_target_ends_every_sample_at_the_same_step() -> None:
    lines: dict[str, list[str]] = {}
    for cpu in CPU_LEVELS:
        done = subprocess.run(
            [sys.executable, "-P", "-c", _CHILD, str(Path(__file__).parents[1] / "support")],
            env={**os.environ, "PYSNN_CPU": cpu},
            capture_output=True,
            text=True,
            timeout=120,
        )
        if done.returncode == 0:
            lines[cpu] = done.stdout.splitlines()
            assert lines[cpu][0] == cpu
        else:
            # This machine has no such instructions; any has those of the baseline.
            assert "PYSNN_CPU" in done.stderr
    for output in lines.values():
        assert output[1:] == lines["baseline"][1:]
        assert len(output) > len(NETWORKS)


@given(
    st.sampled_from(sorted(NETWORKS)),
    st.integers(0, 2**32 - 1),
    st.integers(1, 40),
    st.integers(1, 50),
    st.integers(0, 2**70),
)
def test_a_margin_above_the_number_of_steps_changes_nothing(
    kind: str, seed: int, num_steps: int, interval: int, excess: int
) -> None:
    description = NETWORKS[kind](seed, "float32")
    snn = description.build()
    shape = (num_steps, 3, *description.input_shape)
    spikes = np.random.default_rng(seed).random(shape) < 0.5
    result = pysnn.simulate(
        snn,
        spikes=spikes,
        record=RECORD,
        stop_margin=num_steps + 1 + excess,
        stop_interval=interval,
    )
    assert_same(result, pysnn.simulate(snn, spikes=spikes, record=RECORD))


@given(
    st.integers(1, 12),
    st.integers(1, 60),
    st.integers(1, 6),
    st.integers(1, 20),
    st.integers(0, 2**32 - 1),
)
def test_any_output_spikes_end_where_the_oracle_says(
    num_classes: int, num_steps: int, margin: int, interval: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    spikes = rng.random((num_steps, 4, num_classes)) < rng.random((4, num_classes))
    result = pysnn.simulate(
        relay(num_classes), spikes=spikes, stop_margin=margin, stop_interval=interval
    )
    stopped = reference.stopped_steps(spikes, margin=margin, interval=interval)
    np.testing.assert_array_equal(result.stopped_step, stopped)
    runs = np.arange(num_steps)[:, np.newaxis, np.newaxis] < stopped[:, np.newaxis]
    np.testing.assert_array_equal(result.output_spikes, spikes & runs)
