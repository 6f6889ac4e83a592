"""Bad numbers of steps, in place of a duration."""

from __future__ import annotations

import pysnn

from .calls import SPIKES, Row, X, cost, diagnosed, drawn, given, measured, simulate, snn, spaced
from .experiments import first, over_time, stopped

STEPS: list[Row] = [
    (lambda _: simulate(num_steps=3), ValueError, ("num_steps", "3", "duration", "0.003")),
    (lambda _: simulate(duration=None, num_steps=0), ValueError, ("num_steps", "0", "at least 1")),
    (lambda _: simulate(duration=None, num_steps=-2), ValueError, ("num_steps", "-2")),
    (lambda _: simulate(duration=None, num_steps=2.0), TypeError, ("num_steps", "float", "int")),
    (lambda _: simulate(duration=None, num_steps=True), TypeError, ("num_steps", "bool", "int")),
    (lambda _: simulate(duration=None, num_steps=2**34 + 1), ValueError, ("num_steps", "2^34")),
    (lambda _: given(SPIKES, num_steps=3), ValueError, ("num_steps", "3", "spikes")),
    (lambda _: pysnn.Simulation(snn(), 5).run(X), ValueError, ("num_steps", "duration", "given")),
    (lambda _: pysnn.Simulation(snn(), 5).run(X, num_steps=0), ValueError, ("num_steps", "0")),
    (
        lambda _: pysnn.Simulation(snn(), 5).run(X, num_steps=3, duration=0.1),
        ValueError,
        ("num_steps", "3", "duration", "0.1"),
    ),
    (
        lambda _: pysnn.Simulation(snn(), 5).run(spikes=SPIKES, num_steps=3),
        ValueError,
        ("num_steps", "3", "spikes"),
    ),
    (lambda _: drawn(num_steps=3), ValueError, ("num_steps", "duration")),
    (lambda _: drawn(duration=None, num_steps=0), ValueError, ("num_steps", "0")),
    (lambda _: spaced(num_steps=3), ValueError, ("num_steps", "duration")),
    (lambda _: spaced(duration=None, num_steps=0), ValueError, ("num_steps", "0")),
    (lambda _: diagnosed(num_steps=3), ValueError, ("num_steps", "duration")),
    (lambda _: diagnosed(duration=None, num_steps="3"), TypeError, ("num_steps", "str")),
    (lambda _: measured(num_steps=3), ValueError, ("num_steps", "duration")),
    (lambda _: measured(duration=None, num_steps=0), ValueError, ("num_steps", "0")),
    (lambda _: cost(num_steps=3), ValueError, ("num_steps", "duration")),
    (lambda _: cost(duration=None, num_steps=0), ValueError, ("num_steps", "0")),
    (lambda _: over_time(num_steps=3), ValueError, ("num_steps", "duration")),
    (lambda _: first(num_steps=3), ValueError, ("num_steps", "duration")),
    (lambda _: stopped(num_steps=3), ValueError, ("num_steps", "duration")),
]
