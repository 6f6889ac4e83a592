"""ONNX files that are damaged, or written to do harm: a clean error, and bounded memory."""

from __future__ import annotations

import contextlib
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from importing.onnx_models import W1, helper, model, node, numbers, onnx, saved

import pysnn

EDGES = np.array([0, 0, 1, 1, 0, 0, 1, 1])
MOST_BYTES = 100_000_000


def damaged() -> dict[str, tuple[Any, str]]:
    """Return models that are wrong, and what is said of them."""
    relu = helper.make_node("Relu", ["x"], ["y"], "relu")
    twice = [relu, helper.make_node("Relu", ["x"], ["y"], "again")]
    cycle = [
        helper.make_node("Add", ["x", "b"], ["a"], "first"),
        helper.make_node("Relu", ["a"], ["b"], "second"),
        helper.make_node("Relu", ["b"], ["y"], "third"),
    ]
    huge = [
        helper.make_node("ConstantOfShape", ["s"], ["w"], "fill"),
        helper.make_node("MatMul", ["x", "w"], ["y"], "mm"),
    ]
    two = [helper.make_node("Add", ["x", "z"], ["y"], "add")]
    inputs = [
        helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, ["n", 5]) for name in "xz"
    ]
    loop = [helper.make_node("If", ["x"], ["y"], "branch")]
    without = model([relu], weights={})
    without.ClearField("opset_import")
    large = model()
    large.graph.initializer[0].dims[0] = 1 << 40
    negative = model()
    negative.graph.initializer[0].dims[0] = -6
    empty = model()
    empty.graph.ClearField("node")
    bare = model([helper.make_node("Conv", ["x"], ["y"], "conv")], inputs=inputs[:1])
    wrong = model([helper.make_node("MatMul", ["x", "w1"], ["y"], "mm")])
    million = np.array([10**6, 10**6])
    image = [helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, ["n", 4, 9, 9])]
    vast = [helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, ["n", 3, 10**6, 10**6])]
    wide = [helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, ["n", 4, 900, 900])]
    text = [helper.make_tensor_value_info("x", onnx.TensorProto.STRING, ["n", 5])]
    kernel = numbers(1, 4, 3, 3)
    many = {"w1": W1, "i": np.zeros(1 << 20, np.int64)}
    doubled = model()
    doubled.graph.initializer.append(doubled.graph.initializer[0])
    shadowed = model()
    shadowed.graph.node[0].output[0] = shadowed.graph.node[1].input[0] = "w2"
    old = model()
    old.opset_import[0].version = 6
    return {
        "old": (old, "has version 6 of the operators, but at least 7 is needed"),
        "doubled": (doubled, "makes the value 'w1' twice"),
        "shadowed": (shadowed, "makes the value 'w2' twice"),
        "text": (model(inputs=text), "has the input 'x' of type 8, but it must take numbers"),
        "vast": (
            model([relu], inputs=vast, weights={}),
            "makes 3,000,000,000,000 numbers of a sam",
        ),
        "borders": (
            model([node("Pad", "x p")], inputs=image, weights={"p": np.full(8, 10**6) * EDGES}),
            "'the_y' (Pad) makes 16,000,144,000,324 numbers of a sample",
        ),
        "conv's borders": (
            model([node("Conv", "x w", pads=[10**6] * 4)], inputs=image, weights={"w": kernel}),
            "'the_y' (Conv) makes 4,000,028,000,049 numbers of a sample",
        ),
        "gathered": (
            model([node("Gather", "x i", axis=1)], inputs=image, weights=many),
            "'the_y' (Gather) makes 84,934,656 numbers of a sample",
        ),
        "joined": (
            model([node("Concat", "x " * 30, axis=1)], inputs=wide, weights={}),
            "'the_y' (Concat) makes 97,200,000 numbers of a sample",
        ),
        "tiled": (
            model(
                [node("Tile", "w t", "v"), node("MatMul", "x v")], weights={"w": W1, "t": million}
            ),
            "'the_v' (Tile) makes 30,000,000,000,000 numbers of constants",
        ),
        "expanded": (
            model(
                [node("Expand", "w t", "v"), node("MatMul", "x v")],
                weights={"w": np.ones((1, 1), "f4"), "t": million},
            ),
            "'the_v' (Expand) makes 1,000,000,000,000 numbers of constants",
        ),
        "ranged": (
            model(
                [node("Range", "a b c", "v"), node("Mul", "x v")],
                weights={"a": np.int64(0), "b": np.int64(10**12), "c": np.int64(1)},
            ),
            "'the_v' (Range) makes 1,000,000,000,000 numbers of constants",
        ),
        "padded constant": (
            model(
                [node("Pad", "w p", "v"), node("MatMul", "x v")],
                weights={"w": W1, "p": np.full(4, 10**6)},
            ),
            "'the_v' (Pad) makes 16,000,044,000,030 numbers of constants",
        ),
        "outer sum": (
            model(
                [node("Unsqueeze", "i a", "j"), node("Add", "i j", "v"), node("MatMul", "x v")],
                weights={**many, "a": np.array([1])},
            ),
            "'the_v' (Add) makes 1,099,511,627,776 numbers of constants",
        ),
        "twice": (model(twice, weights={}), "makes the value 'y' twice"),
        "cycle": (model(cycle, weights={}), "node 'first' (Add) reads 'b' before it is made"),
        "unknown": (model([helper.make_node("Add", ["x", "q"], ["y"], "add")]), "which nothing"),
        "huge": (
            model(huge, weights={"s": np.array([1 << 20, 1 << 20])}),
            "'fill' (ConstantOfShape) makes 1,099,511,627,776 numbers",
        ),
        "two inputs": (model(two, inputs=inputs, weights={}), "has the inputs ['x', 'z']"),
        "branch": (model(loop, weights={}), "'branch' (If) is not supported"),
        "no opset": (without, "which version of the operators"),
        "large": (large, "tensor 'w1' can't be read"),
        "negative": (negative, "tensor 'w1' has the sizes"),
        "empty": (empty, "is no ONNX file: it has no graph"),
        "bare": (bare, "node 'conv' (Conv)"),
        "wrong": (wrong, "node 'mm' (MatMul) has weights of shape"),
        "output": (model(outputs=["q"]), "inputs"),
    }


@pytest.mark.parametrize("name", damaged())
def test_damaged_models_are_refused_in_one_line_and_little_memory(
    name: str, tmp_path: Path
) -> None:
    made, text = damaged()[name]
    path = saved(tmp_path / "net.onnx", made)
    tracemalloc.start()
    try:
        with pytest.raises(pysnn.ModelFileError) as found:
            pysnn.from_onnx(path)
        assert tracemalloc.get_traced_memory()[1] < MOST_BYTES
    finally:
        tracemalloc.stop()
    assert text in str(found.value)
    assert "\n" not in str(found.value)


def test_numbers_of_all_constants_that_are_computed_are_limited(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pysnn.importers.onnx.folding.MOST_NUMBERS", 29)
    fills = [node("ConstantOfShape", "s", f"v{i}") for i in range(6)]
    nodes = [*fills, node("Sum", "x " + " ".join(f"v{i}" for i in range(6)))]
    path = saved(tmp_path / "net.onnx", model(nodes, weights={"s": np.array([5])}))
    with pytest.raises(pysnn.ModelFileError, match=r"'the_v5' \(ConstantOfShape\) makes 5 numbers"):
        pysnn.from_onnx(path)


@pytest.mark.parametrize("word", ["fc1", "Gemm", "w1", "r", "transB"])
def test_names_that_are_no_text_are_refused(word: str, tmp_path: Path) -> None:
    data = model().SerializeToString()
    found = bytes([len(word)]) + word.encode()
    path = tmp_path / "net.onnx"
    path.write_bytes(data.replace(found, found[:-1] + b"\xff"))
    with pytest.raises(pysnn.ModelFileError, match="no text"):
        pysnn.from_onnx(path)


def test_an_axis_that_is_cut_twice_is_refused(tmp_path: Path) -> None:
    ones, twos = np.array([1, 1]), np.array([2, 2])
    nodes = [node("Slice", "x w1 w2 w1", "s"), node("Relu", "s")]
    path = saved(tmp_path / "net.onnx", model(nodes, weights={"w1": ones, "w2": twos}))
    with pytest.raises(pysnn.ModelFileError, match=r"\(Slice\) has axes=\[1, 1\], one of them tw"):
        pysnn.from_onnx(path)


def test_files_cut_short_anywhere_are_refused_or_whole(tmp_path: Path) -> None:
    data = model().SerializeToString()
    path = tmp_path / "net.onnx"
    for size in range(0, len(data), 7):
        path.write_bytes(data[:size])
        with pytest.raises(pysnn.ModelFileError):
            pysnn.from_onnx(path)


def test_files_with_any_byte_changed_are_refused_or_read(tmp_path: Path) -> None:
    data = model().SerializeToString()
    path = tmp_path / "net.onnx"
    for place in range(0, len(data), 5):
        changed = bytearray(data)
        changed[place] ^= 0x55
        path.write_bytes(changed)
        with contextlib.suppress(ValueError, MemoryError):
            pysnn.from_onnx(path)
