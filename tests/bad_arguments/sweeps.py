"""Bad arguments of sweeps."""

# Wrong types are what half of the rows are about.
# mypy: disable-error-code="arg-type, list-item, call-overload"

from __future__ import annotations

from typing import Any

import pysnn
from pysnn.experiments.sweep import SweepResult, log_range, sweep, sweep_networks

from .calls import INF, NAN, Row, X, Y, net, snn, with_value, written

ONE = {"max_rates": [100.0], "thresholds": [1.0], "num_samples": None, "num_steps": 1}


def swept(**options: Any) -> SweepResult:
    """Sweep over one cell."""
    arguments = {"snn": snn(), "x": X, "y": Y, **ONE, **options}
    return sweep(**arguments)


SWEEPS: list[Row] = [
    (lambda _: swept(snn=net()), TypeError, ("snn", "Network", "SpikingNetwork")),
    (lambda _: swept(snn=pysnn.SpikingNetwork(4)), ValueError, ("population",)),
    (lambda _: swept(x=X[:, :3]), ValueError, ("x", "3 columns", "4 inputs")),
    (lambda _: swept(x=X.astype(int)), TypeError, ("x", "int64", "scale")),
    (lambda _: swept(x=with_value(X, (1, 2), 1.25)), ValueError, ("x", "1.25", "[0, 1]")),
    (lambda _: swept(x=with_value(X, (1, 2), NAN)), ValueError, ("x[1, 2]", "nan")),
    (lambda _: swept(x=X[:0], y=Y[:0]), ValueError, ("x", "no samples")),
    (lambda _: swept(y=Y[:4]), ValueError, ("y", "(4,)", "(5,)")),
    (lambda _: swept(y=Y + 1), ValueError, ("y[1]", "2", "[0, 2)")),
    (lambda _: swept(max_rates=[]), ValueError, ("max_rates", "(0,)")),
    (lambda _: swept(max_rates=100.0), ValueError, ("max_rates", "()")),
    (lambda _: swept(max_rates=["100"]), TypeError, ("max_rates", "real numbers")),
    (lambda _: swept(max_rates=[0.0, 1.0]), ValueError, ("max_rates[0]", "0", "above 0")),
    (lambda _: swept(max_rates=[2.0, 2.0]), ValueError, ("max_rates[1]", "2", "ascending")),
    (lambda _: swept(max_rates=[1.0, INF]), ValueError, ("max_rates[1]", "inf")),
    (lambda _: swept(max_rates=[1.0, 1001.0]), ValueError, ("max_rate", "1.001", "1")),
    (lambda _: swept(thresholds=[]), ValueError, ("thresholds", "(0,)")),
    (lambda _: swept(thresholds=[-1.0, 1.0]), ValueError, ("thresholds[0]", "-1", "above 0")),
    (lambda _: swept(thresholds=[2.0, 1.0]), ValueError, ("thresholds[1]", "1", "ascending")),
    (lambda _: swept(num_samples=0), ValueError, ("num_samples", "0")),
    (lambda _: swept(num_samples=6), ValueError, ("num_samples", "6", "5 samples")),
    (lambda _: swept(num_samples=2.0), TypeError, ("num_samples", "float")),
    (lambda _: swept(num_steps=0), ValueError, ("num_steps", "0")),
    (lambda _: swept(num_steps=1.0), TypeError, ("num_steps", "float")),
    (lambda _: swept(dt=0.0), ValueError, ("dt", "0")),
    (lambda _: swept(seed=-1), ValueError, ("seed", "-1")),
    (lambda _: swept(sample_ids=[1]), ValueError, ("sample_ids", "1", "5")),
    (lambda _: swept(scale=0.0), ValueError, ("scale", "0")),
    (lambda p: swept(output=p / "a", seed=None), ValueError, ("seed", "None", "output")),
    (lambda _: swept(output=3), TypeError, ("output", "int")),
    (lambda p: swept(output=written(p, b"")), NotADirectoryError, ("output", "folder")),
    (lambda _: swept(executor=4), TypeError, ("executor", "int", "submit")),
    (lambda _: swept(num_threads=0), ValueError, ("num_threads", "0")),
    (lambda _: swept(progress="yes"), TypeError, ("progress", "str")),
    (lambda _: swept(description=1), TypeError, ("description", "int")),
    (lambda _: log_range(0.0, 1.0, 2), ValueError, ("low", "0", "above 0")),
    (lambda _: log_range(2.0, 1.0, 2), ValueError, ("high", "1", "2")),
    (lambda _: log_range(1.0, 2.0, 0), ValueError, ("num_values", "0")),
    (lambda _: log_range(1.0, 2.0, 1), ValueError, ("num_values", "1", "1:2")),
    (lambda _: log_range(2.0, 2.0, 3), ValueError, ("num_values", "3", "2:2")),
    (lambda _: log_range(1.0, 2.0, 2.0), TypeError, ("num_values", "float")),
    (lambda _: sweep_networks(net(), X, X, Y), TypeError, ("networks", "Network", "mapping")),
    (lambda _: sweep_networks({"a": snn()}, X, X, Y), TypeError, ("network", "SpikingNetwork")),
    (
        lambda _: sweep_networks({"a": net()}, X, X, Y, thresholds=[1.0]),
        TypeError,
        ("thresholds",),
    ),
    (lambda _: sweep_networks({"a": net()}, X[:0], X, Y), ValueError, ("x", "no samples")),
    (lambda _: sweep_networks({"a": net()}, X[:, :3], X, Y), ValueError, ("x", "3 columns")),
    (lambda _: sweep_networks({"a": net()}, X, X, Y, output=3), TypeError, ("output", "int")),
    (lambda _: SweepResult.load(3), TypeError, ("path", "int")),
    (lambda p: SweepResult.load(p / "missing"), FileNotFoundError, ("missing",)),
    (lambda p: SweepResult.load(written(p, b"3")), ValueError, ("no result", "int")),
    (lambda _: SweepResult.from_dict({}), ValueError, ("no result", "max_rates")),
    (lambda _: swept().save(3), TypeError, ("path", "int")),
    (lambda _: swept().write_csv(3), TypeError, ("path", "int")),
]
