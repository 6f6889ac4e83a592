"""The kinds of nodes that there are.

A function that treats kinds differently and is no method of theirs goes over `AnyNode` with
``match`` and ends in ``assert_never``: a kind that it forgets is then an error of types.
"""

from __future__ import annotations

from typing import assert_never, get_args

from .. import _core
from .avg_pool2d import AvgPool2d
from .conv2d import Conv2d
from .flatten import Flatten
from .linear import Linear
from .node import CoreNode, CoreSynapses
from .weighted import Activation

AnyNode = Linear | Conv2d | AvgPool2d | Flatten

NODE_KINDS: tuple[type[AnyNode], ...] = get_args(AnyNode)
"""In the order of the documentation."""


def node_from_core(core: CoreNode | CoreSynapses, activation: Activation = "relu") -> AnyNode:
    """Return a node with copies of the core's weights.

    Args:
        core: The core's node, or its synapses of a projection.
        activation: What follows it; nodes without weights have no use for it.
    """
    match core:
        case _core.Linear():
            return Linear.from_core(core, activation)
        case _core.Conv2d():
            return Conv2d.from_core(core, activation)
        case _core.AvgPool2d() | _core.PoolSynapses():
            return AvgPool2d.from_core(core)
        case _core.Flatten():
            return Flatten()
        case _:
            assert_never(core)
