"""The forward pass: its fixed order to the bit, and that of training where sums are exact."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from reference_forward import reference_activations

import pysnn
from pysnn.network import Network
from pysnn.nodes import AnyNode, AvgPool2d, Conv2d, Flatten, Linear
from pysnn.training.node_ops import make_ops

PAIRS = st.tuples(st.integers(1, 4), st.integers(1, 4))


def integers(rng: np.random.Generator, *shape: int) -> np.ndarray:
    # Sums of small integers do not round, so that outputs can be compared for equality.
    return rng.integers(-3, 4, shape).astype(np.float32)


def numbers(rng: np.random.Generator, *shape: int) -> np.ndarray:
    return (rng.random(shape) - 0.5).astype(np.float32)


@settings(max_examples=150, deadline=None)
@given(
    kernel=PAIRS,
    stride=PAIRS,
    padding=st.tuples(st.integers(0, 5), st.integers(0, 5)),
    size=st.tuples(st.integers(1, 9), st.integers(1, 9)),
    channels=st.tuples(st.integers(1, 3), st.integers(1, 5)),
    bias=st.booleans(),
    dilation=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    groups=st.integers(1, 3),
    pool=st.none() | st.tuples(PAIRS, PAIRS),
    batch_size=st.integers(1, 8),
)
def test_any_convolution_and_pool_equal_the_reference_and_training(
    kernel: tuple[int, int],
    stride: tuple[int, int],
    padding: tuple[int, int],
    size: tuple[int, int],
    channels: tuple[int, int],
    bias: bool,
    dilation: tuple[int, int],
    groups: int,
    pool: tuple[tuple[int, int], tuple[int, int]] | None,
    batch_size: int,
) -> None:
    for make in (integers, numbers):
        rng = np.random.default_rng(0)
        weight = make(rng, channels[1] * groups, channels[0], *kernel)
        biases = make(rng, channels[1] * groups) if bias else None
        layers: list[AnyNode] = [Conv2d(weight, biases, stride, padding, dilation, groups)]
        if pool is not None:
            layers.append(AvgPool2d(*pool))
        try:
            network = Network(layers, (channels[0] * groups, *size))
        except ValueError:
            assume(False)
        x = make(rng, 5, channels[0] * groups, *size)
        found = network.activations(x, batch_size=batch_size)
        for outputs, expected in zip(found, reference_activations(network, x), strict=True):
            assert_same_bits(outputs, expected)
        if make is integers and groups == 1:
            check_against_training(network, x, found)
        assert_same_bits(network.predict(x, batch_size=batch_size), found[-1])


def check_against_training(network: Network, x: np.ndarray, activations: list[np.ndarray]) -> None:
    values = np.moveaxis(x, 0, -1)
    ops = make_ops(network.layers, network.input_shape)
    for layer, op, outputs in zip(network.layers, ops, activations, strict=True):
        values = op.forward(np.ascontiguousarray(values))
        if isinstance(layer, Conv2d):
            values = np.maximum(values, 0)
        np.testing.assert_array_equal(outputs, np.moveaxis(values, -1, 0))


def assert_same_bits(found: np.ndarray, expected: np.ndarray) -> None:
    np.testing.assert_array_equal(found.view(np.uint32), expected.view(np.uint32))


def deep_network(make=numbers) -> Network:
    rng = np.random.default_rng(1)
    return Network(
        [
            Conv2d(make(rng, 13, 2, 3, 3), padding=1),
            AvgPool2d(2),
            Conv2d(make(rng, 4, 13, 2, 2), activation="none"),
            Linear(make(rng, 60, 16), make(rng, 60)),
            Flatten(),
            Linear(make(rng, 5, 60), activation="none"),
        ],
        (2, 6, 6),
    )


@pytest.mark.parametrize("num_samples", [0, 1, 7, 8, 9, 40, 333])
def test_every_layer_equals_the_reference_for_any_number_of_samples(num_samples: int) -> None:
    network = deep_network()
    x = numbers(np.random.default_rng(2), num_samples, 2, 6, 6)
    found = network.activations(x)
    for outputs, expected in zip(found, reference_activations(network, x), strict=True):
        assert_same_bits(outputs, expected)
    assert_same_bits(network.predict(x), found[-1])


@pytest.mark.parametrize("batch_size", [1, 7, 64, 10**12])
def test_outputs_do_not_depend_on_batches(batch_size: int) -> None:
    network = deep_network()
    x = numbers(np.random.default_rng(3), 130, 2, 6, 6)
    whole = network.activations(x)
    for outputs, expected in zip(network.activations(x, batch_size=batch_size), whole, strict=True):
        assert_same_bits(outputs, expected)
    assert_same_bits(network.predict(x, batch_size=batch_size), whole[-1])
    batches = list(network.activation_batches(x, batch_size=batch_size))
    for i, outputs in enumerate(whole):
        assert_same_bits(np.concatenate([batch[i] for batch in batches]), outputs)
    one_by_one = np.concatenate([network.predict(x[i : i + 1]) for i in range(len(x))])
    assert_same_bits(one_by_one, whole[-1])


def test_a_sum_of_many_terms_stays_within_the_bound_of_its_roundings() -> None:
    rng = np.random.default_rng(4)
    network = Network([Linear(numbers(rng, 30, 2000), numbers(rng, 30), activation="none")], 2000)
    x = numbers(rng, 20, 2000)
    (layer,) = network.layers
    assert isinstance(layer, Linear)
    assert layer.bias is not None
    weight, bias = layer.weight.astype(np.float64), layer.bias.astype(np.float64)
    exact = x.astype(np.float64) @ weight.T + bias
    magnitudes = np.abs(x.astype(np.float64)) @ np.abs(weight).T + np.abs(bias)
    # n terms: each goes through at most n + 1 roundings of relative error 2^-24.
    bound = 2002 * 2.0**-24 * magnitudes
    assert (np.abs(network.predict(x) - exact) <= bound).all()


def test_a_sample_that_is_not_finite_is_refused_before_any_work() -> None:
    network = deep_network()
    x = np.zeros((5, 2, 6, 6), dtype=np.float32)
    x[3, 0, 0, 0] = np.inf
    with pytest.raises(ValueError, match="x"):
        network.predict(x)


def test_an_overflow_is_infinite_in_activations_and_refused_by_conversions() -> None:
    layers = [Linear([[1e38]]), Linear([[2.0]]), Linear([[4.0]])]
    network = Network(layers, 1, layer_names=["a", "b", "c"])
    x = np.array([[0.25], [1.0], [1.5]], dtype=np.float32)
    np.testing.assert_array_equal(
        network.activations(x)[2], [[np.float32(2e38)], [np.inf], [np.inf]]
    )
    for call in (pysnn.normalize, pysnn.convert):
        with pytest.raises(ValueError, match=r"layer 'c': its sum for sample 1 of x overflows"):
            call(network, x=x[:2] / 1)
