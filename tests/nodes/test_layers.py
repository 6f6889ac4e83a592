"""Layers: what they accept, what they give, how they compare."""

from __future__ import annotations

import copy
import pickle
import re

import numpy as np
import pytest

from pysnn._base.numbers import Sizes
from pysnn.nodes import (
    Add,
    Affine,
    AvgPool2d,
    BatchNorm,
    Concat,
    Conv2d,
    Flatten,
    Identity,
    Linear,
    MaxPool2d,
    Node,
    Pad,
    ReLU,
)


def kernel(out_channels: int = 2, in_channels: int = 3, height: int = 3, width: int = 2) -> Conv2d:
    shape = (out_channels, in_channels, height, width)
    return Conv2d(np.arange(np.prod(shape)).reshape(shape), stride=(2, 1), padding=(1, 0))


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.float16, np.int8, np.uint64])
def test_any_real_dtype_becomes_float32(dtype: type) -> None:
    layer = Linear(np.ones((2, 3), dtype=dtype), np.ones(2, dtype=dtype))
    assert layer.weight.dtype == np.float32
    assert layer.bias is not None
    assert layer.bias.dtype == np.float32
    assert layer.weight.flags.c_contiguous
    assert layer.weight.flags.writeable


def test_layer_owns_its_arrays() -> None:
    weight, bias = np.ones((2, 2), dtype=np.float32), np.zeros(2, dtype=np.float32)
    layer = Linear(weight, bias)
    weight[:] = 7
    bias[:] = 7
    assert layer == Linear([[1, 1], [1, 1]], [0, 0])


def test_fortran_ordered_weights_keep_their_values() -> None:
    weight = np.asfortranarray(np.arange(6.0).reshape(2, 3))
    layer = Linear(weight)
    assert layer.weight.flags.c_contiguous
    np.testing.assert_array_equal(layer.weight, weight)


@pytest.mark.parametrize("value", [True, 1j, "a", None, {}])
def test_weights_that_are_not_real_numbers_are_refused(value: object) -> None:
    with pytest.raises(TypeError, match=r"weight has dtype .* must hold real numbers"):
        Linear([[value]])  # type: ignore[arg-type]


def test_ragged_weights_are_refused() -> None:
    with pytest.raises(TypeError, match="weight is ragged"):
        Linear([[1.0], [1.0, 2.0]])


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_non_finite_weight_is_named_by_its_first_index(value: float) -> None:
    weight = np.zeros((3, 2, 4, 4))
    weight[1, 1, 2, 3] = value
    weight[2] = value
    with pytest.raises(ValueError, match=r"weight\[1, 1, 2, 3\] is"):
        Conv2d(weight)


def test_weight_beyond_float32_is_refused() -> None:
    with pytest.raises(ValueError, match=r"weight \(as float32\)\[0, 1\] is inf"):
        Linear([[1.0, 1e39]])


@pytest.mark.parametrize(
    ("layer", "input_shape", "output_shape"),
    [
        (Linear(np.ones((5, 12))), (12,), (5,)),
        (Linear(np.ones((5, 12))), (3, 2, 2), (5,)),
        (Conv2d(np.ones((12, 1, 5, 5))), (1, 28, 28), (12, 24, 24)),
        (Conv2d(np.ones((4, 1, 3, 3)), padding=1), (1, 7, 9), (4, 7, 9)),
        (Conv2d(np.ones((4, 1, 3, 3)), stride=2), (1, 8, 9), (4, 3, 4)),
        (kernel(), (3, 4, 4), (2, 2, 3)),
        (Conv2d(np.ones((4, 1, 3, 2)), dilation=(2, 3)), (1, 7, 9), (4, 3, 6)),
        (Conv2d(np.ones((4, 2, 3, 3)), dilation=2, stride=2, padding=1), (2, 8, 9), (4, 3, 4)),
        (Conv2d(np.ones((4, 2, 3, 3)), groups=2), (4, 7, 9), (4, 5, 7)),
        (Conv2d(np.ones((6, 1, 1, 1)), groups=6), (6, 2, 2), (6, 2, 2)),
        (AvgPool2d(2), (12, 24, 24), (12, 12, 12)),
        (AvgPool2d((3, 1), stride=(1, 2)), (2, 5, 5), (2, 3, 3)),
        (AvgPool2d(2, stride=3), (1, 5, 8), (1, 2, 3)),
        (AvgPool2d(2), (1, 5, 4), (1, 2, 2)),
        (AvgPool2d(2, ceil_mode=True), (1, 5, 4), (1, 3, 2)),
        (AvgPool2d(3, 2, 1), (1, 5, 4), (1, 3, 2)),
        # PyTorch leaves out a window that would begin in the padding behind the image.
        (AvgPool2d(2, 3, 1, ceil_mode=True), (1, 3, 4), (1, 2, 2)),
        (MaxPool2d(3, 2, 1), (2, 5, 4), (2, 3, 2)),
        (MaxPool2d(2, 2, dilation=2, ceil_mode=True), (2, 5, 6), (2, 2, 3)),
        (MaxPool2d(3, 1, (1, 0, 0, 1)), (2, 5, 4), (2, 4, 3)),
        (Conv2d(np.ones((4, 1, 3, 3)), padding=(1, 0, 2, 1)), (1, 7, 9), (4, 6, 10)),
        (BatchNorm(None, None, [0.0], [1.0]), (1, 5), (1, 5)),
        (ReLU(6), (2, 3, 4), (2, 3, 4)),
        (Pad((1, 2)), (1, 5, 4), (1, 7, 8)),
        (Pad((1, 0, 0, 3)), (1, 5, 4), (1, 6, 7)),
        (Affine(2.0, 1.0), (5,), (5,)),
        (Identity([1.0, 1.0], 2, 1, 5, 2), (2, 5, 4), (5, 4, 3)),
        (Identity([1.0, 1.0], first_channel=1), (2,), (3,)),
        (Flatten(), (3, 2, 4), (24,)),
        (Flatten(), (7,), (7,)),
    ],
)
def test_output_shape(
    layer: Node, input_shape: tuple[int, ...], output_shape: tuple[int, ...]
) -> None:
    assert layer.output_shape(input_shape) == output_shape


@pytest.mark.parametrize(
    ("layer", "input_shape", "words"),
    [
        (Linear(np.ones((5, 12))), (13,), "13 numbers, but the weights expect 12"),
        (kernel(), (1, 4, 4), "1 channels, but the weights expect 3"),
        (kernel(), (48,), "must be (channels, height, width)"),
        (kernel(height=9), (3, 4, 4), "padded input has a side of 6, but the kernel has 9"),
        (Conv2d(np.ones((1, 1, 3, 3)), dilation=3), (1, 6, 7), "side of 6, but the kernel has 7"),
        (Conv2d(np.ones((4, 2, 1, 1)), groups=2), (2, 4, 4), "2 channels, but the weights expect"),
        (AvgPool2d(3), (1, 2, 2), "padded input has a side of 2, but the kernel has 3"),
        (MaxPool2d(2, dilation=3), (1, 3, 4), "padded input has a side of 3, but the kernel has 4"),
        (MaxPool2d(2, 1, 1, dilation=2), (1, 1, 4), "sees no pixel of an image of (1, 4)"),
        (
            BatchNorm(None, None, [0.0, 0.0], [1.0, 1.0]),
            (3, 2, 2),
            "3 channels, but the node has 2",
        ),
        (Affine([1.0, 2.0], 0.0), (3,), "3 elements, but the node has 2"),
        (Pad(1), (4,), "must be (channels, height, width)"),
        (Identity([1.0, 1.0]), (3, 2, 2), "3 channels, but there are 2 weights"),
        (Identity([1.0, 1.0], stride=2), (2,), "are for images"),
        (AvgPool2d(2), (16,), "must be (channels, height, width)"),
    ],
)
def test_input_that_does_not_fit_is_explained(
    layer: Node, input_shape: tuple[int, ...], words: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        layer.output_shape(input_shape)


@pytest.mark.parametrize("sizes", [[2, 1], (2, 1), np.array([2, 1]), np.array([2, 1], np.uint8)])
def test_any_sequence_of_two_ints_is_a_pair(sizes: Sizes) -> None:
    conv = Conv2d(np.ones((1, 1, 3, 3)), stride=sizes, padding=sizes)
    assert (conv.stride, conv.padding) == ((2, 1), (2, 1))
    assert all(type(size) is int for size in (*conv.stride, *conv.padding))
    pool = AvgPool2d(sizes, stride=sizes)
    assert (pool.kernel_size, pool.stride) == ((2, 1), (2, 1))


def test_layers_compare_by_value() -> None:
    assert Linear([[1.0]]) == Linear([[1.0]])
    assert Linear([[1.0]]) != Linear([[2.0]])
    assert Linear([[1.0]]) != Linear([[1.0]], [0.0])
    assert Linear([[1.0]], [1.0]) != Linear([[1.0]], [0.0])
    assert Linear([[1.0]]) != Linear([[1.0]], activation="none")
    assert Conv2d(np.ones((1, 1, 1, 1))) != Conv2d(np.ones((1, 1, 1, 1)), padding=1)
    assert Conv2d(np.ones((2, 1, 1, 1))) != Conv2d(np.ones((2, 1, 1, 1)), dilation=2)
    assert Conv2d(np.ones((2, 1, 1, 1))) != Conv2d(np.ones((2, 1, 1, 1)), groups=2)
    assert AvgPool2d(2) == AvgPool2d((2, 2), stride=2)
    assert AvgPool2d(2) != AvgPool2d(2, stride=1)
    assert Flatten() == Flatten()
    assert Flatten() != AvgPool2d(2)
    assert Flatten() != "flatten"


def test_layers_are_not_hashable_because_they_change() -> None:
    with pytest.raises(TypeError):
        hash(Linear([[1.0]]))


@pytest.mark.parametrize("layer", [Linear([[1, 2]], [3]), kernel(), AvgPool2d(2, 1), Flatten()])
def test_copies_and_pickles_are_equal_and_independent(layer: Node) -> None:
    for other in (copy.deepcopy(layer), pickle.loads(pickle.dumps(layer))):
        assert other == layer
        if isinstance(other, Linear | Conv2d):
            other.weight[...] += 1
            assert other != layer


@pytest.mark.parametrize(
    "layer",
    [
        Linear([[1, 2]], [3], activation="none"),
        kernel(),
        Conv2d(np.ones((1, 1, 2, 2))),
        Conv2d(np.ones((4, 1, 2, 2)), dilation=(2, 3), groups=2),
    ],
)
def test_with_parameters_keeps_the_settings(layer: Linear | Conv2d) -> None:
    other = layer.with_parameters(layer.weight * 2, layer.bias)
    assert other != layer
    np.testing.assert_array_equal(other.weight, layer.weight * 2)
    assert other.with_parameters(layer.weight, layer.bias) == layer


def test_repr_names_every_setting() -> None:
    assert repr(kernel()) == (
        "Conv2d(in_channels=3, out_channels=2, kernel_size=(3, 2), stride=(2, 1), "
        "padding=(1, 0), bias=False, activation='relu')"
    )
    assert "dilation=(2, 1), groups=2" in repr(
        Conv2d(np.ones((2, 1, 1, 1)), dilation=(2, 1), groups=2)
    )
    assert repr(AvgPool2d(2)) == "AvgPool2d(kernel_size=(2, 2), stride=(2, 2))"
    assert repr(Flatten()) == "Flatten()"


def test_parameters_are_counted() -> None:
    assert Linear(np.ones((2, 3)), np.ones(2)).num_parameters == 8
    assert Linear(np.ones((2, 3))).num_parameters == 6
    assert Flatten().num_parameters == 0


def test_sums_and_concatenations_say_which_shapes_differ() -> None:
    with pytest.raises(ValueError, match=r"shapes \(2, 3\) and \(2, 4\), but must have one"):
        Add().output_shape((2, 3), (2, 3), (2, 4))
    with pytest.raises(ValueError, match=r"\(2, 3, 3\) and \(2, 4, 3\), but may differ in their"):
        Concat().output_shape((2, 3, 3), (2, 4, 3))
    assert Concat().output_shape((2,), (3,), (4,)) == (9,)


def test_padding_has_two_numbers_where_sides_are_equal_and_four_otherwise() -> None:
    assert Conv2d(np.ones((1, 1, 3, 3)), padding=1).padding == (1, 1)
    assert Conv2d(np.ones((1, 1, 3, 3)), padding=(1, 2)).padding == (1, 2)
    assert Conv2d(np.ones((1, 1, 3, 3)), padding=(1, 1, 2, 2)).padding == (1, 2)
    assert Conv2d(np.ones((1, 1, 3, 3)), padding=(1, 0, 2, 2)).padding == (1, 0, 2, 2)


def test_divisors_of_average_pools_are_those_of_pytorch() -> None:
    # torch.nn.functional.avg_pool1d of ones, length 4, kernel 3, stride 2, padding 1, ceil_mode.
    pool = AvgPool2d((1, 3), (1, 2), (0, 1), ceil_mode=True)
    assert pool.divisors((1, 4)).tolist() == [[3, 3, 2]]
    without = AvgPool2d((1, 3), (1, 2), (0, 1), ceil_mode=True, count_include_pad=False)
    assert without.divisors((1, 4)).tolist() == [[2, 3, 1]]


def test_batch_norm_without_weight_and_bias_standardizes() -> None:
    a, b = BatchNorm(None, None, [2.0], [4.0], eps=0.0).factors()
    assert (a.tolist(), b.tolist()) == ([0.5], [-1.0])
    assert BatchNorm(None, None, [2.0], [4.0]).num_parameters == 0
    assert BatchNorm([1.0], [2.0], [2.0], [4.0]).num_parameters == 2


def test_a_weighted_layer_without_activation_has_a_relu_until_a_network_says_otherwise() -> None:
    layer = Linear([[1.0]])
    assert layer.activation == "relu"
    other = layer.without_implied_relu()
    assert other.activation == "none"
    assert other.weight is layer.weight
    given = Linear([[1.0]], activation="relu")
    assert given.without_implied_relu() is given
