"""What Poisson input costs on a deep network: ResNet-20 on the JPEG copies of CIFAR-10.

Prints the accuracy after some steps with constant input and with Poisson input at 1000 Hz, where a
full intensity is a spike in every step of 1 ms. The network and images are those of resnet20.py;
conversion sees training images alone. docs/recipes/mnist.md has the table.

Usage:
    python benchmarks/conversions/poisson_depth.py WEIGHTS.th IMAGES.npz [--recipes robust signed]
        [--images 500] [--steps 1024] [--calibration 1000]
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from cifar10 import read_images
from resnet20 import resnet20
from torch_file import load_tensors

import pysnn
from pysnn.spiking import Encoding

FIRST_STEPS = 32


def parse() -> argparse.Namespace:
    """Return the arguments."""
    assert __doc__ is not None
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("weights", type=Path)
    parser.add_argument("images", type=Path)
    parser.add_argument("--recipes", nargs="+", default=["robust", "signed"], choices=pysnn.recipes)
    parser.add_argument("--images", dest="num_images", type=int, default=500)
    parser.add_argument("--steps", type=int, default=1024)
    parser.add_argument("--calibration", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0, help="of Poisson input")
    return parser.parse_args()


def main() -> None:
    """Print a row for each recipe and encoding."""
    options = parse()
    network = resnet20(load_tensors(options.weights))
    x, y = read_images(options.images, "test", options.num_images)
    calibration, _ = read_images(options.images, "train", options.calibration)
    print(f"ReLU network: {network.accuracy(x, y):.1%} of {len(y)} images right\n")
    steps = [FIRST_STEPS * 2**i for i in range((options.steps // FIRST_STEPS).bit_length())]
    print(f"| recipe | input | {' | '.join(f'{each} steps' for each in steps)} |")
    print("|---" * (len(steps) + 2) + "|")
    for recipe in options.recipes:
        snn = pysnn.convert(network, recipe=recipe, x=calibration)
        inputs: dict[Encoding, dict[str, Any]] = {"constant": {}, "poisson": {"seed": options.seed}}
        for encoding, drawn in inputs.items():
            result = pysnn.simulate(
                snn,
                x,
                num_steps=steps[-1],
                dt=1e-3,
                max_rate=1000.0,
                encoding=encoding,
                **drawn,
            )
            accuracy = result.accuracy(y)
            cells = [f"{100 * accuracy[each - 1]:.1f}" for each in steps]
            print(f"| `{recipe}` | {encoding} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
