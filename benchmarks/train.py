"""Train the networks that benchmarks need, or do nothing where they are there.

They are trained by the recipes of `pysnn reproduce` and left in benchmarks/networks/, each with a
record of its settings beside it; other settings than the record's train anew.

Usage:
    python benchmarks/train.py [--epochs N] [--seed 0]
"""

from __future__ import annotations

import argparse
from dataclasses import replace

from cases import FOLDERS

import pysnn
from pysnn.reproduction.settings import NetworkSettings, ReproduceSettings, default_settings
from pysnn.reproduction.trained_models import train_or_reuse


def wanted(epochs: int | None, seed: int) -> ReproduceSettings:
    """Return the settings of `pysnn reproduce`, with another number of epochs where given."""
    settings = default_settings(seed=seed)
    if epochs is None:
        return settings

    def shorter(network: NetworkSettings) -> NetworkSettings:
        return replace(network, recipe=replace(network.recipe, epochs=epochs))

    return replace(settings, networks=tuple(shorter(network) for network in settings.networks))


def main() -> None:
    """Train each network, and say how well it does."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--epochs", type=int, help="instead of the recipes' (for a quick try)")
    parser.add_argument("--seed", type=int, default=0, help="of weights and training (default 0)")
    options = parser.parse_args()
    settings = wanted(options.epochs, options.seed)
    folder = FOLDERS[0]
    folder.mkdir(exist_ok=True)
    mnist = pysnn.datasets.load_mnist()
    for network in settings.networks:
        model = train_or_reuse(
            network,
            settings,
            mnist.x_train,
            mnist.y_train,
            folder=folder,
            progress=None,
            say=print,
        )
        accuracy = model.network.accuracy(mnist.x_test, mnist.y_test)
        print(f"{network.name}: {accuracy:.2%} of the test images right as a ReLU network")


if __name__ == "__main__":
    main()
