"""What weights of few bits cost: a ConvNet on MNIST and ResNet-20 on CIFAR-10.

The ConvNet is a model file of the paper's (pysnn train, or report/convnet.safetensors of pysnn
reproduce), ResNet-20 as in resnet20.py.

Usage:
    python benchmarks/conversions/quantized.py CONVNET.safetensors WEIGHTS.th IMAGES.npz
                                   [--bits 8 6 4]
                                   [--mnist 10000] [--cifar 500] [--steps 128]
                                   [--scale power_of_two]
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from resnet20 import resnet20
from torch_file import load_tensors

import pysnn


def report(
    name: str,
    snn: pysnn.SpikingNetwork,
    x: NDArray[np.float32],
    y: NDArray[np.int64],
    given: argparse.Namespace,
    **options: Any,
) -> None:
    """Print accuracies as it is and in integers."""
    networks = {"float32": snn}
    for bits in given.bits:
        networks[f"{bits} bits"] = pysnn.quantize(snn, weight_bits=bits, scale=given.scale)
    before = None
    for label, each in networks.items():
        found = pysnn.simulate(each, x, progress=False, **options).predictions
        before = found if before is None else before
        same = 100 * (found == before).mean()
        right = 100 * (found == y).mean()
        print(f"{name:10} {label:8} {right:6.2f} % right, {same:6.2f} % as float32", flush=True)


def parse() -> argparse.Namespace:
    """Return the arguments."""
    assert __doc__ is not None
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("convnet", type=Path)
    parser.add_argument("weights", type=Path)
    parser.add_argument("images", type=Path)
    parser.add_argument("--bits", type=int, nargs="+", default=[8, 6, 4])
    parser.add_argument("--mnist", type=int, default=10000)
    parser.add_argument("--cifar", type=int, default=500)
    parser.add_argument("--steps", type=int, default=128)
    parser.add_argument("--scale", choices=["power_of_two", "real"], default="power_of_two")
    return parser.parse_args()


def main() -> None:
    """Print both tables."""
    options = parse()
    mnist = pysnn.datasets.load_mnist()
    convnet = pysnn.load(options.convnet)
    assert isinstance(convnet, pysnn.Network)
    snn = pysnn.convert(convnet, method="data", x=mnist.x_train[:10000], progress=False)
    x, y = mnist.x_test[: options.mnist], mnist.y_test[: options.mnist].astype(np.int64)
    report("ConvNet", snn, x, y, options, duration=0.2, max_rate=1000.0)
    network = resnet20(load_tensors(options.weights))
    with np.load(options.images) as data:
        x = data["x_test"][: options.cifar].astype(np.float32) / np.float32(255)
        y = data["y_test"][: options.cifar].astype(np.int64)
        calibration = data["x_train"][:1000].astype(np.float32) / np.float32(255)
    snn = pysnn.convert(network, recipe="robust", x=calibration, progress=False)
    report("ResNet-20", snn, x, y, options, num_steps=options.steps, encoding="constant")


if __name__ == "__main__":
    main()
