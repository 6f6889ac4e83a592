"""The one list of problems that benchmarks run: networks, images, input rates, numbers of steps.

`pick` finds cases by name for a command line. To add a network, write a `Source` (where the
network and its images come from) and put a `Case` of it into `CASES`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

import pysnn
from pysnn.datasets import Mnist
from pysnn.spiking import Precision

DT = 1e-3  # s, of every case

# `train.py` fills the first folder; `pysnn reproduce`, run in the root, leaves the second.
FOLDERS = (
    Path(__file__).resolve().parent / "networks",
    Path(__file__).resolve().parents[1] / "report",
)


class Images(NamedTuple):
    """What a network is shown."""

    x: NDArray[np.float32]  # (num_images, *input_shape), in [0, 1]
    y: NDArray[np.uint8] | None  # labels, (num_images,); None where there is no right answer


class Source(Protocol):
    """Where a network and its images come from."""

    @property
    def key(self) -> str:
        """Short name, for files and command lines."""
        ...

    @property
    def title(self) -> str:
        """Name for tables."""
        ...

    def spiking_network(
        self, mnist: Mnist, *, precision: Precision = "float32"
    ) -> pysnn.SpikingNetwork:
        """Return the network, ready to be simulated."""
        ...

    def images(self, mnist: Mnist) -> Images:
        """Return the images to simulate."""
        ...


@dataclass(frozen=True)
class TrainedOnMnist:
    """A trained network on the MNIST test images, after data-based normalization.

    Weights are trained, because spikes per image, and with them the work, depend on training.

    Attributes:
        key: Short name; the model file is ``<key>.safetensors``.
        title: Name for tables.
    """

    key: str
    title: str

    def network(self) -> pysnn.Network:
        """Load the trained ReLU network.

        Raises:
            SystemExit: It has not been trained; says how to.
        """
        for folder in FOLDERS:
            path = folder / f"{self.key}.safetensors"
            if path.exists():
                loaded = pysnn.load(path)
                if not isinstance(loaded, pysnn.Network):
                    raise TypeError(f"{path} holds a {type(loaded).__name__}, expected a Network")
                return loaded
        raise SystemExit(f"{self.title} is not trained yet; run: python benchmarks/train.py")

    def spiking_network(
        self, mnist: Mnist, *, precision: Precision = "float32"
    ) -> pysnn.SpikingNetwork:
        """Return the network, normalized on 5,000 training images."""
        return pysnn.convert(
            self.network(), method="data", x=mnist.x_train[:5000], precision=precision
        )

    def images(self, mnist: Mnist) -> Images:
        """Return the test images with their labels."""
        return Images(mnist.x_test, mnist.y_test)


@dataclass(frozen=True)
class Case:
    """A spiking network with its images, input rate and number of steps.

    Attributes:
        source: Where network and images come from.
        max_rate: Input rate of an intensity of 1 in Hz.
        num_steps: Steps of `DT`.
    """

    source: Source
    max_rate: float
    num_steps: int

    @property
    def key(self) -> str:
        """Name for command lines, such as ``fcn-1000hz-100``."""
        return f"{self.source.key}-{self.max_rate:.0f}hz-{self.num_steps}"

    @property
    def name(self) -> str:
        """What tables call the network."""
        return self.source.title

    @property
    def duration(self) -> float:
        """Simulated time in s."""
        return self.num_steps * DT

    def spiking_network(
        self, mnist: Mnist, *, precision: Precision = "float32"
    ) -> pysnn.SpikingNetwork:
        """Return the network, ready to be simulated."""
        return self.source.spiking_network(mnist, precision=precision)

    def images(self, mnist: Mnist) -> Images:
        """Return the images to simulate."""
        return self.source.images(mnist)


FCN = Case(TrainedOnMnist("fcn", "FCN 784-1200-1200-10"), 1000.0, 100)
CONVNET = Case(TrainedOnMnist("convnet", "ConvNet 12c5-2s-64c5-2s-10o"), 1000.0, 100)
CASES: tuple[Case, ...] = tuple(
    replace(case, max_rate=rate, num_steps=num_steps)
    for num_steps in (100, 500)
    for case in (FCN, CONVNET)
    for rate in (1000.0, 200.0)
)


def pick(names: Sequence[str]) -> list[Case]:
    """Return the cases whose key begins with one of the names; all cases for no names.

    Raises:
        SystemExit: A name fits no case.
    """
    for name in names:
        if not any(case.key.startswith(name) for case in CASES):
            keys = ", ".join(case.key for case in CASES)
            raise SystemExit(f"no case begins with {name!r}; there are {keys}")
    return [case for case in CASES if not names or case.key.startswith(tuple(names))]
