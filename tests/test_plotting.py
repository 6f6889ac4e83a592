"""Figures: what is drawn, where, and what is refused."""

from __future__ import annotations

import re
import subprocess
import sys

import numpy as np
import pytest

from pysnn.plotting import plot_accuracy_over_time

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
    assert ax.get_ylabel() == "correct (%)"
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


def test_new_axes_are_made_where_none_are_given():
    # In a process of its own: pyplot keeps its figures and its backend for good.
    code = (
        "import matplotlib; matplotlib.use('Agg')\n"
        "from pysnn.plotting import plot_accuracy_over_time\n"
        "ax = plot_accuracy_over_time({'data': [0.1, 0.9]})\n"
        "print(len(ax.get_lines()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "1\n"


@pytest.mark.parametrize(
    ("accuracy", "options", "error", "message"),
    [
        ({}, {}, ValueError, "accuracy is empty"),
        ({"data": []}, {}, ValueError, "accuracy['data'] has shape (0,)"),
        ({"data": [[0.1]]}, {}, ValueError, "accuracy['data'] has shape (1, 1)"),
        ({"data": [0.1, 1.5]}, {}, ValueError, "accuracy['data'][1] is 1.5"),
        ({"data": [0.1, np.nan]}, {}, ValueError, "accuracy['data'][1] is nan"),
        ({"data": ["a"]}, {}, TypeError, "accuracy['data'] has dtype"),
        ({"data": RISING}, {"dt": 0.0}, ValueError, "dt is 0.0"),
        ({"data": RISING}, {"ann_accuracy": 98.5}, ValueError, "ann_accuracy is 98.5"),
    ],
)
def test_bad_arguments_are_named(accuracy, options, error, message):
    with pytest.raises(error, match=re.escape(message)):
        plot_accuracy_over_time(accuracy, ax=new_axes(), **options)


def test_missing_matplotlib_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match=r"pip install '\.\[report\]'"):
        plot_accuracy_over_time({"data": RISING})
