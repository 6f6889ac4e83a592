"""What every method of finding scales must have, takes and gives."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ... import _core
from ...network import Network

Variant = Literal["correct", "released"]


@dataclass(frozen=True, eq=False)
class ScaleSettings:
    """Checked arguments of a method; a method reads those that it names in `ScaleMethod.reads`.

    Attributes:
        x: Samples in [0, 1], at least one, (num_samples, *input_shape); None where none are read.
        variant: As for `pysnn.normalize`.
        include_last: As for `pysnn.normalize`.
        batch_size: Samples that are computed at a time.
        num_threads: Threads of the core; 0 for the default.
        progress: As for `pysnn.normalize`.
    """

    x: NDArray[np.float32] | None
    variant: Variant
    include_last: bool
    batch_size: int
    num_threads: int
    progress: bool | None


@dataclass(frozen=True, eq=False)
class Scales:
    """The scales of a network's nodes, in the order of the nodes.

    Attributes:
        scale_factor: For each node, the activation of the original network that 1 stands for in
            the normalized one: one number, (1,), or one per output channel.
        applied_factor: What the weights of each node were divided by, likewise; 1 for nodes
            without weights, and empty where the channels of the source have several scales.
    """

    scale_factor: tuple[NDArray[np.float64], ...]
    applied_factor: tuple[NDArray[np.float64], ...]

    @classmethod
    def from_core(cls, factors: _core.Normalization) -> Scales:
        """Return the scales that the core found."""
        return cls(
            tuple(np.array(each) for each in factors.scale_factor),
            tuple(np.array(each) for each in factors.applied_factor),
        )


class ScaleMethod(ABC):
    """A way of finding the scales of a network's nodes."""

    @property
    @abstractmethod
    def reads(self) -> frozenset[str]:
        """Which of ``x``, ``variant`` and ``include_last`` have an effect."""

    @abstractmethod
    def find(self, network: Network, settings: ScaleSettings) -> Scales:
        """Return the scales.

        Raises:
            ValueError: A node's scale would be 0.
        """
