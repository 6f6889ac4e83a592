"""The ways in which a network is run: every input, everything recorded, and calls that follow."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

import pysnn

from .digests import Digests, of_arrays, of_bytes, of_network, of_result
from .draw import Draw

_RECORDABLE = ("spikes", "potentials", "counts", "balance")
_MOST_SYNAPSES = 1_000_000_000  # times samples times steps of a run
_MOST_NEURONS = 10_000_000  # the same


def of_every_kind(snn: pysnn.SpikingNetwork, draw: Draw) -> Digests:
    """Run a network in each way with settings that ``draw`` chooses, and digest all of it."""
    digests = of_network(snn)
    ways = {
        "recorded": recorded,
        "bare": bare,
        "stopped": stopped,
        "driven": draw.choice((regular, constant, given_spikes)),
        "in calls": draw.choice((in_calls, step_by_step)),
    }
    for name, way in ways.items():
        for what, digest in way(snn, draw).items():
            digests[f"{name}: {what}"] = digest
    digests["loaded again"] = loaded_again(snn, draw)
    return digests


def loaded_again(snn: pysnn.SpikingNetwork, draw: Draw) -> str:
    """Digest the file of the network that the file gives, and a run of that network."""
    loaded = pysnn.io.from_bytes(pysnn.io.to_bytes(snn))
    assert isinstance(loaded, pysnn.SpikingNetwork)
    file = of_bytes(pysnn.io.to_bytes(loaded))
    return _joined((file, *bare(loaded, draw).values()))


def recorded(snn: pysnn.SpikingNetwork, draw: Draw) -> Digests:
    """Draw spikes of some samples and keep everything of some or all populations."""
    steps = draw.integer(1, 40)
    samples = _samples(draw, snn, 5, steps)
    return of_result(
        pysnn.simulate(
            snn,
            samples,
            duration=steps * 1e-3,
            seed=draw.integer(0, 2**40),
            record=_record(draw, snn),
            num_threads=draw.integer(1, 3),
            progress=False,
        )
    )


def bare(snn: pysnn.SpikingNetwork, draw: Draw) -> Digests:
    """Draw spikes of many samples, and keep those of the output only."""
    steps = draw.integer(1, draw.choice((7, 50, 140)))
    samples = _samples(draw, snn, draw.choice((1, 8, 33, 70)), steps)
    dt = draw.choice((1e-3, 5e-4, 2e-3))
    options: dict[str, Any] = {}
    if draw.chance(30):
        options["sample_ids"] = draw.words(len(samples))
    return of_result(
        pysnn.simulate(
            snn,
            samples,
            duration=steps * dt,
            dt=dt,
            max_rate=draw.choice((120.0, 450.0, 500.0)),
            seed=int(draw.words(1)[0]),
            num_threads=draw.integer(1, 3),
            progress=False,
            **options,
        )
    )


def stopped(snn: pysnn.SpikingNetwork, draw: Draw) -> Digests:
    """End samples early."""
    steps = draw.integer(1, 60)
    return of_result(
        pysnn.simulate(
            snn,
            _samples(draw, snn, draw.choice((3, 20, 70)), steps),
            duration=steps * 1e-3,
            stop_margin=draw.integer(1, 4),
            stop_interval=draw.choice((1, 5, 16)),
            record=draw.choice(((), ("potentials",), ("counts", "spikes"), ("balance",))),
            num_threads=draw.integer(1, 2),
            progress=False,
        )
    )


def regular(snn: pysnn.SpikingNetwork, draw: Draw) -> Digests:
    """Drive a network by evenly spaced spikes."""
    return _encoded(snn, draw, "regular")


def constant(snn: pysnn.SpikingNetwork, draw: Draw) -> Digests:
    """Drive a network by constant currents."""
    return _encoded(snn, draw, "constant")


def given_spikes(snn: pysnn.SpikingNetwork, draw: Draw) -> Digests:
    """Give a network spike trains, with biases of another scale."""
    steps = draw.integer(1, draw.choice((5, 30, 130)))
    samples = min(draw.choice((1, 4, 35)), _most_samples(snn, steps))
    return of_result(
        pysnn.simulate(
            snn,
            spikes=_trains(draw, snn, steps, samples),
            bias_scale=draw.choice((1.0, 0.3, 0.0)),
            record=_record(draw, snn),
            num_threads=draw.integer(1, 3),
            progress=False,
        )
    )


def in_calls(snn: pysnn.SpikingNetwork, draw: Draw) -> Digests:
    """Cut one simulation into calls, go back to its start, and run on."""
    num_samples = min(draw.choice((1, 3, 9)), _most_samples(snn, 100))
    simulation = pysnn.Simulation(
        snn,
        num_samples,
        max_rate=draw.choice((300.0, 1000.0)),
        encoding=draw.choice(("poisson", "constant")),
        record=_record(draw, snn),
        num_threads=draw.integer(1, 2),
        progress=False,
    )
    digests: Digests = {}
    for call in range(4):
        if call == 3:
            simulation.reset()
        samples = _samples(draw, snn, num_samples, 100)
        result = simulation.run(samples, duration=draw.integer(1, 25) * 1e-3)
        digests[f"call {call}"] = _joined(of_result(result).values())
        digests[f"state {call}"] = _of_state(snn, simulation)
    return digests


def step_by_step(snn: pysnn.SpikingNetwork, draw: Draw) -> Digests:
    """Feed spikes in calls of one step and of several."""
    num_samples = draw.choice((1, 2))
    simulation = pysnn.Simulation(
        snn, num_samples, record=_record(draw, snn), num_threads=1, progress=False
    )
    trains = _trains(draw, snn, 24, num_samples)
    words = [_joined(of_result(simulation.step(spikes)).values()) for spikes in trains[:12]]
    words.append(_joined(of_result(simulation.run(spikes=trains[12:])).values()))
    return {"calls": _joined(words), "state": _of_state(snn, simulation)}


def _encoded(snn: pysnn.SpikingNetwork, draw: Draw, encoding: Any) -> Digests:
    steps = draw.integer(1, draw.choice((20, 135)))
    return of_result(
        pysnn.simulate(
            snn,
            _samples(draw, snn, draw.choice((2, 6, 34)), steps),
            duration=steps * 1e-3,
            max_rate=draw.choice((230.0, 1000.0)),
            encoding=encoding,
            record=draw.choice(((), ("potentials", "counts"), ("spikes",), ("balance",))),
            num_threads=draw.integer(1, 3),
            progress=False,
        )
    )


def _of_state(snn: pysnn.SpikingNetwork, simulation: pysnn.Simulation) -> str:
    return of_arrays(
        np.asarray(simulation.next_step),
        simulation.spike_counts,
        simulation.predictions,
        *(simulation.membrane_potential(each.name) for each in snn.populations),
    )


def _joined(digests: Iterable[str]) -> str:
    return of_bytes(" ".join(digests).encode())


def _record(draw: Draw, snn: pysnn.SpikingNetwork) -> Any:
    """Draw what to keep: everything of all populations, or some of it of some."""
    if draw.chance(40):
        return _RECORDABLE
    names = [population.name for population in snn.populations]
    return {what: [name for name in names if draw.chance(40)] for what in _RECORDABLE}


def _samples(draw: Draw, snn: pysnn.SpikingNetwork, count: int, steps: int) -> NDArray[np.float32]:
    """Draw intensities, of which some are 0 and some are 1; fewer samples where they cost much."""
    count = min(count, _most_samples(snn, steps))
    samples = draw.uniform((count, *snn.input_shape))
    kind = draw.integers(0, 9, samples.shape)
    samples[kind < 3] = 0.0
    samples[kind == 9] = 1.0
    return samples


def _trains(draw: Draw, snn: pysnn.SpikingNetwork, steps: int, samples: int) -> NDArray[np.bool_]:
    shape = (steps, samples, *snn.input_shape)
    trains: NDArray[np.bool_] = draw.integers(0, 9, shape) < draw.integer(1, 7)
    return trains


def _most_samples(snn: pysnn.SpikingNetwork, steps: int) -> int:
    neurons, synapses = snn.num_inputs, 0
    for population in snn.populations:
        neurons += population.num_neurons
        for projection in population.projections:
            weight = projection.weight
            is_shared = weight.ndim != 2  # by all positions of a channel
            synapses += weight.size * (population.num_neurons // len(weight) if is_shared else 1)
    most = min(_MOST_SYNAPSES // synapses, _MOST_NEURONS // neurons)
    return max(1, most // steps)
