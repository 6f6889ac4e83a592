"""Weights of safetensors files as PyTorch writes them, in networks that were built by hand."""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import pysnn

RNG = np.random.default_rng(11)
CODES = {"float16": "F16", "float32": "F32", "float64": "F64", "int64": "I64", "int8": "I8"}


def container(header: bytes, data: bytes = b"") -> bytes:
    """Return a file of a header and data."""
    return struct.pack("<Q", len(header)) + header + data


def file_of(arrays: Mapping[str, NDArray[Any]], **codes: str) -> bytes:
    """Return a safetensors file; ``codes`` name types that NumPy does not have."""
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    data = b""
    for name, array in arrays.items():
        end = len(data) + array.nbytes
        code = codes.get(name, CODES.get(array.dtype.name, "?"))
        header[name] = {"dtype": code, "shape": array.shape, "data_offsets": [len(data), end]}
        data += array.tobytes()
    return container(json.dumps(header).encode(), data)


def network() -> pysnn.Network:
    """Return a small network with every kind of node that has arrays."""
    made = pysnn.Network(input_shape=(2, 4, 4))
    made.add("stem.conv", pysnn.Conv2d(np.ones((3, 2, 3, 3)), padding=1))
    made.add("stem.bn", pysnn.BatchNorm(np.ones(3), np.zeros(3), np.zeros(3), np.ones(3)))
    made.add("relu", pysnn.ReLU())
    return made.add("fc", pysnn.Linear(np.ones((5, 48)), np.zeros(5)))


def arrays() -> dict[str, NDArray[Any]]:
    """Return a state of its parameters and statistics."""
    shapes = {
        "stem.conv.weight": (3, 2, 3, 3),
        "stem.bn.weight": (3,),
        "stem.bn.bias": (3,),
        "stem.bn.running_mean": (3,),
        "stem.bn.running_var": (3,),
        "fc.weight": (5, 48),
        "fc.bias": (5,),
    }
    found: dict[str, NDArray[Any]] = {
        name: RNG.random(shape).astype(np.float32) for name, shape in shapes.items()
    }
    return {**found, "stem.bn.num_batches_tracked": np.array(7)}


def written(folder: Path, content: bytes) -> Path:
    """Write a file."""
    path = folder / "weights.safetensors"
    path.write_bytes(content)
    return path


def test_every_array_goes_where_its_name_says(tmp_path: Path) -> None:
    made, state = network(), arrays()
    pysnn.load_torch_weights(made, written(tmp_path, file_of(state)))
    conv, norm, _, linear = made.layers
    np.testing.assert_array_equal(conv.arrays()["weight"], state["stem.conv.weight"])
    np.testing.assert_array_equal(norm.arrays()["weight"], state["stem.bn.weight"])
    np.testing.assert_array_equal(norm.arrays()["bias"], state["stem.bn.bias"])
    np.testing.assert_array_equal(norm.arrays()["mean"], state["stem.bn.running_mean"])
    np.testing.assert_array_equal(norm.arrays()["variance"], state["stem.bn.running_var"])
    np.testing.assert_array_equal(linear.arrays()["weight"], state["fc.weight"])
    np.testing.assert_array_equal(linear.arrays()["bias"], state["fc.bias"])


def test_a_file_of_pytorch_gives_its_outputs(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed")
    save_file = pytest.importorskip("safetensors.torch").save_file
    model = torch.nn.Sequential()
    model.add_module("stem", torch.nn.Sequential())
    model.stem.add_module("conv", torch.nn.Conv2d(2, 3, 3, padding=1, bias=False))
    model.stem.add_module("bn", torch.nn.BatchNorm2d(3))
    model.add_module("relu", torch.nn.ReLU())
    model.add_module("flat", torch.nn.Flatten())
    model.add_module("fc", torch.nn.Linear(48, 5))
    x = torch.rand(6, 2, 4, 4, generator=torch.Generator().manual_seed(0))
    model(x)
    model.eval()
    save_file(model.state_dict(), tmp_path / "weights.safetensors")
    made = network()
    pysnn.load_torch_weights(made, tmp_path / "weights.safetensors")
    with torch.no_grad():
        np.testing.assert_allclose(made.predict(x.numpy()), model(x).numpy(), rtol=1e-4, atol=1e-6)


def test_names_may_begin_with_a_prefix_and_others_are_left_alone(tmp_path: Path) -> None:
    state = arrays()
    inner = {f"module.{name}": array for name, array in state.items()}
    made = network()
    path = written(tmp_path, file_of({**inner, "other.weight": np.ones(3)}))
    pysnn.load_torch_weights(made, path, prefix="module.")
    np.testing.assert_array_equal(made.layers[3].arrays()["weight"], state["fc.weight"])


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_floats_of_any_size_become_the_nearest_float32(dtype: Any, tmp_path: Path) -> None:
    state = {name: array.astype(dtype) for name, array in arrays().items() if array.ndim}
    made = network()
    pysnn.load_torch_weights(made, written(tmp_path, file_of(state)))
    np.testing.assert_array_equal(
        made.layers[3].arrays()["weight"], state["fc.weight"].astype(np.float32)
    )


def test_numbers_of_bfloat16_are_taken_exactly(tmp_path: Path) -> None:
    state = {name: array for name, array in arrays().items() if array.ndim}
    state["fc.bias"] = np.array([0x3F80, 0xBF00, 0x0000, 0x4049, 0x0001], dtype=np.uint16)
    made = network()
    pysnn.load_torch_weights(made, written(tmp_path, file_of(state, **{"fc.bias": "BF16"})))
    expected = [1.0, -0.5, 0.0, 3.140625, 2.0**-133]
    np.testing.assert_array_equal(made.layers[3].arrays()["bias"], np.float32(expected))


def test_convolutions_of_sequences_have_kernels_of_height_1(tmp_path: Path) -> None:
    made = pysnn.Network([pysnn.Conv2d(np.ones((2, 1, 1, 3)))], (1, 6), layer_names=["conv"])
    weight = RNG.random((2, 1, 3)).astype(np.float32)
    pysnn.load_torch_weights(made, written(tmp_path, file_of({"conv.weight": weight})))
    np.testing.assert_array_equal(made.layers[0].arrays()["weight"][:, :, 0], weight)


def test_nodes_without_biases_and_factors_ask_for_none(tmp_path: Path) -> None:
    made = pysnn.Network(input_shape=3)
    made.add("bn", pysnn.BatchNorm(None, None, np.zeros(3), np.ones(3)))
    made.add("fc", pysnn.Linear(np.ones((2, 3))))
    state = {name: RNG.random(3) for name in ("bn.running_mean", "bn.running_var")}
    state["fc.weight"] = RNG.random((2, 3))
    pysnn.load_torch_weights(made, written(tmp_path, file_of(state)))
    np.testing.assert_array_equal(
        made.layers[0].arrays()["mean"], state["bn.running_mean"].astype(np.float32)
    )


def test_all_that_does_not_fit_is_said_at_once_and_nothing_changed(tmp_path: Path) -> None:
    state = arrays()
    del state["stem.bn.running_mean"]
    state["fc.weight"] = state["fc.weight"].T.copy()
    state["fc.bias"] = np.zeros(5, dtype=np.int8)
    state["head.weight"] = np.ones(2, dtype=np.float32)
    state["fc.num_batches_tracked"] = np.array(7)
    made = network()
    with pytest.raises(pysnn.ModelFileError) as caught:
        pysnn.load_torch_weights(made, written(tmp_path, file_of(state)))
    assert str(caught.value).partition(": ")[2] == (
        "missing in the file: stem.bn.running_mean; "
        "not in the network: head.weight, fc.num_batches_tracked; "
        "of another shape: fc.weight (48, 5), but the network has (5, 48); "
        "not of a type of floats: fc.bias (I8)"
    )
    assert made == network()


def test_long_lists_are_cut(tmp_path: Path) -> None:
    state = {f"more{i}": np.ones(1, dtype=np.float32) for i in range(15)}
    path = written(tmp_path, file_of({**arrays(), **state}))
    with pytest.raises(pysnn.ModelFileError, match=r"more9 and 5 more$"):
        pysnn.load_torch_weights(network(), path)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("fc.bias", np.nan, "fc.bias[0] is nan"),
        ("fc.bias", 1e300, "fc.bias (as float32)[0] is inf"),
        ("stem.bn.running_var", -1.0, "stem.bn: variance[0] is -1.0"),
    ],
)
def test_numbers_that_no_node_takes_are_refused_and_nothing_changed(
    name: str, value: float, words: str, tmp_path: Path
) -> None:
    state = arrays()
    state[name] = state[name].astype(np.float64)
    state[name][0] = value
    made = network()
    with pytest.raises(pysnn.ModelFileError, match=re.escape(words)):
        pysnn.load_torch_weights(made, written(tmp_path, file_of(state)))
    assert made == network()


def header_of(**changes: Any) -> bytes:
    """Return a file of one tensor of 8 bytes whose entry is changed."""
    entry = {"dtype": "F32", "shape": [2], "data_offsets": [0, 8], **changes}
    return container(json.dumps({"a": entry}).encode(), bytes(8))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is no safetensors file, or is cut off"),
        (b"PK\x03\x04" + bytes(60), "holds a pickle, which pysnn never runs; write the state_dict"),
        (b"\x80\x02}q\x00" + bytes(60), "holds a pickle"),
        (struct.pack("<Q", 2**63) + b"{}", "is no safetensors file, or is cut off"),
        (struct.pack("<Q", 100) + b"{}", "is no safetensors file, or is cut off"),
        (container(b"[]"), "its header is no object"),
        (container(b"{a}"), "its header is no JSON"),
        (container(b"\xff\xfe\xff"), "its header is no JSON"),
        (container(b'{"a":1,"a":2}'), "its header is no JSON"),
        (container(b'{"a":' + b"[" * 200_000), "its header is no JSON"),
        (container(b'{"a":' + b"9" * 10_000 + b"}"), "its header is no JSON"),
        (container(b'{"__metadata__":3}'), "metadata that is no object"),
        (container(b'{"__metadata__":{"pysnn":"{}"}}'), "a model file of pysnn"),
        (container(b'{"a":3}'), "no dtype, shape and data_offsets for tensor 'a'"),
        (header_of(dtype="F7"), "unknown dtype 'F7'"),
        (header_of(dtype=["F32"]), "unknown dtype ['F32']"),
        (header_of(shape=[-2]), "sizes that are none"),
        (header_of(shape=[2.0]), "sizes that are none"),
        (header_of(shape=[True]), "sizes that are none"),
        (header_of(shape=[2**62, 2**62]), "has 8 bytes for tensor 'a' of shape"),
        (header_of(shape=[1] * 1000), "sizes that are none"),
        (header_of(data_offsets=[0]), "sizes that are none"),
        (header_of(data_offsets=[8, 0]), "has -8 bytes for tensor"),
        (header_of(data_offsets=[1, 9]), "gaps between them"),
        (header_of() + b"more", "bytes, but its tensors need"),
        (header_of()[:-1], "bytes, but its tensors need"),
    ],
)
def test_damaged_files_are_refused(content: bytes, words: str, tmp_path: Path) -> None:
    path = written(tmp_path, content)
    with pytest.raises(pysnn.ModelFileError, match=re.escape(words)) as caught:
        pysnn.load_torch_weights(network(), path)
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)


def test_files_that_are_cut_anywhere_are_refused(tmp_path: Path) -> None:
    content = file_of(arrays())
    for size in range(0, len(content), 37):
        with pytest.raises(pysnn.ModelFileError):
            pysnn.load_torch_weights(network(), written(tmp_path, content[:size]))


def test_the_example_of_the_documentation_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = Path(__file__).resolve().parents[2] / "docs/importing/weights.md"
    (code,) = re.findall(r"```python\n(.*?)```", page.read_text(), re.DOTALL)
    shapes = {"features.0.weight": (16, 3, 3, 3), "features.0.bias": (16,)}
    shapes |= {f"features.1.{name}": (16,) for name in ("weight", "bias")}
    shapes |= {f"features.1.running_{name}": (16,) for name in ("mean", "var")}
    shapes |= {"head.weight": (10, 1024), "head.bias": (10,)}
    state = {name: RNG.random(shape).astype(np.float32) for name, shape in shapes.items()}
    written(tmp_path, file_of(state))
    monkeypatch.chdir(tmp_path)
    namespace: dict[str, Any] = {}
    exec(code, namespace)
    np.testing.assert_array_equal(namespace["network"].layers[3].bias, state["head.bias"])
