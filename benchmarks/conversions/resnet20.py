"""ResNet-20 of others on CIFAR-10, built node by node: its accuracy as a ReLU network.

The weights are those of akamaster/pytorch_resnet_cifar10 (ResNet-20 with shortcuts of option A),
read without PyTorch; images are (num_samples, 3, 32, 32) bytes. cifar10_recipes.py has its spiking
networks.

Usage:
    python benchmarks/conversions/resnet20.py WEIGHTS.th IMAGES.npz [--images 5000]
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

import numpy as np
from cifar10 import read_images
from numpy.typing import NDArray
from torch_file import load_tensors

import pysnn

MEAN, STD = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])

Arrays = dict[str, NDArray[Any]]


def resnet20(tensors: Arrays) -> pysnn.Network:
    """Return the network of a state dictionary, for images in [0, 1]."""
    state = {name.removeprefix("module."): array for name, array in tensors.items()}
    network = pysnn.Network(input_shape=(3, 32, 32))
    network.add("normalize", pysnn.Affine(1 / STD, -MEAN / STD))
    _add_conv(network, state, "conv1", "bn1", "normalize")
    last = network.add("relu1", pysnn.ReLU()).layer_names[-1]
    blocks = sorted({name.rsplit(".", 2)[0] for name in state if name.startswith("layer")})
    for block in blocks:
        last = _add_block(network, state, block, last)
    network.add("pool", pysnn.AvgPool2d(8))
    network.add("flatten", pysnn.Flatten())
    return network.add("fc", pysnn.Linear(state["linear.weight"], state["linear.bias"]))


def _add_conv(
    network: pysnn.Network, state: Arrays, conv: str, norm: str, source: str, stride: int = 1
) -> str:
    name = conv.replace("layer", "block")
    weight = state[f"{conv}.weight"]
    network.add(name, pysnn.Conv2d(weight, stride=stride, padding=1), inputs=[source])
    parts = ("weight", "bias", "running_mean", "running_var")
    network.add(f"{name}.norm", pysnn.BatchNorm(*(state[f"{norm}.{part}"] for part in parts)))
    return network.layer_names[-1]


def _add_block(network: pysnn.Network, state: Arrays, block: str, source: str) -> str:
    """Add two convolutions and the shortcut around them, and return the name of the last ReLU."""
    outputs, inputs = state[f"{block}.conv1.weight"].shape[:2]
    stride = 1 if outputs == inputs else 2
    name = block.replace("layer", "block")
    _add_conv(network, state, f"{block}.conv1", f"{block}.bn1", source, stride)
    network.add(f"{name}.relu1", pysnn.ReLU())
    main = _add_conv(network, state, f"{block}.conv2", f"{block}.bn2", f"{name}.relu1")
    if stride > 1:
        # Every second pixel, and channels of zeros on both sides.
        passed = np.eye(outputs, inputs, -(outputs - inputs) // 2)[:, :, None, None]
        network.add(f"{name}.shortcut", pysnn.Conv2d(passed, stride=stride), inputs=[source])
        source = f"{name}.shortcut"
    network.add(f"{name}.sum", pysnn.Add(), inputs=[main, source])
    network.add(f"{name}.relu2", pysnn.ReLU())
    return f"{name}.relu2"


def parse() -> argparse.Namespace:
    """Return the arguments."""
    assert __doc__ is not None
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("weights", type=Path)
    parser.add_argument("images", type=Path)
    parser.add_argument("--images", dest="num_images", type=int, default=5000)
    return parser.parse_args()


def main() -> None:
    """Print the accuracy and the time it took."""
    options = parse()
    network = resnet20(load_tensors(options.weights))
    x, y = read_images(options.images, "test", options.num_images)
    start = time.perf_counter()
    classes = network.classify(x)
    took = time.perf_counter() - start
    print(f"ReLU network: {(classes == y).sum()} of {len(y)} images, {len(y) / took:.0f} images/s")


if __name__ == "__main__":
    main()
