"""Bad arguments of metrics."""

# Wrong types are what half of the rows are about.
# mypy: disable-error-code="arg-type, list-item, call-overload"

from __future__ import annotations

import pysnn

from .calls import ABOVE_ONE, ANY, NAN, Row, X, Y, cost, image_net, measured, net, snn, with_value

METRICS: list[Row] = [
    (lambda _: pysnn.metrics.footprint(X), TypeError, ("model", "ndarray", "Network")),
    (lambda _: pysnn.metrics.connection_sparsity(ANY), TypeError, ("model", "NoneType")),
    (lambda _: pysnn.metrics.dense_operations(3), TypeError, ("model", "int")),
    (
        lambda _: pysnn.metrics.footprint(pysnn.SpikingNetwork(4)),
        ValueError,
        ("population",),
    ),
    (
        lambda _: pysnn.metrics.classification_accuracy([0.5], [1]),
        TypeError,
        ("predictions", "float64"),
    ),
    (
        lambda _: pysnn.metrics.classification_accuracy([], []),
        TypeError,
        ("predictions", "float64"),
    ),
    (
        lambda _: pysnn.metrics.classification_accuracy(Y[:0], Y[:0]),
        ValueError,
        ("predictions", "(0,)"),
    ),
    (
        lambda _: pysnn.metrics.classification_accuracy(Y, Y[:4]),
        ValueError,
        ("y", "(4,)", "(5,)"),
    ),
    (lambda _: pysnn.metrics.classification_accuracy(Y, Y * 1.0), TypeError, ("y", "float64")),
    (lambda _: pysnn.metrics.classification_accuracy(Y, -Y), ValueError, ("y[1]", "-1")),
    (lambda _: pysnn.metrics.measure_network(snn(), X, Y), TypeError, ("network", "Spiking")),
    (lambda _: pysnn.metrics.measure_network(net(), X[:, :3], Y), ValueError, ("x", "3 columns")),
    (lambda _: pysnn.metrics.measure_network(net(), X[:0], Y[:0]), ValueError, ("x", "no samples")),
    (lambda _: pysnn.metrics.measure_network(net(), X, Y[:4]), ValueError, ("y", "(4,)")),
    (lambda _: pysnn.metrics.measure_network(net(), X, Y, scale=0), ValueError, ("scale", "0")),
    (
        lambda _: pysnn.metrics.measure_network(net(), X, Y, batch_size=0),
        ValueError,
        ("batch_size", "0"),
    ),
    (
        lambda _: pysnn.metrics.measure_network(image_net(), X.reshape(5, 4)[:, :1], Y),
        ValueError,
        ("x", "16 inputs"),
    ),
    (lambda _: measured(snn=net()), TypeError, ("snn", "Network")),
    (lambda _: measured(x=X[:0], y=Y[:0]), ValueError, ("x", "no samples")),
    (lambda _: measured(x=X.astype(int)), TypeError, ("x", "int64", "scale")),
    (lambda _: measured(x=with_value(X, (1, 2), NAN)), ValueError, ("x[1, 2]", "nan")),
    (lambda _: measured(x=with_value(X, (1, 2), 1.5)), ValueError, ("x", "1.5", "[0, 1]")),
    (lambda _: measured(y=Y + 1), ValueError, ("y[1]", "2", "[0, 2)")),
    (lambda _: measured(duration=0.0), ValueError, ("duration", "0")),
    (lambda _: measured(dt=-1.0), ValueError, ("dt", "-1")),
    (lambda _: measured(max_rate=1001.0), ValueError, ("max_rate", "1.001")),
    (lambda _: measured(seed=-1), ValueError, ("seed", "-1")),
    (lambda _: measured(scale=0.0), ValueError, ("scale", "0")),
    (lambda _: measured(encoding="odd"), ValueError, ("encoding", "odd", "regular")),
    (lambda _: measured(sample_ids=[1, 2]), ValueError, ("sample_ids", "(2,)", "(5,)")),
    (
        lambda _: measured(x=with_value(X, (3, 1), ABOVE_ONE)),
        ValueError,
        ("x[3, 1]", "1.0000001", "np.clip"),
    ),
    (lambda _: measured(batch_size=0), ValueError, ("batch_size", "0")),
    (lambda _: measured(num_threads=0), ValueError, ("num_threads", "0")),
    (lambda _: measured(progress=3), TypeError, ("progress", "int")),
    (lambda _: cost(snn=net()), TypeError, ("snn", "Network")),
    (lambda _: cost(x=X[:0]), ValueError, ("x", "no samples")),
    (lambda _: cost(x=with_value(X, (1, 2), 1.5)), ValueError, ("x", "1.5", "[0, 1]")),
    (lambda _: cost(duration=-1.0), ValueError, ("duration", "-1")),
    (lambda _: cost(dt=0.0), ValueError, ("dt", "0")),
    (lambda _: cost(max_rate=2e3), ValueError, ("max_rate", "2")),
    (lambda _: cost(seed=0.5), TypeError, ("seed", "float")),
    (lambda _: cost(interval=0), ValueError, ("interval", "0")),
    (lambda _: cost(interval=1.0), TypeError, ("interval", "float")),
    (lambda _: cost(scale=NAN), ValueError, ("scale", "nan")),
    (lambda _: cost(encoding="odd"), ValueError, ("encoding", "odd", "regular")),
    (lambda _: cost(sample_ids=[1, 2]), ValueError, ("sample_ids", "(2,)", "(5,)")),
    (
        lambda _: cost(x=with_value(X, (3, 1), ABOVE_ONE)),
        ValueError,
        ("x[3, 1]", "1.0000001", "np.clip"),
    ),
    (lambda _: cost(batch_size=0), ValueError, ("batch_size", "0")),
    (lambda _: cost(num_threads=0), ValueError, ("num_threads", "0")),
    (lambda _: cost(progress="yes"), TypeError, ("progress", "str")),
]
