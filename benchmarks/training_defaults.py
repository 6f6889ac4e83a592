"""What `pysnn.train` reaches by its default settings and by others, on what `pysnn.models` builds.

Trains on the first images of MNIST's training set and prints a row for each network and setting:
the lowest and the highest accuracy over some seeds, on the last 5,000 training images, which no
training sees and by which settings are to be chosen, and on the test images, which then say how
good the choice is. `--data` takes the IDX files of another set of that size, such as
Fashion-MNIST. `--inverted` takes 1 - x, whose mean is 0.87 in place of 0.13: harder than any common
data set of that size.

Usage:
    python benchmarks/training_defaults.py [--samples 5000] [--num-seeds 3] [--recipe default]
        [--networks mlp convnet ...] [--data FOLDER] [--inverted]
        [--learning-rates 0.03 0.1 0.3] [--schedules linear constant] [--max-gradient-norms 1 inf]
"""

from __future__ import annotations

import argparse
import itertools
import math
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import pysnn
from pysnn import models
from pysnn.training import DESCENTS, DescentSettings
from pysnn.training.descent_settings import SCHEDULES

Arrays = tuple[NDArray[np.float32], NDArray[Any], NDArray[np.float32], NDArray[Any]]
"""Training images and their labels, test images and theirs."""

_FILES = ("train-images", "train-labels", "t10k-images", "t10k-labels")
NUM_HELD_OUT = 5000  # the last training images, as for the paper's networks

IMAGE = (1, 28, 28)
NETWORKS = {
    "linear": lambda seed: models.mlp([784, 10], seed=seed),
    "mlp": lambda seed: models.mlp([784, 256, 10], seed=seed),
    "mlp, biases": lambda seed: models.mlp([784, 256, 10], bias=True, seed=seed),
    "deep mlp": lambda seed: models.mlp([784, *[128] * 6, 10], seed=seed),
    "narrow mlp": lambda seed: models.mlp([784, 16, 10], seed=seed),
    "convnet": lambda seed: models.convnet(IMAGE, [12, 64], seed=seed),
    "small convnet, biases": lambda seed: models.convnet(
        IMAGE, [4, 8, 16], kernel_size=3, padding=1, bias=True, seed=seed
    ),
    "convnet without pools": lambda seed: models.convnet(
        IMAGE, [8], kernel_size=3, pool=None, seed=seed
    ),
}


@dataclass(frozen=True)
class Images:
    """Images and labels: to train on, to choose by, to test with."""

    training: tuple[NDArray[np.float32], NDArray[Any]]
    held_out: tuple[NDArray[np.float32], NDArray[Any]]
    test: tuple[NDArray[np.float32], NDArray[Any]]

    @classmethod
    def load(cls, num_samples: int, inverted: bool, folder: Path | None) -> Images:
        """Return those of MNIST, or of a set like it.

        Args:
            num_samples: Images to train on, the first ones.
            inverted: Whether they are bright: 1 - x.
            folder: Where the IDX files of another set lie, named as MNIST's; None for MNIST.
        """
        x, y, x_test, y_test = _mnist() if folder is None else _idx(folder)
        if num_samples > len(x) - NUM_HELD_OUT:
            raise SystemExit(f"--samples must be at most {len(x) - NUM_HELD_OUT}")
        if inverted:
            x, x_test = 1 - x, 1 - x_test
        return cls(
            (x[:num_samples], y[:num_samples]),
            (x[-NUM_HELD_OUT:], y[-NUM_HELD_OUT:]),
            (x_test, y_test),
        )


def _mnist() -> Arrays:
    mnist = pysnn.datasets.load_mnist()
    return mnist.x_train, mnist.y_train, mnist.x_test, mnist.y_test


def _idx(folder: Path) -> Arrays:
    if not folder.is_dir():
        raise SystemExit(f"--data {folder} is no folder")
    files = pysnn.datasets.load_idx(folder)
    missing = [name for name in _FILES if name not in files]
    if missing:
        raise SystemExit(f"--data {folder} has no {', '.join(missing)}")
    x, x_test = (
        files[f"{part}-images"].reshape(-1, *IMAGE).astype(np.float32) / np.float32(255)
        for part in ("train", "t10k")
    )
    return x, files["train-labels"], x_test, files["t10k-labels"]


def candidates(options: argparse.Namespace) -> Iterator[DescentSettings]:
    """Yield the settings to compare."""
    settings = DESCENTS[options.recipe]
    for rate, schedule, norm in itertools.product(
        options.learning_rates or [settings.learning_rate],
        options.schedules or [settings.schedule],
        options.max_gradient_norms or [settings.max_gradient_norm],
    ):
        yield settings.overridden(learning_rate=rate, schedule=schedule, max_gradient_norm=norm)


def reached(
    name: str, seed: int, settings: DescentSettings, images: Images
) -> tuple[float, float] | None:
    """Return accuracies on held-out and on test images; None where the training diverged."""
    network = NETWORKS[name](seed)
    try:
        pysnn.train(network, *images.training, **settings.arguments(), seed=seed)
    except FloatingPointError:
        return None
    return network.accuracy(*images.held_out), network.accuracy(*images.test)


def row(name: str, settings: DescentSettings, found: list[tuple[float, float] | None]) -> str:
    """Return the row of a network and a setting."""
    kept = [each for each in found if each is not None]
    spans = [
        f"{100 * min(values):.2f} to {100 * max(values):.2f} %"
        for values in zip(*kept, strict=True)
    ] or ["", ""]
    norm = settings.max_gradient_norm
    cells = [
        name,
        f"{settings.learning_rate:g}, {settings.schedule}",
        "none" if math.isinf(norm) else f"{norm:g}",
        *spans,
        f"{found.count(None)} of {len(found)}",
    ]
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--samples", type=int, default=5000, help="training images (default 5000)")
    parser.add_argument("--num-seeds", type=int, default=3, help="from 0 on (default 3)")
    parser.add_argument("--recipe", choices=DESCENTS, default="default")
    parser.add_argument("--networks", nargs="+", choices=NETWORKS, default=list(NETWORKS))
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="IDX files in place of MNIST's")
    parser.add_argument("--inverted", action="store_true", help="bright images: 1 - x")
    parser.add_argument("--learning-rates", nargs="+", type=float, help="in place of the recipe's")
    parser.add_argument("--schedules", nargs="+", choices=SCHEDULES, help="likewise")
    parser.add_argument("--max-gradient-norms", nargs="+", type=float, help="likewise")
    options = parser.parse_args()
    # What the table shows anyway.
    warnings.simplefilter("ignore", pysnn.training.TrainingWarning)
    images = Images.load(options.samples, options.inverted, options.data)
    source = "MNIST" if options.data is None else options.data.resolve().name
    print(f"{options.recipe}, {options.samples:,} images of {source}, {options.num_seeds} seeds\n")
    print("| network | learning rate | largest gradient | held out | test images | diverged |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name, settings in itertools.product(options.networks, candidates(options)):
        found = [reached(name, seed, settings, images) for seed in range(options.num_seeds)]
        print(row(name, settings, found), flush=True)


if __name__ == "__main__":
    main()
