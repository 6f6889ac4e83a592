"""Any build of pysnn, this one or an older one, on a network that it can load or build.

Uses nothing that version 0.1.0 did not have. Prints a JSON line when it is ready, with what it
predicts; then times one run, and prints its seconds, for every line that it reads.

    python run_build.py NETWORK X.npy '{"duration": 0.032, "encoding": "constant"}'
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

sys.path.append(str(Path(__file__).resolve().parent / "peers"))

from graphs.graph import GraphProblem, Population, Projection, load_any

import pysnn


def network(problem: GraphProblem) -> pysnn.SpikingNetwork:
    """Return the network of a problem.

    Raises:
        ValueError: It has something else than convolutions, dense layers and neurons that fire.
    """
    snn = pysnn.SpikingNetwork(problem.input_shape)
    for population in problem.populations:
        if not population.fires:
            raise ValueError(f"{population.name} is a readout, which not every build has")
        snn.add_population(
            population.name,
            population.shape,
            threshold=population.threshold,
            initial_potential=np.broadcast_to(population.initial_potential, population.shape),
            reset="subtract" if population.subtracts else "zero",
        )
        bias = _bias(population)
        for projection in population.projections:
            snn.connect(projection.source, population.name, _layer(projection, bias))
            bias = None  # comes with the first one
    return snn


def _bias(population: Population) -> Any:
    if population.bias.ndim == 3 and population.bias.shape[1:] != (1, 1):
        raise ValueError(f"{population.name} has a bias per neuron, which no convolution has")
    return np.broadcast_to(population.bias.reshape(-1), population.shape[:1]).astype(np.float32)


def _layer(projection: Projection, bias: Any) -> Any:
    if projection.kind == "linear":
        return pysnn.Linear(projection.weight, bias)
    if projection.kind != "conv":
        raise ValueError(f"synapses of kind {projection.kind} are not what every build has")
    return pysnn.Conv2d(
        projection.weight, bias, stride=projection.stride, padding=projection.padding
    )


def read_network(path: Path) -> Any:
    """Return the network of a model file, or of a graph's file, built by hand."""
    if path.suffix != ".npz":
        return pysnn.load(path)
    problem = load_any(path)
    assert isinstance(problem, GraphProblem)
    return network(problem)


def main() -> None:
    """Serve."""
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n", maxsplit=1)[0])
    parser.add_argument("network", type=Path, help="model file, or file of a graph")
    parser.add_argument("images", type=Path, help=".npy file")
    parser.add_argument("call", type=json.loads, help="keywords of pysnn.simulate, as JSON")
    options = parser.parse_args()
    snn, x = read_network(options.network), np.load(options.images)
    result = pysnn.simulate(snn, x, **options.call)
    ready = {
        "version": pysnn.__version__,
        "predictions": np.asarray(result.predictions).tolist(),
        "operations": int(result.synaptic_operations.sum()),
    }
    print(json.dumps(ready), flush=True)
    for _ in sys.stdin:
        start = time.perf_counter()
        pysnn.simulate(snn, x, **options.call)
        print(json.dumps({"seconds": time.perf_counter() - start}), flush=True)


if __name__ == "__main__":
    main()
