"""Networks: the chain of layers and the forward pass."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest
from numpy.typing import NDArray

from pysnn.network import Network
from pysnn.nodes import AvgPool2d, Conv2d, Flatten, Linear, Node, WeightedNode


def direct_layer(layer: Node, x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Compute one sample through one layer in float64, straight from the definition."""
    shape = layer.output_shape(x.shape)
    result = np.zeros(shape)
    if isinstance(layer, Flatten):
        return x.reshape(-1)
    if isinstance(layer, Linear):
        result += layer.weight.astype(np.float64) @ x.reshape(-1)
    if isinstance(layer, Conv2d):
        up, left = layer.padding
        x = np.pad(x, ((0, 0), (up, up), (left, left)))
    if isinstance(layer, Conv2d | AvgPool2d):
        (rows, columns), (down, right) = layer.kernel_size, layer.stride
        for channel, i, j in np.ndindex(*shape):
            window = x[:, i * down : i * down + rows, j * right : j * right + columns]
            if isinstance(layer, Conv2d):
                result[channel, i, j] = (layer.weight[channel] * window).sum()
            else:
                result[channel, i, j] = window[channel].mean()
    if isinstance(layer, WeightedNode):
        if layer.bias is not None:
            result += layer.bias.reshape(-1, *[1] * (len(shape) - 1))
        if layer.activation == "relu":
            result = np.maximum(result, 0)
    return result


def small_network(rng: np.random.Generator) -> Network:
    return Network(
        [
            Conv2d(rng.normal(size=(4, 2, 3, 2)), rng.normal(size=4), (2, 1), (1, 2)),
            AvgPool2d((2, 3), stride=(1, 2)),
            Conv2d(rng.normal(size=(5, 4, 2, 2)), stride=2, activation="none"),
            AvgPool2d(1),
            Linear(rng.normal(size=(6, 10)), rng.normal(size=6)),
            Flatten(),
            Linear(rng.normal(size=(3, 6)), activation="none"),
        ],
        input_shape=(2, 8, 6),
    )


def test_forward_pass_equals_the_definition() -> None:
    rng = np.random.default_rng(1)
    network = small_network(rng)
    x = rng.normal(size=(7, 2, 8, 6)).astype(np.float32)
    activations = network.activations(x, batch_size=3)
    for i, sample in enumerate(x.astype(np.float64)):
        for layer, outputs in zip(network.layers, activations, strict=True):
            sample = direct_layer(layer, sample)
            np.testing.assert_allclose(outputs[i], sample, rtol=1e-4, atol=1e-4)
    np.testing.assert_array_equal(network.predict(x, batch_size=3), activations[-1])


def test_exact_sums_give_exact_outputs() -> None:
    # Small integers leave no rounding, so that equality is exact.
    rng = np.random.default_rng(2)
    network = Network(
        [
            Conv2d(rng.integers(-3, 4, (4, 1, 3, 3)), rng.integers(-3, 4, 4), padding=1),
            AvgPool2d(2),
            Linear(rng.integers(-3, 4, (5, 36))),
        ],
        input_shape=(1, 6, 6),
    )
    x = rng.integers(0, 5, (9, 1, 6, 6)).astype(np.float32)
    for batch_size in (1, 4, 100):
        outputs = network.predict(x, batch_size=batch_size)
        for sample, output in zip(x.astype(np.float64), outputs, strict=True):
            for layer in network.layers:
                sample = direct_layer(layer, sample)
            np.testing.assert_array_equal(output, sample)


def test_linear_takes_images_channel_by_channel() -> None:
    network = Network([Linear(np.eye(12))], input_shape=(3, 2, 2))
    x = np.arange(12, dtype=np.float32).reshape(1, 3, 2, 2)
    np.testing.assert_array_equal(network.predict(x)[0], np.arange(12))
    with_flatten = Network([Flatten(), Linear(np.eye(12))], input_shape=(3, 2, 2))
    np.testing.assert_array_equal(with_flatten.predict(x), network.predict(x))


def test_an_array_of_sizes_is_an_input_shape() -> None:
    network = Network([Flatten()], input_shape=np.array([1, 2, 3]))
    assert network.input_shape == (1, 2, 3)
    assert Network([Linear([[1.0]])], input_shape=np.int64(1)).input_shape == (1,)


def test_layers_are_named_by_kind_and_number() -> None:
    network = small_network(np.random.default_rng(0))
    names = ("conv1", "pool1", "conv2", "pool2", "linear1", "flatten1", "linear2")
    assert network.layer_names == names
    assert network.layer_shapes == (
        (4, 4, 9),
        (4, 3, 4),
        (5, 1, 2),
        (5, 1, 2),
        (6,),
        (6,),
        (3,),
    )
    assert network.output_shape == (3,)
    assert network.num_inputs == 96


@pytest.mark.parametrize("shape", [(5, 1, 4, 3), (5, 12), (5, 4, 3)])
def test_one_channel_image_is_taken_flat_and_without_its_channel(shape: tuple[int, ...]) -> None:
    rng = np.random.default_rng(3)
    network = Network([Conv2d(rng.normal(size=(2, 1, 2, 2)))], input_shape=(1, 4, 3))
    x = rng.random((5, 1, 4, 3), dtype=np.float32)
    expected = network.predict(x)
    np.testing.assert_array_equal(network.predict(x.reshape(shape)), expected)


@pytest.mark.parametrize("shape", [(5, 12), (5, 1, 4, 3), (5, 3, 4), (5, 2, 6)])
def test_flat_input_takes_samples_of_any_shape(shape: tuple[int, ...]) -> None:
    network = Network([Linear(np.eye(12))], input_shape=12)
    x = np.arange(60, dtype=np.float32).reshape(shape)
    np.testing.assert_array_equal(network.predict(x).ravel(), np.arange(60))


def test_scaled_bytes_equal_the_same_floats() -> None:
    network = Network([Linear(np.eye(256))], input_shape=256)
    pixels = np.arange(256, dtype=np.uint8)[None]
    expected = pixels.astype(np.float32) / np.float32(255)
    np.testing.assert_array_equal(network.predict(pixels, scale=1 / 255), expected)


def test_float64_and_lists_are_taken() -> None:
    network = Network([Linear([[1.0, 2.0]])], input_shape=(2,))
    np.testing.assert_array_equal(network.predict([[0.5, 0.25]]), [[1.0]])
    np.testing.assert_array_equal(network.predict(np.array([[0.5, 0.25]])), [[1.0]])


def test_no_samples_give_no_outputs() -> None:
    network = small_network(np.random.default_rng(0))
    x = np.zeros((0, 2, 8, 6), dtype=np.float32)
    assert network.predict(x).shape == (0, 3)
    assert [a.shape[0] for a in network.activations(x)] == [0] * 7
    assert list(network.activation_batches(x)) == []


def test_input_is_not_changed() -> None:
    network = Network([Flatten(), Linear([[-1.0]])], input_shape=1)
    for x in (np.full((1, 1), -3, dtype=np.float32), np.full((4, 1), -3, dtype=np.float32)):
        before = x.copy()
        for outputs in network.activations(x):
            outputs += 1
        np.testing.assert_array_equal(x, before)


def test_activation_batches_are_contiguous_and_not_reused() -> None:
    rng = np.random.default_rng(4)
    network = small_network(rng)
    x = rng.random((5, 96), dtype=np.float32)
    batches = list(network.activation_batches(x, batch_size=2))
    assert [len(batch[0]) for batch in batches] == [2, 2, 1]
    assert all(outputs.flags.c_contiguous for batch in batches for outputs in batch)
    for i, outputs in enumerate(network.activations(x, batch_size=2)):
        np.testing.assert_array_equal(np.concatenate([b[i] for b in batches]), outputs)


def test_classify_gives_ties_to_the_lowest_class() -> None:
    network = Network([Linear([[-1.0], [1.0], [1.0]])], input_shape=1)
    classes = network.classify([[2.0], [-2.0], [0.0]])
    np.testing.assert_array_equal(classes, [1, 0, 0])
    assert classes.dtype == np.int64
    assert network.accuracy([[2.0], [-2.0], [0.0], [1.0]], [1, 0, 1, 2]) == 0.5


IDENTITY = Network([Linear(np.eye(4))], input_shape=4)


@pytest.mark.parametrize("value", [np.nan, np.inf])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_non_finite_input_is_named_by_its_first_index(value: float, dtype: type) -> None:
    x: NDArray[np.floating] = np.zeros((90_000, 4), dtype=dtype)
    x[80_001, 2] = value
    x[80_005, 0] = value
    with pytest.raises(ValueError, match=r"x\[80001, 2\] is"):
        IDENTITY.predict(x)


def test_networks_compare_copy_and_pickle_by_value() -> None:
    network = small_network(np.random.default_rng(5))
    for other in (network.copy(), copy.deepcopy(network), pickle.loads(pickle.dumps(network))):
        assert other == network
        layer = other.layers[0]
        assert isinstance(layer, Conv2d)
        layer.weight[0, 0, 0, 0] += 1
        assert other != network
    assert network != "network"
    assert Network([Flatten()], input_shape=4) != Network([Flatten()], input_shape=(1, 2, 2))


def test_repr_is_a_table_of_layers() -> None:
    network = Network([Conv2d(np.ones((20, 1, 8, 8))), Flatten()], input_shape=(1, 8, 8))
    assert repr(network).splitlines() == [
        "layer     output shape  parameters",
        "input     (1, 8, 8)",
        "conv1     (20, 1, 1)         1,280",
        "flatten1  (20,)                  0",
        "total                        1,280",
    ]
