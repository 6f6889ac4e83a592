"""Scales that cover a percentage of the activations."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from residual import X, residual

import pysnn
from pysnn.conversion.population_scales import LEAST_SCALE


def channels(values: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return (channels, any number) of (num_samples, channels, ...)."""
    return values.swapaxes(0, 1).reshape(values.shape[1], -1).astype(np.float64)


def test_each_channel_has_the_percentile_of_its_activations_and_zeros_count() -> None:
    network = residual()
    snn = pysnn.convert(network, recipe="robust", x=X, percentile=90.0, progress=False)
    outputs = dict(zip(network.layer_names, network.activations(X), strict=True))
    for name, node in (("relu1", "relu1"), ("relu2", "relu2"), ("relu3", "relu3")):
        population = next(each for each in snn.populations if each.name == name)
        found = np.percentile(channels(outputs[node]), 90.0, axis=1)
        np.testing.assert_allclose(
            np.asarray(population.scale_factor),
            np.maximum(found, LEAST_SCALE * found.max()),
            rtol=1e-12,
        )


def test_a_layer_has_one_percentile_of_all_its_activations() -> None:
    network = residual()
    snn = pysnn.convert(network, recipe="opi2022", x=X, percentile=95.0, progress=False)
    relu1 = network.activations(X)[network.layer_names.index("relu1")].astype(np.float64)
    assert snn.populations[0].scale_factor == pytest.approx(np.percentile(relu1, 95.0), rel=1e-12)


def test_scales_do_not_depend_on_batches_or_threads() -> None:
    network = residual()
    first = pysnn.convert(network, recipe="robust", x=X, progress=False)
    other = pysnn.convert(
        network, recipe="robust", x=X, batch_size=3, num_threads=2, progress=False
    )
    assert pysnn.io.to_bytes(first) == pysnn.io.to_bytes(other)


def test_scales_do_not_depend_on_the_order_of_the_samples() -> None:
    network = residual()
    first = pysnn.convert(network, recipe="robust", x=X, progress=False)
    other = pysnn.convert(network, recipe="robust", x=X[::-1], progress=False)
    assert pysnn.io.to_bytes(first) == pysnn.io.to_bytes(other)


@pytest.mark.parametrize("recipe", ["robust", "signed", "opi2022"])
def test_outputs_are_compared_on_one_scale(recipe: str) -> None:
    for network in (residual(), residual(relu_output=True)):
        snn = pysnn.convert(network, recipe=recipe, x=X, progress=False)
        assert isinstance(snn.populations[-1].scale_factor, float)


def test_a_pool_at_the_end_has_one_scale_for_all_classes() -> None:
    rng = np.random.default_rng(3)
    network = pysnn.Network(input_shape=(3, 8, 8))
    network.add("conv", pysnn.Conv2d(rng.normal(size=(5, 3, 3, 3)))).add("relu", pysnn.ReLU())
    network.add("pool", pysnn.AvgPool2d(6)).add("flatten", pysnn.Flatten())
    snn = pysnn.convert(
        network, recipe="robust", x=X, pools="spiking", readout="spikes", progress=False
    )
    assert [isinstance(each.scale_factor, float) for each in snn.populations] == [True, True]
    result = pysnn.simulate(snn, X, duration=0.256, encoding="constant")
    assert (result.predictions == network.classify(X)).mean() > 0.9


def test_what_is_clipped_is_clipped_before_its_percentile() -> None:
    network = pysnn.Network(input_shape=4)
    network.add("fc", pysnn.Linear(8 * np.eye(4, dtype=np.float32))).add("relu", pysnn.ReLU(max=2))
    network.add("out", pysnn.Linear(np.ones((2, 4), dtype=np.float32)))
    x = np.random.default_rng(0).random((50, 4), dtype=np.float32)
    snn = pysnn.convert(network, recipe="robust", x=x, progress=False)
    np.testing.assert_array_equal(np.asarray(snn.populations[0].scale_factor), np.full(4, 2.0))
