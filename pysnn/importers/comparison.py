"""The check that every import ends with: the network's outputs beside the source framework's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ..network import Network, Origin
from ..nodes import Shape

MOST_DIFFERENCE = 1e-3
"""Above, as a fraction of the largest output, rounding is no explanation."""

_NUM_SAMPLES = 2

Floats = NDArray[np.float32]


def random_samples(input_shape: Shape, *, num_samples: int = _NUM_SAMPLES) -> Floats:
    """Return samples of numbers in [0, 1), the same at every call."""
    return np.random.default_rng(0).random((num_samples, *input_shape), dtype=np.float32)


def softmax(outputs: NDArray[np.floating], axis: int = 1) -> NDArray[np.float64]:
    """Return probabilities along an axis."""
    return np.exp(log_softmax(outputs, axis))


def log_softmax(outputs: NDArray[np.floating], axis: int = 1) -> NDArray[np.float64]:
    """Return the logarithms of probabilities along an axis."""
    values = np.asarray(outputs, dtype=np.float64)
    shifted = values - values.max(axis=axis, keepdims=True)
    result: NDArray[np.float64] = shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))
    return result


def compared(
    network: Network,
    origin: Origin,
    x: Floats,
    expected: NDArray[np.floating],
    framework: str,
    *,
    dropped: Callable[[NDArray[np.float32]], NDArray[np.floating]] | None = None,
) -> Network:
    """Return the network with an origin that says how far its outputs are from the expected ones.

    Args:
        network: The imported network.
        origin: Where it comes from.
        x: Samples, (num_samples, *input_shape).
        expected: What the source framework gives for them, (num_samples, ...).
        framework: Its name and version.
        dropped: What the framework does to the outputs and the network does not, such as `softmax`.

    Raises:
        ValueError: They differ by more than rounding, or their number is another one.
    """
    outputs = network.predict(x)
    found = outputs if dropped is None else dropped(outputs)
    found = found.reshape(len(x), -1).astype(np.float64)
    wanted = np.asarray(expected, dtype=np.float64).reshape(len(x), -1)
    if found.shape != wanted.shape:
        raise ValueError(
            f"{origin.name} gives {wanted.shape[1]} outputs in {framework}, but the imported "
            f"network {found.shape[1]}: this is a fault of pysnn, please report it"
        )
    largest = float(np.abs(wanted).max(initial=0.0))
    apart = float(np.abs(found - wanted).max(initial=0.0))
    difference = apart / largest if largest > 0 else apart
    # Also where it is NaN.
    if not difference <= MOST_DIFFERENCE:
        raise ValueError(
            f"{origin.name} gives other outputs in {framework}: they differ by {difference:.1e} of "
            f"the largest; this is a fault of pysnn, please report it"
        )
    return Network.from_graph(
        network.graph,
        replace(origin, framework=framework, difference=difference, num_samples=len(x)),
    )
