"""Bad arguments of what reads the networks and weights of other programs."""

# Wrong types are what half of the rows are about.
# mypy: disable-error-code="arg-type"

from __future__ import annotations

import pytest

import pysnn

from .calls import Row


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
]
