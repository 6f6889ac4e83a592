"""Pictures of what a result recorded, in notebooks too, and labels that leave each other room."""

from __future__ import annotations

from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
import pytest

import pysnn
from pysnn.plotting import (
    plot_accuracy_against_cost,
    plot_layer_cost,
    plot_potential,
    plot_raster,
)

pytest.importorskip("matplotlib")

RNG = np.random.default_rng(5)
X = RNG.random((4, 6))
NETWORK = pysnn.models.mlp((6, 20, 8, 3), seed=1)
SPIKING = pysnn.convert(NETWORK, method="model")
READOUT = pysnn.convert(NETWORK, recipe="robust", x=X, readout="potential")
RESULT = pysnn.simulate(
    SPIKING, X, num_steps=30, record={"spikes": ["linear1", "linear2"], "potentials": ["linear2"]}
)


def marks(axes: Any) -> set[tuple[float, float]]:
    """Return the places of all marks."""
    points = [
        zip(*line.get_data(), strict=True) for line in axes.get_lines() if line.get_marker() == "|"
    ]
    return {(round(float(x), 6), round(float(y), 6)) for each in points for x, y in each}


def test_a_raster_of_a_result_is_that_of_its_trains() -> None:
    recorded = plot_raster(RESULT, sample=2)
    by_hand = plot_raster({name: RESULT.spikes(name)[:, 2] for name in RESULT.spikes})
    assert marks(recorded) == marks(by_hand)
    assert len(marks(recorded)) == RESULT.num_spikes[2, :2].sum()
    assert recorded.get_ylim() == by_hand.get_ylim()
    assert marks(plot_raster(RESULT)) == marks(plot_raster(RESULT, sample=0))


def test_the_old_keyword_of_a_raster_warns_and_draws_the_same() -> None:
    trains = {name: RESULT.spikes(name)[:, 2] for name in RESULT.spikes}
    old: Any = {"spike_trains": trains}
    with pytest.warns(DeprecationWarning, match=r"plot_raster\(result=\)") as warned:
        axes = plot_raster(**old)
    assert warned[0].filename == __file__
    assert marks(axes) == marks(plot_raster(trains))
    with pytest.raises(TypeError, match="spike_trains"):
        plot_raster(result=trains, **old)
    with pytest.raises(TypeError, match="result"):
        plot_raster()  # type: ignore[call-arg]


def test_a_raster_shows_the_populations_that_are_asked_for() -> None:
    one = plot_raster(RESULT, sample=1, population="linear2")
    assert len(marks(one)) == RESULT.num_spikes[1, 1]
    both = plot_raster(RESULT, sample=1, population=["linear1", "linear3"])
    assert len(marks(both)) == RESULT.num_spikes[1, [0, 2]].sum()


@pytest.mark.filterwarnings("error::DeprecationWarning")
def test_the_outputs_spikes_are_there_unrecorded() -> None:
    plain = pysnn.simulate(SPIKING, X, num_steps=30)
    assert len(marks(plot_raster(plain, sample=3))) == plain.num_spikes[3, 2]


def test_a_raster_goes_on_where_a_simulation_went_on() -> None:
    simulation = pysnn.Simulation(SPIKING, 4, dt=5e-4)
    simulation.run(X, num_steps=10)
    later = simulation.run(X, num_steps=200)
    axes = plot_raster(later)
    assert axes.get_xlim() == pytest.approx((5.0, 105.5))
    steps, _ = np.nonzero(later.output_spikes[:, 0])
    assert {x for x, _ in marks(axes)} == {round(0.5 * (11 + step), 6) for step in steps}


def test_potentials_are_those_of_the_sample_with_its_spikes() -> None:
    axes = plot_potential(RESULT, sample=3, neurons=[0, 5], threshold=1.0, title="t")
    lines = {line.get_label(): line for line in axes.get_lines()}
    for neuron in (0, 5):
        line = lines[f"linear2 {neuron}"]
        np.testing.assert_array_equal(line.get_ydata(), RESULT.potentials("linear2")[:, 3, neuron])
        np.testing.assert_allclose(line.get_xdata(), np.arange(1, 31))
    up = [line for line in axes.get_lines() if line.get_marker() == "^"]
    shown = sum(len(line.get_xdata()) for line in up)
    assert shown == RESULT.spikes("linear2")[:, 3, [0, 5]].sum()
    assert lines["threshold"].get_linestyle() == "--"
    assert axes.get_title() == "t"


def test_without_neurons_those_that_move_most_are_shown() -> None:
    potentials = RESULT.potentials("linear2")[:, 0]
    moved = np.abs(np.diff(potentials, axis=0, prepend=0)).sum(axis=0)
    labels = [line.get_label() for line in plot_potential(RESULT).get_lines()]
    shown = {int(label.split()[1]) for label in labels if label.startswith("linear2")}
    assert shown == set(np.argsort(-moved, kind="stable")[:5].tolist())


def test_a_readout_needs_no_record() -> None:
    result = pysnn.simulate(READOUT, X, num_steps=12)
    axes = plot_potential(result, sample=1, neurons=[2])
    (line,) = axes.get_lines()
    np.testing.assert_array_equal(line.get_ydata(), result.output_potentials[:, 1, 2])


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: plot_raster(RESULT, sample=4), ValueError, "sample is 4"),
        (lambda: plot_raster(RESULT, sample=0.5), TypeError, "sample is a float"),
        (lambda: plot_raster(RESULT, population="no"), ValueError, "population is 'no'"),
        (lambda: plot_raster(RESULT, population=[3]), TypeError, "population is a int"),
        (lambda: plot_raster(RESULT, dt=1e-3), ValueError, "dt is 0.001, but a result has its own"),
        (
            lambda: plot_raster({"a": [[1]]}, population="a"),
            ValueError,
            "population is given, but goes with a result",
        ),
        (
            lambda: plot_raster(pysnn.simulate(READOUT, X, num_steps=3)),
            ValueError,
            "no spikes to plot: record='spikes'",
        ),
        (lambda: plot_potential(RESULT, population="linear1"), KeyError, "record="),
        (lambda: plot_potential(RESULT, neurons=[8]), ValueError, r"neurons\[0\] is 8"),
        (lambda: plot_potential(RESULT, neurons=[]), ValueError, "neurons is empty"),
        (lambda: plot_potential(RESULT, threshold="1"), TypeError, "threshold is a str"),
        (lambda: plot_potential({"a": [[1]]}), TypeError, "result is a dict"),
        (
            lambda: plot_potential(pysnn.simulate(SPIKING, X, num_steps=3)),
            ValueError,
            "no potentials to plot: record='potentials'",
        ),
    ],
)  # fmt: skip
def test_what_can_t_be_drawn_is_named(call: Any, error: type, message: str) -> None:
    with pytest.raises(error, match=message):
        call()


class Row(NamedTuple):
    """A row of some table."""

    cost: list[float]
    accuracy: list[float]


def test_curves_are_taken_by_name_and_pairs_warn() -> None:
    named = {"a": {"cost": [4, 8], "accuracy": [0.5, 0.9]}, "b": Row([4, 8], [0.4, 0.8])}
    pairs = {"a": ([4, 8], [0.5, 0.9]), "b": ([4, 8], [0.4, 0.8])}
    expected = plot_accuracy_against_cost(named, xlabel="steps")
    with pytest.warns(DeprecationWarning, match="a pair as curves.* is now") as warned:
        found = plot_accuracy_against_cost(pairs, xlabel="steps")
    assert warned[0].filename == __file__
    for mine, theirs in zip(found.get_lines(), expected.get_lines(), strict=True):
        np.testing.assert_array_equal(mine.get_data(), theirs.get_data())
    for wrong, error in (({"cost": [1]}, ValueError), (3, TypeError)):
        with pytest.raises(error, match=r"curves\['a'\]"):
            plot_accuracy_against_cost({"a": wrong}, xlabel="steps")


def test_axes_of_ones_own_show_themselves_in_a_notebook() -> None:
    axes = plot_raster(RESULT)
    for shown in (axes, axes.figure):
        assert shown._repr_png_().startswith(b"\x89PNG")
    figure = pytest.importorskip("matplotlib.figure").Figure()
    given = figure.subplots()
    # pyplot shows those that it made: twice would be one too many.
    assert not hasattr(plot_raster(RESULT, ax=given), "_repr_png_")


def wide(num_large: int, num_small: int) -> dict[str, Any]:
    """Return trains of many populations."""
    trains = {f"conv{i}": np.ones((3, 200), dtype=bool) for i in range(num_large)}
    return trains | {f"small{i}": np.ones((3, 12), dtype=bool) for i in range(num_small)}


COSTS = [1.00e6, 1.01e6, 1.02e6, 1.5e6, 1.51e6, 9e6]
LAYERS = {f"a long name {i}": 1234567.0 * (i + 1) for i in range(18)}
CROWDED = {
    "few": lambda: plot_raster(wide(2, 1)),
    "many": lambda: plot_raster(wide(24, 3)),
    "too many": lambda: plot_raster(wide(3, 20)),
    "costs": lambda: plot_accuracy_against_cost(
        {"a": {"cost": COSTS, "accuracy": np.linspace(0.5, 0.9, 6)}}, xlabel="operations"
    ),
    "layers": lambda: plot_layer_cost(LAYERS, synaptic_operations=LAYERS),
    "two layers": lambda: plot_layer_cost({"a": 1e5, "b": 1e6}, synaptic_operations={"b": 1e7}),
}


@pytest.mark.parametrize("name", CROWDED)
def test_labels_do_not_run_into_each_other(name: str) -> None:
    axes = CROWDED[name]()
    axes.figure.canvas.draw()
    for labels in (axes.get_xticklabels(), axes.get_yticklabels(), axes.texts):
        shown = [label for label in labels if label.get_text() and label.get_visible()]
        if shown and shown[0].get_rotation() == 45:
            # Slanted: lines of text lie side by side where their ends are a line apart.
            ends = [label.get_window_extent().x1 for label in shown]
            assert np.diff(ends).min() > shown[0].get_size() * axes.figure.dpi / 72
            lowest = min(label.get_window_extent().y0 for label in shown)
            assert axes.get_legend().get_window_extent().y1 < lowest
            continue
        for one, other in combinations(shown, 2):
            assert not one.get_window_extent().overlaps(other.get_window_extent()), (
                one.get_text(),
                other.get_text(),
            )


def test_names_of_populations_stay_where_there_is_no_room_for_neurons() -> None:
    for num_large, ending in ((3, "\n100 of 200"), (11, "")):
        axes = plot_raster(wide(num_large, 4))
        texts = [label.get_text() for label in axes.get_yticklabels()]
        assert {f"conv{i}{ending}" for i in range(num_large)} <= set(texts)
        assert {f"small{i} 0" for i in range(4)} <= set(texts)
