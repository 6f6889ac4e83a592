"""Calibration of biases and initial potentials, and readouts that wait for the first spikes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from residual import X, residual

import pysnn
from pysnn.conversion.delay import readout_delay
from pysnn.conversion.scales.readings import Readings

STEPS = 8
CHAIN_X = np.random.default_rng(3).random((150, 6), dtype=np.float32)


def chain() -> pysnn.Network:
    """Return a chain of two ReLUs and a linear output."""
    rng = np.random.default_rng(4)
    network = pysnn.Network(input_shape=(6,))
    source = "input"
    for i, (columns, rows) in enumerate(((6, 9), (9, 7), (7, 3))):
        weight = rng.normal(0, 0.7, (rows, columns))
        bias = rng.normal(0, 0.1, rows)
        linear = pysnn.Linear(weight, bias, activation="none")
        network.add(f"fc{i}", linear, inputs=[source])
        source = f"fc{i}"
        if i < 2:
            network.add(f"relu{i}", pysnn.ReLU(), inputs=[source])
            source = f"relu{i}"
    return network


def mean_errors(
    network: pysnn.Network, snn: pysnn.SpikingNetwork, x: NDArray[np.float32]
) -> dict[str, float]:
    """Return the largest mean error of a channel of every ReLU's population, by name."""
    result = pysnn.simulate(snn, x, num_steps=STEPS, record="counts")
    outputs = dict(zip(network.layer_names, network.activations(x), strict=True))
    errors = {}
    for population in snn.populations[:-1]:
        scale = np.reshape(population.scale_factor, (-1, 1))
        counts = result.counts(population.name).reshape(len(x), population.shape[0], -1)
        sent = counts.mean(axis=(0,)) * scale / STEPS
        activation = outputs[population.name].reshape(counts.shape).mean(axis=0, dtype=np.float64)
        errors[population.name] = float(np.abs((sent - activation).mean(axis=1)).max())
    return errors


def test_calibrated_biases_take_up_the_mean_error_of_channels() -> None:
    network = chain()
    options: dict[str, Any] = {"recipe": "robust", "x": CHAIN_X, "progress": False}
    options["initial_potential"] = 0.0
    before = mean_errors(network, pysnn.convert(network, **options), CHAIN_X)
    snn = pysnn.convert(network, calibration="bias", num_steps=STEPS, **options)
    after = mean_errors(network, snn, CHAIN_X)
    assert sum(after.values()) < 0.5 * sum(before.values())


def test_the_first_population_is_corrected_by_its_own_mean_error() -> None:
    network = chain()
    options: dict[str, Any] = {"recipe": "robust", "x": CHAIN_X, "progress": False}
    plain = pysnn.convert(network, **options)
    result = pysnn.simulate(plain, CHAIN_X, num_steps=STEPS, record="counts")
    scale = np.asarray(plain.populations[0].scale_factor)
    sent = result.counts("relu0").mean(axis=0) * scale / STEPS
    activation = network.activations(CHAIN_X)[1].mean(axis=0, dtype=np.float64)
    error = (activation - sent) / scale
    by_bias = pysnn.convert(network, calibration="bias", num_steps=STEPS, **options)
    change = biases(by_bias) - biases(plain)
    assert np.allclose(change, error, atol=1e-5)
    by_start = pysnn.convert(network, calibration="potential", num_steps=STEPS, **options)
    first = by_start.populations[0].initial_potential
    assert np.allclose(first, 0.5 + STEPS * error, atol=1e-5)


def biases(snn: pysnn.SpikingNetwork) -> NDArray[np.float64]:
    """Return the biases of the first population's neurons."""
    population = snn.populations[0]
    own = np.zeros(population.num_neurons) if population.bias is None else population.bias
    of_layer = population.projections[0].bias
    return np.asarray(own, dtype=np.float64) + (0 if of_layer is None else of_layer)


def test_calibrations_simulate_the_first_samples() -> None:
    options: dict[str, Any] = {"recipe": "calibrated", "num_steps": STEPS, "progress": False}
    scales = np.concatenate([CHAIN_X] * 3)
    some = pysnn.convert(chain(), x=scales, calibration_samples=len(CHAIN_X), **options)
    same = pysnn.convert(chain(), x=scales, calibration_samples=2 * len(CHAIN_X), **options)
    fewer = pysnn.convert(chain(), x=scales, calibration_samples=20, **options)
    assert [
        np.array_equal(a.initial_potential, b.initial_potential)
        for a, b in zip(some.populations, same.populations, strict=True)
    ] == [True] * 3
    assert not np.array_equal(
        some.populations[0].initial_potential, fewer.populations[0].initial_potential
    )


@pytest.mark.parametrize("calibration", ["bias", "potential"])
def test_what_is_calibrated_does_not_depend_on_blocks_or_threads(calibration: str) -> None:
    def converted(**options: int) -> bytes:
        return pysnn.io.to_bytes(
            pysnn.convert(
                residual(affine=True),
                recipe="signed",
                x=np.concatenate([X, X[::-1]] * 3),
                calibration=calibration,
                num_steps=STEPS,
                progress=False,
                **options,
            )
        )

    assert converted(batch_size=3, num_threads=1) == converted(batch_size=1000, num_threads=2)


def test_a_delay_is_that_of_the_longest_path_at_mean_activations() -> None:
    network = chain()
    snn = pysnn.convert(network, x=CHAIN_X, delay="latency", num_steps=64, progress=False)
    expected = 0.0
    for name, values in zip(network.layer_names, network.activations(CHAIN_X), strict=True):
        if name.startswith("relu"):
            scale = np.asarray(snn.populations[int(name[-1])].scale_factor)
            with np.errstate(divide="ignore"):
                expected += float((0.5 * scale / values.mean(axis=0, dtype=np.float64)).min())
    assert snn.populations[-1].delay == round(expected) > 0
    result = pysnn.simulate(snn, CHAIN_X, num_steps=round(expected))
    assert not result.predictions.any()


def test_a_delay_leaves_the_readout_four_steps() -> None:
    assert readout_delay(7.4, 32) == 7
    assert readout_delay(30.0, 32) == 28
    assert readout_delay(float("inf"), 10) == 6
    assert readout_delay(5.0, 3) == 0


def test_a_later_start_and_higher_thresholds_make_the_first_spikes_late() -> None:
    def delay(**options: Any) -> int:
        snn = pysnn.convert(
            chain(),
            recipe="robust",
            x=CHAIN_X,
            delay="latency",
            num_steps=64,
            progress=False,
            **options,
        )
        return snn.populations[-1].delay

    at_half = delay()
    assert delay(initial_potential=0.0) in (2 * at_half - 1, 2 * at_half, 2 * at_half + 1)
    assert delay(initial_potential=1.0) == 0
    assert delay(threshold={"relu0": 8.0}) > at_half


def test_mean_activations_are_those_of_the_nodes() -> None:
    network = residual()
    folded = pysnn.fold(network)
    from pysnn.conversion.scale_settings import scale_settings

    settings = scale_settings(
        network,
        method="percentile",
        x=X,
        variant="correct",
        include_last=True,
        scale=None,
        batch_size=7,
        num_threads=None,
        progress=False,
        unit_range=False,
    )
    valued = [each for each in folded.populations if not each.is_pool]
    means = Readings(network, folded, settings).neuron_means()
    outputs = dict(zip(network.layer_names, network.activations(X), strict=True))
    for each in valued:
        values = outputs[each.node].astype(np.float64)
        wanted = np.maximum(values, 0) if each.is_rectified else values
        assert np.allclose(means[each.name], wanted.mean(axis=0).reshape(-1), rtol=1e-12)
