"""Bad arguments of the experiments on a network: over time, first spike, early stop."""

# Wrong types are what half of the rows are about.
# mypy: disable-error-code="arg-type, list-item, call-overload"

from __future__ import annotations

from typing import Any

import numpy as np

import pysnn
from pysnn.experiments.first_spike import FirstSpikeResult, first_spike
from pysnn.experiments.over_time import (
    AccuracyOverTime,
    OverTimeCase,
    accuracy_over_time,
    convert_cases,
)
from pysnn.experiments.stopping import StoppingResult, stopping

from .calls import NAN, Row, X, Y, net, simulate, snn, with_value


def case(**options: Any) -> OverTimeCase:
    """Return a case of the 4-3-2 network."""
    return OverTimeCase(**{"name": "a", "title": "A", "snn": snn(), **options})


def over_time(**options: Any) -> AccuracyOverTime:
    """Simulate three steps with two seeds."""
    arguments = {
        "network": net(),
        "cases": [case()],
        "x": X,
        "y": Y,
        "duration": 0.003,
        "seeds": [0, 1],
        **options,
    }
    return accuracy_over_time(**arguments)


def first(**options: Any) -> FirstSpikeResult:
    """Wait three steps for a spike."""
    return first_spike(**{"snn": snn(), "x": X, "y": Y, "duration": 0.003, **options})


def stopped(**options: Any) -> StoppingResult:
    """Simulate three steps, and once more with a margin."""
    arguments = {"snn": snn(), "x": X, "y": Y, "margins": [1], "duration": 0.003, **options}
    return stopping(**arguments)


def cases_of(**options: Any) -> tuple[OverTimeCase, ...]:
    """Convert the 4-3-2 network in every way."""
    return convert_cases(**{"network": net(), "x": X, **options})


EXPERIMENTS: list[Row] = [
    (lambda _: case(max_rate=0.0), ValueError, ("max_rate", "0", "above 0")),
    (lambda _: case(max_rate="1"), TypeError, ("max_rate", "str")),
    (lambda _: cases_of(network=snn()), TypeError, ("network", "SpikingNetwork")),
    (lambda _: cases_of(x=X[:0]), ValueError, ("x", "no samples")),
    (lambda _: cases_of(max_rate=-1.0), ValueError, ("max_rate", "-1")),
    (lambda _: cases_of(unnormalized_max_rate=0), ValueError, ("unnormalized_max_rate", "0")),
    (lambda _: cases_of(threshold=0.0), ValueError, ("threshold", "0")),
    (lambda _: cases_of(normalizations=()), ValueError, ("normalizations", "empty")),
    (lambda _: over_time(network=snn()), TypeError, ("network", "SpikingNetwork")),
    (lambda _: over_time(cases=case()), TypeError, ("cases", "OverTimeCase", "sequence")),
    (lambda _: over_time(cases=[]), ValueError, ("cases", "empty")),
    (lambda _: over_time(cases=[snn()]), TypeError, ("cases[0]", "SpikingNetwork")),
    (lambda _: over_time(cases=[case(snn=net())]), TypeError, ("snn", "Network")),
    (lambda _: over_time(cases=[case(), case()]), ValueError, ("cases", "'a'", "unique")),
    (
        lambda _: over_time(network=pysnn.models.mlp((5, 3, 2), seed=0), x=np.ones((5, 5))),
        ValueError,
        ("cases[0]", "(4,)", "(5,)"),
    ),
    (lambda _: over_time(cases=[case(max_rate=1500.0)]), ValueError, ("max_rate", "1.5")),
    (lambda _: over_time(x=X[:, :3]), ValueError, ("x", "3 columns", "4 inputs")),
    (lambda _: over_time(x=X[:0], y=Y[:0]), ValueError, ("x", "no samples")),
    (lambda _: over_time(x=with_value(X, (1, 2), 1.5)), ValueError, ("x", "1.5", "[0, 1]")),
    (lambda _: over_time(y=Y[:4]), ValueError, ("y", "(4,)", "(5,)")),
    (lambda _: over_time(y=Y + 1), ValueError, ("y[1]", "2", "[0, 2)")),
    (lambda _: over_time(duration=0.0), ValueError, ("duration", "0")),
    (lambda _: over_time(dt=0.0), ValueError, ("dt", "0")),
    (lambda _: over_time(seeds=3), TypeError, ("seeds", "int", "sequence")),
    (lambda _: over_time(seeds=[]), ValueError, ("seeds", "at least one")),
    (lambda _: over_time(seeds=[1, 1]), ValueError, ("seeds", "[1, 1]", "once")),
    (lambda _: over_time(seeds=[0, -1]), ValueError, ("seeds[1]", "-1")),
    (lambda _: over_time(seeds=[0.5]), TypeError, ("seeds[0]", "float")),
    (lambda _: over_time(sample_ids=[1]), ValueError, ("sample_ids", "(1,)", "(5,)")),
    (lambda _: over_time(scale=0.0), ValueError, ("scale", "0")),
    (lambda _: over_time(max_rate=100.0), TypeError, ("max_rate",)),
    (lambda _: over_time(executor=3), TypeError, ("executor", "int", "submit")),
    (lambda _: over_time(num_threads=0), ValueError, ("num_threads", "0")),
    (lambda _: over_time(progress="yes"), TypeError, ("progress", "str")),
    (lambda _: first(snn=net()), TypeError, ("snn", "Network", "SpikingNetwork")),
    (lambda _: first(x=X[:, :3]), ValueError, ("x", "3 columns", "4 inputs")),
    (lambda _: first(x=X[:0], y=Y[:0]), ValueError, ("x", "no samples")),
    (lambda _: first(x=X.astype(int)), TypeError, ("x", "int64", "scale")),
    (lambda _: first(x=with_value(X, (1, 2), -0.5)), ValueError, ("x", "-0.5", "[0, 1]")),
    (lambda _: first(y=Y[:4]), ValueError, ("y", "(4,)", "(5,)")),
    (lambda _: first(y=Y * 1.0), TypeError, ("y", "float64")),
    (lambda _: first(duration=-1.0), ValueError, ("duration", "-1")),
    (lambda _: first(dt=NAN), ValueError, ("dt", "nan")),
    (lambda _: first(max_rate=2e3), ValueError, ("max_rate", "2")),
    (lambda _: first(seed=-1), ValueError, ("seed", "-1")),
    (lambda _: first(sample_ids=[1]), ValueError, ("sample_ids", "(1,)", "(5,)")),
    (lambda _: first(scale=0.0), ValueError, ("scale", "0")),
    (lambda _: first(encoding="bursts"), ValueError, ("encoding", "bursts", "regular")),
    (lambda _: first(encoding="constant", seed=0), ValueError, ("seed", "constant")),
    (lambda _: first(rate=100.0), TypeError, ("rate",)),
    (lambda _: first(executor=3), TypeError, ("executor", "int", "submit")),
    (lambda _: first(num_threads=0), ValueError, ("num_threads", "0")),
    (lambda _: first(progress=3), TypeError, ("progress", "int")),
    (lambda _: FirstSpikeResult.of(X, Y), TypeError, ("result", "ndarray", "SimulationResult")),
    (lambda _: FirstSpikeResult.of(simulate(), Y[:4]), ValueError, ("y", "(4,)", "(5,)")),
    (lambda _: FirstSpikeResult.of(simulate(x=X[:0]), Y[:0]), ValueError, ("result", "0 samples")),
    (lambda _: stopped(snn=net()), TypeError, ("snn", "Network", "SpikingNetwork")),
    (lambda _: stopped(x=X[:, :3]), ValueError, ("x", "3 columns", "4 inputs")),
    (lambda _: stopped(x=X[:0], y=Y[:0]), ValueError, ("x", "no samples")),
    (lambda _: stopped(y=Y + 1), ValueError, ("y[1]", "2", "[0, 2)")),
    (lambda _: stopped(margins=4), TypeError, ("margins", "int", "sequence")),
    (lambda _: stopped(margins="12"), TypeError, ("margins", "str", "sequence")),
    (lambda _: stopped(margins=[]), ValueError, ("margins", "at least one")),
    (lambda _: stopped(margins=[2, 2]), ValueError, ("margins", "[2, 2]", "once")),
    (lambda _: stopped(margins=[1, 0]), ValueError, ("margins[1]", "0", "at least 1")),
    (lambda _: stopped(margins=[1.5]), TypeError, ("margins[0]", "float")),
    (lambda _: stopped(interval=0), ValueError, ("interval", "0", "at least 1")),
    (lambda _: stopped(interval=2.0), TypeError, ("interval", "float")),
    (lambda _: stopped(duration=0.0), ValueError, ("duration", "0")),
    (lambda _: stopped(dt=-1.0), ValueError, ("dt", "-1")),
    (lambda _: stopped(max_rate=1001.0), ValueError, ("max_rate", "1.001")),
    (lambda _: stopped(seed=0.5), TypeError, ("seed", "float")),
    (lambda _: stopped(sample_ids=Y * 0.5), TypeError, ("sample_ids", "float64")),
    (lambda _: stopped(scale=NAN), ValueError, ("scale", "nan")),
    (lambda _: stopped(encoding="regular", sample_ids=Y), ValueError, ("sample_ids", "regular")),
    (lambda _: stopped(executor=3), TypeError, ("executor", "int", "submit")),
    (lambda _: stopped(num_threads=0), ValueError, ("num_threads", "0")),
    (lambda _: stopped(progress="yes"), TypeError, ("progress", "str")),
]
