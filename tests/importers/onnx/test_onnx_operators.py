"""Every operator of the table of ONNX, beside what onnx's own evaluator makes of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import pysnn

onnx = pytest.importorskip("onnx")
helper = onnx.helper

RNG = np.random.default_rng(0)
IMAGE = (4, 9, 8)


def numbers(*shape: int) -> Any:
    """Return float32 numbers."""
    return RNG.normal(size=shape).astype(np.float32)


def save(
    path: Path,
    nodes: list[Any],
    shape: tuple[Any, ...],
    constants: dict[str, Any] | None = None,
    *,
    opset: int = 17,
    batch: int | str | None = "n",
) -> Path:
    """Write a file whose nodes read "x" and give "y"."""
    inputs = [helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, [batch, *shape])]
    outputs = [helper.make_empty_tensor_value_info("y")]
    initializers = [
        onnx.numpy_helper.from_array(np.asarray(value), name)
        for name, value in (constants or {}).items()
    ]
    graph = helper.make_graph(nodes, "graph", inputs, outputs, initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
    model.ir_version = 8
    onnx.save(model, path)
    return path


def node(operator: str, inputs: str, output: str = "y", **attributes: Any) -> Any:
    """Return a node of an operator, with the name of what it makes."""
    names = [each.replace("_", "") for each in inputs.split(" ")]
    outputs = output.split(" ")
    return helper.make_node(operator, names, outputs, name=f"the_{outputs[0]}", **attributes)


def imported(path: Path) -> pysnn.Network:
    """Return the network of a file, compared."""
    network = pysnn.from_onnx(path)
    assert network.origin is not None
    assert network.origin.difference is not None
    assert network.origin.difference < 1e-5
    return network


Row = tuple[list[Any], tuple[int, ...], dict[str, Any], int]


def row(nodes: Any, shape: tuple[int, ...] = IMAGE, opset: int = 17, **constants: Any) -> Row:
    """Return a row; a single node is followed by a ReLU."""
    if not isinstance(nodes, list):
        nodes.output[0], nodes.name = "z", "the_z"
        nodes = [nodes, node("Relu", "z")]
    return nodes, shape, constants, opset


def ints(*values: int) -> Any:
    """Return integers as files have them."""
    return np.array(values, dtype=np.int64)


KERNEL = numbers(6, 4, 3, 2)
STATISTICS = {"s": numbers(4), "b": numbers(4), "m": numbers(4), "v": numbers(4) ** 2 + 0.5}
ROWS: dict[str, Row] = {
    "Conv": row(
        node("Conv", "x w b", strides=[2, 1], pads=[1, 2, 0, 1], dilations=[1, 2]),
        w=KERNEL,
        b=numbers(6),
    ),
    "Conv, groups": row(node("Conv", "x w", group=2), w=numbers(6, 2, 3, 3)),
    "Conv, SAME_UPPER": row(node("Conv", "x w", auto_pad="SAME_UPPER", strides=[2, 2]), w=KERNEL),
    "Conv, SAME_LOWER": row(node("Conv", "x w", auto_pad="SAME_LOWER"), w=KERNEL),
    "Conv, VALID": row(node("Conv", "x w", auto_pad="VALID"), w=KERNEL),
    "Conv of sequences": row(node("Conv", "x w", pads=[1, 0]), (4, 11), w=numbers(6, 4, 3)),
    "Gemm": row(
        node("Gemm", "x w c", transB=1, alpha=0.5, beta=2.0), (5,), w=numbers(3, 5), c=numbers(3)
    ),
    "Gemm, transB=0": row(node("Gemm", "x w c"), (5,), w=numbers(5, 3), c=numbers(1)),
    "MatMul and Add": row(
        [node("MatMul", "x w", "z"), node("Add", "c z")], (5,), w=numbers(5, 3), c=numbers(3)
    ),
    "BatchNormalization": row(node("BatchNormalization", "x s b m v", epsilon=1e-3), **STATISTICS),
    "Relu": row([node("Relu", "x")]),
    "Clip, inputs": row(
        [node("Clip", "x l h")], l=np.float32(0), h=np.float32(0.75)
    ),
    "Clip, attributes": row([node("Clip", "x", min=0.0, max=6.0)], opset=7),
    "Clip from 0": row([node("Clip", "x l")], l=np.float32(0)),
    "MaxPool": row(
        node("MaxPool", "x", kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1], ceil_mode=1)
    ),
    "MaxPool, dilations": row(node("MaxPool", "x", kernel_shape=[2, 2], dilations=[2, 1])),
    "MaxPool, SAME_UPPER": row(
        node("MaxPool", "x", kernel_shape=[2, 2], strides=[2, 2], auto_pad="SAME_UPPER")
    ),
    "AveragePool": row(
        node("AveragePool", "x", kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
    ),
    "AveragePool, count_include_pad": row(
        node("AveragePool", "x", kernel_shape=[3, 3], pads=[1, 1, 1, 1], count_include_pad=1)
    ),
    "GlobalAveragePool": row(node("GlobalAveragePool", "x")),
    "GlobalMaxPool": row(node("GlobalMaxPool", "x")),
    "ReduceMean, attribute": row(node("ReduceMean", "x", axes=[2, 3], keepdims=0)),
    "ReduceMean, input": row(node("ReduceMean", "x a"), opset=18, a=ints(-1, -2)),
    "ReduceMax": row(node("ReduceMax", "x", axes=[2, 3], keepdims=0)),
    "Add": row([node("Relu", "x", "z"), node("Add", "x z")]),
    "Sum": row([node("Relu", "x", "z"), node("Sum", "x z x")]),
    "Sub": row([node("Relu", "x", "z"), node("Sub", "x z")]),
    "constants": row(
        [node("Sub", "x m", "c"), node("Div", "c s", "d"), node("Mul", "d s", "e"),
         node("Sub", "t e")],
        m=numbers(1, 4, 1, 1), s=np.float32(0.5), t=numbers(4, 1, 1),
    ),
    "Neg": row(node("Neg", "x")),
    "Concat": row([node("Relu", "x", "z"), node("Concat", "z x", axis=1)]),
    "Flatten": row(node("Flatten", "x", axis=1)),
    "Reshape": row(node("Reshape", "x s"), s=ints(0, -1)),
    "Reshape by Shape": row(
        [
            node("Shape", "x", "sh"), node("Gather", "sh i", "b", axis=0),
            node("Unsqueeze", "b zero", "bs"), node("Concat", "bs rest", "s", axis=0),
            node("Reshape", "x s"),
        ],
        i=np.int64(0), zero=ints(0), rest=ints(-1),
    ),
    "Transpose that cancels": row(
        [
            node("Transpose", "x", "l", perm=[0, 2, 3, 1]), node("Relu", "l", "r"),
            node("Transpose", "r", perm=[0, 3, 1, 2]),
        ]
    ),
    "Transpose before Gemm": row(
        [
            node("Transpose", "x", "l", perm=[0, 2, 3, 1]), node("Flatten", "l", "f"),
            node("Gemm", "f w"),
        ],
        w=numbers(288, 3),
    ),
    "Squeeze and Unsqueeze": row(
        [
            node("GlobalAveragePool", "x", "p"), node("Squeeze", "p a", "s"),
            node("Unsqueeze", "s a", "u"), node("Conv", "u w"),
        ],
        a=ints(2, 3), w=numbers(2, 4, 1, 1),
    ),
    "Squeeze, attribute": row(
        [node("GlobalMaxPool", "x", "p"), node("Squeeze", "p", axes=[2, 3])], opset=11
    ),
    "Slice": row(
        node("Slice", "x s e a t"), s=ints(1, 0), e=ints(3, 2**62), a=ints(1, 2), t=ints(1, 2)
    ),
    "Slice, attributes": row(node("Slice", "x", starts=[0, 1], ends=[2, -1], axes=[1, 3]), opset=9),
    "Gather": row(node("Gather", "x i", axis=1), i=ints(2, 0, -1)),
    "Split": row([node("Split", "x", "a b", axis=1), node("Concat", "b a", axis=1)], opset=17),
    "Split, sizes": row(
        [node("Split", "x s", "a b", axis=1), node("Concat", "b a", axis=1)], s=ints(1, 3)
    ),
    "Pad": row(node("Pad", "x p"), p=ints(0, 2, 1, 0, 0, 1, 0, 3)),
    "Pad, attribute": row(node("Pad", "x", pads=[0, 0, 1, 1, 0, 0, 1, 1]), opset=9),
    "Identity, Dropout, Cast": row(
        [node("Identity", "x", "a"), node("Dropout", "a", "b"), node("Cast", "b", "c", to=1),
         node("Relu", "c")]
    ),
    "Constant": row(
        [
            node("Constant", "", "c", value=onnx.numpy_helper.from_array(np.float32(0.5))),
            node("Mul", "x c"),
        ]
    ),
    "Expand": row(node("Expand", "x s"), s=ints(1, 4, 9, 8)),
    "computed weights": row(
        [
            node("Transpose", "w", "wt", perm=[1, 0]), node("Mul", "wt h", "ws"),
            node("MatMul", "x ws"),
        ],
        (5,), w=numbers(3, 5), h=np.float32(0.5),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
def test_operator_is_imported(name: str, tmp_path: Path) -> None:
    nodes, shape, constants, opset = ROWS[name]
    for each in nodes:
        for i, source in enumerate(each.input):
            if source == "":
                del each.input[i]
    imported(save(tmp_path / "net.onnx", nodes, shape, constants, opset=opset))


@pytest.mark.parametrize("opset", [9, 13])
@pytest.mark.parametrize("end", ["Softmax", "LogSoftmax", "ArgMax"])
def test_the_end_that_changes_no_class_is_left_out_and_said(
    end: str, opset: int, tmp_path: Path
) -> None:
    attributes = {"axis": 1}
    nodes = [node("Gemm", "x w", "z"), node(end, "z", **attributes)]
    if opset == 9:
        nodes[0].input.append("c")
    constants = {"w": numbers(5, 3), "c": numbers(3)}
    path = save(tmp_path / "net.onnx", nodes, (5,), constants, opset=opset)
    network = imported(path)
    assert network.layer_names == ("the_z",)
    assert f"{end} at the end, is left out" in repr(network)


REFUSED: dict[str, tuple[Row, str]] = {
    "Sigmoid": (row([node("Sigmoid", "x")]), "'the_y' (Sigmoid) is not supported; replace it by a"),
    "LeakyRelu": (row([node("LeakyRelu", "x")]), "(LeakyRelu) is not supported; replace it by a"),
    "Clip": (row([node("Clip", "x", min=-1.0, max=1.0)], opset=7), "clips to [-1.0, 1.0]"),
    "LRN": (row([node("LRN", "x", size=3)]), "(LRN) is not supported; use a BatchNormalization"),
    "QuantizeLinear": (
        row([node("QuantizeLinear", "x s")], s=np.float32(1)),
        "(QuantizeLinear) is not supported; export the network before its quantization",
    ),
    "ConvTranspose": (
        row([node("ConvTranspose", "x w")], w=numbers(4, 2, 3, 3)),
        "(ConvTranspose) is not supported; scale images",
    ),
    "Resize": (
        row([node("Upsample", "x s")], s=numbers(4), opset=9), "(Upsample) is not supported"
    ),
    "Softmax inside": (
        row([node("Softmax", "x", "z"), node("Relu", "z")]), "(Softmax) is not supported; leave it"
    ),
    "product": (row([node("Mul", "x x")]), "(Mul) multiplies two values"),
    "quotient": (row([node("Div", "h x")], h=np.float32(1)), "(Div) divides by a value"),
    "MatMul of values": (row([node("MatMul", "w x")], w=numbers(9, 9)), "(MatMul) has weights"),
    "Reshape of the batch": (row([node("Reshape", "x s")], s=ints(-1, 8)), "between samples"),
    "Transpose of the batch": (row([node("Transpose", "x", perm=[1, 0, 2, 3])]), "axis of the bat"),
    "Pad with 1": (
        row([node("Pad", "x p v")], p=ints(0, 0, 1, 1, 0, 0, 1, 1), v=np.float32(1)), "pads by cons"
    ),
    "Pad by reflection": (
        row([node("Pad", "x p", mode="reflect")], p=ints(0, 0, 1, 1, 0, 0, 1, 1)), "by reflect"
    ),
    "ReduceMean of channels": (row([node("ReduceMean", "x", axes=[1])]), "reduces the axes"),
    "training": (
        row([node("BatchNormalization", "x s b m v", training_mode=1)], **STATISTICS),
        "statistics of the batch",
    ),
    "another domain": (
        row([node("FusedConv", "x", domain="com.microsoft")]), "is of the domain 'com.microsoft'"
    ),
    "nothing": (row([node("Identity", "x")]), "is all there is"),
    "LSTM": (row([node("LSTM", "x w")], w=numbers(3)), "(LSTM) is not supported; use a feed-"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_operator_is_refused_in_one_line_that_names_it(name: str, tmp_path: Path) -> None:
    (nodes, shape, constants, opset), text = REFUSED[name]
    path = save(tmp_path / "net.onnx", nodes, shape, constants, opset=opset)
    with pytest.raises(pysnn.ModelFileError) as found:
        pysnn.from_onnx(path)
    assert text in str(found.value)
    assert "\n" not in str(found.value)
    assert str(found.value).startswith(f"{path}: node ")
