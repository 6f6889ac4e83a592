"""Networks of MATLAB files give MATLAB's outputs for our images."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import numpy as np
import pytest

import pysnn

pytest.importorskip("scipy", reason="scipy is not installed")

import matlab_files as matlab
import scipy.sparse

RELEASED = os.environ.get("PYSNN_MATLAB_CONVNET")


def as_matlab(images: np.ndarray) -> np.ndarray:
    """Return our (num_samples, 1, height, width) as the authors' scripts reshape the same file."""
    pixels = images.reshape(len(images), -1).T
    return pixels.reshape(images.shape[3], images.shape[2], len(images), order="F")


def images(num_samples: int, height: int, width: int) -> np.ndarray:
    return np.random.default_rng(9).random((num_samples, 1, height, width)).astype(np.float32)


@pytest.mark.parametrize("biases", [False, True])
@pytest.mark.parametrize(
    ("maps", "kernel", "scale", "side", "num_features"),
    [([3], 3, 2, 8, 27), ([2, 3], 3, 2, 18, 27), ([1], 5, 1, 6, 4), ([2, 3], 2, 3, 22, 12)],
)
def test_a_convolutional_network_gives_matlab_s_outputs(
    maps, kernel, scale, side, num_features, biases, tmp_path: Path
):
    cnn = matlab.convolutional_struct(maps, kernel, scale, num_features, 4, biases=biases)
    network = pysnn.from_matlab(matlab.write(tmp_path / "net.mat", cnn=cnn))
    x = images(5, side, side)
    expected = matlab.convolutional_outputs(cnn, as_matlab(x)).T
    assert expected.any()
    assert network.input_shape == (1, side, side)
    np.testing.assert_allclose(network.predict(x), expected, rtol=1e-4, atol=1e-5)


def test_images_that_are_not_square_are_read_from_what_the_last_batch_left(tmp_path: Path):
    cnn = matlab.convolutional_struct([2], 3, 2, 2 * 3 * 2, 4)
    x = images(5, 6, 8)
    cnn["layers"][0, 0]["a"] = matlab.cell([as_matlab(x)])
    network = pysnn.from_matlab(matlab.write(tmp_path / "net.mat", cnn=cnn))
    assert network.input_shape == (1, 6, 8)
    expected = matlab.convolutional_outputs(cnn, as_matlab(x)).T
    np.testing.assert_allclose(network.predict(x), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    "nothing", [matlab.cell([]), np.zeros((0, 0)), matlab.cell([np.zeros((0, 0))])]
)
def test_a_cleared_batch_is_the_same_as_none(nothing: np.ndarray, tmp_path: Path):
    cnn = matlab.convolutional_struct([2], 3, 2, 18, 4)
    expected = pysnn.from_matlab(matlab.write(tmp_path / "without.mat", cnn=cnn))
    cnn["layers"][0, 0]["a"] = nothing
    network = pysnn.from_matlab(matlab.write(tmp_path / "with.mat", cnn=cnn))
    assert network == expected
    assert network.input_shape == (1, 8, 8)


@pytest.mark.parametrize("name", ["ffb", "used_maps"])
def test_an_empty_field_is_the_same_as_a_missing_one(name: str, tmp_path: Path):
    cnn = matlab.convolutional_struct([2], 3, 2, 18, 4)
    expected = pysnn.from_matlab(matlab.write(tmp_path / "full.mat", cnn=cnn))
    (cnn if name in cnn else cnn["layers"][1, 0])[name] = np.zeros((0, 0))
    assert pysnn.from_matlab(matlab.write(tmp_path / "empty.mat", cnn=cnn)) == expected


def test_sparse_weights_are_read_as_full_ones(tmp_path: Path):
    nn = matlab.connected_struct([12, 5, 3])
    for i, weight in enumerate(nn["W"].ravel()):
        weight[weight < 0] = 0
        nn["W"][0, i] = weight
    expected = pysnn.from_matlab(matlab.write(tmp_path / "full.mat", nn=nn))
    nn["W"] = matlab.cell([scipy.sparse.csc_matrix(weight) for weight in nn["W"].ravel()])
    network = pysnn.from_matlab(matlab.write(tmp_path / "sparse.mat", nn=nn))
    assert network == expected
    assert np.count_nonzero(network.layers[0].weight) > 0


def test_a_sparse_matrix_beyond_memory_is_refused(monkeypatch, tmp_path: Path):
    nn = matlab.connected_struct([12, 3])
    nn["W"] = matlab.cell([scipy.sparse.csc_matrix(np.eye(3, 12))])
    path = matlab.write(tmp_path / "sparse.mat", nn=nn)
    monkeypatch.setattr(pysnn._core, "total_memory", lambda: 100)
    with pytest.raises(MemoryError, match=r"sparse matrix of shape \(3, 12\)"):
        pysnn.from_matlab(path)


def test_a_network_with_a_sigmoid_output_has_a_readout_unless_told_otherwise(tmp_path: Path):
    nn = matlab.connected_struct([12, 5, 3], output="sigm")
    path = matlab.write(tmp_path / "net.mat", nn=nn)
    snn = pysnn.convert(pysnn.from_matlab(path), method="model")
    assert snn.populations[-1].neuron == "readout"
    network = pysnn.from_matlab(path, output="relu")
    assert pysnn.convert(network, method="model").populations[-1].neuron == "if"


@pytest.mark.parametrize("dropout", [0.0, 0.5])
@pytest.mark.parametrize("sizes", [[12, 5, 4, 3], [12, 3], [1, 1]])
def test_a_connected_network_gives_matlab_s_outputs(sizes, dropout, tmp_path: Path):
    nn = matlab.connected_struct(sizes, dropoutFraction=dropout)
    network = pysnn.from_matlab(matlab.write(tmp_path / "net.mat", nn=nn))
    x = np.random.default_rng(4).random((6, sizes[0])).astype(np.float32)
    expected = np.maximum(0, matlab.connected_outputs(nn, x))
    np.testing.assert_allclose(network.predict(x), expected, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("output", ["linear", "sigm", "softmax"])
def test_other_outputs_are_read_as_sums_unless_told_otherwise(output: str, tmp_path: Path):
    nn = matlab.connected_struct([12, 5, 3], output=output)
    path = matlab.write(tmp_path / "net.mat", nn=nn)
    x = np.random.default_rng(4).random((6, 12)).astype(np.float32)
    sums = matlab.connected_outputs(nn, x)
    np.testing.assert_allclose(pysnn.from_matlab(path).predict(x), sums, rtol=1e-4, atol=1e-6)
    relu = pysnn.from_matlab(path, output="relu")
    np.testing.assert_allclose(relu.predict(x), np.maximum(0, sums), rtol=1e-4, atol=1e-6)
    assert pysnn.convert(relu, method="model").num_outputs == 3


def test_fields_that_older_versions_lack_have_their_defaults(tmp_path: Path):
    nn = {name: matlab.connected_struct([4, 3, 2])[name] for name in ("size", "W")}
    network = pysnn.from_matlab(matlab.write(tmp_path / "net.mat", nn=nn))
    assert [layer.activation for layer in network.layers] == ["relu", "relu"]


def changed_cnn(**fields):
    return {"cnn": {**matlab.convolutional_struct([2], 3, 2, 18, 4), **fields}}


def changed_layer(index: int, **fields):
    cnn = matlab.convolutional_struct([2], 3, 2, 18, 4)
    cnn["layers"][index, 0].update(fields)
    return {"cnn": cnn}


def without(struct: dict, name: str) -> dict:
    return {key: value for key, value in struct.items() if key != name}


@pytest.mark.parametrize(
    ("structs", "words"),
    [
        ({"other": 1.0}, "neither a struct cnn nor a struct nn"),
        ({"cnn": 1.0}, "no single struct as cnn"),
        ({"nn": {"size": 3.0}}, "lacks the field W"),
        ({"cnn": {"layers": 3.0}}, "no cells in layers"),
        ({"cnn": {"ffW": np.ones((2, 2))}}, "lacks the field layers"),
        (changed_cnn(ffb=np.ones((4, 1))), "output biases in cnn.ffb"),
        (changed_cnn(ffW="text"), "no numbers in cnn.ffW"),
        (changed_cnn(ffW=np.full((4, 18), np.nan)), "weight[0, 0] is nan"),
        (changed_cnn(ffW=np.ones((4, 17))), "does not fit"),
        (changed_layer(0, type="c"), "types ['c', 'c', 's']"),
        (changed_layer(1, type="x"), "types ['i', 'x', 's']"),
        (changed_layer(1, type=3.0), "no text in type"),
        (changed_layer(1, outputmaps=3.0), "expected 1 with 3 kernels each"),
        (changed_layer(1, outputmaps=0.5), "has [0.5] as outputmaps"),
        (changed_layer(1, used_maps=np.array([[1.0], [0.0]])), "saved during training"),
        (changed_layer(1, k=3.0), "no cells in k"),
        (changed_layer(2, scale=0.5), "has [0.5] as scale"),
        ({"nn": matlab.connected_struct([4, 3, 2], size=np.array([[4.0, 4, 2]]))}, "nn.size is"),
        ({"nn": matlab.connected_struct([4, 3], activation_function="tanh_opt")}, "'tanh_opt'"),
        ({"nn": matlab.connected_struct([4, 3], dropoutFraction=1.0)}, "1.0 as nn.dropoutFraction"),
        ({"nn": without(matlab.connected_struct([4, 3]), "size")}, "lacks the field size"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_such_network_is_refused_by_name(structs, words: str, tmp_path: Path):
    path = matlab.write(tmp_path / "net.mat", **structs)
    with pytest.raises(pysnn.ModelFileError, match=re.escape(words)) as caught:
        pysnn.from_matlab(path)
    assert str(caught.value).startswith(str(path))


def test_damaged_files_are_refused(tmp_path: Path):
    path = matlab.write(tmp_path / "net.mat", nn=matlab.connected_struct([4, 3, 2]))
    content = path.read_bytes()
    for size in (0, 3, 100, 128, 140, len(content) // 2, len(content) - 9):
        path.write_bytes(content[:size])
        with pytest.raises(pysnn.ModelFileError, match=re.escape(str(path))):
            pysnn.from_matlab(path)


def test_files_up_to_version_7_2_need_no_library(monkeypatch, tmp_path: Path):
    path = matlab.write(tmp_path / "net.mat", nn=matlab.connected_struct([4, 3, 2]))
    for library in ("scipy", "scipy.io", "h5py"):
        monkeypatch.setitem(sys.modules, library, None)
    assert pysnn.from_matlab(path).input_shape == (4,)


@pytest.mark.skipif(RELEASED is None, reason="PYSNN_MATLAB_CONVNET names no cnn_99.14.mat")
def test_the_released_convnet_classifies_9914_test_images(mnist):
    assert RELEASED is not None
    network = pysnn.from_matlab(RELEASED)
    assert np.count_nonzero(network.classify(mnist.x_test) == mnist.y_test) == 9914
    _, factors = pysnn.normalize(network, method="model")
    applied = dict(zip(factors.layer_names, factors.applied_factor, strict=True))
    sums = [applied[name] for name in ("conv1", "conv2", "linear1")]
    np.testing.assert_allclose(sums, [6.034, 8.083, 35.634], atol=5e-4)
