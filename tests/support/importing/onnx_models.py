"""Small ONNX files of a few nodes."""

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
    """Return a node of an operator, with the name of what it makes; "_" is an input left out."""
    names = [each.replace("_", "") for each in inputs.split()]
    outputs = output.split(" ")
    return helper.make_node(operator, names, outputs, name=f"the_{outputs[0]}", **attributes)


def imported(path: Path, x: Any) -> float:
    """Return how far the network of a file is from what others make of it, on samples."""
    origin = pysnn.from_onnx(path, x=x).origin
    assert origin is not None
    if "batch norms before version 14" in str(origin):
        pytest.skip("onnxruntime is not installed")
    assert origin.difference is not None
    assert origin.num_samples == len(x)
    return origin.difference


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


STATISTICS = {"s": numbers(4), "b": numbers(4), "m": numbers(4), "v": numbers(4) ** 2 + 0.5}


W1, W2 = RNG.normal(size=(6, 5)).astype(np.float32), RNG.normal(size=(3, 6)).astype(np.float32)
X = RNG.random((4, 5)).astype(np.float32)


def model(
    nodes: list[Any] | None = None,
    *,
    inputs: list[Any] | None = None,
    outputs: list[str] | None = None,
    weights: dict[str, Any] | None = None,
) -> Any:
    """Return a model of two matrices, or of other nodes."""
    if nodes is None:
        nodes = [
            helper.make_node("Gemm", ["x", "w1"], ["h"], "fc1", transB=1),
            helper.make_node("Relu", ["h"], ["r"], "relu"),
            helper.make_node("Gemm", ["r", "w2"], ["y"], "fc2", transB=1),
        ]
    if inputs is None:
        inputs = [helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, ["n", 5])]
    given = {"w1": W1, "w2": W2} if weights is None else weights
    graph = helper.make_graph(
        nodes,
        "graph",
        inputs,
        [helper.make_empty_tensor_value_info(name) for name in outputs or ["y"]],
        [onnx.numpy_helper.from_array(value, name) for name, value in given.items()],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    made.ir_version = 8
    return made


def saved(path: Path, made: Any) -> Path:
    """Write a model as it is."""
    path.write_bytes(made.SerializeToString())
    return path


def external(path: Path) -> Any:
    """Write a model whose weights lie in weights.bin, and return it with their places."""
    made = model()
    onnx.save_model(
        made, path, save_as_external_data=True, location="weights.bin", size_threshold=0
    )
    return onnx.load(path, load_external_data=False)
