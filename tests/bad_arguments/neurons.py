"""Bad arguments of neuron models, ranges of input, spikes with signs and readouts."""

# Wrong types are what some of the rows are about.
# mypy: disable-error-code="arg-type"

from __future__ import annotations

from typing import Any

import numpy as np

import pysnn
from pysnn.experiments.first_spike import first_spike
from pysnn.experiments.stopping import stopping

from .calls import INF, NAN, SPIKES, Row, X, Y, population, with_value

SIGNED = np.ones((3, 5, 4), dtype=np.int8)
IMAGES = np.full((2, 2, 4, 4), 0.5)


def ranged(**options: Any) -> pysnn.SpikingNetwork:
    """Return a network whose input has a range."""
    network = pysnn.SpikingNetwork(4, **options)
    network.add_population("out", 3)
    network.connect("input", "out", pysnn.Linear(np.ones((3, 4))))
    return network


def pooled(**options: Any) -> pysnn.SpikingNetwork:
    """Return a network of an image, a max pool and a readout."""
    network = pysnn.SpikingNetwork((2, 4, 4))
    network.add_population("image", (2, 4, 4))
    network.connect("input", "image", pysnn.Identity([1.0, 1.0]))
    network.add_population("pool", (2, 2, 2), neuron="max_pool", **options)
    network.connect("image", "pool", pysnn.MaxPool2d(2))
    network.add_population("out", 3, neuron="readout")
    network.connect("pool", "out", pysnn.Linear(np.ones((3, 8))))
    return network


def connected(source: str, target: str, layer: Any) -> None:
    """Connect two populations of a network of images once more."""
    network = pysnn.SpikingNetwork((2, 4, 4))
    network.add_population("image", (2, 4, 4))
    network.add_population("pool", (2, 2, 2), neuron="max_pool")
    network.connect("image", "pool", pysnn.MaxPool2d(2))
    network.connect(source, target, layer)


def behind_readout() -> None:
    """Add a population behind a readout."""
    network = pysnn.SpikingNetwork(4)
    network.add_population("out", 3, neuron="readout")
    network.add_population("more", 3)


def run(**options: Any) -> pysnn.SimulationResult:
    """Simulate the network of an image, a max pool and a readout."""
    return pysnn.simulate(pooled(), IMAGES, **{"duration": 0.01, **options})


NEURONS: list[Row] = [
    (lambda _: population(neuron="lif"), ValueError, ("neuron", "'lif'", "'leaky'")),
    (lambda _: population(neuron=1), TypeError, ("neuron", "int")),
    (
        lambda _: population(neuron="signed", reset="zero"),
        ValueError,
        ("reset='zero'", "'signed'"),
    ),
    (
        lambda _: population(neuron="bipolar", refractory_period=0.1),
        ValueError,
        ("refractory_period", "'bipolar'"),
    ),
    (lambda _: population(neuron="readout", threshold=2.0), ValueError, ("threshold", "'readout'")),
    (lambda _: population(negative_threshold=0.5), ValueError, ("negative_threshold", "'if'")),
    (
        lambda _: population(neuron="signed", negative_threshold=-0.5),
        ValueError,
        ("negative_threshold", "-0.5", "at least 0"),
    ),
    (
        lambda _: population(neuron="signed", negative_threshold=[0.5, 0.5]),
        ValueError,
        ("negative_threshold", "(2,)", "(3,)"),
    ),
    (lambda _: population(leak=0.5), ValueError, ("leak", "'if'")),
    (lambda _: population(neuron="leaky", leak=0.0), ValueError, ("leak", "0", "(0, 1]")),
    (lambda _: population(neuron="leaky", leak=1.5), ValueError, ("leak", "1.5", "(0, 1]")),
    (lambda _: population(delay=3), ValueError, ("delay", "'if'")),
    (lambda _: population(neuron="readout", delay=-1), ValueError, ("delay", "-1", "at least 0")),
    (lambda _: population(neuron="readout", delay=1.5), TypeError, ("delay", "float", "int")),
    (lambda _: population(bias=[1.0, 2.0]), ValueError, ("bias", "(2,)", "(3,)")),
    (lambda _: population(bias=1.0), ValueError, ("bias", "()", "(3,)")),
    (lambda _: population(bias=[1.0, 2.0, NAN]), ValueError, ("bias[2]", "nan")),
    (lambda _: pooled(bias=[0.0, 0.0]), ValueError, ("bias", "'max_pool'")),
    (lambda _: pooled(initial_potential=0.5), ValueError, ("initial_potential", "'max_pool'")),
    (lambda _: behind_readout(), ValueError, ("'more'", "readout", "'out'")),
    (
        lambda _: connected("image", "image", pysnn.MaxPool2d(1)),
        ValueError,
        ("source", "'image'"),
    ),
    (
        lambda _: connected("input", "image", pysnn.MaxPool2d(1)),
        ValueError,
        ("MaxPool2d", "'image'", "'max_pool'"),
    ),
    (
        lambda _: connected("image", "pool", pysnn.AvgPool2d(2)),
        ValueError,
        ("AvgPool2d", "'pool'", "'max_pool'"),
    ),
    (
        lambda _: connected("image", "pool", pysnn.MaxPool2d(2)),
        ValueError,
        ("target", "'pool'", "one source"),
    ),
    (
        lambda _: connected("input", "image", pysnn.Identity([1.0])),
        ValueError,
        ("2 channels", "1 weights"),
    ),
    (
        lambda _: connected("input", "image", pysnn.Identity([1.0, 1.0], stride=2)),
        ValueError,
        ("(2, 2, 2)", "'image'", "(2, 4, 4)"),
    ),
    (lambda _: ranged(input_scale=0.0), ValueError, ("input_scale", "0")),
    (lambda _: ranged(input_scale=INF), ValueError, ("input_scale", "inf")),
    (lambda _: ranged(input_scale=1e300), ValueError, ("input_scale", "1e+300", "float32")),
    (lambda _: ranged(input_scale="2"), TypeError, ("input_scale", "str")),
    (lambda _: ranged(input_affine=2.0), TypeError, ("input_affine", "2.0", "pair")),
    (
        lambda _: ranged(input_affine=([1.0, 2.0], 0.0)),
        ValueError,
        ("input_affine[0]", "(2,)", "(4,)"),
    ),
    (lambda _: ranged(input_affine=(1.0, NAN)), ValueError, ("input_affine[1]", "nan")),
    (
        lambda _: pysnn.simulate(
            ranged(input_scale=2.0), with_value(X, (1, 2), -2.5), duration=0.1
        ),
        ValueError,
        ("x[1, 2]", "-2.5", "[-2, 2]", "input_scale"),
    ),
    (
        lambda _: pysnn.simulate(ranged(input_affine=(1.0, -0.75)), X, duration=0.1),
        ValueError,
        ("x[0, 0]", "0.5", "-0.25", "input_scale"),
    ),
    (
        lambda _: pysnn.simulate(
            ranged(input_scale=2.0), with_value(X, (1, 2), 3.0), duration=0.1, scale=0.9
        ),
        ValueError,
        ("x * scale[1, 2]", "2.7", "input_scale"),
    ),
    (
        lambda _: pysnn.simulate(ranged(), spikes=-SIGNED),
        ValueError,
        ("spikes", "-1", "input_scale"),
    ),
    (
        lambda _: pysnn.simulate(ranged(input_scale=1.0), spikes=2 * SIGNED),
        ValueError,
        ("spikes", "2"),
    ),
    (
        lambda _: pysnn.simulate(ranged(input_scale=1.0), spikes=SPIKES * np.int16(-2)),
        ValueError,
        ("spikes[0, 0, 0]", "-2", "-1"),
    ),
    (
        lambda _: pysnn.poisson_spikes(-X, duration=0.1),
        ValueError,
        ("x[0, 0]", "-0.5", "[0, 1]"),
    ),
    (
        lambda _: pysnn.poisson_spikes(-3 * X, duration=0.1, signed=True),
        ValueError,
        ("x[0, 0]", "-1.5", "[-1, 1]"),
    ),
    (lambda _: pysnn.regular_spikes(X, duration=0.1, signed=1), TypeError, ("signed", "int")),
    (lambda _: run(record={"balance": ["pool"]}), ValueError, ("balance", "'pool'", "'max_pool'")),
    (lambda _: run(record={"balance": ["out"]}), ValueError, ("balance", "'out'", "'readout'")),
    (
        lambda _: run(record={"potentials": ["pool"]}),
        ValueError,
        ("potentials", "'pool'", "'max_pool'"),
    ),
    (lambda _: run(stop_margin=0.0), ValueError, ("stop_margin", "0")),
    (lambda _: run(stop_margin="1"), TypeError, ("stop_margin", "str")),
    (lambda _: run().first_spike_step, ValueError, ("first_spike_step", "readout", "'out'")),
    (
        lambda _: pysnn.simulate(ranged(), X, duration=0.01).outputs,
        ValueError,
        ("outputs", "'out'", "spikes"),
    ),
    (
        lambda _: pysnn.simulate(ranged(), X, duration=0.01).output_potentials,
        ValueError,
        ("output_potentials", "'out'"),
    ),
    (
        lambda _: pysnn.Simulation(pooled(), 2).membrane_potential("pool"),
        ValueError,
        ("'pool'", "max pool"),
    ),
    (
        lambda _: first_spike(pooled(), IMAGES, Y[:2], duration=0.01),
        ValueError,
        ("readout", "'out'"),
    ),
    (
        lambda _: stopping(pooled(), IMAGES, Y[:2], [0.0], duration=0.01),
        ValueError,
        ("margins[0]", "0"),
    ),
]
