"""Writes what a build computes from trained ReLU networks: predictions, scale factors, weights.

The network sees images of MNIST where its input has their size, and random ones otherwise.

Usage (in tools/):
    PYTHON -m same_bits.conversion MODEL RESULT.npz
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import pysnn

from .draw import Draw

NUM_CALIBRATION = 5000  # samples that normalization sees
NUM_TEST = 2000  # samples that are predicted
NUM_SPIKING = 500  # samples that are simulated


def measure(network: pysnn.Network) -> dict[str, NDArray[Any]]:
    """Return arrays by what they are; ``weights``, ``scales`` and so on begin their names."""
    calibration, test = _samples(network)
    found: dict[str, NDArray[Any]] = {"predictions": network.predict(test)}
    for variant in ("correct", "released"):
        _, factors = pysnn.normalize(
            network, method="data", variant=variant, x=calibration, progress=False
        )
        found[f"scale factors, {variant}"] = factors.scale_factor
        found[f"applied factors, {variant}"] = factors.applied_factor
    for precision in ("float32", "int16"):
        snn = pysnn.convert(
            network, method="data", x=calibration, precision=precision, progress=False
        )
        for population in snn.populations:
            for projection in population.projections:
                name = f"weights, {precision}, {population.name}"
                found[name] = projection.weight
                if projection.bias is not None:
                    found[f"{name}, bias"] = projection.bias
        result = pysnn.simulate(snn, test[:NUM_SPIKING], duration=0.1, progress=False)
        found[f"spike counts, {precision}"] = result.spike_counts
    return found


def _samples(network: pysnn.Network) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    mnist = pysnn.datasets.load_mnist()
    if network.num_inputs == mnist.x_train[0].size:
        return mnist.x_train[:NUM_CALIBRATION], mnist.x_test[:NUM_TEST]
    draw = Draw("samples")
    return (
        draw.uniform((NUM_CALIBRATION, *network.input_shape)),
        draw.uniform((NUM_TEST, *network.input_shape)),
    )


def main() -> None:
    """Read the model, measure, and write."""
    path, target = sys.argv[1:]
    model = pysnn.load(Path(path))
    if not isinstance(model, pysnn.Network):
        sys.exit(f"{path} holds a {type(model).__name__}, expected a Network")
    arrays: dict[str, Any] = {**measure(model)}
    np.savez(target, **arrays)


if __name__ == "__main__":
    main()
