"""The paper's networks with activations in steps (QCFS), trained and run for a few steps.

Trains 784-1200-1200-10 and 28x28-12c5-2s-64c5-2s-10o with `ReLU(max, levels)` and linear outputs,
learns every max, converts them with recipe qcfs2022, whose scales are these, and prints the table
of docs/recipes/mnist.md. Settings are chosen by what --choose prints, on the last 5,000 training
images, which no training sees.

Usage:
    python benchmarks/conversions/qcfs_mnist.py [--networks fcn convnet] [--levels 4 8] [--epochs N]
        [--folder trained] [--choose]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import pysnn
from pysnn.training.recipes import CONVNET_RECIPE, FCN_RECIPE, Recipe

STEPS = (1, 2, 4, 8, 16)
HELD_OUT = 5000
NETWORKS = {"fcn": FCN_RECIPE, "convnet": CONVNET_RECIPE}


def trained(recipe: Recipe, file: Path | None, seed: int) -> pysnn.Network:
    """Return the network from the file where that is there, or train it and write the file."""
    if file is not None and file.exists():
        network = pysnn.load(file)
        assert isinstance(network, pysnn.Network)
        return network
    mnist = pysnn.datasets.load_mnist()
    network = recipe.build(seed)
    history = recipe.train(
        network, mnist.x_train, mnist.y_train, validation_split=HELD_OUT, seed=seed
    )
    print(history, flush=True)
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        network.save(file)
    return network


def row(title: str, network: pysnn.Network, x: NDArray[np.float32], y: NDArray[np.uint8]) -> str:
    """Return a row of the table."""
    snn = pysnn.convert(network, recipe="qcfs2022")
    result = pysnn.simulate(
        snn, x, num_steps=STEPS[-1], dt=1e-3, max_rate=1000.0, encoding="constant"
    )
    accuracy = result.accuracy(y)
    cells = [f"{100 * accuracy[steps - 1]:.2f}" for steps in STEPS]
    ceilings = [
        f"{layer.max:.2f}"
        for layer in network.layers
        if isinstance(layer, pysnn.ReLU) and layer.max is not None
    ]
    quantized = f"{100 * network.accuracy(x, y):.2f}"
    return f"| {title} | {', '.join(ceilings)} | {quantized} | {' | '.join(cells)} |"


def parse() -> argparse.Namespace:
    """Return the arguments."""
    assert __doc__ is not None
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--networks", nargs="+", choices=NETWORKS, default=list(NETWORKS))
    parser.add_argument("--levels", type=int, nargs="+", default=[4])
    parser.add_argument("--epochs", type=int, help="instead of the recipes' (for a quick try)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folder", type=Path, help="keep trained networks there, and reuse them")
    parser.add_argument("--choose", action="store_true", help="held-out images, not test images")
    return parser.parse_args()


def main() -> None:
    """Train each network with each number of levels, and print its row."""
    options = parse()
    mnist = pysnn.datasets.load_mnist()
    x, y = mnist.x_test, mnist.y_test
    if options.choose:
        x, y = mnist.x_train[-HELD_OUT:], mnist.y_train[-HELD_OUT:]
    rows = []
    for name in options.networks:
        for levels in options.levels:
            recipe = NETWORKS[name].quantized(levels)
            if options.epochs is not None:
                recipe = recipe.changed(epochs=options.epochs)
            file = None
            if options.folder is not None:
                file = options.folder / f"{name}_{levels}.safetensors"
            title = f"{name}, {levels} levels"
            print(title, flush=True)
            rows.append(row(title, trained(recipe, file, options.seed), x, y))
    steps = " | ".join(f"{each} steps" for each in STEPS)
    print(f"\n| network | largest | quantized | {steps} |\n{'|---' * (len(STEPS) + 3)}|")
    print("\n".join(rows))


if __name__ == "__main__":
    main()
