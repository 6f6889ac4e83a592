"""What other simulators make of the NIR files that we write, spike by spike.

Networks are written by pysnn.to_nir, read by Norse, snnTorch, SpikingJelly and sinabs in
environments of their own, as they read files and, where their neurons can be told more than a file
says, told so; all run on the same spike trains. docs/importing/nir.md has the table.

Usage:
    python benchmarks/peers/nir_peers.py [--python sinabs=PATH ...]
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from registry import environment_python
from setup import make

import pysnn

DT = 1e-4  # s; what snnTorch takes
NUM_STEPS = 100
NUM_SAMPLES = 4
# The environment of each: sinabs wants an older nir.
SIMULATORS = {"norse": "nir", "snntorch": "nir", "spikingjelly": "nir", "sinabs": "torch"}
CAN_BE_TOLD = {"sinabs": ("zero", "subtract"), "spikingjelly": ("subtract",)}


def networks() -> dict[str, pysnn.SpikingNetwork]:
    """Return the networks by what they are about."""
    return {
        "exactly at the threshold": at_the_threshold(),
        "convolutions, a matrix": converted("1x12x12-4c3-6c3-5o"),
        "... with pools": converted("1x12x12-4c3-2s-6c3-2s-5o"),
        "... with biases": converted("1x12x12-4c3-2s-6c3-2s-5o", bias=True),
        "... in integers of 8 bits": pysnn.quantize(converted("1x12x12-4c3-2s-6c3-2s-5o")),
        "a sum of two branches": branches(),
        "leaks": leaks(),
        "... that subtract": converted("1x12x12-4c3-2s-6c3-2s-5o", reset="subtract"),
    }


def at_the_threshold() -> pysnn.SpikingNetwork:
    """Return neurons whose potentials reach their threshold and no more."""
    snn = pysnn.SpikingNetwork(8)
    for name, source, weight in (("first", "input", 0.25), ("second", "first", 0.5)):
        snn.add_population(name, 8)
        snn.connect(source, name, pysnn.Linear(weight * np.eye(8)))
    return snn


def converted(notation: str, *, bias: bool = False, **options: Any) -> pysnn.SpikingNetwork:
    """Return a network with random weights, converted on random samples."""
    network = pysnn.models.from_notation(notation, bias=bias, seed=0)
    rng = np.random.default_rng(0)
    for node in network.layers if bias else ():
        if isinstance(node, pysnn.Conv2d | pysnn.Linear) and node.bias is not None:
            node.bias[:] = rng.normal(0.05, 0.1, len(node.weight))
    x = rng.random((50, *network.input_shape), dtype=np.float32)
    return pysnn.convert(network, x=x, progress=False, **options)


def branches() -> pysnn.SpikingNetwork:
    """Return a network of which one population reads two others."""
    rng = np.random.default_rng(1)
    snn = pysnn.SpikingNetwork((2, 8, 8))
    for name in ("left", "right"):
        snn.add_population(name, (4, 8, 8))
        kernels = rng.normal(0.1, 0.3, (4, 2, 3, 3))
        snn.connect("input", name, pysnn.Conv2d(kernels, padding=1))
    snn.add_population("sum", (4, 4, 4))
    for name in ("left", "right"):
        kernels = rng.normal(0.05, 0.3, (4, 4, 2, 2))
        snn.connect(name, "sum", pysnn.Conv2d(kernels, stride=2))
    snn.add_population("output", 5)
    snn.connect("sum", "output", pysnn.Linear(rng.normal(0.05, 0.2, (5, 64))))
    return snn


def leaks() -> pysnn.SpikingNetwork:
    """Return a network of leaky neurons."""
    rng = np.random.default_rng(2)
    snn = pysnn.SpikingNetwork(30)
    for name, source, size in (("hidden", "input", 40), ("output", "hidden", 5)):
        snn.add_population(name, size, neuron="leaky", leak=0.875)
        columns = 30 if source == "input" else 40
        snn.connect(source, name, pysnn.Linear(rng.normal(0.03, 0.2, (size, columns))))
    return snn


def compared(simulator: str, python: str, folder: Path, told: str, expected: NDArray[Any]) -> str:
    """Return what becomes of the file in a folder, in words."""
    spikes = folder / f"{simulator}.npy"
    command = [python, str(Path(__file__).with_name("nir_reader.py")), simulator]
    command += [str(folder / "net.nir"), str(folder / "trains.npy"), str(spikes)]
    command += ["--dt", str(DT), "--told", told]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stderr, file=sys.stderr)
        return "fails"
    found = np.load(spikes)
    if found.size != expected.size:
        return "gives other neurons"
    differ = int((found.reshape(expected.shape) != expected).sum())
    return f"{differ:,} differ" if differ else "the same"


def row(snn: pysnn.SpikingNetwork, pythons: Mapping[str, str]) -> tuple[int, list[str]]:
    """Return the number of a network's output spikes, and what becomes of it by simulator."""
    first = snn.populations[0]
    with tempfile.TemporaryDirectory() as path:
        folder = Path(path)
        trains = np.random.default_rng(3).random((NUM_STEPS, NUM_SAMPLES, *snn.input_shape)) < 0.4
        np.save(folder / "trains.npy", trains)
        changes = first.reset == "subtract"
        pysnn.to_nir(snn, folder / "net.nir", allow_reset_change=changes, max_rate=1 / DT, dt=DT)
        result = pysnn.simulate(snn, spikes=trains, record="spikes")
        expected = result.spikes(snn.populations[-1].name)
        cells = []
        for simulator, python in pythons.items():
            cell = compared(simulator, python, folder, "", expected)
            can_be_told = first.reset in CAN_BE_TOLD.get(simulator, ()) and first.neuron == "if"
            if cell != "the same" and can_be_told:
                told = compared(simulator, python, folder, first.reset, expected)
                cell = f"{cell}; told: {told}"
            cells.append(cell)
        return int(expected.sum()), cells


def parse() -> argparse.Namespace:
    """Return the arguments."""
    assert __doc__ is not None
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument(
        "--python",
        nargs="+",
        default=[],
        metavar="SIMULATOR=PATH",
        help="the Python of a simulator, in place of an environment that is made",
    )
    return parser.parse_args()


def main() -> None:
    """Print the table."""
    given = dict(each.split("=", maxsplit=1) for each in parse().python)
    pythons = {}
    for simulator, environment in SIMULATORS.items():
        if simulator not in given and not make(environment):
            continue
        pythons[simulator] = given.get(simulator, str(environment_python(environment)))
    print(f"| network | spikes | {' | '.join(pythons)} |\n{'|---' * (len(pythons) + 2)}|")
    for name, snn in networks().items():
        spikes, cells = row(snn, pythons)
        print(f"| {name} | {spikes} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
