"""Data-based normalization (Diehl et al. 2015, section III)."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ... import _core
from ..._base.progress import progress_bar
from ...network import Network
from ...network.forward import ForwardPass
from ...nodes import WeightedNode
from .method import ScaleMethod, Scales, ScaleSettings


class DataScales(ScaleMethod):
    """Takes a node's largest activation on samples, or its largest positive weight if larger."""

    reads = frozenset({"x", "variant", "include_last"})

    def find(self, network: Network, settings: ScaleSettings) -> Scales:
        """Return the scales, after one pass over the samples."""
        return Scales.from_core(
            _core.data_based_normalization(
                network.to_core(),
                _largest_activations(network, settings),
                settings.include_last,
                settings.variant,
                settings.num_threads,
            )
        )


def _largest_activations(network: Network, settings: ScaleSettings) -> list[float]:
    samples = settings.x
    assert samples is not None, "normalize hands over samples where x is read"
    largest = [0.0] * len(network.layers)
    forward = ForwardPass(network.layers, network.input_shape, settings.batch_size)
    with progress_bar(
        len(samples), "activations", progress=settings.progress, unit="sample"
    ) as bar:
        for part in forward.parts(len(samples)):
            for i, values in enumerate(forward.run(samples[part])):
                if isinstance(network.layers[i], WeightedNode):
                    largest[i] = max(largest[i], _largest_value(values))
            bar.advance(part.stop - part.start)
    return largest


def _largest_value(values: NDArray[np.float32]) -> float:
    # NumPy's maximum of a part in the cache is as fast as reading it, and hands NaN on.
    largest = float(values.max())
    if not math.isfinite(largest) or not math.isfinite(values.min()):
        _core.largest_value(values.reshape(-1), 1)  # raises, and names the index
    return largest
