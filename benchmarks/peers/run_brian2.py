"""Brian2: standalone C++, events delivered synapse by synapse, one image after the other.

Brian2 has no batch axis. Variants: "processes" gives each thread a program of its own with a share
of the images, "OpenMP" is one program with Brian2's own threads. Slots are ordered so that a spike
passes all layers in its step. Seconds are Brian2's own count of the run, without building the
program and loading synapses. The sum of a step's weights is added to the membrane weight by
weight, which rounds otherwise: spikes may differ from ours.
"""

# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import brian2 as b2
import harness
import numpy as np
from numpy.typing import NDArray
from peer import Peer, Setting, Simulator
from problem import Floats, Problem


@dataclass(frozen=True)
class Program:
    """A built simulation of some images.

    Attributes:
        folder: Where it lies and runs.
        neuron_file: What it writes the neuron of each output spike to.
        time_file: What it writes the time of each output spike to.
        num_images: How many it simulates.
    """

    folder: Path
    neuron_file: Path
    time_file: Path
    num_images: int

    def counts(self, problem: Problem) -> NDArray[Any]:
        """Return output spikes of the last run, (num_images, num_classes)."""
        neurons = np.fromfile(self.neuron_file, dtype=np.int32)
        steps = np.rint(np.fromfile(self.time_file, dtype=np.float64) / float(b2.ms))
        images = steps.astype(np.int64) // problem.num_steps
        counts = np.zeros((self.num_images, problem.num_classes), dtype=np.int64)
        np.add.at(counts, (images, neurons), 1)
        return counts

    def seconds(self) -> float:
        """Return how long the last run took by the program's own count."""
        return float((self.folder / "results" / "last_run_info.txt").read_text().split()[0])


def build(problem: Problem, probability: Floats, num_threads: int, seed: int) -> Program:
    """Compile a program that shows images one after the other.

    Args:
        problem: The network.
        probability: Of the images, (num_images, *input_shape).
        num_threads: Threads of OpenMP; 1 builds without it.
        seed: Seed of the spikes.
    """
    folder = Path(tempfile.mkdtemp(prefix="brian2-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    b2.device.reinit()
    b2.device.activate(build_on_run=False)
    b2.prefs.devices.cpp_standalone.openmp_threads = num_threads if num_threads > 1 else 0
    b2.prefs.core.default_float_dtype = np.float32
    b2.defaultclock.dt = 1 * b2.ms
    b2.seed(seed)
    duration = problem.num_steps * b2.ms
    flat = np.ascontiguousarray(probability.reshape(len(probability), -1))
    source = b2.NeuronGroup(
        flat.shape[1],
        "q = p(t, i) : 1",
        threshold="rand() < q",
        namespace={"p": b2.TimedArray(flat, dt=duration)},
    )
    source.thresholder["spike"].when = "fire_input"
    objects, slots = [source], ["start", "groups", "fire_input"]
    for index, layer in enumerate(problem.layers):
        group = b2.NeuronGroup(
            len(layer.weight),
            "v : 1",
            threshold="v >= theta",
            reset="v = 0",
            namespace={"theta": layer.threshold},
        )
        group.thresholder["spike"].when = f"fire_{index}"
        group.resetter["spike"].when = f"reset_{index}"
        # Every image begins at rest.
        group.run_regularly("v = 0", dt=duration, when="start")
        synapses = b2.Synapses(source, group, "w : 1", on_pre="v_post += w")
        synapses.connect()
        synapses.w = np.ascontiguousarray(layer.weight.T).reshape(-1)
        synapses.pre.when = f"deliver_{index}"
        slots += [f"deliver_{index}", f"fire_{index}", f"reset_{index}"]
        objects += [group, synapses]
        source = group
    monitor = b2.SpikeMonitor(source)
    network = b2.Network(*objects, monitor)
    network.schedule = [*slots, "end"]
    network.run(len(flat) * duration)
    b2.device.build(directory=str(folder), run=False, compile=True, with_output=False)
    files = [
        folder / "results" / Path(b2.device.get_array_filename(monitor.variables[name])).name
        for name in ("i", "t")
    ]
    return Program(folder, files[0], files[1], len(flat))


class Brian2Simulator(Simulator):
    """Programs that run side by side."""

    def __init__(self, problem: Problem, setting: Setting, seed: int) -> None:
        self._problem = problem
        threads = int(os.environ["OMP_NUM_THREADS"])
        shares = threads if setting.variant == "processes" else 1
        b2.set_device("cpp_standalone", build_on_run=False)
        self._programs = [
            build(problem, part, threads // shares, seed + index)
            for index, part in enumerate(np.array_split(problem.probability, shares))
        ]

    def counts(self, probability: Floats) -> NDArray[Any]:
        # The images are part of the programs.
        assert len(probability) == self._problem.num_images
        running = [
            subprocess.Popen([str(program.folder / "main")], cwd=program.folder)
            for program in self._programs
        ]
        for process in running:
            if process.wait():
                raise SystemExit(f"Brian2's program ended with {process.returncode}")
        self.own_seconds = max(program.seconds() for program in self._programs)
        return np.concatenate([program.counts(self._problem) for program in self._programs])


if __name__ == "__main__":
    harness.main(
        Peer(
            name="brian2",
            packages=("brian2", "numpy"),
            prepare=Brian2Simulator,
            batch_sizes=(),
            variants=("processes", "OpenMP"),
            in_streams=False,
            equal_spikes=False,
        )
    )
