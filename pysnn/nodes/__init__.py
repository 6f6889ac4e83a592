"""The nodes of a ReLU network, with the names and conventions of PyTorch.

Weights are float32 and C-contiguous, images are (channels, height, width). A layer owns its
arrays: they are copied on construction and may be changed in place, as training does.
"""

from .avg_pool2d import AvgPool2d
from .conv2d import Conv2d
from .flatten import Flatten
from .linear import Linear
from .node import Activation, Layer, Shape, WeightedLayer
from .registry import NODE_KINDS
from .synapses import num_synapses

__all__ = [
    "NODE_KINDS",
    "Activation",
    "AvgPool2d",
    "Conv2d",
    "Flatten",
    "Layer",
    "Linear",
    "Shape",
    "WeightedLayer",
    "num_synapses",
]
