"""A small network of the structure of ResNet-20, and samples for it."""

from __future__ import annotations

from typing import Any

import numpy as np

from pysnn import (
    Add,
    Affine,
    AvgPool2d,
    BatchNorm,
    Conv2d,
    Flatten,
    Linear,
    Network,
    ReLU,
)

RNG = np.random.default_rng(4)
X = RNG.random((40, 3, 8, 8)).astype(np.float32)


def residual(*, affine: bool = False, relu_output: bool = False) -> Network:
    """Return a small network of the structure of ResNet-20 with shortcuts of option A."""
    rng = np.random.default_rng(11)

    def conv(outputs: int, inputs: int) -> Any:
        return rng.normal(0, np.sqrt(1.5 / (9 * inputs)), (outputs, inputs, 3, 3))

    def norm(channels: int) -> BatchNorm:
        numbers = rng.normal(0, 0.1, (3, channels))
        variance = rng.uniform(0.3, 0.6, channels)
        return BatchNorm(1 + numbers[0], numbers[1], numbers[2], variance)

    network = Network(input_shape=(3, 8, 8))
    if affine:
        network.add("normalize", Affine([4.0, 3.0, 5.0], [-2.0, -1.5, -2.0]))
    network.add("conv1", Conv2d(conv(4, 3), padding=1)).add("norm1", norm(4)).add("relu1", ReLU())
    network.add("conv2", Conv2d(conv(8, 4), stride=2, padding=1)).add("norm2", norm(8))
    network.add("relu2", ReLU())
    network.add("conv3", Conv2d(conv(8, 8), padding=1)).add("norm3", norm(8))
    passed = np.eye(8, 4, -2)[:, :, None, None]
    network.add("shortcut", Conv2d(passed, stride=2), inputs=["relu1"])
    network.add("sum", Add(), inputs=["norm3", "shortcut"]).add("relu3", ReLU())
    network.add("pool", AvgPool2d(4)).add("flatten", Flatten())
    network.add("fc", Linear(rng.normal(0, 0.6, (5, 8)), rng.normal(0, 0.2, 5)))
    return network.add("last", ReLU()) if relu_output else network
