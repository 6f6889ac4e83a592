"""Every operator of the table of ONNX, beside what onnx's own evaluator makes of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from importing.onnx_models import (
    IMAGE,
    STATISTICS,
    Row,
    imported,
    ints,
    node,
    numbers,
    onnx,
    row,
    save,
)
from importing.tables import first_column

import pysnn
from pysnn.importers.onnx.folding import FOLDED
from pysnn.importers.onnx.walk import HANDLERS

KERNEL = numbers(6, 4, 3, 2)
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
    "Conv, sequences": row(node("Conv", "x w", pads=[1, 0]), (4, 11), w=numbers(6, 4, 3)),
    "Gemm": row(
        node("Gemm", "x w c", transB=1, alpha=0.5, beta=2.0), (5,), w=numbers(3, 5), c=numbers(3)
    ),
    "Gemm, transB=0": row(node("Gemm", "x w c"), (5,), w=numbers(5, 3), c=numbers(1)),
    "MatMul": row(
        [node("MatMul", "x w", "z"), node("Add", "c z")], (5,), w=numbers(5, 3), c=numbers(3)
    ),
    "BatchNormalization": row(node("BatchNormalization", "x s b m v", epsilon=1e-3), **STATISTICS),
    "Relu": row([node("Relu", "x")]),
    "BatchNormalization, vectors": row(node("BatchNormalization", "x s b m v"), (4,), **STATISTICS),
    "BatchNormalization, opset 7": row(
        node("BatchNormalization", "x s b m v", spatial=1), opset=7, **STATISTICS
    ),
    "Max": row([node("Max", "x l")], l=np.float32(0)),
    "Clip, inputs": row(
        [node("Clip", "x l h")], l=np.float32(0), h=np.float32(0.75)
    ),
    "Clip, attributes": row([node("Clip", "x", min=0.0, max=6.0)], opset=7),
    "Clip, from 0": row([node("Clip", "x l")], l=np.float32(0)),
    "Conv, SAME_UPPER and dilations": row(
        node("Conv", "x w", auto_pad="SAME_UPPER", dilations=[2, 1], strides=[1, 3]), w=KERNEL
    ),
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
    "MaxPool, sequences": row(node("MaxPool", "x", kernel_shape=[3], strides=[2]), (4, 11)),
    "MaxPool, uneven pads": row(
        node("MaxPool", "x", kernel_shape=[3, 3], strides=[2, 2], pads=[0, 1, 1, 0], ceil_mode=1)
    ),
    "AveragePool, ceil_mode": row(
        node("AveragePool", "x", kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1],
             ceil_mode=1),
        opset=19,
    ),
    "AveragePool, ceil_mode and count_include_pad": row(
        node("AveragePool", "x", kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1],
             ceil_mode=1, count_include_pad=1),
        opset=19,
    ),
    "AveragePool, SAME_LOWER": row(
        node("AveragePool", "x", kernel_shape=[2, 2], strides=[2, 2], auto_pad="SAME_LOWER")
    ),
    "GlobalAveragePool, sequences": row(node("GlobalAveragePool", "x"), (4, 11)),
    "GlobalAveragePool": row(node("GlobalAveragePool", "x")),
    "GlobalMaxPool": row(node("GlobalMaxPool", "x")),
    "ReduceMean, attribute": row(node("ReduceMean", "x", axes=[2, 3], keepdims=0)),
    "ReduceMean, input": row(node("ReduceMean", "x a"), opset=18, a=ints(-1, -2)),
    "ReduceMean, height": row(node("ReduceMean", "x", axes=[2])),
    "ReduceSum": row(node("ReduceSum", "x a", keepdims=0), a=ints(2, 3)),
    "ReduceSum, attribute": row(node("ReduceSum", "x", axes=[2, 3]), opset=11),
    "ReduceMax": row(node("ReduceMax", "x", axes=[2, 3], keepdims=0)),
    "Add": row([node("Relu", "x", "z"), node("Add", "x z")]),
    "Sum": row([node("Relu", "x", "z"), node("Sum", "x z x")]),
    "Sub": row([node("Relu", "x", "z"), node("Sub", "x z")]),
    "Add, constants": row([node("Add", "c x")], c=numbers(4, 1, 1)),
    "Add, per element of a vector": row([node("Add", "x c")], (5,), c=numbers(1, 5)),
    "Sum, constants": row([node("Sum", "a b x")], a=numbers(1), b=numbers(4, 1, 1)),
    "Sub, constants": row([node("Sub", "x m", "z"), node("Sub", "t z")], m=numbers(1, 4, 1, 1),
                          t=numbers(4, 1, 1)),
    "Mul": row([node("Mul", "s x")], s=numbers(4, 1, 1)),
    "Div": row([node("Sub", "x m", "z"), node("Div", "z s")], m=numbers(1, 4, 1, 1),
               s=np.float32(0.5)),
    "Neg": row(node("Neg", "x")),
    "Concat": row([node("Relu", "x", "z"), node("Concat", "z x", axis=1)]),
    "Concat, vectors": row(
        [node("Relu", "x", "z"), node("Concat", "z x", axis=-1)], (5,)
    ),
    "Flatten": row(node("Flatten", "x", axis=1)),
    "Reshape": row(node("Reshape", "x s"), s=ints(0, -1)),
    "Reshape, -1 in front": row(node("Reshape", "x s"), s=ints(-1, 288)),
    "Reshape, channel shuffle": row(
        [node("Reshape", "x g", "a"), node("Transpose", "a", "b", perm=[0, 2, 1, 3, 4]),
         node("Reshape", "b s", "c"), node("Conv", "c w")],
        g=ints(0, 2, 2, 9, 8), s=ints(-1, 4, 9, 8), w=numbers(3, 4, 1, 1),
    ),
    "Shape": row(
        [
            node("Shape", "x", "sh"), node("Gather", "sh i", "b", axis=0),
            node("Unsqueeze", "b zero", "bs"), node("Concat", "bs rest", "s", axis=0),
            node("Reshape", "x s"),
        ],
        i=np.int64(0), zero=ints(0), rest=ints(-1),
    ),
    "Transpose, cancelled": row(
        [
            node("Transpose", "x", "l", perm=[0, 2, 3, 1]), node("Relu", "l", "r"),
            node("Transpose", "r", perm=[0, 3, 1, 2]),
        ]
    ),
    "Transpose, before Gemm": row(
        [
            node("Transpose", "x", "l", perm=[0, 2, 3, 1]), node("Flatten", "l", "f"),
            node("Gemm", "f w"),
        ],
        w=numbers(288, 3),
    ),
    "Unsqueeze": row(
        [
            node("GlobalAveragePool", "x", "p"), node("Squeeze", "p a", "s"),
            node("Unsqueeze", "s a", "u"), node("Conv", "u w"),
        ],
        a=ints(2, 3), w=numbers(2, 4, 1, 1),
    ),
    "Squeeze": row(
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
    "Identity": row(node("Identity", "x")),
    "Cast": row([node("Cast", "x", "h", to=11), node("Cast", "h", "z", to=1), node("Relu", "z")]),
    "Dropout": row(node("Dropout", "x")),
    "Dropout, inputs": row(node("Dropout", "x r t"), r=np.float32(0.5), t=np.array(False)),
    "Split, num_outputs": row(
        [node("Split", "x", "a b c", axis=1, num_outputs=3), node("Concat", "c a", axis=1)], (10,),
        opset=18,
    ),
    "Slice, the batch as a whole": row(
        node("Slice", "x s e a"), s=ints(0, 1), e=ints(2**63 - 1, 3), a=ints(0, 1)
    ),
    "Gather, one": row(node("Gather", "x i", axis=2), i=np.int64(-1)),
    "Constant": row(
        [
            node("Constant", "", "c", value=onnx.numpy_helper.from_array(np.float32(0.5))),
            node("Mul", "x c"),
        ]
    ),
    "Expand": row(node("Expand", "x s"), s=ints(1, 4, 9, 8)),
    "MatMul, computed weights": row(
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
    path = save(tmp_path / "net.onnx", nodes, shape, constants, opset=opset)
    assert imported(path, numbers(3, *shape)) < 1e-5


ENDS = ("Softmax", "LogSoftmax", "Sigmoid", "ArgMax")


@pytest.mark.parametrize("opset", [9, 13])
@pytest.mark.parametrize("end", ENDS)
def test_the_end_that_changes_no_class_is_left_out_and_said(
    end: str, opset: int, tmp_path: Path
) -> None:
    attributes = {} if end == "Sigmoid" else {"axis": 1}
    nodes = [node("Gemm", "x w c", "z"), node(end, "z", "e", **attributes), node("Identity", "e")]
    constants = {"w": numbers(5, 3), "c": numbers(3)}
    x = numbers(4, 5)
    path = save(tmp_path / "net.onnx", nodes, (5,), constants, opset=opset)
    network = pysnn.from_onnx(path, x=x)
    assert network.layer_names == ("the_z",)
    assert f"{end} at the end, is left out" in repr(network)
    logits = x @ constants["w"] + constants["c"]
    np.testing.assert_allclose(network.predict(x), logits, rtol=1e-5, atol=1e-5)


SIX = numbers(6) + 3
CONSTANTS: dict[str, tuple[list[Any], dict[str, Any]]] = {
    **dict.fromkeys(("Add", "Sub", "Mul", "Div", "Min", "Max", "Pow", "Mod"), ([SIX, SIX / 3], {})),
    **dict.fromkeys(("Neg", "Floor", "Ceil", "Sqrt", "Reciprocal", "Identity"), ([SIX], {})),
    "Mod": ([ints(7, 5, 3, 9, 8, 2), ints(4)], {}),
    "Equal": ([SIX, SIX[:1]], {}),
    "Where": ([SIX > 3, SIX, -SIX], {}),
    "Cast": ([SIX], {"to": 7}),
    "CastLike": ([ints(1, 2, 3, 4, 5, 6), SIX], {}),
    "Clip": ([SIX, np.float32(2.5), np.float32(3.5)], {}),
    "Concat": ([SIX[:2], SIX[2:]], {"axis": 0}),
    "ConstantOfShape": (
        [ints(6)], {"value": onnx.numpy_helper.from_array(np.array([0.5], "f4"))}
    ),
    "Expand": ([SIX[:1], ints(6)], {}),
    "Flatten": ([SIX.reshape(2, 3)], {"axis": 0}),
    "Gather": ([SIX, ints(5, 4, 3, 2, 1, 0)], {}),
    "Pad": ([SIX[:4], ints(1, 1)], {}),
    "Range": ([np.float32(0), np.float32(3), np.float32(0.5)], {}),
    "ReduceProd": ([SIX], {"axes": [0]}),
    "Reshape": ([SIX.reshape(2, 3), ints(-1)], {}),
    "Shape": ([np.zeros((1, 2, 3, 1, 2, 1), "f4")], {}),
    "Size": ([SIX], {}),
    "Slice": ([np.tile(SIX, 2), ints(0), ints(12), ints(0), ints(2)], {}),
    "Split": ([np.tile(SIX, 2)], {}),
    "Squeeze": ([SIX.reshape(6, 1), ints(1)], {}),
    "Tile": ([SIX[:2], ints(3)], {}),
    "Transpose": ([SIX.reshape(6, 1)], {"perm": [1, 0]}),
    "Unsqueeze": ([SIX, ints(0)], {}),
}  # fmt: skip


@pytest.mark.parametrize("operator", sorted(FOLDED))
def test_operator_is_computed_where_it_reads_constants_alone(operator: str, tmp_path: Path) -> None:
    inputs, attributes = CONSTANTS[operator]
    names = [f"i{i}" for i in range(len(inputs))]
    outputs = "c d" if operator == "Split" else "c"
    nodes = [
        node(operator, " ".join(names), outputs, **attributes), node("Cast", "c", "f", to=1),
        node("Mul", "x f"),
    ]  # fmt: skip
    constants = dict(zip(names, inputs, strict=True))
    path = save(tmp_path / "net.onnx", nodes, (6,), constants)
    assert imported(path, numbers(2, 6)) < 1e-5


NEWEST = onnx.defs.onnx_opset_version()


@pytest.mark.parametrize("opset", [*range(7, 22), NEWEST])
def test_versions_of_the_operators_from_7_to_the_newest_are_read(
    opset: int, tmp_path: Path
) -> None:
    nodes = [
        node("Conv", "x w", "c", pads=[1, 1, 1, 1]),
        node("BatchNormalization", "c s b m v", "n"),
        node("Relu", "n", "r"),
        node("MaxPool", "r", "p", kernel_shape=[2, 2], strides=[2, 2]),
        node("Reshape", "p to", "f"),
        node("Gemm", "f full o", transB=1),
    ]
    constants = {
        "w": numbers(4, 4, 3, 3), **STATISTICS, "to": ints(0, -1), "full": numbers(3, 64),
        "o": numbers(3),
    }  # fmt: skip
    path = save(tmp_path / "net.onnx", nodes, (4, 9, 8), constants, opset=opset)
    assert imported(path, numbers(2, *IMAGE)) < 1e-5


def test_every_row_of_the_table_is_tested_and_every_operator_has_one() -> None:
    rows = first_column("onnx.md", "What is taken")
    assert sorted(rows) == sorted({name.partition(",")[0] for name in ROWS} | set(ENDS))
    assert HANDLERS.keys() <= set(rows)
    computed = first_column("onnx.md", "What is computed")
    assert sorted(", ".join(computed).split(", ")) == sorted(FOLDED) == sorted(CONSTANTS)
