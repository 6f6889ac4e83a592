"""Scales of least error, of balance, of normal variables and of ceilings."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from conversion.reference_readings import ReferenceReadings
from numpy.typing import NDArray
from residual import X, residual

import pysnn
from pysnn.conversion.folding import fold_graph
from pysnn.conversion.input_range import InputRange
from pysnn.conversion.population_scales import LEAST_SCALE, population_scales
from pysnn.conversion.scale_settings import scale_settings
from pysnn.conversion.scales import Method, Per
from pysnn.conversion.scales.gaussian import gaussian_scale
from pysnn.conversion.scales.normal import erf_and_bell

METHODS: tuple[Method, ...] = ("mmse", "balanced", "gaussian", "clip")


def scales_of(network: pysnn.Network, method: Method, **options: Any) -> dict[str, Any]:
    """Return the scales of what `convert` makes, by population."""
    options.setdefault("num_updates", 4 if method == "balanced" else None)
    snn = pysnn.convert(
        network, recipe="robust", method=method, x=options.pop("x", X), progress=False, **options
    )
    return {each.name: np.atleast_1d(each.scale_factor) for each in snn.populations}


def ceilings(max: float = 2.0) -> pysnn.Network:
    """Return a network whose ReLUs are clipped."""
    rng = np.random.default_rng(1)
    network = pysnn.Network(input_shape=(3, 8, 8))
    network.add("conv", pysnn.Conv2d(rng.normal(0.1, 0.4, (4, 3, 3, 3))))
    network.add("relu", pysnn.ReLU(max=max, levels=4)).add("flatten", pysnn.Flatten())
    return network.add("fc", pysnn.Linear(rng.normal(0, 0.2, (3, 144))))


def raised(scale: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.maximum(scale, LEAST_SCALE * scale.max())


@pytest.mark.parametrize("per", ["layer", "channel"])
@pytest.mark.parametrize(("start", "num_steps"), [(0.5, 8), (0.0, 32)])
def test_mmse_has_the_least_squared_error_of_counts_among_its_candidates(
    per: Per, start: float, num_steps: int
) -> None:
    network = residual()
    found = scales_of(network, "mmse", per=per, num_steps=num_steps, initial_potential=start)
    folded = fold_graph(network.graph, pools="folded")
    for name, rows in ReferenceReadings(network, folded, X, per).values().items():
        shift = start if folded[name].is_rectified else 0.0
        for channel, values in enumerate(rows):
            a = values.astype(np.float64)
            candidates = a.max() * (1 - 0.01 * np.arange(95))
            errors = [
                (
                    (a - np.clip(np.floor(a * num_steps / m + shift), 0, num_steps) * m / num_steps)
                    ** 2
                ).mean()
                for m in candidates
            ]
            best = candidates[int(np.argmin(errors))]
            assert found[name][channel] == pytest.approx(best, rel=1e-12)


def test_mmse_of_very_many_steps_is_the_largest_activation() -> None:
    network = residual()
    fine = scales_of(network, "mmse", per="channel", num_steps=2**16)
    largest = scales_of(network, "percentile", per="channel", percentile=100.0)
    for name, scale in largest.items():
        np.testing.assert_array_equal(fine[name], scale)


def test_mmse_begins_where_the_neurons_begin() -> None:
    at_half = scales_of(residual(), "mmse", num_steps=4)
    at_zero = scales_of(residual(), "mmse", num_steps=4, initial_potential=0.0)
    both = scales_of(residual(), "mmse", num_steps=4, initial_potential=1.0, threshold=2.0)
    assert at_half["relu1"] != at_zero["relu1"]
    assert at_half == both


@pytest.mark.parametrize("per", ["layer", "channel"])
def test_balanced_thresholds_are_those_of_the_reference(per: Per) -> None:
    network = residual()
    found = scales_of(network, "balanced", per=per, num_updates=5)
    folded = fold_graph(network.graph, pools="folded")
    expected = ReferenceReadings(network, folded, X, per).balanced(5)
    for name, scale in expected.items():
        np.testing.assert_array_equal(found[name], raised(scale))


def test_balanced_thresholds_of_one_layer_approach_where_nothing_is_cut_off() -> None:
    network = (
        pysnn.Network(input_shape=2).add("fc", pysnn.Linear(np.eye(2))).add("relu", pysnn.ReLU())
    )
    x = np.array([[0.25, 0.5]] * 3, dtype=np.float32)
    found = scales_of(network, "balanced", x=x, num_updates=1, readout="spikes", per="layer")
    # From 0 on: twice the mean of 0.25 and 0.5, and then nothing more.
    assert found["relu"] == 0.75
    again = scales_of(network, "balanced", x=x, num_updates=9, readout="spikes", per="layer")
    assert again["relu"] == 0.75


def expected_error(theta: float, mean: float, deviation: float, num_steps: int) -> float:
    """Return the mean squared error of rounded ReLU(z), z normal, by sums over a fine grid."""
    z = np.linspace(mean - 8 * deviation, mean + 8 * deviation, 200_001)
    density = np.exp(-(((z - mean) / deviation) ** 2) / 2)
    count = np.clip(np.floor(z * num_steps / theta + 0.5), 0, num_steps)
    error = (np.maximum(z, 0) - count * theta / num_steps) ** 2
    return float((error * density).sum() / density.sum())


@pytest.mark.parametrize(
    ("mean", "deviation", "num_steps"), [(0.0, 1.0, 4), (-1.0, 1.0, 8), (2.0, 0.5, 2)]
)
def test_gaussian_scale_has_less_error_than_scales_beside_it(
    mean: float, deviation: float, num_steps: int
) -> None:
    (theta,) = gaussian_scale(np.array([mean]), np.array([deviation]), num_steps)
    own = expected_error(theta, mean, deviation, num_steps)
    for other in (0.97 * theta, 1.03 * theta):
        assert own < expected_error(other, mean, deviation, num_steps)


def test_gaussian_scale_grows_with_the_values() -> None:
    mean, deviation = np.array([0.3, -0.5]), np.array([1.0, 2.0])
    one = gaussian_scale(mean, deviation, 16)
    np.testing.assert_allclose(gaussian_scale(8 * mean, 8 * deviation, 16), 8 * one, rtol=1e-12)


def test_gaussian_finds_no_scale_for_what_never_varies_or_never_fires() -> None:
    found = gaussian_scale(np.array([-1.0, -50.0]), np.array([0.0, 1.0]), 8)
    assert found.tolist() == [0.0, 0.0]


@pytest.mark.parametrize("per", ["layer", "channel"])
def test_gaussian_scales_come_from_means_and_variances(per: Per) -> None:
    network = residual()
    found = scales_of(network, "gaussian", per=per, num_steps=8)
    folded = fold_graph(network.graph, pools="folded")
    reference = ReferenceReadings(network, folded, X, per)
    for name, (mean, variance) in reference.moments().items():
        if folded[name].is_rectified:
            expected = gaussian_scale(mean, np.sqrt(variance), 8)
            np.testing.assert_array_equal(found[name], raised(expected))
    np.testing.assert_array_equal(found["fc"], reference.percentiles(99.9)["fc"])


def test_the_error_function_is_that_of_the_standard_library() -> None:
    x = np.concatenate([np.linspace(-7, 7, 2001), [-np.inf, np.inf, 1e-300, 0.0]])
    erf, bell = erf_and_bell(x)
    np.testing.assert_allclose(erf, [math.erf(each) for each in x], rtol=4e-15)
    np.testing.assert_allclose(bell, np.exp(-x * x), rtol=4e-14)
    assert np.isnan(erf_and_bell(np.array([np.nan]))[0]).all()


def test_clip_takes_the_ceilings_with_and_without_samples() -> None:
    network = ceilings(max=1.5)
    with_samples = scales_of(network, "clip")
    without = scales_of(network, "clip", x=None)
    assert with_samples["relu"] == without["relu"] == 1.5
    outputs = np.sort(np.abs(network.predict(X)), axis=None)
    assert outputs[-2] <= with_samples["fc"] <= outputs[-1] < without["fc"]


@pytest.mark.parametrize("method", METHODS)
def test_scales_do_not_depend_on_batches_or_threads(method: Method) -> None:
    network = ceilings() if method == "clip" else residual()
    x = np.concatenate([X, X[:, ::-1]])
    first = scales_of(network, method, x=x)
    other = scales_of(network, method, x=x, batch_size=3, num_threads=2)
    assert {name: each.tolist() for name, each in first.items()} == {
        name: each.tolist() for name, each in other.items()
    }


@pytest.mark.parametrize("method", ["percentile", "mmse", "balanced", "gaussian"])
@pytest.mark.parametrize("readout", ["potential", "spikes"])
def test_outputs_have_one_scale_for_all_classes(method: Method, readout: Any) -> None:
    assert scales_of(residual(), method, per="channel", readout=readout)["fc"].size == 1


def test_balanced_and_gaussian_scale_channels_unless_told_otherwise() -> None:
    for method, size in (("balanced", 4), ("gaussian", 4), ("mmse", 1)):
        assert scales_of(residual(), method)["relu1"].size == size


def test_nearly_dead_channels_get_the_least_scale_and_are_counted() -> None:
    weight = np.diag([1.0, 1e-5, 0.0, 0.5]).astype(np.float32)
    network = pysnn.Network(input_shape=4).add("fc", pysnn.Linear(weight)).add("relu", pysnn.ReLU())
    network.add("out", pysnn.Linear(np.ones((2, 4), dtype=np.float32)))
    x = np.ones((3, 4), dtype=np.float32)
    settings = scale_settings(
        network,
        method="percentile",
        x=x,
        variant="correct",
        include_last=True,
        scale=None,
        batch_size=10,
        num_threads=1,
        progress=False,
        per="channel",
    )
    found = population_scales(
        network, fold_graph(network.graph), InputRange(None, None), "percentile", settings
    )
    assert found.raised == {"relu": 2}
    assert found.by_name["relu"].tolist() == [1.0, LEAST_SCALE, LEAST_SCALE, 0.5]


@pytest.mark.parametrize("method", METHODS)
def test_networks_of_these_scales_approach_the_outputs(method: Method) -> None:
    network = ceilings() if method == "clip" else residual()
    snn = pysnn.convert(
        network,
        recipe="robust",
        method=method,
        x=X,
        num_updates=60 if method == "balanced" else None,
        num_steps=256 if method in ("mmse", "gaussian") else None,
        progress=False,
    )
    result = pysnn.simulate(snn, X, num_steps=256)
    # The steps of the ceilings' ReLU are those of 4 steps, which 256 steps go beyond.
    least = 0.8 if method == "clip" else 0.9
    assert (result.predictions == network.classify(X)).mean() >= least
