"""Bad arguments of `diagnose` and `conversion_errors`."""

from __future__ import annotations

import numpy as np

import pysnn

from .calls import (
    ABOVE_ONE,
    NAN,
    Row,
    X,
    Y,
    diagnosed,
    net,
    population,
    snn,
    taken_apart,
    with_value,
)

DIAGNOSIS: list[Row] = [
    (lambda _: diagnosed(network=snn()), TypeError, ("network", "SpikingNetwork")),
    (lambda _: diagnosed(snn=net()), TypeError, ("snn", "Network")),
    (lambda _: diagnosed(snn=population()), ValueError, ("snn", "1 populations", "2 layers")),
    (
        lambda _: diagnosed(network=pysnn.models.mlp((5, 3, 2), seed=0)),
        ValueError,
        ("snn", "(4,)", "(5,)"),
    ),
    (
        lambda _: diagnosed(network=pysnn.models.mlp((4, 6, 2), seed=0)),
        ValueError,
        ("snn", "'linear1'", "(3, 4)", "(6, 4)"),
    ),
    (lambda _: diagnosed(x=X[:, :3]), ValueError, ("x", "3", "4")),
    (lambda _: diagnosed(x=X[:0]), ValueError, ("x", "no samples")),
    (lambda _: diagnosed(x=with_value(X, (0, 1), NAN)), ValueError, ("x[0, 1]", "nan")),
    (lambda _: diagnosed(x=with_value(X, (0, 1), 1.5)), ValueError, ("x", "1.5", "[0, 1]")),
    (lambda _: diagnosed(x=with_value(X, (0, 1), -0.5)), ValueError, ("x", "-0.5", "[0, 1]")),
    (
        lambda _: diagnosed(x=with_value(X, (3, 1), ABOVE_ONE)),
        ValueError,
        ("x[3, 1]", "1.0000001", "np.clip"),
    ),
    (lambda _: diagnosed(x=255 * X), ValueError, ("x[0, 0]", "127.5", "scale=")),
    (lambda _: diagnosed(x=X.astype(np.uint8)), TypeError, ("x", "uint8", "scale")),
    (lambda _: diagnosed(y=Y[:3]), ValueError, ("y", "(3,)", "(5,)")),
    (lambda _: diagnosed(y=Y + 5), ValueError, ("y[0]", "5", "[0, 2)")),
    (lambda _: diagnosed(y=Y * 1.0), TypeError, ("y", "float64")),
    (lambda _: diagnosed(duration=0.0), ValueError, ("duration", "0")),
    (lambda _: diagnosed(duration="long"), TypeError, ("duration", "str")),
    (lambda _: diagnosed(dt=0.0), ValueError, ("dt", "0")),
    (lambda _: diagnosed(max_rate=0.0), ValueError, ("max_rate", "0", "above 0")),
    (lambda _: diagnosed(max_rate=1500.0), ValueError, ("max_rate", "1.5", "1000")),
    (lambda _: diagnosed(seed=-1), ValueError, ("seed", "-1")),
    (lambda _: diagnosed(seed=2**64 - 1), ValueError, ("seed", "num_seeds", "2^64")),
    (lambda _: diagnosed(num_seeds=0), ValueError, ("num_seeds", "0", "at least 1")),
    (lambda _: diagnosed(num_seeds=2.0), TypeError, ("num_seeds", "float")),
    (lambda _: diagnosed(sample_ids=[1, 2]), ValueError, ("sample_ids", "(2,)", "(5,)")),
    (lambda _: diagnosed(sample_ids=0), TypeError, ("sample_ids", "int")),
    (lambda _: diagnosed(sample_ids=-np.arange(5)), ValueError, ("sample_ids", "-1", "at 1")),
    (lambda _: diagnosed(encoding="sometimes"), ValueError, ("encoding", "sometimes", "constant")),
    (lambda _: diagnosed(speed=2.0), TypeError, ("speed",)),
    (
        lambda _: diagnosed(network=pysnn.models.mlp((4, 3, 2), seed=1)),
        ValueError,
        ("do not belong together", "weight[0, 0]", "'linear1'"),
    ),
    (lambda _: diagnosed(scale=-1.0), ValueError, ("scale", "-1")),
    (lambda _: diagnosed(batch_size=0), ValueError, ("batch_size", "0")),
    (lambda _: diagnosed(trace=[0, 5]), ValueError, ("trace[1]", "5", "[0, 5)")),
    (lambda _: diagnosed(trace=[1, 1]), ValueError, ("trace[1]", "already")),
    (lambda _: diagnosed(trace=range(21)), ValueError, ("trace", "21", "20")),
    (lambda _: diagnosed(trace=[0.5]), TypeError, ("trace", "0.5")),
    (lambda _: diagnosed(trace=2), TypeError, ("trace", "2")),
    (lambda _: diagnosed(executor=3), TypeError, ("executor", "int", "submit")),
    (lambda _: diagnosed(num_threads=0), ValueError, ("num_threads", "0")),
    (lambda _: diagnosed(progress="yes"), TypeError, ("progress", "str")),
]

ERRORS: list[Row] = [
    (lambda _: taken_apart(network=snn()), TypeError, ("network", "SpikingNetwork")),
    (lambda _: taken_apart(snn=net()), TypeError, ("snn", "Network")),
    (lambda _: taken_apart(snn=population()), ValueError, ("snn", "1 populations", "2 layers")),
    (
        lambda _: taken_apart(network=pysnn.models.mlp((4, 3, 2), seed=1)),
        ValueError,
        ("do not belong together", "weight[0, 0]", "'linear1'"),
    ),
    (lambda _: taken_apart(x=X[:, :3]), ValueError, ("x", "3", "4")),
    (lambda _: taken_apart(x=X[:0]), ValueError, ("x", "no samples")),
    (lambda _: taken_apart(x=255 * X), ValueError, ("x[0, 0]", "127.5", "scale=")),
    (lambda _: taken_apart(x=X.astype(np.uint8)), TypeError, ("x", "uint8", "scale")),
    (lambda _: taken_apart(num_steps=None), ValueError, ("num_steps or duration",)),
    (lambda _: taken_apart(num_steps=0), ValueError, ("num_steps", "0")),
    (lambda _: taken_apart(duration=0.1), ValueError, ("num_steps", "duration", "only one")),
    (lambda _: taken_apart(encoding="burst"), ValueError, ("encoding", "burst", "constant")),
    (lambda _: taken_apart(seed=1), ValueError, ("seed", "'constant'", "leave it out")),
    (lambda _: taken_apart(sample_ids=np.arange(5)), ValueError, ("sample_ids", "'constant'")),
    (
        lambda _: taken_apart(encoding="poisson", sample_ids=[1, 2]),
        ValueError,
        ("sample_ids", "(2,)", "(5,)"),
    ),
    (lambda _: taken_apart(max_rate=0.0), ValueError, ("max_rate", "0", "above 0")),
    (lambda _: taken_apart(max_rate=1500.0), ValueError, ("max_rate", "1.5", "1000")),
    (lambda _: taken_apart(dt=0.0), ValueError, ("dt", "0")),
    (lambda _: taken_apart(scale=-1.0), ValueError, ("scale", "-1")),
    (lambda _: taken_apart(batch_size=0), ValueError, ("batch_size", "0")),
    (lambda _: taken_apart(num_threads=0), ValueError, ("num_threads", "0")),
    (lambda _: taken_apart(progress="yes"), TypeError, ("progress", "str")),
]
