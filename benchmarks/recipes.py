"""Train the paper's networks by its own recipe and by ours, and compare what comes out.

Prints the table of docs/training.md: accuracy on the 5,000 held-out training images, which every
choice was made on; accuracy on the test images, which no choice was made on; accuracy of the
spiking network with data-based normalization at 1000 Hz; seconds per epoch.

Usage:
    python benchmarks/recipes.py [--seed 0]
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pysnn
from pysnn.training.recipes import CONVNET_RECIPE, FCN_RECIPE

HELD_OUT = 5000


@dataclass(frozen=True)
class Variant:
    """A network and the arguments of its training."""

    title: str
    builder: Callable[[int], pysnn.Network]
    duration: float  # s of simulated time
    arguments: dict[str, Any]


def falling(rate: float, epochs: int) -> list[float]:
    """Return a rate for each epoch that falls linearly towards 0."""
    return [rate * (1 - epoch / epochs) for epoch in range(epochs)]


FCN = pysnn.models.diehl2015_fcn
CONVNET = pysnn.models.diehl2015_convnet
VARIANTS = (
    Variant(
        "FCN, the paper's: rate 1, dropout 0.5",
        FCN,
        0.1,
        {"epochs": 15, "batch_size": 100, "learning_rate": 1.0, "momentum": 0.5, "dropout": 0.5},
    ),
    Variant(
        "FCN, falling rate",
        FCN,
        0.1,
        {
            "epochs": 15,
            "batch_size": 100,
            "learning_rate": falling(1.0, 15),
            "momentum": 0.5,
            "dropout": 0.5,
        },
    ),
    Variant(
        "FCN, falling rate, cross-entropy at a rate of 0.1",
        FCN,
        0.1,
        {
            "epochs": 15,
            "batch_size": 100,
            "learning_rate": falling(0.1, 15),
            "momentum": 0.9,
            "dropout": 0.5,
            "loss": "softmax_cross_entropy",
        },
    ),
    Variant(
        "ConvNet, the paper's: rate 1, dropout 0.5 of maps",
        CONVNET,
        0.5,
        {"epochs": 12, "batch_size": 50, "learning_rate": 1.0, "momentum": 0.0, "dropout": 0.5},
    ),
    Variant(
        "ConvNet, rate 1, no dropout",
        CONVNET,
        0.5,
        {"epochs": 2, "batch_size": 50, "learning_rate": 1.0, "momentum": 0.0, "dropout": 0.0},
    ),
)


def measure(
    title: str,
    network: pysnn.Network,
    history: pysnn.History,
    duration: float,
    mnist: pysnn.datasets.Mnist,
) -> str:
    """Return a row of the table."""
    held_out = network.accuracy(mnist.x_train[-HELD_OUT:], mnist.y_train[-HELD_OUT:])
    test = network.accuracy(mnist.x_test, mnist.y_test)
    try:
        snn = pysnn.convert(network, method="data", x=mnist.x_train)
    except ValueError:
        spiking = "silent"
    else:
        result = pysnn.simulate(snn, mnist.x_test, duration=duration)
        spiking = f"{result.accuracy(mnist.y_test)[-1]:.2%}"
    seconds = statistics.median(history.seconds)
    return f"| {title} | {held_out:.2%} | {test:.2%} | {spiking} | {seconds:.1f} |"


def main() -> None:
    """Train every variant in turn and print its row."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=0)
    seed = parser.parse_args().seed
    mnist = pysnn.datasets.load_mnist()
    print("| recipe | held out | test | spiking | s per epoch |\n|---|---|---|---|---|")
    for variant in VARIANTS:
        network = variant.builder(seed)
        history = pysnn.train(
            network,
            mnist.x_train,
            mnist.y_train,
            recipe="diehl2015",
            validation_split=HELD_OUT,
            seed=seed,
            **variant.arguments,
        )
        row = measure(variant.title, network, history, variant.duration, mnist)
        print(row, flush=True)
    for title, recipe, duration in (
        ("FCN, ours", FCN_RECIPE, 0.1),
        ("ConvNet, ours", CONVNET_RECIPE, 0.5),
    ):
        network = recipe.build(seed)
        history = recipe.train(network, mnist.x_train, mnist.y_train, seed=seed)
        print(measure(title, network, history, duration, mnist), flush=True)


if __name__ == "__main__":
    main()
