"""A network that is no chain as a file: what a peer is asked to simulate. Needs NumPy only.

Populations have any number of sources, biases, initial potentials and either reset, and the last
one may be a readout, which adds up its currents and never fires. They are updated in order, without
delay: ``v += current``, a spike where ``v >= threshold``, then ``v -= threshold`` or ``v = 0``.
Weights and biases are those that pysnn has rounded, so that their sums are exact in float32 in any
order.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from graphs.synapses import product
from numpy.typing import NDArray
from problem import Floats, Problem, Synapses, load_problem

INPUT = "input"
ARRAYS = ("inputs", "grid", "labels", "predictions", "expected")
# Of the largest output: sums that go beyond the grid are rounded in the order they are made in.
TOLERANCE = 1e-5


@dataclass(frozen=True, eq=False, kw_only=True)
class Projection(Synapses):
    """Synapses with the name of what they come from.

    Attributes:
        source: `INPUT` or the name of an earlier population.
    """

    source: str


@dataclass(frozen=True, eq=False)
class Population:
    """Neurons that share their rule and their sources.

    Numbers of neurons are single ones, one per channel, (channels, 1, 1), or one per neuron, so
    that they stretch to the population's shape.

    Attributes:
        name: Unique in the network.
        shape: (num_neurons,) or (channels, height, width).
        fires: False for a readout.
        subtracts: Whether a spike takes the threshold off the membrane potential; it is reset to
            zero otherwise.
        threshold: Membrane potential at which all of its neurons fire.
        initial_potential: Membrane potential before the first step.
        bias: What is added in every step.
        projections: What feeds it.
    """

    name: str
    shape: tuple[int, ...]
    fires: bool
    subtracts: bool
    threshold: float
    initial_potential: Floats
    bias: Floats
    projections: tuple[Projection, ...]

    @property
    def reads_input(self) -> bool:
        """Whether it has synapses from the input."""
        return any(each.source == INPUT for each in self.projections)


@dataclass(frozen=True, eq=False)
class GraphProblem:
    """A network of populations, its images, and the answers of pysnn.

    Attributes:
        name: Name of the network.
        populations: In the order in which they are updated; the last one is the output.
        inputs: Images as rates, (num_images, *input_shape), whose mean currents every step brings
            to the first population, which alone reads them; or spike trains, bool (num_images,
            num_steps, *input_shape).
        grid: Power of two that those currents are rounded to, as `Population`'s numbers.
        labels: Right answers, (num_images,).
        predictions: What pysnn predicts, (num_images,).
        num_steps: Steps that each image is shown for.
        expected: What pysnn has for the first images: final potentials of a readout, or spikes of
            each output neuron, (num_replayed, num_classes).
        extra: What peers convert by themselves: tensors of a ReLU network by name, "calibration",
            images, and "input_scale", what a rate of 1 stands for in images.
    """

    name: str
    populations: tuple[Population, ...]
    inputs: NDArray[Any]
    grid: Floats
    labels: NDArray[np.int64]
    predictions: NDArray[np.int64]
    num_steps: int
    expected: NDArray[np.float64]
    extra: dict[str, NDArray[Any]]

    has_images = True

    @property
    def is_constant(self) -> bool:
        """Whether images are the same current in every step."""
        return self.inputs.dtype != np.bool_

    @property
    def num_images(self) -> int:
        """Number of images."""
        return len(self.inputs)

    @property
    def input_shape(self) -> tuple[int, ...]:
        """Shape of an image."""
        return tuple(self.inputs.shape[1 if self.is_constant else 2 :])

    @property
    def num_classes(self) -> int:
        """Number of output neurons."""
        return self.populations[-1].shape[0]

    @property
    def trains(self) -> NDArray[Any]:
        """What the test of equality gives to simulators."""
        return self.batch(slice(len(self.expected)))

    def batch(self, part: slice) -> NDArray[Any]:
        """Return what drives the network for some images.

        Returns:
            The currents of the first population, bias included, (batch_size, *shape), which are the
            same in every step; or spike trains, (batch_size, num_steps, *input_shape).
        """
        if not self.is_constant:
            return self.inputs[part]
        first = self.populations[0]
        # Exact: integers of 48 bits and few of them, so that every peer has pysnn's currents.
        sums = product(first.projections[0], self.inputs[part].astype(np.float64))
        sums /= self.grid
        np.rint(sums, out=sums)
        sums *= self.grid
        sums += first.bias
        return sums.astype(np.float32)

    @property
    def accuracy(self) -> float:
        """Share of the images that pysnn has right."""
        return float((self.predictions == self.labels).mean())

    def shape_of(self, source: str) -> tuple[int, ...]:
        """Return the shape of the input or of a population."""
        if source == INPUT:
            return self.input_shape
        return next(each.shape for each in self.populations if each.name == source)

    def last_readers(self) -> dict[str, list[str]]:
        """Return, for each population, the sources that nobody reads after it."""
        last: dict[str, str] = {}
        for population in self.populations:
            last |= {each.source: population.name for each in population.projections}
        return {
            population.name: [
                source for source, reader in last.items() if reader == population.name
            ]
            for population in self.populations
        }

    def wrong(self, outputs: NDArray[Any]) -> int:
        """Return how many of the outputs made of `trains` are not pysnn's."""
        apart = np.abs(outputs - self.expected)
        return int((apart > TOLERANCE * np.abs(self.expected).max()).sum())


AnyProblem = Problem | GraphProblem

# Batches to try: of these networks all steps of a batch may be in memory at once.
BATCH_SIZES = (1, 2, 4, 8, 16, 20, 50)
TRIAL_IMAGES = 40


def save_graph(problem: GraphProblem, path: str | os.PathLike[str]) -> None:
    """Write a problem to an ``.npz`` file."""
    arrays: dict[str, NDArray[Any]] = {name: getattr(problem, name) for name in ARRAYS}
    arrays |= {f"extra {name}": array for name, array in problem.extra.items()}
    populations = []
    for index, population in enumerate(problem.populations):
        arrays[f"initial_potential {index}"] = population.initial_potential
        arrays[f"bias {index}"] = population.bias
        for number, projection in enumerate(population.projections):
            arrays[f"weight {index} {number}"] = projection.weight
        populations.append(_without_arrays(asdict(population)))
    description = {"name": problem.name, "num_steps": problem.num_steps, "graph": populations}
    np.savez(path, description=np.array(json.dumps(description)), allow_pickle=False, **arrays)


def _without_arrays(entry: dict[str, Any]) -> dict[str, Any]:
    kept = {key: each for key, each in entry.items() if not isinstance(each, np.ndarray)}
    if "projections" in kept:
        kept["projections"] = [_without_arrays(each) for each in kept["projections"]]
    return kept


def load_any(path: str | os.PathLike[str]) -> AnyProblem:
    """Read what `save_graph` or `save_problem` has written."""
    with np.load(path, allow_pickle=False) as file:
        description = json.loads(str(file["description"]))
        if "graph" not in description:
            return load_problem(path)
        return GraphProblem(
            name=description["name"],
            num_steps=description["num_steps"],
            populations=tuple(
                _population(entry, index, file) for index, entry in enumerate(description["graph"])
            ),
            extra={
                name.removeprefix("extra "): file[name]
                for name in file.files
                if name.startswith("extra ")
            },
            **{name: file[name] for name in ARRAYS},
        )


def _population(entry: dict[str, Any], index: int, file: Mapping[str, NDArray[Any]]) -> Population:
    projections = tuple(
        Projection(weight=file[f"weight {index} {number}"], **_tuples(each))
        for number, each in enumerate(entry.pop("projections"))
    )
    return Population(
        initial_potential=file[f"initial_potential {index}"],
        bias=file[f"bias {index}"],
        projections=projections,
        **_tuples(entry),
    )


def _tuples(entry: dict[str, Any]) -> dict[str, Any]:
    # JSON has lists for tuples.
    return {key: tuple(each) if isinstance(each, list) else each for key, each in entry.items()}
