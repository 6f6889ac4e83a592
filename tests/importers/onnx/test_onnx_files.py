"""ONNX files: where their weights lie, and what they leave open."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from importing.onnx_models import W1, W2, X, external, helper, model, node, numbers, onnx, saved

import pysnn


def test_names_are_the_files_and_outputs_are_compared(tmp_path: Path) -> None:
    network = pysnn.from_onnx(saved(tmp_path / "net.onnx", model()), x=X)
    assert network.layer_names == ("fc1", "relu", "fc2")
    assert network.origin is not None
    assert (network.origin.format, network.origin.name) == ("ONNX", "net.onnx")
    assert network.origin.num_samples == 4
    np.testing.assert_allclose(network.predict(X), expected(X), rtol=1e-5, atol=1e-6)


def expected(x: Any) -> Any:
    return np.maximum(x @ W1.T, 0) @ W2.T


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
    return model(nodes, inputs=inputs, weights={"w": numbers(2, 3, 3, 3)})


def test_samples_say_the_sizes_that_a_file_leaves_open(tmp_path: Path) -> None:
    path = saved(tmp_path / "net.onnx", convolution(["n", 3, "height", "width"]))
    with pytest.raises(pysnn.ModelFileError, match=r"\['\?', 3, '\?', '\?'\].*give samples by x="):
        pysnn.from_onnx(path)
    x = numbers(2, 3, 6, 7)
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


def test_half_precision_is_compared_in_float32(tmp_path: Path) -> None:
    half = onnx.TensorProto.FLOAT16
    nodes = [
        node("Gemm", "x w1", "h", transB=1),
        node("Cast", "h", "c", to=half),
        node(
            "Constant", "", "k", value=onnx.numpy_helper.from_array(np.array([1 / 3], np.float16))
        ),
        node("Mul", "c k", "m"),
        node("Gemm", "m w2", transB=1),
    ]
    weights = {"w1": W1.astype(np.float16), "w2": W2.astype(np.float16)}
    inputs = [helper.make_tensor_value_info("x", half, ["n", 5])]
    origin = pysnn.from_onnx(
        saved(tmp_path / "net.onnx", model(nodes, inputs=inputs, weights=weights))
    ).origin
    assert origin is not None
    assert origin.difference is not None
    assert origin.difference < 1e-6


def test_arithmetic_of_whole_numbers_is_refused(tmp_path: Path) -> None:
    nodes = [node("Flatten", "x", "f"), node("Div", "f h", "d"), node("Cast", "d", to=1)]
    inputs = [helper.make_tensor_value_info("x", onnx.TensorProto.UINT8, ["n", 5])]
    made = model(nodes, inputs=inputs, weights={"h": np.array(2, dtype=np.uint8)})
    with pytest.raises(
        pysnn.ModelFileError, match=r"'the_d' \(Div\) computes in whole numbers; cast"
    ):
        pysnn.from_onnx(saved(tmp_path / "net.onnx", made))


@pytest.mark.parametrize("kind", ["UINT8", "INT8", "INT32"])
def test_inputs_of_whole_numbers_are_compared_on_whole_numbers(kind: str, tmp_path: Path) -> None:
    nodes = [node("Cast", "x", "c", to=1), node("Gemm", "c w1", transB=1)]
    inputs = [helper.make_tensor_value_info("x", getattr(onnx.TensorProto, kind), ["n", 5])]
    path = saved(tmp_path / "net.onnx", model(nodes, inputs=inputs))
    origin = pysnn.from_onnx(path).origin
    assert origin is not None
    assert origin.difference is not None
    pixels = np.arange(10, dtype=np.uint8).reshape(2, 5)
    np.testing.assert_allclose(
        pysnn.from_onnx(path, x=pixels).predict(pixels.astype("f4")), pixels @ W1.T, rtol=1e-5
    )
    with pytest.raises(ValueError, match=f"x has fractions.*type {kind.lower()}"):
        pysnn.from_onnx(path, x=X)
    with pytest.raises(ValueError, match=f"x has numbers from 0 to 9e.09, .*type {kind.lower()}"):
        pysnn.from_onnx(path, x=pixels.astype(np.float64) * 1e9)


def test_few_samples_are_repeated_where_the_batch_is_fixed(tmp_path: Path) -> None:
    inputs = [helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, [5, 5])]
    path = saved(tmp_path / "net.onnx", model(inputs=inputs))
    origin = pysnn.from_onnx(path, x=X[:2]).origin
    assert origin is not None
    assert origin.num_samples == 5
    with pytest.raises(ValueError, match="x has no samples"):
        pysnn.from_onnx(path, x=X[:0])


def test_zeros_are_joined_where_the_batch_is_fixed(tmp_path: Path) -> None:
    nodes = [node("Concat", "x o", "z", axis=1), node("Gemm", "z w", transB=1)]
    inputs = [helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, [1, 4])]
    weights = {"w": W1, "o": np.zeros((1, 1), "f4")}
    network = pysnn.from_onnx(
        saved(tmp_path / "net.onnx", model(nodes, inputs=inputs, weights=weights))
    )
    np.testing.assert_allclose(network.predict(X[:, :4]), X[:, :4] @ W1[:, :4].T, rtol=1e-5)


def test_what_onnxruntime_does_not_take_is_run_by_the_evaluator(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime = pytest.importorskip("onnxruntime")

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("no\nmemory")

    monkeypatch.setattr(runtime, "InferenceSession", fail)
    path = saved(tmp_path / "net.onnx", model())
    assert f"those of onnx {onnx.__version__}" in repr(pysnn.from_onnx(path))
    monkeypatch.setattr("pysnn.importers.onnx.check.MOST_MULTIPLICATIONS", 10)
    assert "does not run it: no memory" in repr(pysnn.from_onnx(path))
