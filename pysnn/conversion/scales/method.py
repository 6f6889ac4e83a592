"""What every method of finding scales must have, takes and gives."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from ... import _core
from ...network import Network
from ..folding import FoldedNetwork, FoldedPopulation
from ..folding.linear_map import Doubles

Variant = Literal["correct", "released"]
Per = Literal["layer", "channel"]

DEFAULT_PERCENTILE = 99.9
"""Percentage of values that a scale covers, where none is given (Rueckauer et al. 2017)."""

DEFAULT_NUM_STEPS = 32
"""Steps of conversions that are for a number of them, where none is given."""

DEFAULT_NUM_UPDATES = 400
"""Batches that balance scales, where none is given; the authors take ten times as many."""


def no_shift(population: str) -> float:
    """Return 0: neurons begin at 0."""
    return 0.0


@dataclass(frozen=True, eq=False)
class ScaleSettings:
    """Checked arguments of a method; a method reads those that it names in `ScaleMethod.reads`.

    Attributes:
        x: Samples, at least one, (num_samples, *input_shape); None where none are read.
        variant: As for `pysnn.normalize`.
        include_last: As for `pysnn.normalize`.
        batch_size: Samples that are computed at a time.
        num_threads: Threads of the core; 0 for the default.
        progress: As for `pysnn.normalize`.
        per: Whether a population or each of its channels has a scale.
        percentile: Percentage of the values that a scale covers.
        num_steps: Steps that the scales are meant for.
        num_updates: Batches that balance the scales.
        shift: Initial potential in thresholds, by name of a population that is cut off at 0.
    """

    x: NDArray[np.float32] | None
    variant: Variant
    include_last: bool
    batch_size: int
    num_threads: int
    progress: bool | None
    per: Per = "layer"
    percentile: float = DEFAULT_PERCENTILE
    num_steps: int = DEFAULT_NUM_STEPS
    num_updates: int = DEFAULT_NUM_UPDATES
    shift: Callable[[str], float] = no_shift


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


@dataclass(frozen=True, eq=False)
class Sources:
    """What is known of the sources of a population when its scale is looked for.

    Attributes:
        bounds: What the input and each earlier population can be at most.
        signed: Those of them that may be negative.
    """

    bounds: Mapping[str, float]
    signed: frozenset[str]


class PopulationScale(Protocol):
    """Finds the scale of a population that is no pool: one number, (1,), or one per channel."""

    def __call__(self, population: FoldedPopulation, sources: Sources) -> Doubles:
        """Return the scale."""


class ScaleMethod(ABC):
    """A way of finding the scales of populations.

    Attributes:
        optional: Those of `reads` that it does without.
        per: Of methods that read ``per``: what has a scale unless told otherwise.
    """

    optional: frozenset[str] = frozenset()
    per: Per = "layer"

    @property
    @abstractmethod
    def reads(self) -> frozenset[str]:
        """Which of the arguments that not all methods read it does: ``x``, ``variant``, ...

        ``include_last``, ``per``, ``percentile``, ``num_steps`` and ``num_updates`` are the others.
        """

    @abstractmethod
    def of_populations(
        self, network: Network, folded: FoldedNetwork, settings: ScaleSettings
    ) -> PopulationScale:
        """Return what finds the scales of a folded network's populations, one after the other.

        Args:
            network: The network that was folded.
            folded: Its populations.
            settings: What the method reads.
        """


class PaperMethod(ScaleMethod):
    """A method of the paper, which scales the weights of a chain as they stand, too."""

    @abstractmethod
    def find(self, network: Network, settings: ScaleSettings) -> Scales:
        """Return the scales of the nodes of a chain.

        Raises:
            ValueError: A node's scale would be 0.
        """
