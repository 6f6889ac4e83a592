"""When predictions are final, and what stopping at a margin changes."""

from __future__ import annotations

import itertools
import json
from typing import Any

import numpy as np
import pytest
import reference
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

import pysnn
from pysnn.datasets import Mnist
from pysnn.experiments import stopping as module
from pysnn.experiments.stopping import StoppingResult, stopping
from pysnn.experiments.stopping_rules import decided_step, settled_step, stopped_step

Spikes = NDArray[np.bool_]


def winner(spikes: Spikes) -> int:
    """Return the class with most spikes, (num_steps, num_classes); the lowest of equal ones."""
    return int(spikes.sum(axis=0).argmax())


@given(st.integers(1, 4), st.integers(1, 3), st.integers(0, 2**32 - 1), st.floats(0.1, 0.9))
def test_an_answer_is_decided_when_no_continuation_whatever_changes_it(
    num_steps: int, num_classes: int, seed: int, density: float
) -> None:
    spikes = np.random.default_rng(seed).random((num_steps, 1, num_classes)) < density
    decided = int(decided_step(spikes)[0])
    for step in range(num_steps):
        so_far = spikes[: step + 1, 0]
        to_come = (num_steps - 1 - step, num_classes)
        winners = {
            winner(np.concatenate([so_far, np.reshape(bits, to_come).astype(np.bool_)]))
            for bits in itertools.product((0, 1), repeat=to_come[0] * to_come[1])
        }
        assert (winners == {winner(so_far)}) == (step >= decided)


@given(st.integers(1, 40), st.integers(1, 5), st.integers(0, 2**32 - 1), st.floats(0.01, 0.9))
def test_an_answer_settles_where_the_last_change_was_and_before_it_is_decided(
    num_steps: int, num_classes: int, seed: int, density: float
) -> None:
    spikes = np.random.default_rng(seed).random((num_steps, 3, num_classes)) < density
    counts = spikes.cumsum(axis=0)
    predictions = counts.argmax(axis=2)
    fires = spikes.any(axis=2)
    first = np.where(fires.any(axis=0), fires.argmax(axis=0), -1)
    settled, decided = settled_step(predictions, first), decided_step(spikes)
    for sample in range(3):
        answers = [
            None if counts[step, sample].sum() == 0 else predictions[step, sample]
            for step in range(num_steps)
        ]
        expected = -1
        if answers[-1] is not None:
            expected = num_steps - 1
            while expected > 0 and answers[expected - 1] == answers[-1]:
                expected -= 1
        assert settled[sample] == expected
        assert 0 <= decided[sample] <= num_steps - 1
        if num_classes > 1:
            assert settled[sample] <= decided[sample]


@given(
    st.integers(1, 60),
    st.integers(1, 5),
    st.integers(1, 6),
    st.integers(1, 70),
    st.integers(0, 2**32 - 1),
)
def test_traces_stop_where_the_reference_stops(
    num_steps: int, num_classes: int, margin: int, interval: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    spikes = rng.random((num_steps, 4, num_classes)) < rng.random((4, num_classes))
    expected = reference.stopped_steps(spikes, margin=margin, interval=interval)
    np.testing.assert_array_equal(stopped_step(spikes, margin=margin, interval=interval), expected)


def test_traces_of_many_samples_are_read_in_blocks_that_do_not_show() -> None:
    spikes = np.random.default_rng(0).random((20, 700, 3)) < 0.3
    for rule in (decided_step, lambda each: stopped_step(each, margin=2, interval=3)):
        parts = [rule(spikes[:, start : start + 1]) for start in range(700)]
        np.testing.assert_array_equal(rule(spikes), np.concatenate(parts))


def test_a_class_that_fires_in_every_step_leads_by_the_number_of_steps() -> None:
    # Class 1 of the second sample gets half of the spikes.
    network = pysnn.Network([pysnn.Linear([[1.0, 0.0], [0.0, 0.5]])], input_shape=2)
    snn = pysnn.convert(network, method="none")
    x, y = [[1.0, 0.0], [0.0, 1.0]], [0, 0]
    result = stopping(snn, x, y, (3, 4), 2, duration=0.01, progress=False)
    three, four = result.margins
    # Three spikes are there after 3 and 6 steps, four after 4 and 8; looks come every second step.
    assert three.mean_steps == (4 + 6) / 2
    assert four.mean_steps == (4 + 8) / 2
    assert three.mean_spikes == (4 + 3) / 2
    assert three.mean_synaptic_operations == (2 * 4 + 2 * 6) / 2
    assert (three.num_early, three.num_changed) == (2, 0)
    assert three.accuracy == result.whole.accuracy == 0.5
    assert result.whole.mean_steps == 10
    assert result.saving(three) == pytest.approx(2.0)
    np.testing.assert_array_equal(result.settled.steps, [0, 1])
    # Ahead of the steps to come: 5 > 5 does not hold, but the tie goes to class 0. Class 1 needs
    # more spikes than there are steps left: 4 after 8 of 10.
    np.testing.assert_array_equal(result.decided.steps, [4, 7])


def margin_result(result: pysnn.SimulationResult, whole: pysnn.SimulationResult, label: int) -> Any:
    sums = module._sums(result, whole, np.array([label]))
    return module._margin_result(4, np.array(sums), 1)


def test_a_lead_that_is_lost_is_a_changed_prediction() -> None:
    # Class 0 fires in each of the first four steps and no more; class 1 in each of the last six.
    snn = pysnn.SpikingNetwork(2)
    snn.add_population("out", 2)
    snn.connect("input", "out", pysnn.Linear(np.eye(2)))
    spikes = np.zeros((10, 1, 2), dtype=np.bool_)
    spikes[:4, 0, 0] = spikes[4:, 0, 1] = True
    whole = pysnn.simulate(snn, spikes=spikes)
    early = pysnn.simulate(snn, spikes=spikes, stop_margin=4, stop_interval=1)
    right = margin_result(early, whole, 0)
    assert (right.num_changed, right.num_gained, right.num_lost) == (1, 1, 0)
    wrong = margin_result(early, whole, 1)
    assert (wrong.num_changed, wrong.num_gained, wrong.num_lost) == (1, 0, 1)
    neither = margin_result(whole, whole, 1)
    assert (neither.num_changed, neither.num_early, neither.accuracy) == (0, 0, 1.0)


@pytest.fixture(scope="module")
def converted(trained_mlp: pysnn.Network, mnist: Mnist) -> pysnn.SpikingNetwork:
    """Return a conversion of the small network."""
    return pysnn.convert(trained_mlp, method="data", x=mnist.x_train[:300])


@pytest.fixture(scope="module")
def result(converted: pysnn.SpikingNetwork, mnist: Mnist) -> StoppingResult:
    """Return what stopping at some margins gives on 200 digits."""
    x, y = mnist.x_test[:200], mnist.y_test[:200]
    return stopping(converted, x, y, (1, 2, 4, 8, 10**9), 5, duration=0.1, progress=False)


def test_a_margin_that_is_never_reached_is_the_whole_simulation(result: StoppingResult) -> None:
    never = result.margins[-1]
    whole = {**vars(result.whole), "margin": 10**9}
    assert vars(never) == whole
    assert result.whole.mean_steps == result.num_steps == 100


def test_larger_margins_take_longer_and_change_less(result: StoppingResult) -> None:
    steps = [each.mean_steps for each in result.margins]
    operations = [each.mean_synaptic_operations for each in result.margins]
    assert steps == sorted(steps)
    assert operations == sorted(operations)
    assert steps[0] < steps[2] < steps[-1]
    assert result.margins[0].num_changed >= result.margins[3].num_changed
    for each in result.margins:
        assert each.num_gained + each.num_lost <= each.num_changed
        gained = (each.num_gained - each.num_lost) / result.num_samples
        assert each.accuracy - result.whole.accuracy == pytest.approx(gained)


def test_no_sample_ends_before_its_margin_is_reached_or_between_two_looks(
    converted: pysnn.SpikingNetwork, mnist: Mnist, result: StoppingResult
) -> None:
    x = mnist.x_test[:200]
    for each in result.margins[:4]:
        run = pysnn.simulate(
            converted, x, duration=0.1, stop_margin=each.margin, stop_interval=result.interval
        )
        early = run.stopped_step < 100
        ranked = np.sort(run.spike_counts.astype(np.int64), axis=1)
        assert (ranked[early, -1] - ranked[early, -2] >= each.margin).all()
        assert (run.stopped_step[early] % result.interval == 0).all()
        assert each.num_early == early.sum() > 0


def test_threads_change_nothing(
    converted: pysnn.SpikingNetwork, mnist: Mnist, result: StoppingResult
) -> None:
    x, y = mnist.x_test[:200], mnist.y_test[:200]
    for num_threads in (1, 2):
        other = stopping(
            converted, x, y, (1, 2, 4, 8, 10**9), 5, duration=0.1, num_threads=num_threads
        )
        assert other.to_dict() == result.to_dict()


def test_parts_with_their_sample_ids_are_the_parts_of_the_whole(
    converted: pysnn.SpikingNetwork, mnist: Mnist, result: StoppingResult
) -> None:
    parts = [
        stopping(
            converted,
            mnist.x_test[rows],
            mnist.y_test[rows],
            (1, 2, 4, 8, 10**9),
            5,
            duration=0.1,
            sample_ids=np.arange(200)[rows],
        )
        for rows in (slice(0, 70), slice(70, 200))
    ]
    for name in ("settled", "decided"):
        steps = np.concatenate([getattr(part, name).steps for part in parts])
        np.testing.assert_array_equal(getattr(result, name).steps, steps)
    for i, whole in enumerate(result.margins):
        for name in ("num_early", "num_changed", "num_gained", "num_lost"):
            assert getattr(whole, name) == sum(getattr(part.margins[i], name) for part in parts)


def test_a_simulator_that_ends_elsewhere_is_found_out(
    converted: pysnn.SpikingNetwork, mnist: Mnist, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(*arguments: Any, stop_margin: int | None = None, **options: Any) -> object:
        margin = None if stop_margin is None else stop_margin + 1
        return pysnn.simulate(*arguments, stop_margin=margin, **options)

    monkeypatch.setattr(module, "simulate", late)
    x, y = mnist.x_test[:50], mnist.y_test[:50]
    with pytest.raises(RuntimeError, match=r"stop_margin 2, sample \d+ ended .* output spikes say"):
        stopping(converted, x, y, [2], 1, duration=0.05)


def test_the_result_is_json_and_text(result: StoppingResult) -> None:
    read = json.loads(json.dumps(result.to_dict()))
    assert [each["margin"] for each in read["margins"]] == [1, 2, 4, 8, 10**9]
    assert read["margins"][-1]["operations_of_whole"] == 1.0
    assert sum(read["decided"]["samples_by_step"]) == 200
    text = str(result)
    for word in ("none", "100.0", "predictions changed", "can change no more"):
        assert word in text
    for header, rows in (result.table(), result.times_table()):
        assert {len(row) for row in rows} == {len(header)}


def test_a_silent_network_is_never_settled_and_ends_nowhere() -> None:
    network = pysnn.Network([pysnn.Linear(np.eye(2))], input_shape=2)
    snn = pysnn.convert(network, method="none", threshold=100.0)
    result = stopping(snn, [[0.0, 0.0]], [0], [1], 1, duration=0.01)
    assert result.settled.num_never == 1
    assert result.decided.steps.tolist() == [9]
    assert result.margins[0].num_early == 0
    assert result.saving(result.margins[0]) is None
    assert "never" in str(result)
    assert json.loads(json.dumps(result.to_dict()))["margins"][0]["operations_of_whole"] is None


def test_the_plots_show_every_margin_and_both_senses(result: StoppingResult) -> None:
    figure = pytest.importorskip("matplotlib.figure")
    ax = figure.Figure().subplots()
    assert result.plot_margins(title="t", ax=ax) is ax
    expected = [each.mean_steps for each in (*result.margins, result.whole)]
    np.testing.assert_allclose(ax.get_lines()[0].get_xdata(), expected)  # steps of 1 ms
    assert [text.get_text() for text in ax.texts][-2:] == ["1000000000", "none"]
    ax = figure.Figure().subplots()
    assert result.plot_times(title="t", ax=ax) is ax
    settled, decided = ax.get_lines()
    assert settled.get_ydata()[-1] == decided.get_ydata()[-1] == 100
