"""A user's program, which `mypy --strict` must find nothing in; it runs as well."""

from __future__ import annotations

import contextlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import pysnn


def mean_rate(result: pysnn.SimulationResult, duration: float) -> float:
    counts: NDArray[np.int32] = result.spike_counts
    return float(counts.mean()) / duration


def convert(network: pysnn.Network, x: NDArray[np.float32]) -> pysnn.SpikingNetwork:
    normalized, normalization = pysnn.normalize(network, method="data", x=x)
    scales: list[float] = [float(scale) for scale in normalization.scale_factor]
    assert len(scales) == len(normalized.layers)
    return pysnn.convert(network, method="data", x=x, reset="subtract", threshold=1.0)


def main(folder: Path) -> float:
    network = pysnn.models.from_notation("4-3-2", seed=1)
    x = np.random.default_rng(0).random((5, 4), dtype=np.float32)
    snn = convert(network, x)
    snn.save(folder / "snn.safetensors")
    loaded = pysnn.load(folder / "snn.safetensors")
    if not isinstance(loaded, pysnn.SpikingNetwork):
        raise TypeError("this is a ReLU network")
    names: list[str] = [population.name for population in loaded.populations]
    result = pysnn.simulate(loaded, x, duration=0.02, seed=3, record={"spikes": names[:1]})
    trains: dict[str, NDArray[np.bool_] | NDArray[np.int8]] = result.spikes
    assert list(trains) == names[:1]
    simulation = pysnn.Simulation(loaded, num_samples=len(x))
    simulation.run(x, duration=0.02)
    with contextlib.suppress(pysnn.ModelFileError, OSError):
        pysnn.load(folder / "missing")
    return mean_rate(result, duration=0.02)


if __name__ == "__main__":
    print(main(Path()))
