"""The kinds of nodes that there are."""

from __future__ import annotations

from .avg_pool2d import AvgPool2d
from .conv2d import Conv2d
from .flatten import Flatten
from .linear import Linear
from .node import Layer

NODE_KINDS: tuple[type[Layer], ...] = (Linear, Conv2d, AvgPool2d, Flatten)
"""In the order of the documentation."""
