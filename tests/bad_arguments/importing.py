"""Bad arguments of what reads the networks and weights of other programs."""

# Wrong types are what half of the rows are about.
# mypy: disable-error-code="arg-type"

from __future__ import annotations

import pytest

import pysnn

from .calls import Row, net, snn, written


def needs(library: str) -> bool:
    """Skip a row whose call can't come to its arguments without a library."""
    pytest.importorskip(library)
    return True


IMPORTING: list[Row] = [
    (
        lambda _: needs("torch") and pysnn.from_torch(3, [[1.0]]),
        TypeError,
        ("model", "int", "torch.nn.Module"),
    ),
    (lambda _: pysnn.from_onnx(3), TypeError, ("path", "int")),
    (lambda p: pysnn.from_onnx(p / "f", output=3), TypeError, ("output", "int")),
    (
        lambda p: needs("onnx") and pysnn.from_onnx(p / "missing"),
        FileNotFoundError,
        ("missing",),
    ),
    (lambda _: pysnn.from_keras(3), TypeError, ("model", "int")),
    (
        lambda p: needs("h5py") and pysnn.from_keras(p / "missing"),
        FileNotFoundError,
        ("missing",),
    ),
    (lambda _: pysnn.from_nir(3), TypeError, ("path", "int")),
    (lambda p: pysnn.from_nir(p / "f", reset="soft"), ValueError, ("reset", "soft")),
    (lambda p: pysnn.from_nir(p / "f", dt=0.0), ValueError, ("dt", "0.0")),
    (lambda p: pysnn.to_nir(3, p / "f"), TypeError, ("snn", "int")),
    (lambda _: pysnn.to_nir(snn(), 3), TypeError, ("path", "int")),
    (lambda p: pysnn.to_nir(snn(), p / "f", dt=-1.0), ValueError, ("dt", "-1")),
    (
        lambda p: pysnn.to_nir(snn(), p / "f", allow_reset_change=1),
        TypeError,
        ("allow_reset_change", "int"),
    ),
    (lambda _: pysnn.quantize(3), TypeError, ("snn", "int")),
    (lambda _: pysnn.quantize(snn(), weight_bits=1), ValueError, ("weight_bits", "1")),
    (lambda _: pysnn.quantize(snn(), scale="best"), ValueError, ("scale", "best")),
    (lambda p: pysnn.to_integers(snn(), p / "f.npz"), TypeError, ("quantized", "Spiking")),
    (lambda _: needs("sklearn") and pysnn.from_sklearn(3), ValueError, ("estimator", "int")),
    (
        lambda _: needs("sklearn") and pysnn.from_sklearn(None),
        ValueError,
        ("estimator", "NoneType"),
    ),
    (lambda p: pysnn.load_torch_weights(3, p), TypeError, ("network", "int", "Network")),
    (lambda _: pysnn.load_torch_weights(net(), 3), TypeError, ("path", "int")),
    (lambda p: pysnn.load_torch_weights(net(), p / "f", prefix=1), TypeError, ("prefix", "int")),
    (lambda p: pysnn.load_torch_weights(net(), p / "missing"), FileNotFoundError, ("missing",)),
    (lambda p: pysnn.load_torch_weights(net(), p), IsADirectoryError, ("irectory",)),
    (
        lambda p: pysnn.load_torch_weights(net(), written(p, b"ab")),
        pysnn.ModelFileError,
        ("file", "no safetensors file"),
    ),
]
