"""The paper's networks under recipes: accuracy after few steps, and how soon with Poisson input.

Networks are model files as `pysnn reproduce` or `benchmarks/train.py` leave them. Conversion sees
training images alone. Prints the tables of docs/recipes/mnist.md: with constant input the accuracy
after some steps; with Poisson input at 1000 Hz the times at which the accuracy on the test images
first comes within 1 and 0.1 points of the ReLU network's, as docs/paper.md has them.

Usage:
    python benchmarks/conversions/paper_networks.py fcn.safetensors convnet.safetensors
        [--recipes robust signed] [--steps 4 8] [--calibration 1000] [--images 10000] [--seeds 1]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import pysnn
from pysnn.experiments.accuracy_curve import AccuracyCurve

POISSON_STEPS = 100  # of 1 ms at 1000 Hz
DEFAULT_RECIPES = ("diehl2015", "rueckauer2017", "opi2022", "snm2022", "robust", "signed")


def parse() -> argparse.Namespace:
    """Return the arguments."""
    assert __doc__ is not None
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("networks", type=Path, nargs="+")
    parser.add_argument("--recipes", nargs="+", default=DEFAULT_RECIPES, choices=pysnn.recipes)
    parser.add_argument("--steps", type=int, nargs="+", default=[4, 8, 16, 32])
    parser.add_argument("--calibration", type=int, default=1000, help="training images")
    parser.add_argument("--images", type=int, default=10000, help="test images")
    parser.add_argument("--seeds", type=int, default=1, help="of Poisson input")
    return parser.parse_args()


def constant(
    snn: pysnn.SpikingNetwork, x: NDArray[np.float32], y: NDArray[np.uint8], steps: list[int]
) -> list[float]:
    """Return the accuracy after each number of steps."""
    result = pysnn.simulate(
        snn, x, num_steps=max(steps), dt=1e-3, max_rate=1000.0, encoding="constant"
    )
    accuracy = result.accuracy(y)
    return [float(accuracy[each - 1]) for each in steps]


def poisson(
    snn: pysnn.SpikingNetwork, x: NDArray[np.float32], y: NDArray[np.uint8], seeds: int
) -> AccuracyCurve:
    """Return the accuracy after each ms of Poisson input."""
    curves = [
        AccuracyCurve.of(
            pysnn.simulate(
                snn,
                x,
                num_steps=POISSON_STEPS,
                dt=1e-3,
                max_rate=1000.0,
                encoding="poisson",
                seed=seed,
            ),
            y,
        )
        for seed in range(seeds)
    ]
    return AccuracyCurve.stack(curves)


def milliseconds(seconds: float | None) -> str:
    """Return a time as a table shows it."""
    return "never" if seconds is None else f"{1e3 * seconds:.0f} ms"


def main() -> None:
    """Print a table for each network."""
    options = parse()
    mnist = pysnn.datasets.load_mnist()
    x, y = mnist.x_test[: options.images], mnist.y_test[: options.images]
    for path in options.networks:
        network = pysnn.load(path)
        assert isinstance(network, pysnn.Network)
        relu = network.accuracy(x, y)
        print(f"\n{path.stem}: {relu:.2%} of {len(y)} images right as a ReLU network\n")
        steps = " | ".join(f"{each} steps" for each in options.steps)
        print(f"| recipe | {steps} | Poisson: within 1 point | within 0.1 | after 100 ms |")
        print("|---" * (len(options.steps) + 4) + "|")
        for name in options.recipes:
            snn = pysnn.convert(network, recipe=name, x=mnist.x_train[: options.calibration])
            cells = [f"{100 * each:.2f}" for each in constant(snn, x, y, options.steps)]
            curve = poisson(snn, x, y, options.seeds)
            cells += [milliseconds(curve.time_to_within(gap, relu)) for gap in (1.0, 0.1)]
            cells.append(f"{100 * curve.accuracy[:, -1].mean():.2f}")
            print(f"| `{name}` | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
