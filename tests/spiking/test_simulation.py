"""The core against the NumPy reference: every spike and every bit of the membrane potentials."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest
import reference
import reference_poisson
from comparison import RECORD, assert_equals_reference, intensities
from numpy.typing import NDArray
from random_networks import NETWORKS

import pysnn
from pysnn.conversion import Method
from pysnn.datasets import Mnist
from pysnn.spiking import Precision, Reset


@pytest.mark.parametrize("precision", ["float32", "int16"])
@pytest.mark.parametrize("kind", NETWORKS)
def test_random_networks_equal_the_reference_spike_for_spike(
    kind: str, precision: Precision
) -> None:
    num_steps, num_samples = 50, 7
    description = NETWORKS[kind](11, precision)
    x = intensities(description, num_samples, seed=5)
    # The rate times dt is no power of two, so that scaled biases are rounded anew.
    drawn = reference_poisson.poisson_spikes(x, num_steps, probability_of_one=0.7, seed=9)
    expected = reference.simulate(
        reference.from_description(description), drawn, bias_factor=700.0 * 1e-3
    )
    assert all(0 < train.sum() < train.size for train in expected.spike_trains.values())

    result = pysnn.simulate(
        description.build(), x, duration=0.05, dt=1e-3, max_rate=700.0, seed=9, record=RECORD
    )
    assert_equals_reference(result, expected, [p.name for p in description.populations])


@pytest.mark.parametrize("num_samples", [1, 2, 8, 63, 64, 65, 130])
@pytest.mark.parametrize("num_steps", [1, 3, 33])
def test_every_batch_size_and_number_of_steps_equals_the_reference(
    num_samples: int, num_steps: int
) -> None:
    description = NETWORKS["several sources"](2, "float32")
    rng = np.random.default_rng(num_samples)
    spikes = rng.random((num_steps, num_samples, *description.input_shape)) < 0.4
    expected = reference.simulate(reference.from_description(description), spikes)
    result = pysnn.simulate(description.build(), spikes=spikes, record=RECORD)
    assert_equals_reference(result, expected, [p.name for p in description.populations])


@pytest.mark.parametrize("density", [0.0, 0.01, 0.5, 0.99, 1.0])
def test_every_density_of_input_equals_the_reference(density: float) -> None:
    description = NETWORKS["dense 130-130-63-65"](4, "float32")
    spikes = np.random.default_rng(8).random((40, 20, 130)) < density
    expected = reference.simulate(reference.from_description(description), spikes)
    result = pysnn.simulate(description.build(), spikes=spikes, record=RECORD)
    assert_equals_reference(result, expected, [p.name for p in description.populations])


@pytest.mark.parametrize("bias_scale", [0.0, 0.3, 1.0])
def test_bias_scale_is_rounded_to_the_grid_half_to_even(bias_scale: float) -> None:
    description = NETWORKS["several sources"](3, "int16")
    spikes = np.random.default_rng(1).random((30, 5, 2, 6, 6)) < 0.3
    expected = reference.simulate(
        reference.from_description(description), spikes, bias_factor=bias_scale
    )
    result = pysnn.simulate(
        description.build(), spikes=spikes, bias_scale=bias_scale, record=RECORD
    )
    assert_equals_reference(result, expected, [p.name for p in description.populations])


def test_bias_scale_defaults_to_one_for_given_spike_trains() -> None:
    snn = NETWORKS["several sources"](3, "float32").build()
    spikes = np.random.default_rng(1).random((30, 5, 2, 6, 6)) < 0.3
    default = pysnn.simulate(snn, spikes=spikes, record=RECORD)
    one = pysnn.simulate(snn, spikes=spikes, bias_scale=1.0, record=RECORD)
    zero = pysnn.simulate(snn, spikes=spikes, bias_scale=0.0, record=RECORD)
    for name in default.population_names:
        np.testing.assert_array_equal(default.potentials[name], one.potentials[name])
    assert not np.array_equal(default.potentials["a"], zero.potentials["a"])


@pytest.mark.parametrize(
    ("method", "reset", "precision"),
    [("data", "zero", "float32"), ("data", "subtract", "int16"), ("model", "zero", "float32")],
)
def test_trained_mlp_equals_the_reference(
    trained_mlp: pysnn.Network, mnist: Mnist, method: Method, reset: Reset, precision: Precision
) -> None:
    assert trained_mlp.accuracy(mnist.x_test[:1000], mnist.y_test[:1000]) > 0.85
    snn = pysnn.convert(
        trained_mlp,
        method=method,
        x=mnist.x_train[:1000] if method == "data" else None,
        reset=reset,
        precision=precision,
    )
    accuracy = compare_on_digits(snn, mnist, num_images=120, num_steps=100)
    # Model-based normalization is so careful that few output neurons fire within 100 steps.
    assert accuracy > 0.75 or method == "model"


@pytest.mark.parametrize("reset", ["zero", "subtract"])
def test_trained_convnet_equals_the_reference(
    trained_convnet: pysnn.Network, mnist: Mnist, reset: Reset
) -> None:
    assert trained_convnet.accuracy(mnist.x_test[:1000], mnist.y_test[:1000]) > 0.85
    snn = pysnn.convert(trained_convnet, method="data", x=mnist.x_train[:1000], reset=reset)
    assert compare_on_digits(snn, mnist, num_images=100, num_steps=100) > 0.75


def compare_on_digits(
    snn: pysnn.SpikingNetwork, mnist: Mnist, *, num_images: int, num_steps: int
) -> float:
    """Simulate test images on both sides from one seed, and return the accuracy."""
    x, y = mnist.x_test[:num_images], mnist.y_test[:num_images]
    drawn = reference_poisson.poisson_spikes(x, num_steps, seed=17)
    expected = reference.simulate(reference.from_network(snn), drawn)
    result = pysnn.simulate(snn, x, duration=num_steps * 1e-3, seed=17, record=RECORD)
    assert_equals_reference(result, expected, [p.name for p in snn.populations])
    return float(result.accuracy(y)[-1])


def test_drawn_spike_trains_that_are_given_back_change_nothing() -> None:
    description = NETWORKS["pools"](6, "float32")
    snn = description.build()
    x = intensities(description, 9, seed=2)
    drawn = pysnn.simulate(snn, x, duration=0.04, max_rate=800.0, seed=3, record=RECORD)
    spikes = pysnn.poisson_spikes(x, duration=0.04, max_rate=800.0, seed=3)
    given = pysnn.simulate(snn, spikes=spikes, bias_scale=800.0 * 1e-3, record=RECORD)
    for name in drawn.population_names:
        np.testing.assert_array_equal(drawn.potentials[name], given.potentials[name])
        np.testing.assert_array_equal(drawn.spikes(name), given.spikes(name))
    np.testing.assert_array_equal(drawn.num_input_spikes, given.num_input_spikes)
    np.testing.assert_array_equal(drawn.synaptic_operations, given.synaptic_operations)


def test_uint8_and_bool_spike_trains_are_the_same() -> None:
    snn = NETWORKS["dense 64-65-64-10"](1, "float32").build()
    spikes = np.random.default_rng(4).random((20, 6, 64)) < 0.5
    as_bool = pysnn.simulate(snn, spikes=spikes)
    as_uint8 = pysnn.simulate(snn, spikes=spikes.astype(np.uint8))
    np.testing.assert_array_equal(as_bool.output_spikes, as_uint8.output_spikes)


def test_spike_trains_with_strides_are_read_right() -> None:
    snn = NETWORKS["dense 64-65-64-10"](1, "float32").build()
    batch_first = np.random.default_rng(4).random((6, 20, 64)) < 0.5
    strided = pysnn.simulate(snn, spikes=batch_first.swapaxes(0, 1))
    contiguous = pysnn.simulate(snn, spikes=np.ascontiguousarray(batch_first.swapaxes(0, 1)))
    np.testing.assert_array_equal(strided.output_spikes, contiguous.output_spikes)


def test_integer_images_with_a_scale_equal_float_images() -> None:
    snn = NETWORKS["dense 64-65-64-10"](1, "float32").build()
    pixels = np.random.default_rng(4).integers(0, 256, (6, 64), dtype=np.uint8)
    scaled = pysnn.simulate(snn, pixels, scale=1 / 255, duration=0.05)
    x = (pixels * (1 / 255)).astype(np.float32)
    plain = pysnn.simulate(snn, x, duration=0.05)
    np.testing.assert_array_equal(scaled.output_spikes, plain.output_spikes)


@pytest.mark.parametrize(
    ("duration", "dt", "num_steps"),
    [(0.1, 1e-3, 100), (0.0025, 1e-3, 2), (0.0035, 1e-3, 4), (0.3, 0.1, 3), (1.0, 0.25, 4)],
)
def test_number_of_steps_is_duration_over_dt_rounded_half_to_even(
    duration: float, dt: float, num_steps: int
) -> None:
    snn = NETWORKS["dense 1-1-1"](0, "float32").build()
    result = pysnn.simulate(snn, np.ones((1, 1)), duration=duration, dt=dt, max_rate=1.0)
    assert result.num_steps == num_steps
    assert result.output_spikes.shape == (num_steps, 1, 1)


def test_recording_is_by_population_name() -> None:
    snn = NETWORKS["several sources"](0, "float32").build()
    x = np.full((3, 2, 6, 6), 0.5, dtype=np.float32)
    result = pysnn.simulate(
        snn, x, duration=0.01, record={"spikes": ["a", "out"], "potentials": ["c"]}
    )
    assert set(result.spikes) == {"a", "out"}
    assert set(result.potentials) == {"c"}
    assert set(result.counts) == set()
    np.testing.assert_array_equal(result.spikes("out"), result.output_spikes)


def test_recorded_arrays_have_the_documented_types_and_shapes() -> None:
    snn = NETWORKS["several sources"](0, "float32").build()
    x = np.full((3, 2, 6, 6), 0.5, dtype=np.float32)
    result = pysnn.simulate(snn, x, duration=0.01, record=RECORD)
    assert (result.num_steps, result.num_samples, result.num_classes) == (10, 3, 7)
    expected: list[tuple[NDArray[Any], type, tuple[int, ...]]] = [
        (result.output_spikes, np.bool_, (10, 3, 7)),
        (result.spike_counts, np.int32, (3, 7)),
        (result.num_spikes, np.int64, (3, 4)),
        (result.num_input_spikes, np.int64, (3,)),
        (result.synaptic_operations, np.int64, (3, 4)),
        (result.predictions_over_time, np.int32, (10, 3)),
        (result.predictions, np.int64, (3,)),
        (result.first_spike_step, np.int64, (3,)),
    ]
    for name, size in {"a": 144, "b": 64, "c": 16, "out": 7}.items():
        expected.append((result.spikes(name), np.bool_, (10, 3, size)))
        expected.append((result.potentials[name], np.float32, (10, 3, size)))
        expected.append((result.counts(name), np.int32, (3, size)))
    for array, dtype, shape in expected:
        assert array.dtype == dtype
        assert array.shape == shape


@pytest.mark.parametrize("what", ["spikes", "potentials", "counts", "balance"])
def test_a_population_that_was_not_recorded_is_named_with_what_to_do(what: str) -> None:
    snn = NETWORKS["several sources"](0, "float32").build()
    x = np.full((3, 2, 6, 6), 0.5, dtype=np.float32)
    kept = getattr(pysnn.simulate(snn, x, duration=0.01, record={what: ["a"]}), what)
    with pytest.raises(KeyError) as missing:
        kept["c"]
    assert str(missing.value) == (
        f"{what} of 'c' were not recorded, but of ['a'] alone; the simulation keeps them with "
        f"record={{'{what}': ['c']}}"
    )
    with pytest.raises(KeyError, match=r"there is no population 'x', but \['a', .*'out'\]"):
        kept["x"]
    assert "c" not in kept
    assert kept.get("c") is None
    nothing = getattr(pysnn.simulate(snn, x, duration=0.01), what)
    with pytest.raises(KeyError, match=r"were not recorded, but of no population"):
        nothing["a"]
    with pytest.raises(KeyError, match=f"{what} of 'c' were not recorded"):
        pickle.loads(pickle.dumps(kept))["c"]


def test_names_that_are_missing_elsewhere_say_what_there_is() -> None:
    with pytest.raises(KeyError, match=r"there is no recipe 'mine', but diehl2015, "):
        pysnn.recipes["mine"]
    with pytest.raises(KeyError, match=r"there is no population 'mine', but \['linear1'\]"):
        pysnn.fold(pysnn.models.mlp([2, 2]))["mine"]
