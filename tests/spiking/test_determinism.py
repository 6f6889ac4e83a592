"""The same seed gives the same bits, however the work is split and whatever runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from fingerprints import fingerprint
from numpy.typing import NDArray
from random_networks import NETWORKS

import pysnn
from pysnn.datasets import Mnist

RECORD = ("spikes", "potentials", "counts")
# What a machine has begins one of these.
CPU_FAMILIES = (("baseline", "avx2", "avx512"), ("baseline", "neon"))
CPU_LEVELS = tuple(dict.fromkeys(name for family in CPU_FAMILIES for name in family))


def assert_joined(
    whole: pysnn.SimulationResult, parts: Sequence[pysnn.SimulationResult], axis: str
) -> None:
    """Compare a result with parts of it that follow each other in ``"steps"`` or ``"samples"``."""
    along = {"steps": 0, "samples": 1}[axis]

    def join(arrays: Sequence[NDArray[np.generic]]) -> NDArray[np.generic]:
        return np.concatenate(arrays, axis=along)

    def total(arrays: Sequence[NDArray[np.generic]]) -> NDArray[np.generic]:
        return np.concatenate(arrays) if axis == "samples" else np.sum(arrays, axis=0)

    np.testing.assert_array_equal(join([p.output_spikes for p in parts]), whole.output_spikes)
    for name in whole.spikes:
        np.testing.assert_array_equal(join([p.spikes(name) for p in parts]), whole.spikes(name))
        np.testing.assert_array_equal(
            join([p.potentials[name] for p in parts]).view(np.uint32),
            whole.potentials[name].view(np.uint32),
        )
        np.testing.assert_array_equal(total([p.counts[name] for p in parts]), whole.counts(name))
    for field in ("spike_counts", "num_input_spikes", "num_spikes", "synaptic_operations"):
        np.testing.assert_array_equal(
            total([getattr(p, field) for p in parts]), getattr(whole, field), field
        )


@pytest.fixture(scope="module")
def snn() -> pysnn.SpikingNetwork:
    """Return a network of all layer kinds with several sources."""
    return NETWORKS["several sources"](21, "float32").build()


@pytest.fixture(scope="module")
def x() -> NDArray[np.float32]:
    """Return 37 inputs for it."""
    return np.random.default_rng(7).random((37, 2, 6, 6), dtype=np.float32)


@pytest.fixture(scope="module")
def whole(snn: pysnn.SpikingNetwork, x: NDArray[np.float32]) -> pysnn.SimulationResult:
    """Return the simulation that the splits are compared with."""
    return pysnn.simulate(
        snn, x, duration=0.045, max_rate=900.0, seed=5, num_threads=1, record=RECORD
    )


@pytest.mark.parametrize("num_threads", [2, 3, 7])
def test_any_number_of_threads_gives_the_same_bits(
    snn: pysnn.SpikingNetwork,
    x: NDArray[np.float32],
    whole: pysnn.SimulationResult,
    num_threads: int,
) -> None:
    result = pysnn.simulate(
        snn, x, duration=0.045, max_rate=900.0, seed=5, num_threads=num_threads, record=RECORD
    )
    assert fingerprint(result) == fingerprint(whole)


@pytest.mark.parametrize("num_threads", [1, 2, 3, 7])
def test_trained_networks_give_the_same_spikes_for_any_number_of_threads(
    trained_mlp: pysnn.Network, trained_convnet: pysnn.Network, mnist: Mnist, num_threads: int
) -> None:
    for network in (trained_mlp, trained_convnet):
        converted = pysnn.convert(network, method="data", x=mnist.x_train[:500])
        results = [
            pysnn.simulate(converted, mnist.x_test[:100], duration=0.1, num_threads=threads)
            for threads in (num_threads, None)
        ]
        assert results[0].spike_counts.any()
        assert fingerprint(results[0]) == fingerprint(results[1])


@pytest.mark.parametrize("sizes", [[1] * 37, [1, 2, 34], [36, 1], [5, 7, 11, 14], [8, 8, 8, 8, 5]])
def test_batches_in_any_pieces_give_the_same_bits(
    snn: pysnn.SpikingNetwork,
    x: NDArray[np.float32],
    whole: pysnn.SimulationResult,
    sizes: list[int],
) -> None:
    ends = np.cumsum(sizes)
    parts = [
        pysnn.simulate(
            snn,
            x[end - size : end],
            duration=0.045,
            max_rate=900.0,
            seed=5,
            sample_ids=np.arange(end - size, end),
            record=RECORD,
        )
        for size, end in zip(sizes, ends, strict=True)
    ]
    assert_joined(whole, parts, "samples")


def test_samples_in_another_order_give_the_same_bits(
    snn: pysnn.SpikingNetwork, x: NDArray[np.float32], whole: pysnn.SimulationResult
) -> None:
    order = np.random.default_rng(0).permutation(len(x))
    result = pysnn.simulate(snn, x[order], duration=0.045, max_rate=900.0, seed=5, sample_ids=order)
    np.testing.assert_array_equal(result.output_spikes, whole.output_spikes[:, order])


@pytest.mark.parametrize("steps", [[22, 23], [1, 44], [44, 1], [3, 5, 7, 30], [1] * 45])
def test_runs_in_any_pieces_of_time_give_the_same_bits(
    snn: pysnn.SpikingNetwork,
    x: NDArray[np.float32],
    whole: pysnn.SimulationResult,
    steps: list[int],
) -> None:
    simulation = pysnn.Simulation(snn, len(x), max_rate=900.0, seed=5, record=RECORD)
    parts = []
    for num_steps in steps:
        first = simulation.next_step
        parts.append(simulation.run(x, duration=num_steps * 1e-3))
        assert (parts[-1].first_step, parts[-1].num_steps) == (first, num_steps)
    assert_joined(whole, parts, "steps")
    assert simulation.next_step == 45
    np.testing.assert_array_equal(simulation.spike_counts, whole.spike_counts)
    np.testing.assert_array_equal(simulation.predictions, whole.predictions)
    for name in whole.potentials:
        final = simulation.membrane_potential(name)
        np.testing.assert_array_equal(final, whole.potentials[name][-1])


def test_two_halves_of_a_trained_network_equal_the_whole(
    trained_mlp: pysnn.Network, mnist: Mnist
) -> None:
    converted = pysnn.convert(trained_mlp, method="data", x=mnist.x_train[:500])
    images = mnist.x_test[:100]
    whole = pysnn.simulate(converted, images, duration=0.1, seed=1)
    simulation = pysnn.Simulation(converted, 100, seed=1)
    halves = [simulation.run(images, duration=0.05) for _ in range(2)]
    assert_joined(whole, halves, "steps")


def test_single_steps_equal_one_run_on_the_same_spike_trains(snn: pysnn.SpikingNetwork) -> None:
    spikes = np.random.default_rng(5).random((20, 4, 2, 6, 6)) < 0.4
    whole = pysnn.simulate(snn, spikes=spikes, record=RECORD)
    simulation = pysnn.Simulation(snn, 4, record=RECORD)
    assert_joined(whole, [simulation.step(step) for step in spikes], "steps")


def test_reset_begins_the_same_simulation_again(
    snn: pysnn.SpikingNetwork, x: NDArray[np.float32]
) -> None:
    simulation = pysnn.Simulation(snn, len(x), seed=5, record=RECORD)
    first = simulation.run(x, duration=0.02)
    simulation.run(x, duration=0.01)
    simulation.reset()
    assert simulation.next_step == 0
    assert not simulation.spike_counts.any()
    assert fingerprint(simulation.run(x, duration=0.02)) == fingerprint(first)


def test_refractory_counters_survive_the_end_of_a_run() -> None:
    snn = pysnn.SpikingNetwork((1,))
    snn.add_population("out", (1,), refractory_period=0.010)
    snn.connect("input", "out", pysnn.Linear([[1.0]]))
    simulation = pysnn.Simulation(snn, 1)
    ones = np.ones((5, 1, 1), dtype=np.bool_)
    fired = [np.flatnonzero(simulation.run(spikes=ones).output_spikes).tolist() for _ in range(5)]
    assert fired == [[0], [], [1], [], [2]]


def test_what_is_recorded_changes_no_spike(
    snn: pysnn.SpikingNetwork, x: NDArray[np.float32], whole: pysnn.SimulationResult
) -> None:
    for record in ((), ("counts",), {"potentials": ["b"]}, {"spikes": ["a"], "counts": ["out"]}):
        result = pysnn.simulate(snn, x, duration=0.045, max_rate=900.0, seed=5, record=record)
        np.testing.assert_array_equal(result.output_spikes, whole.output_spikes)
        np.testing.assert_array_equal(result.synaptic_operations, whole.synaptic_operations)


def test_another_seed_gives_other_spikes(
    snn: pysnn.SpikingNetwork, x: NDArray[np.float32], whole: pysnn.SimulationResult
) -> None:
    other = pysnn.simulate(snn, x, duration=0.045, max_rate=900.0, seed=6)
    assert not np.array_equal(other.output_spikes, whole.output_spikes)


_CHILD = """
import sys
sys.path.insert(0, sys.argv[1])
import numpy as np, pysnn
from fingerprints import fingerprint
from random_networks import NETWORKS
record = ("spikes", "potentials", "counts")
print(pysnn.cpu_target())
for name, make in NETWORKS.items():
    for precision in ("float32", "int16"):
        snn = make(31, precision).build()
        x = np.random.default_rng(3).random((19, *snn.input_shape), dtype=np.float32)
        for max_rate in (30.0, 950.0):
            result = pysnn.simulate(snn, x, duration=0.03, max_rate=max_rate, record=record)
            print(name, precision, max_rate, fingerprint(result))
"""


def run_child(cpu: str) -> subprocess.CompletedProcess[str]:
    """Run the same simulations in a process that was told its instruction set."""
    return subprocess.run(
        [sys.executable, "-P", "-c", _CHILD, str(Path(__file__).parents[1] / "support")],
        env={**os.environ, "PYSNN_CPU": cpu},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_every_cpu_target_gives_the_same_bits() -> None:
    # Those that this machine lacks refuse to run; the baseline runs everywhere.
    runs = {cpu: run_child(cpu) for cpu in CPU_LEVELS}
    lines = {cpu: run.stdout.splitlines() for cpu, run in runs.items() if run.returncode == 0}
    assert "baseline" in lines, runs["baseline"].stderr
    assert pysnn.cpu_target() in lines
    for cpu, output in lines.items():
        assert output[0] == cpu
        assert output[1:] == lines["baseline"][1:]
        assert len(output) == 1 + 4 * len(NETWORKS)
    for cpu in runs.keys() - lines.keys():
        assert "PYSNN_CPU" in runs[cpu].stderr
    assert any(lines.keys() == set(family[: len(lines)]) for family in CPU_FAMILIES)


def test_an_unknown_cpu_target_is_refused_with_the_names_of_the_known() -> None:
    run = run_child("pentium")
    assert run.returncode != 0
    for word in ("PYSNN_CPU", "pentium", *CPU_LEVELS):
        assert word in run.stderr
