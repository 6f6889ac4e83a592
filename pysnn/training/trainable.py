"""Which networks can be trained, and on what."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .._base.foreign import wrong_type
from ..network import Network
from ..nodes import PAPER_KINDS, AvgPool2d, Conv2d, ReLU, WeightedNode


def check_trainable(network: Network) -> None:
    """Check that a network is a chain whose last weighted layer gives one row of classes.

    Kinds are those of the paper and `ReLU`; a ReLU of the outputs may have no largest output.

    Raises:
        TypeError: ``network`` is not a Network.
        ValueError: The network does not end so, is no chain, has groups of channels, or a kind of
            node that has no gradient.
    """
    if not isinstance(network, Network):
        raise wrong_type("network", network, "a Network")
    if not network.graph.is_chain:
        raise ValueError("network is no chain, but training needs one node behind the other")
    for each in network.graph.nodes:
        if not isinstance(each.node, (*PAPER_KINDS, ReLU)):
            raise ValueError(
                f"network has {each.name!r}, a {type(each.node).__name__}, but training knows "
                f"Linear, Conv2d, AvgPool2d, Flatten and ReLU"
            )
        if isinstance(each.node, AvgPool2d) and (any(each.node.sides) or each.node.ceil_mode):
            raise ValueError(
                f"network has {each.name!r} with padding or ceil_mode, but training needs pools "
                f"without"
            )
        if isinstance(each.node, Conv2d) and each.node.groups != 1:
            raise ValueError(
                f"network has {each.name!r} with groups={each.node.groups}, but training needs "
                f"groups=1"
            )
    layers = list(network.layers)
    while layers and not layers[-1].has_synapses:
        behind = layers.pop()
        if isinstance(behind, ReLU) and behind.max is not None:
            raise ValueError(
                f"network ends in {behind!r}, but training needs outputs without a largest value"
            )
    if not layers or not isinstance(layers[-1], WeightedNode) or len(network.output_shape) != 1:
        raise ValueError(
            f"network ends in {network.layer_names[-1]} with outputs {network.output_shape}, but "
            f"training needs a Linear layer (or Conv2d and Flatten) at the end"
        )


# Standardized samples have negative numbers; images of bytes have none, and a few of 255.
_MOST = 16.0


def check_not_pixels(samples: NDArray[np.float32], name: str = "x", scale: str = "scale=") -> None:
    """Raise a ValueError where samples look like pixels of 0 to 255: none negative, some large.

    Args:
        samples: Finite numbers.
        name: What the message calls them.
        scale: What the message calls the factor that was not given.
    """
    if samples.size == 0 or samples.min() < 0:
        return
    largest = samples.max()
    if largest > _MOST:
        raise ValueError(
            f"{name} has numbers from 0 to {largest:g}, but training needs about [0, 1]: pass a "
            f"factor by {scale}, such as {scale.rstrip('=')}{'=' if '=' in scale else ' '}1/255 "
            f"for images of 0 to 255"
        )
