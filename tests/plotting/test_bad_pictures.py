"""Bad arguments of figures, each named."""

from __future__ import annotations

import re

import pytest

from pysnn.plotting import (
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

pytest.importorskip("matplotlib")


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: plot_heat_map([[0.5]], max_rate=[1, 2], threshold=[1]), ValueError, "(1, 2)"),
        (lambda: plot_heat_map([[0.5, 2]], max_rate=[1, 2], threshold=[1]), ValueError, "[0, 1]"),
        (lambda: plot_heat_map([[0, 1]], max_rate=[2, 1], threshold=[1]), ValueError, "max_rate"),
        (
            lambda: plot_heat_map([[0]], max_rate=[1], threshold=[1], best=(0, 1)),
            ValueError,
            "best",
        ),
        (lambda: plot_heat_map([[0]], max_rate=[1], threshold=[0]), ValueError, "threshold is"),
        (
            lambda: plot_heat_map([[0]], max_rate=[1], threshold=[1], axes=("rate", "threshold")),
            ValueError,
            "axes is ('rate', 'threshold')",
        ),
        (
            lambda: plot_heat_map(
                [[0, 1]], max_rate=[1, 2], threshold=[1], axes=("max_rate", "threshold")
            ),
            ValueError,
            "accuracy has shape (1, 2), but must be (2, 1)",
        ),
        (lambda: plot_raster({"a": [[[1]]]}), ValueError, "sample= takes one"),
        (lambda: plot_raster({"a": [[[1]]]}, sample=1), ValueError, "sample is 1, but must be in"),
        (lambda: plot_raster({"a": [[1]]}, sample=0), ValueError, "with sample"),
        (lambda: plot_raster({}), ValueError, "spikes is empty"),
        (lambda: plot_raster({"a": [1, 0]}), ValueError, "spikes['a'] has shape (2,)"),
        (lambda: plot_raster({"a": [[0.5]]}), TypeError, "spikes['a'] has dtype float64"),
        (lambda: plot_raster({"a": [[1]], "b": [[1], [0]]}), ValueError, "equally many"),
        (lambda: plot_raster({"a": [[1]]}, max_neurons=0), ValueError, "max_neurons is 0"),
        (lambda: plot_raster({"a": [[1]]}, image=[1.0]), ValueError, "image has shape (1,)"),
        (lambda: plot_raster({"a": [[1]]}, dt=-1), ValueError, "dt is -1"),
        (lambda: plot_activation_against_rate([1, 2], rate=[1]), ValueError, "rate has shape (1,)"),
        (lambda: plot_activation_against_rate([], rate=[]), ValueError, "activation is empty"),
        (lambda: plot_rate_histogram({}), ValueError, "rates is empty"),
        (lambda: plot_rate_histogram({"a": [-1.0]}), ValueError, "rates['a'] lie in [-1, -1]"),
        (
            lambda: plot_rate_histogram({"a": [1000.0001]}, max_rate=1000),
            ValueError,
            "rates['a'] lie in [1000.0001, 1000.0001] Hz, but must lie in [0, 1000]",
        ),
        (lambda: plot_rate_histogram({"a": [1]}, num_bins=0), ValueError, "num_bins is 0"),
        (lambda: plot_rate_histogram({"a": [1]}, max_rate=0), ValueError, "max_rate is 0"),
        (lambda: plot_time_histogram({}), ValueError, "steps is empty"),
        (lambda: plot_time_histogram({"a": [0.5]}), TypeError, "steps['a'] has dtype float64"),
        (lambda: plot_time_histogram({"a": [0, -2]}), ValueError, "steps['a'][1] is -2"),
        (lambda: plot_time_histogram({"a": [1]}, num_steps=0), ValueError, "num_steps is 0"),
        (lambda: plot_time_shares({}), ValueError, "steps is empty"),
        (lambda: plot_time_shares({"a": [0, -2]}), ValueError, "steps['a'][1] is -2"),
        (lambda: plot_time_shares({"a": [1]}, num_steps=0), ValueError, "num_steps is 0"),
        (lambda: plot_early_stop({}, cost={}, names=[]), ValueError, "accuracy is empty"),
        (
            lambda: plot_early_stop({"a": [1]}, cost={"b": [1]}, names=["1"]),
            ValueError,
            "cost has the labels ['b'], but accuracy has ['a']",
        ),
        (
            lambda: plot_early_stop({"a": [1]}, cost={"a": [1]}, names=["1", "2"]),
            ValueError,
            "accuracy['a'] has 1 values, but there are 2 names",
        ),
        (
            lambda: plot_early_stop({"a": [1]}, cost={"a": [1, 2]}, names=["1"]),
            ValueError,
            "cost['a'] has 2 values, but there are 1 names",
        ),
        (
            lambda: plot_early_stop({"a": [1]}, cost={"a": [0]}, names=["1"]),
            ValueError,
            "cost['a'] has 0.0, but must be above 0",
        ),
        (
            lambda: plot_early_stop({"a": [2]}, cost={"a": [1]}, names=["1"]),
            ValueError,
            "accuracy['a'][0] is 2",
        ),
        (lambda: plot_cost_over_time({"a": [1]}, time=[0]), ValueError, "time is [0.0]"),
        (lambda: plot_cost_over_time({"a": [1]}, time=[1, 2]), ValueError, "cost['a'] has 1"),
        (lambda: plot_cost_over_time({}, time=[1]), ValueError, "cost is empty"),
        (
            lambda: plot_cost_over_time({"a": [1]}, time=[1], styles={"b": 0}),
            ValueError,
            "styles has 'b'",
        ),
        (
            lambda: plot_accuracy_over_time({"a": [1]}, styles={"a": -1}),
            ValueError,
            "styles['a'] is -1",
        ),
        (
            lambda: plot_accuracy_over_time({"a": [1]}, styles={"a": 0.5}),
            TypeError,
            "styles['a']",
        ),
        (
            lambda: plot_cost_over_time({"a": [1]}, time=[1], ann_cost={"b": -1}),
            ValueError,
            "ann_cost['b'] is -1",
        ),
        (lambda: plot_error_parts({"a": [1]}, []), ValueError, "names is empty"),
        (lambda: plot_error_parts({"a": [1]}, ["b", "c"]), ValueError, "a has 1 sizes"),
        (lambda: plot_error_parts({"a": [-1]}, ["b"]), ValueError, "a is -1"),
        (lambda: plot_layer_cost({}, synaptic_operations={}), ValueError, "spikes is empty"),
        (lambda: plot_layer_cost({"a": 1}, synaptic_operations={"b": 1}), ValueError, "['b']"),
        (
            lambda: plot_layer_cost({"a": -1}, synaptic_operations={}),
            ValueError,
            "spikes['a'] is -1",
        ),
    ],
)
def test_bad_arguments_of_every_picture_are_named(call, error, message):
    with pytest.raises(error, match=re.escape(message)):
        call()
