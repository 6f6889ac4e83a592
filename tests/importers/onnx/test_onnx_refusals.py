"""Every operator that the table of ONNX refuses, with the way out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from importing.onnx_models import STATISTICS, Row, ints, node, numbers, row, save
from importing.tables import first_column

import pysnn
from pysnn.importers.onnx.refused import WAYS_OUT

BORDER = ints(0, 0, 1, 1, 0, 0, 1, 1)


def alone(operator: str) -> Row:
    """Return a row of an operator that reads the input, in front of a ReLU."""
    return row([node(operator, "x", "z"), node("Relu", "z")])


ROWS: dict[str, tuple[Row, str]] = {
    **{name: (alone(name), f"({name}) is not supported; {way}") for name, way in WAYS_OUT.items()},
    "Clip below 0": (
        row([node("Clip", "x", min=-1.0, max=1.0)], opset=9), "(Clip) clips to [-1.0, 1.0]"
    ),
    "Clip below 0, no lower end": (
        row([node("Clip", "x _ h")], h=np.float32(1)), "(Clip) clips to [None, 1.0]"
    ),
    "Max of values": (row([node("Max", "x x")]), "(Max) is the largest of several values; use a R"),
    "Max of values, 1": (row([node("Max", "x h")], h=np.float32(1)), "(Max) is the largest of"),
    "product of values": (row([node("Mul", "x x")]), "(Mul) multiplies two values"),
    "quotient of values": (
        row([node("Div", "h x")], h=np.float32(1)), "(Div) divides by a value that depends"
    ),
    "quotient of values, 0": (row([node("Div", "x h")], h=np.float32(0)), "(Div) divides by 0"),
    "MatMul of values": (
        row([node("MatMul", "w x")], w=numbers(9, 9)), "(MatMul) has weights or sizes that depend"
    ),
    "MatMul of sequences": (
        row([node("MatMul", "x w")], (7, 5), w=numbers(5, 3)), "(MatMul) has weights of shape (3, 5"
    ),
    "Gemm with transA": (
        row([node("Gemm", "x w c", transA=1)], (5,), w=numbers(5, 3), c=numbers(3)), "has transA=1"
    ),
    "Conv of volumes": (
        row([node("Conv", "x w")], (1, 3, 3), w=numbers(1, 1, 2, 2, 2)), "has windows of 3 axes"
    ),
    "Conv with weights that depend on the input": (
        row([node("Conv", "x x")]), "(Conv) has weights or sizes that depend on the input"
    ),
    "AveragePool with dilations": (
        row([node("AveragePool", "x", kernel_shape=[2, 2], dilations=[2, 2])], opset=19),
        "(AveragePool) has dilation (2, 2); average without dilation",
    ),
    "pools that are not the same everywhere": (
        row([node("MaxPool", "x", kernel_shape=[2, 2], dilations=[2, 1], auto_pad="SAME_UPPER")]),
        "(MaxPool) has auto_pad='SAME_UPPER', kernel_shape=[2, 2], strides=[1, 1] and dilations=[2",
    ),
    "pools that are not the same everywhere, steps": (
        row([node("AveragePool", "x", kernel_shape=[1, 2], strides=[2, 2], auto_pad="SAME_LOWER")],
            (4, 8, 8)),
        "of which programs make different windows; give pads",
    ),
    "constant per pixel, row": (
        row([node("Sub", "x c", "z"), node("Conv", "z w")], c=numbers(9, 1), w=numbers(1, 4, 1, 1)),
        "'the_z' (Sub) has numbers that differ within a channel; give one number per channel",
    ),
    "BatchNormalization in training": (
        row([node("BatchNormalization", "x s b m v", training_mode=1)], **STATISTICS),
        "statistics of the batch; export it for inference",
    ),
    "BatchNormalization per pixel": (
        row([node("BatchNormalization", "x s b m v", spatial=0)], opset=7, **STATISTICS),
        "per pixel (spatial=0)",
    ),
    "Dropout in training": (
        row([node("Dropout", "x r t")], r=np.float32(0.5), t=np.array(True)),
        "(Dropout) drops values at random; export it for inference",
    ),
    "Cast to whole numbers": (
        row([node("Cast", "x", "z", to=7), node("Cast", "z", to=1)]),
        "(Cast) rounds values to whole numbers; leave it out",
    ),
    "Add of several shapes": (
        row([node("GlobalAveragePool", "x", "z"), node("Add", "x z")]), "adds values of the shapes"
    ),
    "constant per pixel": (row([node("Mul", "x h")], h=numbers(9, 8)), "differ within a channel"),
    "Reshape of the batch": (row([node("Reshape", "x s")], s=ints(-1, 8)), "between samples"),
    "Reshape of the batch, Flatten": (row([node("Flatten", "x", axis=2)]), "(Flatten) has axis=2"),
    "Reshape of the batch, Transpose": (
        row([node("Transpose", "x", perm=[1, 0, 2, 3])]), "moves the axis of the batch"
    ),
    "Reshape of the batch, Slice": (
        row([node("Slice", "x s e")], s=ints(0), e=ints(1)), "takes samples out of the batch"
    ),
    "Reshape of the batch, Gather": (
        row([node("Gather", "x i")], i=np.int64(0)), "takes samples out of the batch"
    ),
    "Reshape of the batch, Unsqueeze": (
        row([node("Unsqueeze", "x a")], a=ints(0)), "moves the axis of the batch"
    ),
    "turned images": (
        row(
            [
                node("Conv", "x w", "c"),
                node("Transpose", "c", "z", perm=[0, 1, 3, 2]),
                node("MaxPool", "z", kernel_shape=[2, 2]),
            ],
            w=numbers(2, 4, 3, 3),
        ),
        "no choice of channels and pixels",
    ),
    "turned images, in parts": (
        row(
            [
                node("Reshape", "x a", "p"), node("Transpose", "p", "t", perm=[0, 1, 3, 2, 4]),
                node("Reshape", "t b", "z"), node("Conv", "z w"),
            ],
            (72,), a=ints(-1, 2, 2, 3, 6), b=ints(-1, 2, 6, 6), w=numbers(1, 2, 3, 3),
        ),
        "no choice of channels and pixels",
    ),
    "Slice backwards": (
        row([node("Slice", "x s e a t")], s=ints(-1), e=ints(-9), a=ints(1), t=ints(-1)),
        "(Slice) has steps=[-1]; slice forwards",
    ),
    "Expand of values": (row([node("Expand", "x s")], (4, 1, 1), s=ints(1, 4, 2, 2)), "repeats"),
    "Pad with other numbers": (
        row([node("Pad", "x p v")], p=BORDER, v=np.float32(1)), "pads by constant with 1.0; pad wit"
    ),
    "Pad with other numbers, reflect": (
        row([node("Pad", "x p", mode="reflect")], p=BORDER), "pads by reflect"
    ),
    "ReduceMean of channels": (row([node("ReduceMean", "x", axes=[1])]), "reduces the axes [0]"),
    "ReduceMean of channels, all": (row([node("ReduceMean", "x")]), "takes samples out of the bat"),
    "softmax along the batch": (
        row([node("Softmax", "x", axis=0)], (5,)), "works along axis 0 of batches of outputs of"
    ),
    "softmax along the batch, argmax of other axes": (
        row([node("Softmax", "x", "z", axis=3), node("ArgMax", "z", axis=1)]),
        "(ArgMax) works along axis 1",
    ),
    "other domains": (
        row([node("FusedConv", "x", domain="com.microsoft")]), "is of the domain 'com.microsoft'"
    ),
    "operators on constants alone": (
        row([node("MatMul", "w w", "v"), node("Add", "x v")], w=numbers(4, 4)),
        "(MatMul) is not supported, of constants; simplify the file's constants first",
    ),
    "other operators": (alone("Abs"), "(Abs) is not supported; replace it by an operator of the t"),
    "nothing": (row([node("Identity", "x")]), "is all there is"),
}  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
def test_operator_is_refused_in_one_line_that_names_it(name: str, tmp_path: Path) -> None:
    (nodes, shape, constants, opset), text = ROWS[name]
    path = save(tmp_path / "net.onnx", nodes, shape, constants, opset=opset)
    with pytest.raises(pysnn.ModelFileError) as found:
        pysnn.from_onnx(path)
    assert text in str(found.value)
    assert "\n" not in str(found.value)
    assert str(found.value).startswith(f"{path}: node ")


def test_an_operator_that_would_break_the_line_is_refused(tmp_path: Path) -> None:
    path = save(tmp_path / "net.onnx", [node("Re\nlu", "x")], (4,))
    with pytest.raises(pysnn.ModelFileError, match=r"has the operator 'Re\\nlu'"):
        pysnn.from_onnx(path)


def test_every_row_of_the_table_is_tested() -> None:
    rows: list[Any] = ", ".join(first_column("onnx.md", "What is refused")).split(", ")
    assert sorted(rows) == sorted({name.partition(",")[0] for name in ROWS})
