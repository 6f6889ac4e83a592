"""The nodes of a ReLU network, with the names and conventions of PyTorch.

One file holds all that a kind of node does. Weights are float32 and C-contiguous, images are
(channels, height, width). A node owns its arrays: they are copied on construction and may be
changed in place, as training does.
"""

from .avg_pool2d import AvgPool2d
from .conv2d import Conv2d
from .flatten import Flatten
from .linear import Linear
from .node import CoreNode, Node, Shape
from .registry import NODE_KINDS, AnyNode, node_from_core
from .weighted import Activation, WeightedNode

__all__ = [
    "NODE_KINDS",
    "Activation",
    "AnyNode",
    "AvgPool2d",
    "Conv2d",
    "CoreNode",
    "Flatten",
    "Linear",
    "Node",
    "Shape",
    "WeightedNode",
    "node_from_core",
]
