"""The one list of problems that benchmarks run: networks, input rates and numbers of steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pysnn
from pysnn.datasets import Mnist

# Where `pysnn reproduce`, run in the root of the repository, leaves its trained networks.
TRAINED = Path(__file__).resolve().parents[1] / "report"


@dataclass(frozen=True)
class Case:
    """A spiking network on MNIST images.

    Attributes:
        name: What tables call it.
        build: Makes the ReLU network; weights are trained, because spikes per image, and with them
            the work, depend on training.
        model_file: File of the network as `pysnn reproduce` trains it, taken where it exists.
        max_rate: Input rate of a white pixel in Hz.
        num_steps: Steps of 1 ms.
    """

    name: str
    build: Callable[[], pysnn.Network]
    model_file: str
    max_rate: float
    num_steps: int

    def network(self, mnist: Mnist) -> pysnn.Network:
        """Load the network that `pysnn reproduce` has left, or train one for an epoch."""
        path = TRAINED / self.model_file
        if path.exists():
            loaded = pysnn.load(path)
            if not isinstance(loaded, pysnn.Network):
                raise TypeError(f"{path} holds a {type(loaded).__name__}, expected a Network")
            return loaded
        network = self.build()
        pysnn.train(
            network,
            mnist.x_train,
            mnist.y_train,
            epochs=1,
            batch_size=100,
            learning_rate=0.05,
            momentum=0.9,
            dropout=0.0,
            loss="softmax_cross_entropy",
        )
        return network

    def spiking_network(self, mnist: Mnist) -> pysnn.SpikingNetwork:
        """Return the network after data-based normalization on 5,000 training images."""
        return pysnn.convert(self.network(mnist), method="data", x=mnist.x_train[:5000])


FCN = Case("FCN 784-1200-1200-10", pysnn.models.diehl2015_fcn, "fcn.safetensors", 1000.0, 100)
CONVNET = Case(
    "ConvNet 12c5-2s-64c5-2s-10o",
    pysnn.models.diehl2015_convnet,
    "convnet.safetensors",
    1000.0,
    100,
)
CASES = (FCN, CONVNET)
