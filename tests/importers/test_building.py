"""Networks made of the steps of other frameworks: views become nodes only where they must."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import pysnn
from pysnn.importers.building import GraphBuilder, Value, adaptive_windows, same_padding
from pysnn.importers.refusal import RefusalError

RNG = np.random.default_rng(0)
Floats = NDArray[np.float32]


def samples(*shape: int) -> Floats:
    """Return three samples."""
    return RNG.standard_normal((3, *shape)).astype(np.float32)


def check(
    shape: tuple[int, ...],
    step: Callable[[GraphBuilder, Value], Value],
    expected: Callable[[Floats], Floats],
) -> pysnn.Network:
    """Check what a step on the input gives, and return its network."""
    builder = GraphBuilder(shape)
    network = builder.network(step(builder, builder.input))
    x = samples(*shape)
    wanted = expected(x)
    found = network.predict(x.reshape(3, *network.input_shape))
    np.testing.assert_allclose(found.reshape(wanted.shape), wanted, rtol=1e-5, atol=1e-6)
    return network


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_slices_with_steps_and_borders_become_a_convolution_and_a_border(
    data: st.DataObject,
) -> None:
    shape = (3, 7, 6)
    slices = []
    for size in shape[1:]:
        start = data.draw(st.integers(0, size - 1))
        slices.append(
            slice(start, data.draw(st.integers(start + 1, size)), data.draw(st.integers(1, 3)))
        )
    channels = np.array(data.draw(st.lists(st.integers(0, 2), min_size=1, max_size=5)))
    widths = [data.draw(st.tuples(st.integers(0, 2), st.integers(0, 2))) for _ in range(3)]

    def step(builder: GraphBuilder, value: Value) -> Value:
        part = value.sliced([channels, *slices], "part", "Slice")
        return builder.relu("relu", "Relu", part.padded(widths, "pad", "Pad"))

    check(
        shape,
        step,
        lambda x: np.maximum(np.pad(x[:, channels][(..., *slices)], [(0, 0), *widths]), 0),
    )


def test_a_view_that_changes_nothing_leaves_no_node() -> None:
    def step(builder: GraphBuilder, value: Value) -> Value:
        last = value.transposed((1, 2, 0), "to_last", "Transpose")
        return builder.relu("relu", "Relu", last.transposed((2, 0, 1), "to_first", "Transpose"))

    assert check((2, 3, 4), step, lambda x: np.maximum(x, 0)).layer_names == ("relu",)


def test_flattening_with_channels_last_goes_into_the_weights() -> None:
    weight = samples(24)[:2]

    def step(builder: GraphBuilder, value: Value) -> Value:
        last = value.transposed((1, 2, 0), "to_last", "Transpose")
        relu = builder.relu("relu", "Relu", last)
        return builder.linear("fc", "Gemm", relu.reshaped((24,), "flat", "Flatten"), weight)

    network = check(
        (2, 3, 4),
        step,
        lambda x: np.maximum(x, 0).transpose(0, 2, 3, 1).reshape(3, 24) @ weight.T,
    )
    assert network.layer_names == ("relu", "flat", "fc")


def test_factors_for_each_element_follow_a_vector_into_any_order() -> None:
    scale, shift = samples(24)[0], samples(24)[1]

    def step(builder: GraphBuilder, value: Value) -> Value:
        flat = value.transposed((1, 2, 0), "to_last", "Transpose").reshaped(
            (24,), "flat", "Flatten"
        )
        scaled = builder.affine("scale", "Mul", flat, scale, shift)
        return builder.linear("fc", "Gemm", scaled, np.eye(24, dtype=np.float32))

    check((2, 3, 4), step, lambda x: x.transpose(0, 2, 3, 1).reshape(3, 24) * scale + shift)


def test_batch_norm_of_the_last_axis_is_one_of_channels() -> None:
    weight, mean, variance = samples(3, 2)[0] ** 2

    def step(builder: GraphBuilder, value: Value) -> Value:
        last = value.transposed((1, 2, 0), "to_last", "Transpose")
        normed = builder.batch_norm(
            "norm", "BatchNorm", last, (weight, None, mean, variance), 1e-3, axis=2
        )
        return normed.transposed((2, 0, 1), "to_first", "Transpose")

    def expected(x: Floats) -> Floats:
        column = (slice(None), None, None)
        return (x - mean[column]) / np.sqrt(variance[column] + 1e-3) * weight[column]

    network = check((2, 3, 4), step, expected)
    assert [type(node) for node in network.layers] == [pysnn.BatchNorm]


def test_factors_behind_factors_are_one_node() -> None:
    mean, std = np.array([0.5, 0.25]), np.array([0.125, 0.75])
    column = (slice(None), None, None)

    def step(builder: GraphBuilder, value: Value) -> Value:
        centred = builder.affine("sub", "Sub", value, 1.0, -mean[column])
        return builder.affine("div", "Div", centred, 1 / std[column], 0.0)

    network = check(
        (2, 3, 4), step, lambda x: ((x - mean[column]) / std[column]).astype(np.float32)
    )
    assert network.layer_names == ("div",)


def test_channels_are_shuffled_by_one_convolution() -> None:
    def step(builder: GraphBuilder, value: Value) -> Value:
        left = value.sliced([slice(0, 2), slice(None), slice(None)], "left", "Split")
        right = value.sliced([slice(2, 4), slice(None), slice(None)], "right", "Split")
        joined = builder.concat("cat", "Concat", [right, left], 0)
        parts = joined.reshaped((2, 2, 3, 3), "parts", "Reshape")
        turned = parts.transposed((1, 0, 2, 3), "turned", "Transpose")
        return builder.relu("relu", "Relu", turned.reshaped((4, 3, 3), "shuffled", "Reshape"))

    network = check((4, 3, 3), step, lambda x: np.maximum(x[:, [2, 0, 3, 1]], 0))
    assert [type(node) for node in network.layers] == [pysnn.ReLU, pysnn.Conv2d]


def test_sequences_are_images_of_height_1() -> None:
    def step(builder: GraphBuilder, value: Value) -> Value:
        relu = builder.relu("relu", "Relu", value)
        flat = relu.reshaped((12,), "flat", "Flatten")
        return builder.linear("fc", "Gemm", flat, np.ones((1, 12), dtype=np.float32))

    network = check((3, 4), step, lambda x: np.maximum(x, 0).sum(axis=(1, 2))[:, None])
    assert network.input_shape == (3, 1, 4)


def test_parts_of_sequences_stay_sequences() -> None:
    def step(builder: GraphBuilder, value: Value) -> Value:
        parts = [
            value.sliced([slice(i, i + 2), slice(i, i + 5)], f"part{i}", "Slice") for i in (0, 1)
        ]
        active = builder.relu("relu", "Relu", parts[0])
        total = builder.add("sum", "Add", [active, parts[1]])
        joined = builder.concat("join", "Concat", [total, parts[1], active], 1)
        assert active.shape == total.shape == (2, 5)
        assert joined.shape == (2, 15)
        return builder.linear("fc", "Linear", joined.reshaped((30,), "flat", "Flatten"), np.eye(30))

    def expected(x: Floats) -> Floats:
        active = np.maximum(x[:, :2, :5], 0)
        part = x[:, 1:, 1:]
        return np.concatenate([active + part, part, active], axis=2).reshape(3, 30)

    check((3, 6), step, expected)


def test_nodes_that_lead_nowhere_are_left_out_and_names_kept() -> None:
    def step(builder: GraphBuilder, value: Value) -> Value:
        builder.relu("unused", "Relu", value)
        first = builder.relu("/block/relu", "Relu", value)
        return builder.add("input", "Add", [first, builder.relu("/block/relu", "Relu", value)])

    network = check((3,), step, lambda x: 2 * np.maximum(x, 0))
    assert network.layer_names == ("block.relu", "block.relu_2", "input_2")


def test_a_view_that_no_nodes_give_is_refused_by_name() -> None:
    builder = GraphBuilder((2, 3, 3))
    turned = builder.input.transposed((0, 2, 1), "turned", "Transpose")
    with pytest.raises(RefusalError, match=r"node 'turned' \(Transpose\) makes values of shape"):
        builder.node("pool", "MaxPool", pysnn.MaxPool2d(2), turned)


def test_sums_of_several_shapes_are_refused_by_name() -> None:
    builder = GraphBuilder((2, 3, 3))
    part = builder.input.sliced([slice(None), slice(0, 1), slice(0, 1)], "part", "Slice")
    with pytest.raises(RefusalError, match=r"'sum' \(Add\) adds values of the shapes"):
        builder.add("sum", "Add", [builder.input, part])


def test_sizes_that_no_memory_holds_are_refused_before_any_is_taken() -> None:
    many = 10**6
    with pytest.raises(RefusalError, match=r"'input' \(input\) makes 1,000,000,000,000 numbers"):
        GraphBuilder((1, many, many))
    builder = GraphBuilder((4, 200, 200))
    value = builder.input
    with pytest.raises(RefusalError, match="'pad'"):
        value.padded([(0, 0), (many, 0), (0, many)], "pad", "Pad")
    with pytest.raises(RefusalError, match="'part'"):
        value.sliced([slice(None), np.zeros(many, dtype=np.int64)], "part", "Gather")
    with pytest.raises(RefusalError, match="'join'"):
        builder.concat("join", "Concat", [value] * 1000, 0)
    conv = pysnn.Conv2d(np.ones((1, 4, 1, 1)), padding=many, activation="none")
    with pytest.raises(RefusalError, match="'conv'"):
        builder.node("conv", "Conv", conv, value)
    wide = GraphBuilder((64, 200, 200))
    pixels = wide.input.sliced([np.arange(64)[::-1], slice(0, 2), slice(0, 2)], "cut", "Slice")
    with pytest.raises(RefusalError, match=r"'cut' \(Slice\) takes \(64, 2, 2\) out of images"):
        wide.relu("relu", "Relu", pixels)


@pytest.mark.parametrize("size", [5, 8, 9])
@pytest.mark.parametrize(
    ("kernel", "stride", "dilation"), [(3, 1, 1), (3, 2, 1), (2, 2, 1), (3, 1, 2)]
)
def test_same_padding_gives_as_many_windows_as_steps(
    size: int, kernel: int, stride: int, dilation: int
) -> None:
    before, after = same_padding(size, kernel, stride, dilation, at_end=True)
    assert (size + before + after - (kernel - 1) * dilation - 1) // stride + 1 == -(-size // stride)
    assert after - before in (0, 1)
    assert same_padding(size, kernel, stride, dilation, at_end=False) == (after, before)


def test_adaptive_windows_are_pytorchs_where_they_are_alike() -> None:
    assert adaptive_windows(14, 7) == (2, 2)
    assert adaptive_windows(7, 7) == (1, 1)
    assert adaptive_windows(7, 1) == (7, 7)
    assert adaptive_windows(7, 3) == (3, 2)
    assert adaptive_windows(10, 4) is None
    assert adaptive_windows(3, 7) is None
