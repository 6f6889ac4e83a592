"""ONNX files: where their weights lie, what they leave open, and what is wrong with them."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import pysnn

onnx = pytest.importorskip("onnx")
helper = onnx.helper
numpy_helper = onnx.numpy_helper

RNG = np.random.default_rng(0)
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
        [numpy_helper.from_array(value, name) for name, value in given.items()],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    made.ir_version = 8
    return made


def saved(path: Path, made: Any) -> Path:
    """Write a model as it is."""
    path.write_bytes(made.SerializeToString())
    return path


def expected(x: Any) -> Any:
    return np.maximum(x @ W1.T, 0) @ W2.T


def test_names_are_the_files_and_outputs_are_compared(tmp_path: Path) -> None:
    network = pysnn.from_onnx(saved(tmp_path / "net.onnx", model()), x=X)
    assert network.layer_names == ("fc1", "relu", "fc2")
    assert network.origin is not None
    assert (network.origin.format, network.origin.name) == ("ONNX", "net.onnx")
    assert network.origin.num_samples == 4
    np.testing.assert_allclose(network.predict(X), expected(X), rtol=1e-5, atol=1e-6)


def external(path: Path) -> Any:
    """Write a model whose weights lie in weights.bin, and return it with their places."""
    made = model()
    onnx.save_model(
        made, path, save_as_external_data=True, location="weights.bin", size_threshold=0
    )
    return onnx.load(path, load_external_data=False)


def test_weights_beside_the_file_are_read(tmp_path: Path) -> None:
    external(tmp_path / "net.onnx")
    network = pysnn.from_onnx(tmp_path / "net.onnx")
    assert network == pysnn.from_onnx(saved(tmp_path / "whole.onnx", model()))


@pytest.mark.parametrize(
    ("key", "value", "text"),
    [
        ("location", "/etc/hostname", "may read in the file's folder alone"),
        ("location", "../weights.bin", "may read in the file's folder alone"),
        ("location", "sub/../../weights.bin", "may read in the file's folder alone"),
        ("location", "c:weights.bin", "may read in the file's folder alone"),
        ("location", "", "may read in the file's folder alone"),
        ("location", "link.bin", "no file beside the model"),
        ("location", "outside.bin", "may read in the file's folder alone"),
        ("location", "missing.bin", "no file beside the model"),
        ("location", ".", "no file beside the model"),
        ("offset", "100", "has 120 bytes at 100"),
        ("offset", "-4", "has 120 bytes at -4"),
        ("offset", "many", "has external data at"),
        ("length", "9999999999999", "says 9999999999999"),
        ("length", "4", "says 4"),
    ],
)
def test_weights_elsewhere_are_refused_by_name(
    key: str, value: str, text: str, tmp_path: Path
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    made = external(folder / "net.onnx")
    (tmp_path / "weights.bin").write_bytes((folder / "weights.bin").read_bytes())
    os.symlink("weights.bin", folder / "link.bin")
    os.symlink("../weights.bin", folder / "outside.bin")
    (entry,) = (each for each in made.graph.initializer[0].external_data if each.key == key)
    entry.value = value
    saved(folder / "net.onnx", made)
    with pytest.raises(pysnn.ModelFileError) as found:
        pysnn.from_onnx(folder / "net.onnx")
    assert "tensor 'w1'" in str(found.value)
    assert text in str(found.value)


@pytest.mark.parametrize("dtype", [np.float64, np.float16])
def test_weights_of_other_precisions_become_float32(dtype: Any, tmp_path: Path) -> None:
    weights = {"w1": W1.astype(dtype), "w2": W2.astype(dtype)}
    kind = helper.np_dtype_to_tensor_dtype(np.dtype(dtype))
    inputs = [helper.make_tensor_value_info("x", kind, ["n", 5])]
    network = pysnn.from_onnx(saved(tmp_path / "net.onnx", model(inputs=inputs, weights=weights)))
    weight = network.layers[0].arrays()["weight"]
    assert weight is not None
    np.testing.assert_array_equal(weight, W1.astype(dtype).astype(np.float32))


def test_initializers_that_are_inputs_too_are_weights(tmp_path: Path) -> None:
    inputs = [
        helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, ["n", 5]),
        helper.make_tensor_value_info("w1", onnx.TensorProto.FLOAT, [6, 5]),
        helper.make_tensor_value_info("w2", onnx.TensorProto.FLOAT, [3, 6]),
    ]
    assert len(pysnn.from_onnx(saved(tmp_path / "net.onnx", model(inputs=inputs))).layers) == 3


def test_a_fixed_batch_is_one_of_many(tmp_path: Path) -> None:
    inputs = [helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, [3, 5])]
    network = pysnn.from_onnx(saved(tmp_path / "net.onnx", model(inputs=inputs)))
    assert network.origin is not None
    assert network.origin.num_samples == 3
    assert network.predict(X).shape == (4, 3)


def convolution(sizes: list[Any]) -> Any:
    """Return a model of one convolution and a mean."""
    nodes = [
        helper.make_node("Conv", ["x", "w"], ["c"], "conv"),
        helper.make_node("Relu", ["c"], ["r"], "relu"),
        helper.make_node("GlobalAveragePool", ["r"], ["y"], "mean"),
    ]
    inputs = [helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, sizes)]
    return model(nodes, inputs=inputs, weights={"w": RNG.normal(size=(2, 3, 3, 3)).astype("f4")})


def test_samples_say_the_sizes_that_a_file_leaves_open(tmp_path: Path) -> None:
    path = saved(tmp_path / "net.onnx", convolution(["n", 3, "height", "width"]))
    with pytest.raises(pysnn.ModelFileError, match=r"\['\?', 3, '\?', '\?'\].*give samples by x="):
        pysnn.from_onnx(path)
    x = RNG.random((2, 3, 6, 7)).astype(np.float32)
    assert pysnn.from_onnx(path, x=x).input_shape == (3, 6, 7)
    with pytest.raises(ValueError, match=r"x has shape \(2, 4, 6, 7\)"):
        pysnn.from_onnx(path, x=x[:, [0, 1, 2, 2]])


def test_one_of_several_outputs_is_named_and_the_rest_is_not_read(tmp_path: Path) -> None:
    nodes = [
        helper.make_node("Gemm", ["x", "w1"], ["h"], "fc1", transB=1),
        helper.make_node("Relu", ["h"], ["r"], "relu"),
        helper.make_node("Sigmoid", ["h"], ["s"], "gate"),
        helper.make_node("Gemm", ["r", "w2"], ["y"], "fc2", transB=1),
    ]
    path = saved(tmp_path / "net.onnx", model(nodes, outputs=["y", "s", "r"]))
    with pytest.raises(pysnn.ModelFileError, match=r"3 outputs.*name one by output="):
        pysnn.from_onnx(path)
    assert pysnn.from_onnx(path, output="r").layer_names == ("fc1", "relu")
    assert pysnn.from_onnx(path, output="y").layer_names == ("fc1", "relu", "fc2")
    with pytest.raises(ValueError, match=r"output is 'z', but must be one of \['y', 's', 'r'\]"):
        pysnn.from_onnx(path, output="z")


def test_a_large_network_is_not_compared_without_onnxruntime(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "onnxruntime", None)
    path = saved(tmp_path / "net.onnx", convolution(["n", 3, 9, 9]))
    compared = pysnn.from_onnx(path)
    assert compared.origin is not None
    assert compared.origin.framework == f"onnx {onnx.__version__}"
    monkeypatch.setattr("pysnn.importers.onnx.check.MOST_MULTIPLICATIONS", 10)
    assert "onnxruntime is not installed" in repr(pysnn.from_onnx(path))


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
    return {
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
def test_damaged_models_are_refused_in_one_line(name: str, tmp_path: Path) -> None:
    made, text = damaged()[name]
    path = saved(tmp_path / "net.onnx", made)
    with pytest.raises(pysnn.ModelFileError) as found:
        pysnn.from_onnx(path)
    assert text in str(found.value)
    assert "\n" not in str(found.value)


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


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ((3,), TypeError, ("path", "int")),
        (("missing.onnx",), FileNotFoundError, ("missing.onnx",)),
    ],
)
def test_bad_arguments_are_refused_by_name(
    arguments: Any, error: type[Exception], words: tuple[str, ...]
) -> None:
    with pytest.raises(error) as found:
        pysnn.from_onnx(*arguments)
    assert all(word in str(found.value) for word in words)
