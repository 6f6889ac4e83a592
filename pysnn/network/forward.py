"""The forward pass of the core: one fixed-order sum per output, the same bits everywhere."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from .. import _core

Floats = NDArray[np.float32]


class ForwardPass:
    """Runs samples through a network's nodes.

    Each output is a float32 sum in fixed order, from +0 the bias, then the products by input
    channel, kernel row and kernel column, each product and each sum rounded once. Results do not
    depend on the number of samples or threads, the instruction set or BLAS.

    Args:
        core: The network; later changes of its weights do not reach the pass.
        batch_size: Most samples that a thread computes at a time, give or take a vector of them;
            fewer take less memory.
        num_threads: Threads of the core; 0 for the default.
    """

    def __init__(self, core: _core.Network, *, batch_size: int, num_threads: int = 0) -> None:
        self._pass = _core.ForwardPass(core)
        self._settings = (batch_size, num_threads)

    def predict(self, samples: Floats) -> Floats:
        """Return the last node's outputs, (num_samples, *output_shape).

        Args:
            samples: Finite samples, (num_samples, *input_shape).
        """
        return self._pass.predict(_flat(samples), *self._settings, None)

    def activations(self, samples: Floats) -> list[Floats]:
        """Return every node's outputs, after the activation function; arguments as `predict`."""
        return self._pass.activations(_flat(samples), *self._settings, None)

    def largest_activations(
        self, samples: Floats, advance: Callable[[int], object] | None = None
    ) -> list[Floats]:
        """Return the largest activation over all samples, for each node and each of its channels.

        Args:
            samples: At least one sample; as for `predict`.
            advance: Is called now and then with the number of samples done since the last call.

        Returns:
            One array per node, (channels,); for vectors (elements,).

        Raises:
            ValueError: A sum overflows float32 (names the node and the sample).
        """
        done = 0

        def report(fraction: float) -> None:
            nonlocal done
            now = round(fraction * len(samples))
            if advance is not None:
                advance(now - done)
            done = now

        return self._pass.largest_activations(_flat(samples), *self._settings, report)


def _flat(samples: Floats) -> Floats:
    return np.ascontiguousarray(samples).reshape(len(samples), int(np.prod(samples.shape[1:])))
