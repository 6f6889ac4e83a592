"""What a peer's script has to say about its package. Needs NumPy only."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from numpy.typing import NDArray


@dataclass(frozen=True)
class Setting:
    """How a peer is run.

    Attributes:
        batch_size: Images that are simulated at once.
        variant: One of the peer's own ways.
        streams: Batches that run side by side, each with its share of the threads.
    """

    batch_size: int
    variant: str
    streams: int = 1

    def to_json(self) -> str:
        """Return the setting for a command line."""
        return json.dumps(asdict(self))


class Simulator(ABC):
    """The network of a problem in a peer's terms, for batches of one size."""

    # Seconds of the last call of `counts` as the peer itself counts them, for peers whose
    # start-up would otherwise be held against them; None: the clock on the wall counts.
    own_seconds: float | None = None

    def batch(self, problem: Any, part: slice) -> NDArray[Any]:
        """Return what `counts` is given for some images of a problem."""
        batch: NDArray[Any] = problem.batch(part)
        return batch

    @abstractmethod
    def counts(self, probability: NDArray[Any]) -> NDArray[Any]:
        """Draw spikes and simulate them.

        Args:
            probability: Of an input's spike in each step, (batch_size, *input_shape); of a graph,
                what its `batch` returns.

        Returns:
            Spikes of each output neuron, (batch_size, num_classes); of a graph that ends in a
            readout, its potentials.
        """

    def replay(self, trains: NDArray[Any]) -> NDArray[Any]:
        """Simulate spike trains that are given.

        Args:
            trains: (num_steps, num_samples, *input_shape); of a graph, what its
                `batch` returns.

        Returns:
            Output spikes, (num_steps, num_samples, num_classes); of a graph, what `counts` returns.
        """
        raise NotImplementedError(
            f"{type(self).__name__} takes no spikes: its Peer must say equal_spikes=False"
        )


@dataclass(frozen=True)
class Peer:
    """A package, or generic code, that simulates the networks of `Problem` or `GraphProblem`.

    Attributes:
        name: Name in the registry.
        packages: Distributions whose versions decide its speed.
        prepare: Makes a simulator for a problem, a setting and a seed.
        batch_sizes: Batch sizes to try.
        variants: Ways to try, the likeliest first.
        image_variants: Further ways, for networks with layers that read images.
        in_streams: Whether several batches may run side by side on threads of the process.
        equal_spikes: Whether it must give the spikes of pysnn, one by one, where it is fed the
            same spike trains.
        same_network: Whether it must have about as many images right as pysnn.
        graphs: Whether it is for `GraphProblem`.
        trial_images: About how many images a candidate of the search simulates.
    """

    name: str
    packages: tuple[str, ...]
    prepare: Callable[[Any, Setting, int], Simulator]
    batch_sizes: tuple[int, ...] = (50, 100, 250)
    variants: tuple[str, ...] = ("plain",)
    image_variants: tuple[str, ...] = ()
    in_streams: bool = True
    equal_spikes: bool = True
    same_network: bool = True
    graphs: bool = False
    trial_images: int = 200
