"""Digests of what networks predict and of what conversions make of them."""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

import pysnn
from pysnn.nodes import WeightedNode


def numbers(count: int, seed: int) -> NDArray[np.float32]:
    """Return numbers in [-0.5, 0.5) that no library's generator takes part in."""
    words = (np.arange(1, count + 1, dtype=np.uint64) * 2654435761 + seed * 40503) % 2**24
    return (words.astype(np.float64) / 2**24 - 0.5).astype(np.float32)


def networks() -> dict[str, pysnn.Network]:
    """Return a network of vectors and one of images."""
    return {
        "vectors": pysnn.Network(
            [
                pysnn.Linear(numbers(90 * 70, 1).reshape(90, 70), numbers(90, 2)),
                pysnn.Linear(numbers(50 * 90, 3).reshape(50, 90)),
                pysnn.Linear(numbers(7 * 50, 4).reshape(7, 50), numbers(7, 5)),
            ],
            70,
        ),
        "images": pysnn.Network(
            [
                pysnn.Conv2d(numbers(8 * 50, 6).reshape(8, 2, 5, 5), numbers(8, 7), padding=(2, 1)),
                pysnn.AvgPool2d(2),
                pysnn.Conv2d(numbers(13 * 72, 8).reshape(13, 8, 3, 3), stride=(1, 2)),
                pysnn.Linear(numbers(6 * 78, 9).reshape(6, 78)),
            ],
            (2, 10, 12),
        ),
    }


def forward_digests(batch_size: int = 1000, num_threads: int | None = None) -> dict[str, str]:
    """Return a digest of each thing that comes out of forward passes, by what it is."""
    found = {}
    for name, network in networks().items():
        x = np.abs(numbers(203 * network.num_inputs, 10)).reshape(203, *network.input_shape) * 2
        found[f"{name}: activations"] = digest(*network.activations(x, batch_size=batch_size))
        found[f"{name}: predictions"] = digest(network.predict(x, batch_size=batch_size))
        for variant in ("correct", "released"):
            normalized, factors = pysnn.normalize(
                network, x=x, variant=variant, batch_size=batch_size, num_threads=num_threads
            )
            found[f"{name}: factors, {variant}"] = digest(
                factors.scale_factor, factors.applied_factor
            )
            found[f"{name}: weights, {variant}"] = digest(
                *(each.weight for each in normalized.layers if isinstance(each, WeightedNode))
            )
        snn = pysnn.convert(
            network, method="data", x=x, batch_size=batch_size, num_threads=num_threads
        )
        for method in ("percentile", "mmse", "balanced", "gaussian"):
            scaled = pysnn.convert(
                network,
                method=method,
                x=x,
                per="channel",
                num_updates=3 if method == "balanced" else None,
                batch_size=batch_size,
                num_threads=num_threads,
            )
            found[f"{name}: scales, {method}"] = digest(
                *(np.asarray(each.scale_factor) for each in scaled.populations)
            )
        result = pysnn.simulate(
            snn, x[:20], duration=0.05, dt=1e-3, max_rate=1000.0, seed=0, num_threads=num_threads
        )
        found[f"{name}: spikes"] = digest(result.output_spikes, result.num_spikes)
    return found


def digest(*arrays: NDArray[np.generic]) -> str:
    """Return a digest of the arrays' bits."""
    hashed = hashlib.sha256()
    for array in arrays:
        hashed.update(np.ascontiguousarray(array).tobytes())
    return hashed.hexdigest()[:16]
