"""ResNet-20 of others on CIFAR-10, built node by node: accuracy as ReLU and as spiking network.

The weights are those of akamaster/pytorch_resnet_cifar10 (ResNet-20 with shortcuts of option A),
read without PyTorch; images are (num_samples, 3, 32, 32) bytes. Without --recipe the spiking
network gets thresholds by hand: each channel's is the 99.9th percentile of its activations on
training images (at least 1e-3 of the layer's largest), neurons subtract it when they fire and begin
at a half of it, and the output is a potential. Inputs are constant currents, or what --encoding
says, at up to a spike in every step.

Usage:
    python benchmarks/resnet20.py WEIGHTS.th IMAGES.npz [--images 5000] [--spiking 200]
                                  [--steps 128] [--calibration 300] [--neuron if] [--recipe robust]
                                  [--encoding constant]
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch_file import load_tensors

import pysnn
from pysnn.conversion.folding import FoldedNetwork, fold_graph
from pysnn.conversion.input_range import InputRange
from pysnn.conversion.spiking_of_folded import NeuronSettings, empty_network, fill_network

MEAN, STD = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])
PERCENTILE = 99.9
LEAST_SCALE = 1e-3  # of the largest channel's

Arrays = dict[str, NDArray[Any]]


def resnet20(tensors: Arrays) -> pysnn.Network:
    """Return the network of a state dictionary, for images in [0, 1]."""
    state = {name.removeprefix("module."): array for name, array in tensors.items()}
    network = pysnn.Network(input_shape=(3, 32, 32))
    network.add("normalize", pysnn.Affine(1 / STD, -MEAN / STD))
    _add_conv(network, state, "conv1", "bn1", "normalize")
    last = network.add("relu1", pysnn.ReLU()).layer_names[-1]
    blocks = sorted({name.rsplit(".", 2)[0] for name in state if name.startswith("layer")})
    for block in blocks:
        last = _add_block(network, state, block, last)
    network.add("pool", pysnn.AvgPool2d(8))
    network.add("flatten", pysnn.Flatten())
    return network.add("fc", pysnn.Linear(state["linear.weight"], state["linear.bias"]))


def _add_conv(
    network: pysnn.Network, state: Arrays, conv: str, norm: str, source: str, stride: int = 1
) -> str:
    name = conv.replace("layer", "block")
    weight = state[f"{conv}.weight"]
    network.add(name, pysnn.Conv2d(weight, stride=stride, padding=1), inputs=[source])
    parts = ("weight", "bias", "running_mean", "running_var")
    network.add(f"{name}.norm", pysnn.BatchNorm(*(state[f"{norm}.{part}"] for part in parts)))
    return network.layer_names[-1]


def _add_block(network: pysnn.Network, state: Arrays, block: str, source: str) -> str:
    """Add two convolutions and the shortcut around them, and return the name of the last ReLU."""
    outputs, inputs = state[f"{block}.conv1.weight"].shape[:2]
    stride = 1 if outputs == inputs else 2
    name = block.replace("layer", "block")
    _add_conv(network, state, f"{block}.conv1", f"{block}.bn1", source, stride)
    network.add(f"{name}.relu1", pysnn.ReLU())
    main = _add_conv(network, state, f"{block}.conv2", f"{block}.bn2", f"{name}.relu1")
    if stride > 1:
        # Every second pixel, and channels of zeros on both sides.
        passed = np.eye(outputs, inputs, -(outputs - inputs) // 2)[:, :, None, None]
        network.add(f"{name}.shortcut", pysnn.Conv2d(passed, stride=stride), inputs=[source])
        source = f"{name}.shortcut"
    network.add(f"{name}.sum", pysnn.Add(), inputs=[main, source])
    network.add(f"{name}.relu2", pysnn.ReLU())
    return f"{name}.relu2"


def channel_scales(
    network: pysnn.Network, folded: FoldedNetwork, x: NDArray[np.float32]
) -> dict[str, NDArray[np.float64]]:
    """Return a scale per channel of every population; one for all outputs."""
    values = dict(zip(network.layer_names, network.activations(x), strict=True))
    scales: dict[str, NDArray[np.float64]] = {}
    for population in folded.populations:
        found = values[population.node]
        if population.neuron == "readout":
            scales[population.name] = np.array([float(np.abs(found).max())])
            continue
        by_channel = np.maximum(found, 0).swapaxes(0, 1).reshape(found.shape[1], -1)
        largest = np.percentile(by_channel.astype(np.float64), PERCENTILE, axis=1)
        scales[population.name] = np.maximum(largest, LEAST_SCALE * largest.max())
    return scales


def by_hand(
    network: pysnn.Network, x: NDArray[np.float32], neuron: str = "if"
) -> pysnn.SpikingNetwork:
    """Return the spiking network with a threshold per channel."""
    folded = fold_graph(network.graph, pools="folded", signed_input=True)
    inputs = InputRange.of(x, folded.input_affine, None)
    settings = NeuronSettings(1.0, "subtract", 0.0, 0.5, "float32", neuron)
    empty = empty_network(folded, inputs, settings)
    scales = channel_scales(network, folded, x)
    return fill_network(empty, folded, scales, settings)


def parse() -> argparse.Namespace:
    """Return the arguments."""
    assert __doc__ is not None
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("weights", type=Path)
    parser.add_argument("images", type=Path)
    parser.add_argument("--images", dest="num_images", type=int, default=5000)
    parser.add_argument("--spiking", type=int, default=200)
    parser.add_argument("--steps", type=int, default=128)
    parser.add_argument("--calibration", type=int, default=300)
    parser.add_argument("--neuron", choices=("if", "signed"), default="if")
    parser.add_argument("--recipe", choices=tuple(pysnn.recipes), help="instead of by hand")
    parser.add_argument(
        "--encoding", choices=("constant", "poisson", "regular"), default="constant"
    )
    return parser.parse_args()


def main() -> None:
    """Print accuracies and times."""
    options = parse()
    network = resnet20(load_tensors(options.weights))
    with np.load(options.images) as data:
        x = data["x_test"][: options.num_images].astype(np.float32) / np.float32(255)
        y = data["y_test"][: options.num_images].astype(np.int64)
        calibration = data["x_train"][: options.calibration].astype(np.float32) / np.float32(255)
    start = time.perf_counter()
    classes = network.classify(x)
    took = time.perf_counter() - start
    print(f"ReLU network: {(classes == y).sum()} of {len(y)} images, {len(y) / took:.0f} images/s")
    if options.spiking == 0:
        return
    if options.recipe is None:
        snn = by_hand(network, calibration, options.neuron)
    else:
        snn = pysnn.convert(network, recipe=options.recipe, x=calibration)
    x, y, classes = x[: options.spiking], y[: options.spiking], classes[: options.spiking]
    start = time.perf_counter()
    result = pysnn.simulate(
        snn,
        x,
        duration=options.steps * 1e-3,
        dt=1e-3,
        max_rate=1000.0,
        encoding=options.encoding,
    )
    took = time.perf_counter() - start
    spikes = result.spikes.sum() / (
        len(x) * options.steps * sum(population.num_neurons for population in snn.populations)
    )
    print(f"spiking network: {len(x) / took:.1f} images/s, {spikes:.2f} spikes/neuron/step")
    over_time = result.predictions_over_time
    for steps in (2**i for i in range(3, options.steps.bit_length())):
        found = over_time[steps - 1]
        print(
            f"after {steps:4} steps: {100 * (found == y).mean():.1f} % right, "
            f"{100 * (found == classes).mean():.1f} % as the ReLU network"
        )


if __name__ == "__main__":
    main()
