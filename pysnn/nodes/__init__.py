"""The nodes of a ReLU network, with the names and conventions of PyTorch.

One file holds all that a kind of node does. Weights are float32 and C-contiguous, images are
(channels, height, width). A node owns its arrays: they are copied on construction and may be
changed in place, as training does.
"""

from .._base.named import late_submodules
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
from .node import CoreNode, Node, Shape
from .pad import Pad
from .registry import (
    NODE_KINDS,
    PAPER_KINDS,
    PROJECTION_KINDS,
    AnyNode,
    AnySynapses,
    node_from_core,
    synapses_from_core,
)
from .relu import ReLU
from .weighted import Activation, WeightedNode

__all__ = [
    "NODE_KINDS",
    "PAPER_KINDS",
    "PROJECTION_KINDS",
    "Activation",
    "Add",
    "Affine",
    "AnyNode",
    "AnySynapses",
    "AvgPool2d",
    "BatchNorm",
    "Concat",
    "Conv2d",
    "CoreNode",
    "Flatten",
    "Identity",
    "Linear",
    "MaxPool2d",
    "Node",
    "Pad",
    "ReLU",
    "Shape",
    "WeightedNode",
    "node_from_core",
    "synapses_from_core",
]

__getattr__, __dir__ = late_submodules(__name__)
