"""A CNN with batch norms and max pools from PyTorch on MNIST, exact max pools beside averages.

Three networks of the same layers are compared: one trained with max pools; one trained with
average pools; and the first with average pools put in place of its trained max pools, which is what
a conversion that has no max pools leaves. Conversion sees training images alone. --weights keeps
what was trained, and is read instead where it is there. Prints a table of docs/recipes/mnist.md.

Usage:
    python benchmarks/conversions/mnist_cnn.py [--weights mnist_cnn.npz] [--epochs 5]
        [--images 10000]
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

import pysnn

STEPS = (8, 16, 32, 64)
RECIPES = ("robust", "signed")
BATCH = 100
HELD_OUT = 5000
Tensors = dict[str, torch.Tensor]


def module(pool: type[nn.Module]) -> nn.Sequential:
    """Return the untrained network with pools of a kind."""
    layers: list[nn.Module] = []
    channels = 1
    for i, outputs in enumerate((16, 32, 64)):
        layers += [nn.Conv2d(channels, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs)]
        layers += [nn.ReLU(), pool(2, padding=i // 2)]  # sides of 28, 14, 7 and 4
        channels = outputs
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(channels * 16, 10))


def train(network: nn.Sequential, mnist: pysnn.datasets.Mnist, epochs: int, seed: int) -> None:
    """Train with Adam and a learning rate that falls as a cosine, on batches shifted at random."""
    generator = torch.Generator().manual_seed(seed)
    x = torch.from_numpy(mnist.x_train[:-HELD_OUT]).reshape(-1, 1, 28, 28)
    y = torch.from_numpy(mnist.y_train[:-HELD_OUT].astype(np.int64))
    optimizer = torch.optim.Adam(network.parameters(), lr=2e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs * (len(x) // BATCH))
    network.train()
    for epoch in range(epochs):
        start, right = time.perf_counter(), 0
        order = torch.randperm(len(x), generator=generator)
        for chosen in (order[i : i + BATCH] for i in range(0, len(x), BATCH)):
            down, across = torch.randint(-2, 3, (2,), generator=generator).tolist()
            outputs = network(torch.roll(x[chosen], (down, across), dims=(2, 3)))
            loss = functional.cross_entropy(outputs, y[chosen])
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            if schedule.last_epoch < epochs * (len(x) // BATCH):
                schedule.step()
            right += int((outputs.argmax(1) == y[chosen]).sum())
        took = time.perf_counter() - start
        print(f"  epoch {epoch + 1}: {right / len(x):.2%} in training, {took:.0f} s", flush=True)
    network.eval()


def trained(options: argparse.Namespace, mnist: pysnn.datasets.Mnist) -> dict[str, nn.Sequential]:
    """Return the networks with max and with average pools, from the file where it is there."""
    networks: dict[str, nn.Sequential] = {}
    for name, pool in (("max", nn.MaxPool2d), ("average", nn.AvgPool2d)):
        torch.manual_seed(options.seed)
        networks[name] = module(pool)
    if options.weights is not None and options.weights.exists():
        with np.load(options.weights) as kept:
            for name, network in networks.items():
                state = {
                    key: torch.from_numpy(kept[f"{name}/{key}"]) for key in network.state_dict()
                }
                network.load_state_dict(state)
                network.eval()
        return networks
    for name, network in networks.items():
        print(f"training with {name} pools", flush=True)
        train(network, mnist, options.epochs, options.seed)
    if options.weights is not None:
        arrays = {
            f"{name}/{key}": value.numpy()
            for name, network in networks.items()
            for key, value in network.state_dict().items()
        }
        np.savez(options.weights, **arrays)
    return networks


def row(
    title: str,
    snn: pysnn.SpikingNetwork,
    x: NDArray[np.float32],
    y: NDArray[np.uint8],
) -> str:
    """Return a row of the table: accuracy after each of `STEPS`, and spikes."""
    result = pysnn.simulate(
        snn, x, num_steps=STEPS[-1], dt=1e-3, max_rate=1000.0, encoding="constant"
    )
    accuracy = result.accuracy(y)
    cells = [f"{100 * accuracy[steps - 1]:.2f}" for steps in STEPS]
    spikes = result.num_spikes.sum() / (len(x) * STEPS[-1])
    return f"| {title} | {' | '.join(cells)} | {spikes:.0f} |"


def parse() -> argparse.Namespace:
    """Return the arguments."""
    assert __doc__ is not None
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--weights", type=Path, help="NPZ file of trained networks")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--calibration", type=int, default=1000, help="training images")
    parser.add_argument("--images", type=int, default=10000, help="test images")
    return parser.parse_args()


def main() -> None:
    """Train or read the networks, convert them, and print accuracies."""
    options = parse()
    mnist = pysnn.datasets.load_mnist()
    networks = trained(options, mnist)
    swapped = module(nn.AvgPool2d).eval()
    swapped.load_state_dict(networks["max"].state_dict())
    x, y = mnist.x_test[: options.images], mnist.y_test[: options.images]
    calibration = mnist.x_train[: options.calibration].reshape(-1, 1, 28, 28)
    rows = []
    for title, source in (
        ("trained with max pools", networks["max"]),
        ("trained with average pools", networks["average"]),
        ("trained with max pools, averages put in their place", swapped),
    ):
        network = pysnn.from_torch(source, calibration[:8])
        held_out = network.accuracy(mnist.x_train[-HELD_OUT:], mnist.y_train[-HELD_OUT:])
        print(
            f"{title}: {network.accuracy(x, y):.2%} of {len(y)} test images right as a ReLU "
            f"network, {held_out:.2%} of the held-out ones",
            flush=True,
        )
        for recipe in RECIPES:
            snn = pysnn.convert(network, recipe=recipe, x=calibration)
            rows.append(row(f"{title} | `{recipe}`", snn, x, y))
    steps = " | ".join(f"{each} steps" for each in STEPS)
    print(f"\n| network | recipe | {steps} | spikes/step |\n{'|---' * (len(STEPS) + 3)}|")
    print("\n".join(rows))


if __name__ == "__main__":
    main()
