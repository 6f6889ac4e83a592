"""ONNX files whose samples are not laid out as the images of a network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import pysnn

onnx = pytest.importorskip("onnx")
helper = onnx.helper

RNG = np.random.default_rng(0)


def numbers(*shape: int) -> Any:
    """Return float32 numbers."""
    return RNG.normal(size=shape).astype(np.float32)


def save(path: Path, nodes: list[Any], shape: tuple[int, ...], constants: dict[str, Any]) -> Path:
    """Write a file whose nodes read "x" and give "y"."""
    kind = onnx.TensorProto.FLOAT
    graph = helper.make_graph(
        [helper.make_node(*args, name=args[0].lower(), **options) for args, options in nodes],
        "graph",
        [helper.make_tensor_value_info("x", kind, ["n", *shape])],
        [helper.make_empty_tensor_value_info("y")],
        [onnx.numpy_helper.from_array(array, name) for name, array in constants.items()],
    )
    opset = helper.make_opsetid("", 17)
    onnx.save(helper.make_model(graph, opset_imports=[opset], ir_version=8), path)
    return path


CONV = (("Conv", ["images", "w"], ["y"]), {"pads": [1, 1, 1, 1], "strides": [2, 2]})
PADS = np.array([0, 0, 0, 0, 0, 1, 2, 0], dtype=np.int64)
CASES: dict[str, tuple[list[Any], tuple[int, ...], dict[str, Any], tuple[int, ...], str]] = {
    "channels last": (
        [
            (("Sub", ["x", "mean"], ["c"]), {}),
            (("Transpose", ["c"], ["images"]), {"perm": [0, 3, 1, 2]}),
            CONV,
        ],
        (7, 6, 3),
        {"mean": numbers(3), "w": numbers(4, 3, 3, 3)},
        (3, 7, 6),
        "x.transpose(0, 3, 1, 2)",
    ),
    "channels last, padded": (
        [
            (("Pad", ["x", "pads"], ["p"]), {}),
            (("Transpose", ["p"], ["images"]), {"perm": [0, 3, 1, 2]}),
            CONV,
        ],
        (7, 6, 3),
        {"pads": PADS, "w": numbers(4, 3, 3, 3)},
        (3, 7, 6),
        "x.transpose(0, 3, 1, 2)",
    ),
    "vectors that become images": (
        [(("Reshape", ["x", "shape"], ["images"]), {}), CONV],
        (42,),
        {"shape": np.array([-1, 1, 7, 6], dtype=np.int64), "w": numbers(4, 1, 3, 3)},
        (1, 7, 6),
        "x.reshape(-1, 1, 7, 6)",
    ),
    "images without a channel": (
        [(("Unsqueeze", ["x", "axes"], ["images"]), {}), CONV],
        (7, 6),
        {"axes": np.array([1], dtype=np.int64), "w": numbers(4, 1, 3, 3)},
        (1, 7, 6),
        "x.reshape(-1, 1, 7, 6)",
    ),
    "sequences, channels last": (
        [
            (("Transpose", ["x"], ["images"]), {"perm": [0, 2, 1]}),
            (("Conv", ["images", "w"], ["y"]), {}),
        ],
        (9, 2),
        {"w": numbers(4, 2, 3)},
        (2, 1, 9),
        "x.transpose(0, 2, 1).reshape(-1, 2, 1, 9)",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_samples_laid_out_otherwise_become_images_and_a_note_says_how(
    name: str, tmp_path: Path
) -> None:
    nodes, shape, constants, image, expression = CASES[name]
    x = numbers(3, *shape)
    network = pysnn.from_onnx(save(tmp_path / "net.onnx", nodes, shape, constants), x=x)
    assert network.input_shape == image
    assert network.origin is not None
    assert network.origin.difference is not None
    assert network.origin.difference < 1e-5
    assert network.origin.num_samples == 3
    assert network.origin.notes == (f"samples x of the file are {expression} for the network",)
