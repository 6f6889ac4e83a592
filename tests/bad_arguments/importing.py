"""Bad arguments of what reads the networks and weights of other programs."""

# Wrong types are what half of the rows are about.
# mypy: disable-error-code="arg-type"

from __future__ import annotations

import pytest

import pysnn

from .calls import Row, net, written


def needs(library: str) -> bool:
    """Skip a row whose call can't come to its arguments without a library."""
    pytest.importorskip(library)
    return True


IMPORTING: list[Row] = [
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
