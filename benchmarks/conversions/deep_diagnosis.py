"""Which causes make up the errors of ResNet-20's conversions, recipe by recipe.

The network is that of `resnet20.py`. Recipes are calibrated on the first training images, and
errors measured on those behind them; no test image is looked at.

Usage:
    python benchmarks/conversions/deep_diagnosis.py WEIGHTS.th IMAGES.npz [--steps 32]
        [--images 100]
                                        [--calibration 1000] [--recipes diehl2015 opi2022 ...]
                                        [--encoding constant] [--figures FOLDER] [--whole]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from resnet20 import resnet20
from torch_file import load_tensors

import pysnn
from pysnn.diagnosis.errors import PARTS

RECIPES = ("diehl2015", "opi2022", "robust", "signed")


def parse() -> argparse.Namespace:
    """Return the arguments."""
    assert __doc__ is not None
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("weights", type=Path)
    parser.add_argument("images", type=Path)
    parser.add_argument("--steps", type=int, default=32)
    parser.add_argument("--images", dest="num_images", type=int, default=100)
    parser.add_argument("--calibration", type=int, default=1000)
    parser.add_argument("--recipes", nargs="+", default=RECIPES, choices=tuple(pysnn.recipes))
    parser.add_argument("--encoding", default="constant", choices=("constant", "poisson"))
    parser.add_argument("--figures", type=Path, help="folder for a figure of each recipe")
    parser.add_argument("--whole", action="store_true", help="a table by population as well")
    return parser.parse_args()


def training_images(path: Path, count: int) -> NDArray[np.float32]:
    """Return the first training images, in [0, 1]."""
    with np.load(path) as data:
        images: NDArray[np.float32] = data["x_train"][:count].astype(np.float32) / np.float32(255)
    if len(images) < count:
        raise SystemExit(f"{path} has {len(images)} training images, but {count} are needed")
    return images


def summary(errors: pysnn.ConversionErrors) -> str:
    """Return the mean over the populations of each part's size, in % of their activations."""
    sizes = [each.relative(each.mean_absolute) for each in errors.populations]
    cells = (f"{100 * np.mean([size[part] for size in sizes]):.1f}" for part in ("error", *PARTS))
    return " | ".join(cells)


def main() -> None:
    """Print the tables."""
    options = parse()
    network = resnet20(load_tensors(options.weights))
    x = training_images(options.images, options.calibration + options.num_images)
    calibration, samples = x[: options.calibration], x[options.calibration :]
    rows = []
    for recipe in options.recipes:
        snn = pysnn.convert(network, recipe=recipe, x=calibration)
        errors = pysnn.conversion_errors(
            network, snn, samples, num_steps=options.steps, encoding=options.encoding
        )
        rows.append(f"| `{recipe}` | {summary(errors)} |")
        print(f"{recipe}: {errors if options.whole else str(errors).rpartition('- ')[0]}\n")
        if options.figures is not None:
            axes = errors.plot()
            axes.set_title(f"{recipe}, {options.steps} steps")
            axes.figure.savefig(options.figures / f"errors_{recipe}.png", dpi=150)
    print(f"| recipe | {' | '.join(('error', *PARTS))} |")
    print(f"|---|{'---|' * (len(PARTS) + 1)}")
    print("\n".join(rows))


if __name__ == "__main__":
    main()
