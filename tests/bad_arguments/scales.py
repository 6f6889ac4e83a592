"""Bad arguments of the methods of finding scales."""

from __future__ import annotations

import pysnn

from .calls import Row, X, net

SCALES: list[Row] = [
    (lambda _: pysnn.convert(net(), method="mmse"), ValueError, ("x is None", "'mmse'")),
    (lambda _: pysnn.convert(net(), method="balanced"), ValueError, ("x is None", "'balanced'")),
    (lambda _: pysnn.convert(net(), method="gaussian"), ValueError, ("x is None", "'gaussian'")),
    (
        lambda _: pysnn.convert(net(), method="clip"),
        ValueError,
        ("'linear1' without a ceiling", "ReLU(max=...)"),
    ),
    (
        lambda _: pysnn.convert(net(), method="clip", x=X[:0]),
        ValueError,
        ("x has no samples", "'clip'"),
    ),
    (
        lambda _: pysnn.convert(net(), method="clip", scale=0.5),
        ValueError,
        ("scale is 0.5", "x", "not given"),
    ),
    (
        lambda _: pysnn.convert(net(), method="clip", x=X, per="channel"),
        ValueError,
        ("per is 'channel'", "not 'clip'"),
    ),
    (
        lambda _: pysnn.convert(net(), method="mmse", x=X, percentile=99.0),
        ValueError,
        ("percentile is 99.0", "'percentile', not 'mmse'"),
    ),
    (
        lambda _: pysnn.convert(net(), method="mmse", x=X, num_steps=0),
        ValueError,
        ("num_steps", "0", "at least 1"),
    ),
    (
        lambda _: pysnn.convert(net(), method="gaussian", x=X, num_steps=8.0),
        TypeError,
        ("num_steps", "float"),
    ),
    (
        lambda _: pysnn.convert(net(), method="mmse", x=X, num_steps=2**16 + 1),
        ValueError,
        ("num_steps is 65537", "65536"),
    ),
    (
        lambda _: pysnn.convert(net(), method="balanced", x=X, num_steps=8),
        ValueError,
        ("num_steps is 8", "'gaussian' or 'mmse'"),
    ),
    (
        lambda _: pysnn.convert(net(), method="mmse", x=X, num_updates=8),
        ValueError,
        ("num_updates is 8", "'balanced', not 'mmse'"),
    ),
    (
        lambda _: pysnn.convert(net(), method="balanced", x=X, num_updates=0),
        ValueError,
        ("num_updates", "0", "at least 1"),
    ),
    (
        lambda _: pysnn.convert(net(), method="balanced", x=X, num_updates="many"),
        TypeError,
        ("num_updates", "str"),
    ),
]
