"""The kinds of nodes that there are.

A function that treats kinds differently and is no method of theirs goes over `AnyNode` with
``match`` and ends in ``assert_never``: a kind that it forgets is then an error of types. One that
is for some kinds alone refuses all others by name.
"""

from __future__ import annotations

from typing import assert_never, get_args

from .. import _core
from .add import Add
from .affine import Affine
from .avg_pool2d import AvgPool2d
from .batch_norm import BatchNorm
from .concat import Concat
from .conv2d import Conv2d
from .flatten import Flatten
from .identity import Identity
from .linear import Linear
from .max_pool2d import MaxPool2d
from .node import CoreNode, CoreSynapses
from .pad import Pad
from .relu import ReLU
from .weighted import Activation

AnyNode = (
    Linear
    | Conv2d
    | AvgPool2d
    | MaxPool2d
    | BatchNorm
    | ReLU
    | Add
    | Concat
    | Flatten
    | Pad
    | Affine
)
PaperNode = Linear | Conv2d | AvgPool2d | Flatten
AnySynapses = Linear | Conv2d | AvgPool2d | MaxPool2d | Identity

NODE_KINDS: tuple[type[AnyNode], ...] = get_args(AnyNode)
"""In the order of the documentation."""

PAPER_KINDS: tuple[type[PaperNode], ...] = get_args(PaperNode)
"""Those of the paper's networks, which can be trained and normalized as they stand."""

PROJECTION_KINDS: tuple[type[AnySynapses], ...] = get_args(AnySynapses)
"""What `SpikingNetwork.connect` takes."""


def node_from_core(core: CoreNode, activation: Activation = "relu") -> AnyNode:
    """Return a node with copies of the core's weights.

    Args:
        core: The core's node.
        activation: What follows it; nodes without weights have no use for it.
    """
    match core:
        case _core.Linear():
            return Linear.from_core(core, activation)
        case _core.Conv2d():
            return Conv2d.from_core(core, activation)
        case _core.AvgPool2d():
            return AvgPool2d.from_core(core)
        case _core.Flatten():
            return Flatten()
        case _core.MaxPool2d():
            return MaxPool2d.from_core(core)
        case _core.BatchNorm():
            return BatchNorm.from_core(core)
        case _core.ReLU():
            return ReLU.from_core(core)
        case _core.Add():
            return Add()
        case _core.Concat():
            return Concat()
        case _core.Pad():
            return Pad.from_core(core)
        case _core.Affine():
            return Affine.from_core(core)
        case _:
            assert_never(core)


def synapses_from_core(core: CoreSynapses) -> AnySynapses:
    """Return the synapses of a projection as a node with copies of the core's weights."""
    match core:
        case _core.Linear():
            return Linear.from_core(core, "relu")
        case _core.Conv2d():
            return Conv2d.from_core(core, "relu")
        case _core.PoolSynapses():
            return AvgPool2d.from_core(core)
        case _core.IdentitySynapses():
            return Identity.from_core(core)
        case _core.MaxPoolSynapses():
            return MaxPool2d.from_core(core)
        case _:
            assert_never(core)
