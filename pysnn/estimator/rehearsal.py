"""A try of all settings on next to nothing, so that a bad one is found before a long training."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ..network import Network
from ..nodes import WeightedNode

_NUM_SAMPLES = 2


def rehearse(network: Network, steps: Callable[[Network, NDArray[np.float32]], object]) -> None:
    """Call what is to be done with a trained network on a stand-in of it, which never is silent.

    Args:
        network: The network before its training.
        steps: Gets a copy whose weights are all positive, and a few samples of ones.

    Raises:
        Exception: Whatever ``steps`` raises.
    """
    stand_in = network.copy()
    for layer in stand_in.layers:
        if isinstance(layer, WeightedNode):
            for array in layer.arrays().values():
                if array is not None:
                    np.abs(array, out=array)
    steps(stand_in, np.ones((_NUM_SAMPLES, network.num_inputs), dtype=np.float32))
