"""A problem as a file: what a peer is asked to simulate. Needs NumPy only.

The network is a chain of populations of integrate-and-fire neurons without leak, delay or
refractory period: ``v += current``, a spike where ``v >= threshold``, then ``v = 0``. Weights are
those that pysnn has rounded, so that their sums are exact in float32 in any order.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Spikes = NDArray[np.bool_]


@dataclass(frozen=True, eq=False, kw_only=True)
class Synapses:
    """The synapses between a source and a population.

    Attributes:
        kind: ``"linear"`` reads its source flat, channel by channel and row by row; ``"conv"`` and
            ``"pool"`` read images (channels, height, width); ``"identity"``, of graphs only, gives
            each channel of an image to one of the population.
        weight: (outputs, inputs), (channels, source channels, height, width), or for a pool and an
            identity the weight of its synapses by source channel, (channels,).
        output_shape: Of the population, (num_neurons,) or (channels, height, width).
        kernel_size: Height and width of a window; (1, 1) for ``"linear"`` and ``"identity"``.
        stride: Step between windows, vertical and horizontal.
        padding: Rows and columns of zeros around the image.
        first_channel: Where an identity's first channel goes to.
    """

    kind: Literal["linear", "conv", "pool", "identity"]
    weight: Floats
    output_shape: tuple[int, ...]
    kernel_size: tuple[int, int] = (1, 1)
    stride: tuple[int, int] = (1, 1)
    padding: tuple[int, int] = (0, 0)
    first_channel: int = 0

    @property
    def is_mean(self) -> bool:
        """Whether a pool's weight is one over the window's size, exactly."""
        return bool((self.weight * np.float32(np.prod(self.kernel_size)) == 1).all())


@dataclass(frozen=True, eq=False, kw_only=True)
class Layer(Synapses):
    """A population and the synapses that feed it.

    Attributes:
        threshold: Membrane potential at which a neuron fires.
    """

    threshold: float


@dataclass(frozen=True, eq=False)
class Problem:
    """A network, its images, and the answers of pysnn.

    Attributes:
        name: Name of the case.
        layers: Populations from input to output.
        probability: Probability of an input's spike in each step, (num_images, *input_shape).
        labels: Right answers, (num_images,).
        num_steps: Steps that each image is shown for.
        accuracy: Share of the images that pysnn has right, the mean over several seeds.
        trains: Spike trains for the test of equality, (num_steps, num_samples, *input_shape).
        output_spikes: What pysnn makes of them, (num_steps, num_samples, num_classes).
    """

    name: str
    layers: tuple[Layer, ...]
    probability: Floats
    labels: NDArray[np.int64]
    num_steps: int
    accuracy: float
    trains: Spikes
    output_spikes: Spikes

    @property
    def num_images(self) -> int:
        """Number of images."""
        return len(self.probability)

    def batch(self, part: slice) -> Floats:
        """Return what a simulator is given for some images."""
        return self.probability[part]

    @property
    def input_shape(self) -> tuple[int, ...]:
        """Shape of an image."""
        return tuple(self.probability.shape[1:])

    @property
    def num_classes(self) -> int:
        """Number of output neurons."""
        return self.layers[-1].output_shape[0]

    @property
    def has_images(self) -> bool:
        """Whether a layer reads images."""
        return any(layer.kind != "linear" for layer in self.layers)

    def wrong(self, spikes: Spikes) -> int:
        """Return how many of the spikes made of `trains` are not pysnn's."""
        return int((spikes != self.output_spikes).sum())


def just_below(threshold: float) -> float:
    """Return the next smaller float32, for neurons that fire above it, not at it."""
    return float(np.nextafter(np.float32(threshold), np.float32(0)))


def save_problem(problem: Problem, path: str | os.PathLike[str]) -> None:
    """Write a problem to an ``.npz`` file."""
    description = {
        "name": problem.name,
        "num_steps": problem.num_steps,
        "accuracy": problem.accuracy,
        "layers": [
            {key: value for key, value in asdict(layer).items() if key != "weight"}
            for layer in problem.layers
        ],
    }
    arrays: dict[str, NDArray[Any]] = {
        f"weight_{index}": layer.weight for index, layer in enumerate(problem.layers)
    }
    np.savez(
        path,
        description=np.array(json.dumps(description)),
        probability=problem.probability,
        labels=problem.labels,
        trains=problem.trains,
        output_spikes=problem.output_spikes,
        allow_pickle=False,
        **arrays,
    )


def load_problem(path: str | os.PathLike[str]) -> Problem:
    """Read what `save_problem` has written."""
    with np.load(path, allow_pickle=False) as file:
        description = json.loads(str(file["description"]))
        layers = tuple(
            _layer(entry, file[f"weight_{index}"])
            for index, entry in enumerate(description["layers"])
        )
        return Problem(
            name=description["name"],
            layers=layers,
            probability=file["probability"],
            labels=file["labels"],
            num_steps=description["num_steps"],
            accuracy=description["accuracy"],
            trains=file["trains"],
            output_spikes=file["output_spikes"],
        )


def _layer(entry: dict[str, Any], weight: Floats) -> Layer:
    # JSON has lists for tuples.
    settings: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in entry.items()}
    return Layer(weight=weight, **settings)
