"""Recipes side by side on ResNet-20 or ResNet-8 and the JPEG copies of CIFAR-10.

Networks and images are those of resnet20.py and resnet8_keras.py. Conversions see the first
training images; with --choose figures are of the next ones, which choices are made on, and without
it of test images. docs/recipes.md has the tables.

Usage:
    python benchmarks/conversions/cifar10_recipes.py WEIGHTS.th|MODEL.h5 IMAGES.npz
        [--recipes robust signed]
        [--with percentile=99.99 ...] [--steps 256] [--calibration 1000] [--images 5000] [--choose]
        [--csv FILE] [--figure FILE]
"""

from __future__ import annotations

import argparse
import ast
import time
from pathlib import Path
from typing import Any

import numpy as np
from resnet20 import resnet20
from torch_file import load_tensors

import pysnn


def read_network(path: Path) -> tuple[pysnn.Network, float]:
    """Return the network of a file, and the factor for bytes of images."""
    if path.suffix == ".h5":
        return pysnn.from_keras(path), 1.0
    return resnet20(load_tensors(path)), 1 / 255


def parse() -> argparse.Namespace:
    """Return the arguments."""
    assert __doc__ is not None
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("network", type=Path)
    parser.add_argument("images", type=Path)
    parser.add_argument("--recipes", nargs="+", default=list(pysnn.recipes))
    parser.add_argument("--with", dest="choices", nargs="+", default=[], metavar="KEYWORD=VALUE")
    parser.add_argument("--steps", type=int, default=256)
    parser.add_argument("--calibration", type=int, default=1000)
    parser.add_argument("--images", dest="num_images", type=int, default=5000)
    parser.add_argument("--choose", action="store_true")
    parser.add_argument("--csv", type=Path)
    parser.add_argument("--figure", type=Path)
    return parser.parse_args()


def keyword(text: str) -> tuple[str, Any]:
    """Return a keyword of `convert` and its value."""
    name, value = text.split("=", maxsplit=1)
    try:
        return name, ast.literal_eval(value)
    except ValueError:
        return name, value


def main() -> None:
    """Print the comparison."""
    options = parse()
    network, scale = read_network(options.network)
    choices = dict(keyword(each) for each in options.choices)
    first = options.calibration if options.choose else 0
    part = "train" if options.choose else "test"
    with np.load(options.images) as data:
        calibration = data["x_train"][: options.calibration]
        x = data[f"x_{part}"][first : first + options.num_images]
        y = data[f"y_{part}"][first : first + options.num_images].astype(np.int64)
    start = time.perf_counter()
    found = pysnn.compare(
        network,
        x,
        y,
        x_calibration=calibration,
        recipes=[(each, choices) for each in options.recipes] if choices else options.recipes,
        num_steps=options.steps,
        scale=scale,
    )
    print(found)
    print(f"{time.perf_counter() - start:.0f} s")
    if options.csv is not None:
        found.to_csv(options.csv)
    if options.figure is not None:
        found.plot(title=f"{options.network.stem}, {len(x):,} images").figure.savefig(
            options.figure, dpi=150, bbox_inches="tight"
        )


if __name__ == "__main__":
    main()
