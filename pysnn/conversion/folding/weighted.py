"""Weighted nodes as linear maps; those that only pass channels on are no convolutions."""

from __future__ import annotations

import numpy as np

from ...nodes import Conv2d, Linear
from .channels import Channels
from .convolution import Convolution
from .dense import Dense
from .linear_map import Doubles, LinearMap


def weighted_map(node: Linear | Conv2d) -> tuple[LinearMap, bool]:
    """Return what a node does to its input, and whether that mixes channels or pixels."""
    weight = node.weight.astype(np.float64)
    if isinstance(node, Linear):
        return Dense(weight), True
    if node.kernel_size == (1, 1):
        channels = _passed_channels(node, weight[:, :, 0, 0])
        if channels is not None:
            return channels, False
    return Convolution(weight, node.stride, node.sides, node.dilation, node.groups), True


def _passed_channels(node: Conv2d, weight: Doubles) -> Channels | None:
    """Return kernels of one pixel that read one channel each, neighbours side by side."""
    if node.groups == node.out_channels == node.in_channels:
        first, passed = 0, weight[:, 0]
    elif node.groups == 1:
        outputs, inputs = np.nonzero(weight)
        apart = outputs - inputs
        if len(apart) == 0 or (apart != apart[0]).any() or apart[0] < 0:
            return None
        first = int(apart[0])
        if first + node.in_channels > node.out_channels:
            return None
        passed = weight[np.arange(node.in_channels) + first, np.arange(node.in_channels)]
    else:
        return None
    return Channels(passed, node.stride, node.sides, node.out_channels, first)
