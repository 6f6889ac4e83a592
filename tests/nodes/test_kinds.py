"""What every kind of node tells of itself, against dense matrices and the C++ core."""

from __future__ import annotations

import inspect
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from pysnn import _core
from pysnn.nodes import (
    NODE_KINDS,
    Add,
    Affine,
    AnyNode,
    AnySynapses,
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
    Shape,
    WeightedNode,
    node_from_core,
    synapses_from_core,
)

PAIRS = st.tuples(st.integers(1, 3), st.integers(1, 3))


def sparse(*shape: int) -> NDArray[np.float64]:
    """Return weights of which about a third are 0."""
    rng = np.random.default_rng(sum(shape))
    return rng.normal(0.3, 0.5, shape) * (rng.random(shape) > 0.3)


def places(
    node: Conv2d | AvgPool2d | MaxPool2d | Identity, image: tuple[int, int], kernel: Any = (1, 1)
) -> Any:
    """Yield (row, column) of a window, of its tap, and of the pixel below; borders left out."""
    rows, columns = node.windows.grid(image)
    top, _, left, _ = node.sides
    dilation = getattr(node, "dilation", (1, 1))
    for i, j in np.ndindex(rows, columns):
        for u, v in np.ndindex(*kernel):
            y = i * node.stride[0] + u * dilation[0] - top
            x = j * node.stride[1] + v * dilation[1] - left
            if 0 <= y < image[0] and 0 <= x < image[1]:
                yield (i, j), (u, v), (y, x)


def connections(
    node: AnySynapses | AnyNode, input_shape: Shape
) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Return which synapses there are, (num_outputs, num_inputs), and their weights."""
    output_shape = node.output_shape(input_shape)
    there = np.zeros((*output_shape, *input_shape), dtype=np.bool_)
    weights = np.zeros(there.shape)
    match node:
        case Linear():
            there = np.ones((node.out_features, node.in_features), dtype=np.bool_)
            weights = node.weight.astype(np.float64)
        case Conv2d():
            outputs, inputs = node.out_channels // node.groups, node.in_channels // node.groups
            image = (input_shape[1], input_shape[2])
            for window, tap, pixel in places(node, image, node.kernel_size):
                for out, channel in np.ndindex(node.out_channels, inputs):
                    source = out // outputs * inputs + channel
                    there[(out, *window, source, *pixel)] = True
                    weights[(out, *window, source, *pixel)] = node.weight[(out, channel, *tap)]
        case AvgPool2d() | MaxPool2d():
            image = (input_shape[1], input_shape[2])
            for window, _, pixel in places(node, image, node.kernel_size):
                for channel in range(input_shape[0]):
                    there[(channel, *window, channel, *pixel)] = True
            weights = there.astype(np.float64)
        case Identity() if len(input_shape) == 1:
            for channel, weight in enumerate(node.weight):
                there[node.first_channel + channel, channel] = True
                weights[node.first_channel + channel, channel] = weight
        case Identity():
            image = (input_shape[1], input_shape[2])
            for window, _, pixel in places(node, image):
                for channel, weight in enumerate(node.weight):
                    there[(node.first_channel + channel, *window, channel, *pixel)] = True
                    weights[(node.first_channel + channel, *window, channel, *pixel)] = weight
        case _:
            pass
    sizes = (math.prod(output_shape), math.prod(input_shape))
    return there.reshape(sizes), weights.reshape(sizes)


def check(node: AnyNode | AnySynapses, input_shape: Shape) -> None:
    there, weights = connections(node, input_shape)
    assert node.num_synapses(input_shape) == there.sum()
    np.testing.assert_array_equal(node.fan_out(input_shape), there.sum(axis=0))
    counted = node.fan_out(input_shape, leave_out_zeros=True)
    assert counted.dtype == np.int64
    np.testing.assert_array_equal(counted, (there & (weights != 0)).sum(axis=0))


@given(
    kernel=PAIRS,
    stride=PAIRS,
    padding=st.tuples(*[st.integers(0, 2)] * 4),
    dilation=PAIRS,
    groups=st.integers(1, 3),
    size=st.tuples(st.integers(1, 6), st.integers(1, 6)),
)
def test_synapses_of_convolutions_are_those_of_the_dense_matrix(
    kernel: Any, stride: Any, padding: Any, dilation: Any, groups: int, size: Any
) -> None:
    node = Conv2d(sparse(2 * groups, 2, *kernel), None, stride, padding, dilation, groups)
    shape = (2 * groups, *size)
    try:
        node.output_shape(shape)
    except ValueError:
        assume(False)
    check(node, shape)


@pytest.mark.parametrize(
    ("node", "input_shape"),
    [
        (Linear(sparse(5, 12)), (12,)),
        (Linear(sparse(5, 12)), (3, 2, 2)),
        (AvgPool2d(2), (3, 4, 6)),
        (AvgPool2d((3, 2), stride=(1, 2)), (2, 5, 6)),
        (AvgPool2d(1, stride=3), (1, 4, 7)),
        (AvgPool2d(2, stride=2), (1, 5, 7)),
        (AvgPool2d(3, 2, (1, 0, 1, 1), ceil_mode=True), (2, 6, 5)),
        (MaxPool2d(3, 2, 1), (2, 5, 6)),
        (MaxPool2d((2, 3), (2, 1), (0, 1, 1, 0), (2, 1), ceil_mode=True), (2, 6, 5)),
        (Identity(sparse(3), out_channels=5, first_channel=1), (3,)),
        (Identity(sparse(3), (2, 1), (1, 0, 2, 1), 6, 2), (3, 5, 4)),
        (Flatten(), (2, 3, 4)),
        (ReLU(), (2, 3)),
    ],
)
def test_synapses_of_other_kinds_are_those_of_the_dense_matrix(
    node: AnyNode | AnySynapses, input_shape: Shape
) -> None:
    check(node, input_shape)


def examples() -> list[AnyNode]:
    """Return nodes of all kinds, each setting away from its default."""
    return [
        Linear(sparse(3, 4), [1.0, 0.0, -1.0], activation="none"),
        Conv2d(sparse(4, 2, 3, 2), sparse(4), (2, 1), (1, 0), (1, 2), 2, activation="none"),
        AvgPool2d((3, 2), (1, 2), (1, 0), ceil_mode=True, count_include_pad=False),
        MaxPool2d((3, 2), (1, 2), (1, 1, 0, 1), (1, 2), ceil_mode=True),
        BatchNorm(sparse(2), sparse(2), sparse(2), np.ones(2), eps=1e-3),
        ReLU(max=6.0, levels=4),
        Add(),
        Concat(),
        Flatten(),
        Pad((1, 0, 2, 3)),
        Affine([2.0, 3.0], 0.5),
    ]


INPUT_SHAPES: list[tuple[Shape, ...]] = [
    ((4,),),
    ((4, 7, 9),),
    ((2, 5, 6),),
    ((2, 5, 6),),
    ((2, 5, 6),),
    ((3, 2),),
    ((2, 3), (2, 3), (2, 3)),
    ((2, 5, 6), (3, 5, 6)),
    ((2, 3, 4),),
    ((2, 5, 6),),
    ((2,),),
]


def projections() -> list[AnySynapses]:
    """Return synapses of all kinds, as the examples of nodes."""
    linear, conv, average, largest = examples()[:4]
    assert isinstance(linear, Linear)
    assert isinstance(conv, Conv2d)
    identity = Identity(sparse(2), (2, 1), (1, 0, 1, 2), out_channels=5, first_channel=2)
    # The activation function is no part of a projection.
    return [
        Linear(linear.weight, linear.bias),
        Conv2d(conv.weight, conv.bias, conv.stride, conv.padding, conv.dilation, conv.groups),
        average,  # type: ignore[list-item]
        largest,  # type: ignore[list-item]
        identity,
    ]


def test_there_is_an_example_of_every_kind_with_every_setting() -> None:
    assert {type(node) for node in examples()} == set(NODE_KINDS)
    for node in examples():
        defaults = {
            name: parameter.default
            for name, parameter in inspect.signature(type(node)).parameters.items()
            if parameter.default is not inspect.Parameter.empty
        }
        for name, default in defaults.items():
            value = getattr(node, name)
            if isinstance(value, np.ndarray):
                continue
            is_default = value is None if default is None else value in (default, (default,) * 2)
            assert not is_default, name


@pytest.mark.parametrize("node", examples(), ids=repr)
def test_the_core_gives_back_the_same_node(node: AnyNode) -> None:
    activation = node.activation if isinstance(node, WeightedNode) else "relu"
    assert node_from_core(node.to_core(), activation) == node


@pytest.mark.parametrize("node", projections(), ids=repr)
def test_the_core_gives_back_the_same_synapses(node: AnySynapses) -> None:
    assert synapses_from_core(node.synapses_to_core()) == node


@pytest.mark.parametrize(("node", "input_shapes"), list(zip(examples(), INPUT_SHAPES, strict=True)))
def test_the_core_has_the_same_output_shape(node: AnyNode, input_shapes: tuple[Shape, ...]) -> None:
    shapes = [list(shape) for shape in input_shapes]
    assert _core.output_shape(node.to_core(), shapes) == node.output_shape(*input_shapes)


@pytest.mark.parametrize(("node", "input_shapes"), list(zip(examples(), INPUT_SHAPES, strict=True)))
def test_a_node_refuses_another_number_of_inputs(
    node: AnyNode, input_shapes: tuple[Shape, ...]
) -> None:
    wrong = input_shapes[:1] if len(input_shapes) > 1 else input_shapes * 2
    with pytest.raises(ValueError, match=rf"there are {len(wrong)} inputs, but the node has"):
        node.output_shape(*wrong)
    with pytest.raises(ValueError, match="there are 0 inputs"):
        node.output_shape()


def test_nodes_compare_by_every_array() -> None:
    for one, other in zip(examples(), examples(), strict=True):
        assert one == other
        for name, array in other.arrays().items():
            assert array is not None
            last = array.reshape(-1)[-1:]
            before = last.copy()
            last += 1
            assert one != other, name
            last[:] = before
        assert one == other


def test_a_kind_that_lacks_a_part_can_not_be_made() -> None:
    parts = sorted(Node.__abstractmethods__)
    assert {"kind", "output_shape", "num_synapses", "fan_out", "to_core"} <= set(parts)
    for missing in parts:
        there = {name: None for name in parts if name != missing}
        with pytest.raises(TypeError, match=missing):
            type("Unfinished", (Node,), there)()


def test_a_table_names_the_kinds_that_are_not_fully_connected() -> None:
    texts = [node.projection_text("a") for node in projections()]
    assert texts == ["a", "a (Conv2d)", "a (AvgPool2d)", "a (MaxPool2d)", "a (Identity)"]


def test_geometry_has_the_arguments_of_the_constructor() -> None:
    for node in examples():
        for name, value in node.geometry().items():
            assert getattr(node, name) == value
    assert Conv2d(sparse(1, 1, 2, 3)).geometry() == {
        "kernel_size": (2, 3),
        "stride": (1, 1),
        "padding": (0, 0),
    }
