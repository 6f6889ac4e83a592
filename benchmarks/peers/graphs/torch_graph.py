"""Graphs in PyTorch: synapses as modules, and two ways through steps and populations."""

# mypy: disable-error-code="import-not-found, misc, no-any-return, untyped-decorator"

from __future__ import annotations

import functools
from abc import abstractmethod
from collections.abc import Callable
from typing import Any

import torch
from graphs.graph import INPUT, GraphProblem, Population, Projection
from numpy.typing import NDArray
from peer import Setting, Simulator
from torch import nn
from torch_network import CHANNELS_LAST, COMPILED, compiled, layout, synapse_module

# A word of a variant's name: all steps of a population before the next one.
LAYERS = "layers"
UNROLLED = 8  # steps; the compiler takes minutes for all of them


class Currents(nn.Module):
    """What the sources and the bias of a population give to it, (n, *shape) from (n, ...).

    Args:
        population: The population.
        linear: Class to use in place of PyTorch's own.
        conv: Likewise.
    """

    def __init__(
        self, population: Population, linear: Any = nn.Linear, conv: Any = nn.Conv2d
    ) -> None:
        super().__init__()
        self._shape = population.shape
        # Shortcuts are added to the sum of a product.
        self._projections = sorted(population.projections, key=lambda each: each.kind == "identity")
        self._parts = nn.ModuleList(
            Shortcut(each) if each.kind == "identity" else synapse_module(each, linear, conv)
            for each in self._projections
        )
        bias = torch.from_numpy(population.bias.copy())
        self.register_buffer("_bias", bias if bool(bias.any()) else None)
        first = self._projections[0]
        channels = (first.weight.shape[0], *(1 for _ in population.shape[1:]))
        if first.kind in ("conv", "linear") and bias.shape in ((), channels):
            # A product adds a bias for nothing.
            values = bias.flatten().expand(channels[0]).clone()
            self._parts[0].bias = nn.Parameter(values, requires_grad=False)
            self._bias = None

    def forward(self, values: dict[str, Any]) -> Any:
        """Return currents from the spikes of the sources by name."""
        total = None
        for projection, part in zip(self._projections, self._parts, strict=True):
            source = values[projection.source]
            if projection.kind == "identity":
                total = part(source, total)
                continue
            source = source.flatten(1) if projection.kind == "linear" else source
            found = part(source).unflatten(1, self._shape[:1])
            total = found if total is None else total + found
        return total if self._bias is None else total + self._bias


class Shortcut(nn.Module):
    """Adds weighted channels of a source to some channels of a sum."""

    def __init__(self, projection: Projection) -> None:
        super().__init__()
        self._stride = projection.stride
        self._channels = slice(
            projection.first_channel, projection.first_channel + len(projection.weight)
        )
        weight = torch.from_numpy(projection.weight.copy())
        self.register_buffer("_weight", weight[:, None, None])

    def forward(self, source: Any, total: Any) -> Any:
        """Return the sum, which is changed in place."""
        if total is None:
            raise SystemExit("a population with nothing but shortcuts is not run")
        passed = source[:, :, :: self._stride[0], :: self._stride[1]]
        total[:, self._channels].addcmul_(passed, self._weight)
        return total


class GraphSimulator(Simulator):
    """What the ways have in common: what drives the first population, and the output's sum.

    Args:
        problem: The network.
        setting: Its variant may hold `CHANNELS_LAST`.
        linear: Class to use in place of PyTorch's own.
        conv: Likewise.
    """

    def __init__(
        self,
        problem: GraphProblem,
        setting: Setting,
        linear: Any = nn.Linear,
        conv: Any = nn.Conv2d,
    ) -> None:
        self.problem = problem
        self.setting = setting
        modules = nn.ModuleList(Currents(each, linear, conv) for each in problem.populations)
        if CHANNELS_LAST in setting.variant:
            modules = modules.to(memory_format=torch.channels_last)
        self.currents = modules.eval().requires_grad_(False)
        self.starts = [
            torch.from_numpy(each.initial_potential.copy()) for each in problem.populations
        ]

    @torch.inference_mode()
    def counts(self, probability: NDArray[Any]) -> NDArray[Any]:
        drive = torch.from_numpy(probability)
        if self.problem.is_constant:
            drive = layout(drive, self.setting)
        else:
            drive = drive.transpose(0, 1).float()
        return self.outputs(drive).numpy()

    def replay(self, trains: NDArray[Any]) -> NDArray[Any]:
        return self.counts(trains)

    def start(self, index: int, batch_size: int) -> Any:
        """Return membrane potentials of a population before the first step."""
        shape = (batch_size, *self.problem.populations[index].shape)
        return layout(self.starts[index].expand(shape).contiguous(), self.setting)

    @abstractmethod
    def outputs(self, drive: Any) -> Any:
        """Return the outputs after all steps, (batch_size, num_classes).

        Args:
            drive: Currents of the first population with its bias, (batch_size, *shape), or the
                spikes of the input, (num_steps, batch_size, *input_shape).
        """


def fire(threshold: float, subtracts: bool, v: Any) -> tuple[Any, Any]:
    """Return spikes and membrane potentials after them."""
    fired = v >= threshold
    spikes = fired.to(v.dtype)
    if subtracts:
        return spikes, v - spikes * threshold
    return spikes, torch.where(fired, 0.0, v)


class StepGraph(GraphSimulator):
    """All populations in every step, as one function, compiled if the variant says so."""

    def __init__(self, problem: GraphProblem, setting: Setting, seed: int) -> None:
        del seed
        super().__init__(problem, setting)
        self._step = compiled(self._plain, setting) if COMPILED in setting.variant else self._plain

    def outputs(self, drive: Any) -> Any:
        problem = self.problem
        size = drive.shape[0 if problem.is_constant else 1]
        potentials = [self.start(index, size) for index in range(len(problem.populations))]
        total = torch.zeros(size, problem.num_classes)
        for step in range(problem.num_steps):
            given = drive if problem.is_constant else layout(drive[step], self.setting)
            total, potentials = self._step(given, total, potentials)
        return total if problem.populations[-1].fires else potentials[-1]

    def _plain(self, drive: Any, total: Any, potentials: list[Any]) -> tuple[Any, list[Any]]:
        constant = self.problem.is_constant
        values = {} if constant else {INPUT: drive}
        after = []
        for index, population in enumerate(self.problem.populations):
            given = constant and index == 0
            v = potentials[index] + (drive if given else self.currents[index](values))
            if population.fires:
                rule = population.threshold, population.subtracts
                values[population.name], v = fire(*rule, v)
            after.append(v)
        return total + values.get(self.problem.populations[-1].name, 0), after


# From currents, (num_steps, batch_size, ...), and potentials before them to spikes in their shape.
Neuron = Callable[[Any, Any], Any]


class LayersGraph(GraphSimulator):
    """All steps of a population before the next one: products see steps and images as one axis.

    Args:
        problem: The network.
        setting: How to run it.
        neuron: Makes the neurons of a population.
        time_axis: Of the axes of steps and images, 0 or 1, the one of steps.
    """

    def __init__(
        self,
        problem: GraphProblem,
        setting: Setting,
        neuron: Callable[[Population], Neuron],
        time_axis: int = 0,
        **classes: Any,
    ) -> None:
        super().__init__(problem, setting, **classes)
        self._neurons = [neuron(each) for each in problem.populations if each.fires]
        self._last_readers = problem.last_readers()
        self._time_axis = time_axis

    def outputs(self, drive: Any) -> Any:
        problem, axis, steps = self.problem, self._time_axis, self.problem.num_steps
        size = drive.shape[0 if problem.is_constant else 1]
        axes = (steps, size) if axis == 0 else (size, steps)
        values: dict[str, Any] = {}
        if not problem.is_constant:
            trains = drive if axis == 0 else drive.transpose(0, 1)
            values[INPUT] = layout(trains.flatten(0, 1), self.setting)
        for index, population in enumerate(problem.populations):
            if not population.fires:
                return self._readout(index, values, axes)
            if problem.is_constant and index == 0:
                currents = drive.unsqueeze(axis).expand(*axes, *population.shape)
            else:
                currents = self.currents[index](values).unflatten(0, axes)
            for source in self._last_readers[population.name]:
                values.pop(source, None)
            spikes = self._neurons[index](currents, self.start(index, size))
            values[population.name] = spikes.flatten(0, 1)
        return spikes.sum(axis)

    def _readout(self, index: int, values: dict[str, Any], axes: tuple[int, int]) -> Any:
        """Return the potentials of a readout from the sums of its sources' spikes."""
        axis = self._time_axis
        sums = {name: each.unflatten(0, axes).sum(axis) for name, each in values.items()}
        bias = torch.from_numpy(self.problem.populations[index].bias)
        once = self.currents[index](sums)
        return self.starts[index] + once + (axes[axis] - 1) * bias


def scan(population: Population) -> Neuron:
    """Return neurons that are updated step by step in place."""

    def run(currents: Any, v: Any) -> Any:
        spikes = torch.empty_like(currents)
        for now, out in zip(currents, spikes, strict=True):
            v += now
            torch.ge(v, population.threshold, out=out)
            if population.subtracts:
                v.sub_(out, alpha=population.threshold)
            else:
                v.masked_fill_(out.bool(), 0)
        return spikes

    return run


def compiled_scans() -> Callable[[Population], Neuron]:
    """Return what makes neurons that torch.compile has unrolled over some steps at a time."""

    @functools.cache
    def part_of(threshold: float, subtracts: bool) -> Callable[[Any, Any, Any], Any]:
        def run(currents: Any, v: Any, spikes: Any) -> Any:
            for step in range(len(currents)):
                spikes[step], v = fire(threshold, subtracts, v + currents[step])
            return v

        # Once for all populations and batches, as rows of any length.
        return torch.compile(run, dynamic=True)

    def neuron(population: Population) -> Neuron:
        part = part_of(population.threshold, population.subtracts)

        def run(currents: Any, v: Any) -> Any:
            # In this order images with their channels last are rows without a copy.
            last = currents.ndim == 5 and currents.stride(2) < currents.stride(4)
            if last:
                currents, v = currents.permute(0, 1, 3, 4, 2), v.permute(0, 2, 3, 1)
            rows, v = currents.reshape(len(currents), -1), v.reshape(-1)
            spikes = torch.empty_like(rows)
            for first in range(0, len(rows), UNROLLED):
                chunk = slice(first, first + UNROLLED)
                v = part(rows[chunk], v, spikes[chunk])
            spikes = spikes.view(currents.shape)
            return spikes.permute(0, 1, 4, 2, 3) if last else spikes

        return run

    return neuron


def torch_graph(problem: GraphProblem, setting: Setting, seed: int) -> GraphSimulator:
    """Return the simulator of a variant."""
    if LAYERS not in setting.variant:
        return StepGraph(problem, setting, seed)
    if COMPILED in setting.variant:
        return LayersGraph(problem, setting, compiled_scans())
    return LayersGraph(problem, setting, scan)
