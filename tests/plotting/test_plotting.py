"""Figures: what is drawn, where, and what is refused."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from pysnn.plotting import (
    plot_accuracy_against_cost,
    plot_accuracy_over_time,
    plot_activation_against_rate,
    plot_cost_over_time,
    plot_early_stop,
    plot_error_parts,
    plot_heat_map,
    plot_layer_cost,
    plot_raster,
    plot_rate_histogram,
    plot_time_histogram,
    plot_time_shares,
)

figure = pytest.importorskip("matplotlib.figure")

RISING = [0.1, 0.5, 0.9, 0.985]


def new_axes():
    return figure.Figure().subplots()


def test_curves_are_percent_over_milliseconds():
    ax = plot_accuracy_over_time({"data": RISING, "none": [0.1, 0.2]}, dt=2e-3, ax=new_axes())
    data, none = ax.get_lines()
    np.testing.assert_allclose(data.get_xdata(), [2, 4, 6, 8])
    np.testing.assert_allclose(data.get_ydata(), [10, 50, 90, 98.5])
    np.testing.assert_allclose(none.get_xdata(), [2, 4])
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["data", "none"]


def test_axes_are_returned_and_name_their_units():
    ax = new_axes()
    assert plot_accuracy_over_time({"data": RISING}, title="digits", ax=ax) is ax
    assert ax.get_xlabel() == "simulated time (ms)"
    assert ax.get_ylabel() == "accuracy (%), stretched towards 100 %"
    assert ax.get_title() == "digits"


def test_ann_accuracy_is_a_dashed_line():
    ax = plot_accuracy_over_time({"data": RISING}, ann_accuracy=0.99, ax=new_axes())
    line = ax.get_lines()[-1]
    np.testing.assert_allclose(line.get_ydata(), 99.0)
    assert line.get_linestyle() == "--"
    assert line.get_label() == "ReLU network (99.00 %)"


def test_lines_differ_in_colour_and_dashes():
    curves = {str(i): RISING for i in range(4)}
    lines = plot_accuracy_over_time(curves, ax=new_axes()).get_lines()
    assert len({line.get_color() for line in lines}) == 4
    assert len({str(line._dash_pattern) for line in lines}) == 4


@pytest.mark.parametrize("accuracy", [[0.5], [1.0, 1.0], [0.0, 0.0], np.linspace(0, 1, 500)])
def test_every_accuracy_lies_within_the_axes(accuracy):
    ax = plot_accuracy_over_time({"data": accuracy}, ann_accuracy=1.0, ax=new_axes())
    ax.figure.canvas.draw()
    bottom, top = ax.get_ylim()
    assert bottom <= 100 * np.min(accuracy)
    assert top >= 100
    left, right = ax.get_xlim()
    assert left <= 1
    assert right >= len(accuracy)
    assert len(ax.get_xticks()) >= 1


def test_higher_accuracy_is_drawn_higher_up_to_100_percent():
    ax = plot_accuracy_over_time({"data": [0.1, 1.0]}, ax=new_axes())
    percent = np.array([0, 10, 50, 90, 99, 99.9, 100])
    places = ax.transData.transform(np.column_stack([np.ones(7), percent]))[:, 1]
    assert (np.diff(places) > 0).all()


def test_several_seeds_are_their_median_and_a_band():
    rows = [[0.1, 0.5, 0.9], [0.3, 0.6, 0.8], [0.2, 0.9, 0.7]]
    ax = plot_accuracy_over_time({"data": rows}, ax=new_axes())
    (line,), (band,) = ax.get_lines(), ax.collections
    np.testing.assert_allclose(line.get_ydata(), [20, 60, 80])
    points = band.get_paths()[0].vertices
    for time, low, high in ((1, 10, 30), (2, 50, 90), (3, 70, 90)):
        heights = points[points[:, 0] == time][:, 1]
        assert (heights.min(), heights.max()) == pytest.approx((low, high))


@pytest.mark.parametrize(
    ("accuracy", "options", "error", "message"),
    [
        ({}, {}, ValueError, "accuracy is empty"),
        ({"data": []}, {}, ValueError, "accuracy['data'] has shape (0,)"),
        ({"data": [[[0.1]]]}, {}, ValueError, "accuracy['data'] has shape (1, 1, 1)"),
        ({"data": [[0.1, -0.1]]}, {}, ValueError, "accuracy['data'][0, 1] is -0.1"),
        ({"data": [0.1, 1.5]}, {}, ValueError, "accuracy['data'][1] is 1.5"),
        ({"data": [0.1, np.nan]}, {}, ValueError, "accuracy['data'][1] is nan"),
        ({"data": ["a"]}, {}, TypeError, "accuracy['data'] has dtype"),
        ({"data": RISING}, {"dt": 0.0}, ValueError, "dt is 0.0"),
        ({"data": RISING}, {"ann_accuracy": 98.5}, ValueError, "ann_accuracy is 98.5"),
        ({"data": RISING}, {"num_samples": 0}, ValueError, "num_samples is 0"),
        ({"data": RISING}, {"band": "wide"}, ValueError, "band is 'wide'"),
    ],
)
def test_bad_arguments_are_named(accuracy, options, error, message):
    with pytest.raises(error, match=re.escape(message)):
        plot_accuracy_over_time(accuracy, ax=new_axes(), **options)


TRAIN = np.zeros((20, 30), dtype=bool)
TRAIN[4, 7] = TRAIN[9, 29] = True
CALLS = {
    "accuracy": lambda ax: plot_accuracy_over_time({"data": RISING}, title="t", ax=ax),
    "heat map": lambda ax: plot_heat_map(
        [[0.5, 0.9]], max_rate=[100, 200], threshold=[1.0], near=0.8, title="t", ax=ax
    ),
    "raster": lambda ax: plot_raster(
        {"hidden": TRAIN, "output": TRAIN[:, :10]}, image=np.eye(28), title="t", ax=ax
    ),
    "activation": lambda ax: plot_activation_against_rate(
        [[1, 2]], rate=[[1, 0]], title="t", ax=ax
    ),
    "rates": lambda ax: plot_rate_histogram({"a": [0, 10, 1000]}, title="t", ax=ax),
    "times": lambda ax: plot_time_histogram({"a": [3, -1, 5]}, title="t", ax=ax),
    "shares": lambda ax: plot_time_shares({"a": [3, -1, 5]}, title="t", ax=ax),
    "early stop": lambda ax: plot_early_stop(
        {"a": [0.9, 0.95]}, cost={"a": [1e5, 3e5]}, names=["1", "2"], title="t", ax=ax
    ),
    "cost": lambda ax: plot_cost_over_time(
        {"a": [0, 10, 100]}, time=[0.001, 0.01, 0.1], ann_cost={"ANN": 50}, title="t", ax=ax
    ),
    "error parts": lambda ax: plot_error_parts(
        {"clipping": [1, 2], "noise": [0, 1]}, ["input", "b"], title="t", ax=ax
    ),
    "layers": lambda ax: plot_layer_cost(
        {"input": 5, "a": 2}, synaptic_operations={"a": 1e7}, title="t", ax=ax
    ),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_every_picture_draws_into_the_given_axes_and_labels_them(call):
    ax = new_axes()
    assert call(ax) is ax
    ax.figure.canvas.draw()
    assert ax.get_title() == "t"
    assert ax.get_ylabel() or len(ax.get_yticklabels())
    assert ax.get_xlabel() or ax.get_xticklabels()[0].get_text() == "input"


@pytest.mark.parametrize("name", CALLS)
def test_every_picture_makes_axes_of_its_own_where_none_are_given(name):
    ax = CALLS[name](None)
    assert ax.figure.axes[0] is ax


@pytest.mark.parametrize("name", CALLS)
def test_without_matplotlib_every_picture_names_the_extra(monkeypatch, name):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match=r"pip install matplotlib .*the extra 'report'"):
        CALLS[name](None)


def test_pictures_leave_matplotlib_as_it_was():
    # In a process of its own: other tests may have loaded pyplot.
    code = (
        "import matplotlib\n"
        "before = dict(matplotlib.rcParams)\n"
        "from test_plotting import CALLS\n"
        "[call(None).figure.canvas.draw() for call in CALLS.values()]\n"
        "import matplotlib.pyplot\n"
        "print(before == dict(matplotlib.rcParams), matplotlib.pyplot.get_fignums())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parent,
    )
    assert done.stdout == "True []\n"


def test_seeds_and_steps_of_an_array_are_not_mixed_up():
    curves = np.tile(np.linspace(0.1, 0.9, 20), (3, 1))
    assert plot_accuracy_over_time({"a": curves}, ax=new_axes())
    with pytest.raises(ValueError, match=r"shape \(20, 3\), but must be \(num_seeds, num_steps\)"):
        plot_accuracy_over_time({"a": curves.T}, ax=new_axes())
    few_steps = list(curves.T)
    ax = plot_accuracy_over_time({"a": few_steps}, ax=new_axes())
    assert len(ax.get_lines()[0].get_xdata()) == 3


def test_raster_takes_one_sample_of_recorded_trains():
    trains = np.zeros((20, 4, 10), dtype=bool)
    trains[4, 2, 7] = True
    by_number = plot_raster({"output": trains}, sample=2, ax=new_axes())
    by_hand = plot_raster({"output": trains[:, 2]}, ax=new_axes())
    np.testing.assert_array_equal(
        by_number.get_lines()[0].get_data(), by_hand.get_lines()[0].get_data()
    )


@pytest.mark.parametrize("call", [plot_activation_against_rate, plot_layer_cost])
def test_what_would_be_mixed_up_goes_by_name(call):
    with pytest.raises(TypeError, match="positional"):
        call({"a": 1}, {"a": 2})


def test_raster_has_a_mark_at_the_end_of_each_spike_s_step():
    ax = plot_raster({"output": TRAIN[:, :10]}, dt=2e-3, ax=new_axes())
    (marks,) = ax.get_lines()
    np.testing.assert_allclose(marks.get_xdata(), [10.0])
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert labels == ["output 0", *map(str, range(1, 9)), "output 9"]
    assert ax.get_yticks()[7] == pytest.approx(marks.get_ydata()[0])


def test_raster_shows_some_neurons_of_a_large_population_and_says_so():
    ax = plot_raster({"hidden": TRAIN}, max_neurons=17, ax=new_axes())
    assert [label.get_text() for label in ax.get_yticklabels()] == ["hidden\n17 of 30"]
    # Neuron 29, the last, is always among them.
    assert 10.0 in ax.get_lines()[0].get_xdata()


def test_time_histogram_counts_every_sample_that_has_an_event():
    steps = np.array([0, 0, 3, 17, 99, -1, -1, -1])
    ax = plot_time_histogram({"a": steps}, num_steps=100, ax=new_axes())
    (patch,) = ax.patches
    values, edges, _ = patch.get_data()
    assert (values * np.diff(edges)).sum() == pytest.approx(100 * 5 / 8)
    assert values[0] == pytest.approx(25)
    assert ax.get_legend().get_texts()[0].get_text() == "a (37.5 % never)"


@pytest.mark.parametrize("last", [0, 1, 7, 25, 499, 9999])
def test_the_bins_of_times_are_whole_steps_and_reach_the_last_one(last):
    ax = plot_time_histogram({"a": [last, last // 2]}, ax=new_axes())
    values, edges, _ = ax.patches[0].get_data()
    assert (values * np.diff(edges)).sum() == pytest.approx(100)
    widths = np.diff(edges).round(9)
    assert (widths == widths.round()).all()
    assert (widths[edges[:-1] < 20] == 1).all()
    assert len(widths) <= 200
    left, right = ax.get_xlim()
    assert left < last // 2 + 1 <= last + 1 < right


def test_time_shares_rise_to_the_share_in_which_it_happens():
    ax = plot_time_shares({"a": [0, 2, 2, -1]}, num_steps=4, dt=2e-3, ax=new_axes())
    (line,) = ax.get_lines()
    np.testing.assert_allclose(line.get_xdata(), [2, 4, 6, 8])
    np.testing.assert_allclose(line.get_ydata(), [25, 25, 75, 75])


def test_early_stop_has_a_named_point_for_each_way():
    ax = plot_early_stop(
        {"low": [0.7, 0.8], "high": [0.9, 0.95]},
        cost={"low": [2e4, 3e6], "high": [1e4, 2e6]},
        names=["1", "no end"],
        ax=new_axes(),
    )
    low, high = ax.get_lines()
    np.testing.assert_allclose(low.get_data(), [[2e4, 3e6], [70, 80]])
    np.testing.assert_allclose(high.get_data(), [[1e4, 2e6], [90, 95]])
    names = {(text.get_text(), *text.xy): text.get_verticalalignment() for text in ax.texts}
    assert names["no end", 3e6, 80] == "top"
    assert names["1", 1e4, 90] == "bottom"
    assert [label.get_text() for label in ax.get_xticklabels()][:2] == ["10 k", "20 k"]


@pytest.mark.parametrize("costs", [[3.0, 3.0], [1.1, 1.9], [1.0, 1e9]])
def test_the_axis_of_costs_has_some_labels_and_not_too_many(costs):
    ax = plot_early_stop({"a": [0.5, 0.6]}, cost={"a": costs}, names=["1", "2"], ax=new_axes())
    low, high = ax.get_xlim()
    assert low < costs[0] <= costs[1] < high
    assert 1 <= len(ax.get_xticks()) <= 12


def test_a_band_of_confidence_is_the_interval_of_the_mean():
    rows = [[0.1, 0.5], [0.3, 0.5], [0.2, 0.5]]
    ax = plot_accuracy_over_time(
        {"data": rows}, ann_accuracy=0.9, num_samples=100, band="confidence", ax=new_axes()
    )
    line, level = ax.get_lines()
    np.testing.assert_allclose(line.get_ydata(), [20, 50])
    heights = ax.collections[0].get_paths()[0].vertices
    # Student's factor for three values is 4.303; 20 - 4.303 * 10 / sqrt(3) would be below 0.
    assert heights[heights[:, 0] == 1][:, 1].min() == 0
    assert heights[heights[:, 0] == 1][:, 1].max() == pytest.approx(20 + 43.03 / np.sqrt(3), 1e-3)
    assert heights[heights[:, 0] == 2][:, 1] == pytest.approx(50)
    (span,) = ax.patches
    ends = span.get_patch_transform().transform(span.get_path().vertices)[:, 1]
    # Wilson's: 90 of 100 are 82.6 to 94.5 %.
    assert (ends.min(), ends.max()) == pytest.approx((82.56, 94.48), abs=0.05)
    assert ends.min() < level.get_ydata()[0] < ends.max()


def test_rate_histogram_sums_to_all_neurons():
    ax = plot_rate_histogram({"a": [[0, 0, 20], [500, 999, 1000]]}, ax=new_axes())
    values, _, _ = ax.patches[0].get_data()
    assert values.sum() == pytest.approx(100)
    assert ax.get_legend().get_texts()[0].get_text() == "a (33.3 % never fired)"


def test_layer_cost_has_a_bar_for_each_number():
    ax = plot_layer_cost({"input": 5, "a": 2}, synaptic_operations={"a": 1e7}, ax=new_axes())
    spikes, operations = ax.containers
    assert [bar.get_height() for bar in spikes] == [5, 2]
    assert [bar.get_height() for bar in operations] == [0, 1e7]
    assert {text.get_text() for text in ax.texts} == {"5", "2", "", "10 M"}


def test_cost_of_the_relu_network_is_a_level_line():
    ax = CALLS["cost"](new_axes())
    curve, level = ax.get_lines()
    np.testing.assert_allclose(curve.get_xdata(), [1, 10, 100])
    np.testing.assert_allclose(curve.get_ydata(), [np.nan, 10, 100])
    np.testing.assert_allclose(level.get_ydata(), 50)


def test_accuracy_against_cost_has_a_line_for_each_entry_on_a_logarithmic_axis() -> None:
    curves = {
        "a": {"cost": [4, 8, 16], "accuracy": [0.5, 0.7, 0.9]},
        "b": {"cost": [0.0, 5e6], "accuracy": [0.1, 0.8]},
    }
    axes = plot_accuracy_against_cost(
        curves, xlabel="operations", ann_accuracy=0.93, num_samples=100, title="costs"
    )
    a, b, level = axes.get_lines()
    np.testing.assert_array_equal(a.get_xdata(), [4, 8, 16])
    np.testing.assert_allclose(a.get_ydata(), [50, 70, 90])
    # What costs nothing has no place there.
    assert np.isnan(b.get_xdata()[0])
    assert level.get_label() == "ReLU network (93.00 %)"
    assert axes.get_xscale() == "log"
    assert axes.get_xlabel() == "operations"
    assert axes.get_title() == "costs"


def test_a_label_keeps_its_colour_in_pictures_with_other_lines():
    alone = plot_cost_over_time({"data": [1.0]}, time=[1e-3], styles={"data": 3})
    curves = {label: [0.5] for label in ("none", "model", "hidden", "data")}
    among = plot_accuracy_over_time(curves)
    (line,) = (each for each in alone.lines if each.get_label() == "data")
    (other,) = (each for each in among.lines if each.get_label() == "data")
    assert line.get_color() == other.get_color()
    assert line.get_color() != among.lines[0].get_color()
