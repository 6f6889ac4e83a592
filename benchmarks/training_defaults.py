"""What `pysnn.train` reaches without settings, on networks of all kinds that `pysnn.models` builds.

Prints a row for each network: the lowest and the highest accuracy on the test images of MNIST over
some seeds. `--inverted` takes 1 - x, whose mean is 0.87 in place of 0.13: harder than any common
data set of that size.

Usage:
    python benchmarks/training_defaults.py [--samples 5000] [--seeds 3] [--recipe default]
        [--networks mlp convnet ...] [--inverted]
"""

from __future__ import annotations

import argparse
import warnings

import pysnn
from pysnn import models

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


def reached(name: str, seed: int, options: argparse.Namespace) -> float | None:
    """Return the accuracy on the test images; None where the training diverged."""
    mnist = pysnn.datasets.load_mnist()
    x, x_test = mnist.x_train[: options.samples], mnist.x_test
    if options.inverted:
        x, x_test = 1 - x, 1 - x_test
    network = NETWORKS[name](seed)
    y = mnist.y_train[: options.samples]
    try:
        pysnn.train(network, x, y, recipe=options.recipe, seed=seed)
    except FloatingPointError:
        return None
    return network.accuracy(x_test, mnist.y_test)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--samples", type=int, default=5000, help="training images (default 5000)")
    parser.add_argument("--seeds", type=int, default=3, help="from 0 on (default 3)")
    parser.add_argument("--recipe", choices=pysnn.training.DESCENTS, default="default")
    parser.add_argument("--networks", nargs="+", choices=NETWORKS, default=list(NETWORKS))
    parser.add_argument("--inverted", action="store_true", help="bright images: 1 - x")
    options = parser.parse_args()
    # What the table shows anyway.
    warnings.simplefilter("ignore", pysnn.training.TrainingWarning)
    print(f"| network | {options.recipe}, {options.samples:,} images, seeds 0 to ", end="")
    print(f"{options.seeds - 1} | diverged |\n| --- | --- | --- |")
    for name in options.networks:
        found = [reached(name, seed, options) for seed in range(options.seeds)]
        kept = [each for each in found if each is not None]
        span = f"{100 * min(kept):.2f} to {100 * max(kept):.2f} %" if kept else ""
        print(f"| {name} | {span} | {found.count(None)} of {len(found)} |", flush=True)


if __name__ == "__main__":
    main()
