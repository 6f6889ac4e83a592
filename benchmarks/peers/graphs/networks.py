"""The networks of real_networks.py, with their images and pysnn's way to run them. Needs pysnn."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from cifar10 import read_images
from graphs.from_network import constant_problem, spikes_problem
from graphs.graph import GraphProblem
from numpy.typing import NDArray
from problem import Floats
from resnet20 import resnet20
from torch_file import load_tensors
from vgg_network import (
    CALIBRATION_IMAGES,
    DT,
    INPUT_SHAPE,
    MAX_RATE,
    Precision,
    make_stages,
    spiking_network,
)

import pysnn


@dataclass(frozen=True, eq=False)
class Network:
    """A network as pysnn runs it.

    Attributes:
        problem: What peers get; of the float32 network.
        snns: The network by precision.
        x: Images as it takes them, (num_images, *input_shape).
        call: Keywords of `pysnn.simulate`.
    """

    problem: GraphProblem
    snns: dict[Precision, pysnn.SpikingNetwork]
    x: Floats
    call: dict[str, Any]

    def run(self, precision: Precision, threads: int) -> tuple[float, NDArray[np.int64]]:
        """Simulate all images, and return seconds and predictions."""
        start = time.perf_counter()
        result = pysnn.simulate(self.snns[precision], self.x, num_threads=threads, **self.call)
        return time.perf_counter() - start, result.predictions.astype(np.int64)


def through_file(snn: pysnn.SpikingNetwork, path: Path) -> pysnn.SpikingNetwork:
    """Return what a model file keeps of a network."""
    snn.save(path)
    loaded = pysnn.load(path)
    assert isinstance(loaded, pysnn.SpikingNetwork)
    return loaded


def resnet(
    weights: Path,
    images: Path,
    folder: Path,
    *,
    num_images: int,
    num_steps: int,
    calibration: int,
    precisions: list[Precision],
) -> Network:
    """Return ResNet-20 by recipe ``robust`` on the first test images of CIFAR-10.

    Args:
        weights: File of its weights.
        images: File of the images.
        folder: Where model files may be written.
        num_images: Test images.
        num_steps: Steps that each image is shown for.
        calibration: Training images that the conversion sees.
        precisions: Of the networks that pysnn runs.
    """
    x, y = read_images(images, "test", num_images)
    seen, _ = read_images(images, "train", calibration)
    tensors = load_tensors(weights)
    network = resnet20(tensors)
    snns = {
        precision: through_file(
            pysnn.convert(network, x=seen, recipe="robust", precision=precision, progress=False),
            folder / f"resnet20_{precision}.safetensors",
        )
        for precision in dict.fromkeys(["float32", *precisions])
    }
    snn = snns["float32"]
    if snn.encoding != "constant" or snn.input_affine is None or snn.input_scale is None:
        raise ValueError("the network does not take standardized images as constant currents")
    factor, shift = (np.reshape(each, (-1, 1, 1)) for each in snn.input_affine)
    extra = {name.removeprefix("module."): each for name, each in tensors.items()}
    extra["calibration"] = (seen * factor + shift).astype(np.float32)
    extra["input_scale"] = np.array(snn.input_scale)
    problem = constant_problem("resnet20", snn, x, y, num_steps, extra)
    return Network(problem, snns, x, {"num_steps": num_steps})


def vgg(folder: Path, *, num_images: int, num_steps: int, precisions: list[Precision]) -> Network:
    """Return the network of vgg.py; peers get the spikes that pysnn draws.

    Args:
        folder: Where model files may be written.
        num_images: Images.
        num_steps: Steps that each image is shown for.
        precisions: Of the networks that pysnn runs.
    """
    x = np.random.default_rng(1).random((num_images, *INPUT_SHAPE), dtype=np.float32)
    call = {"duration": num_steps * DT, "max_rate": MAX_RATE}
    trains = pysnn.poisson_spikes(x, **call)
    stages = make_stages(trains[:, :CALIBRATION_IMAGES], "float32")
    snns = {
        precision: through_file(
            spiking_network(INPUT_SHAPE, stages, precision),
            folder / f"vgg_{precision}.safetensors",
        )
        for precision in dict.fromkeys(["float32", *precisions])
    }
    problem = spikes_problem("vgg", snns["float32"], trains)
    return Network(problem, snns, x, call)
