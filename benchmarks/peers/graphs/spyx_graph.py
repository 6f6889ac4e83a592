"""Graphs in spyx: its IF neurons under jax.jit and jax.lax.scan, residual sums by hand.

spyx's IF fires for the potential before a step's currents. It is given the potential with them, and
no currents: so it does what ours does. What resets to zero is reset by hand.
"""

# mypy: disable-error-code="import-not-found, no-any-return"

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import spyx.nn
from graphs.graph import INPUT, GraphProblem, Population, Projection
from numpy.typing import NDArray
from numpy_network import channel_last, in_batches, moved
from peer import Setting, Simulator

# Makes currents of the spikes of a source.
Part = Callable[[Any], Any]
IMAGES = ("NHWC", "HWIO", "NHWC")


def at_threshold(distance: Any) -> Any:
    """Return the spikes of potentials by their distance to the threshold, which fires too."""
    return (distance >= 0).astype(jnp.float32)


def last(values: NDArray[Any]) -> Any:
    """Return numbers of neurons with their channels last."""
    return jnp.asarray(np.moveaxis(values, 0, -1) if values.ndim == 3 else values)


def shortcut(projection: Projection) -> Part:
    """Return what passes channels on."""
    weight, (rows, columns) = jnp.asarray(projection.weight), projection.stride
    first = projection.first_channel
    rest = projection.output_shape[0] - first - len(projection.weight)

    def run(spikes: Any) -> Any:
        passed = spikes[:, ::rows, ::columns] * weight
        return jnp.pad(passed, ((0, 0), (0, 0), (0, 0), (first, rest)))

    return run


class SpyxGraph(Simulator):
    """The whole simulation of a batch as one compiled function.

    Args:
        problem: The network.
        setting: Variant "steps" runs all populations in every step, "layers" all steps of a
            population before the next one.
        seed: Not read; nothing is drawn.
        part: Makes what turns spikes into currents, of a projection and its source's shape.
    """

    def __init__(
        self,
        problem: GraphProblem,
        setting: Setting,
        seed: int,
        part: Callable[[Projection, tuple[int, ...]], Part],
    ) -> None:
        del seed
        self._problem = problem
        self._size = setting.batch_size
        self._parts = {
            each.name: [
                shortcut(projection)
                if projection.kind == "identity"
                else part(projection, problem.shape_of(projection.source))
                for projection in each.projections
            ]
            for each in problem.populations
        }
        self._biases = {each.name: last(each.bias) for each in problem.populations}
        self._neurons = {
            each.name: spyx.nn.IF(channel_last(each.shape), each.threshold, at_threshold)
            for each in problem.populations
        }
        self._run = jax.jit(self._layers if setting.variant == "layers" else self._steps)

    def counts(self, probability: NDArray[Any]) -> NDArray[Any]:
        if self._problem.is_constant:
            drive = moved(probability)
        else:
            drive = np.ascontiguousarray(np.moveaxis(probability.swapaxes(0, 1), 2, -1))
        return np.asarray(self._run(jnp.asarray(drive)))

    def replay(self, trains: NDArray[Any]) -> NDArray[Any]:
        return in_batches(self.counts, trains, self._size)

    def _gain(self, population: Population, values: dict[str, Any], times: int = 1) -> Any:
        parts = zip(population.projections, self._parts[population.name], strict=True)
        total = sum(part(values[projection.source]) for projection, part in parts)
        return total + times * self._biases[population.name]

    def _start(self, population: Population, size: int) -> Any:
        initial = last(population.initial_potential)
        return jnp.broadcast_to(initial, (size, *channel_last(population.shape)))

    def _fire(self, population: Population, v: Any) -> tuple[Any, Any]:
        spikes, after = self._neurons[population.name](0.0, v)
        return spikes, after if population.subtracts else jnp.where(spikes > 0, 0.0, v)

    def _steps(self, drive: Any) -> Any:
        problem, constant = self._problem, self._problem.is_constant

        def step(carry: Any, inputs: Any) -> tuple[Any, None]:
            potentials, total = carry
            values, after = {INPUT: inputs}, []
            for index, population in enumerate(problem.populations):
                given = constant and index == 0
                v = potentials[index] + (drive if given else self._gain(population, values))
                if population.fires:
                    values[population.name], v = self._fire(population, v)
                after.append(v)
            return (after, total + values.get(problem.populations[-1].name, 0.0)), None

        start = [self._start(each, self._size) for each in problem.populations]
        trains = None if constant else drive.astype(jnp.float32)
        first = (start, jnp.zeros((self._size, problem.num_classes)))
        potentials, total = jax.lax.scan(step, first, trains, length=problem.num_steps)[0]
        return total if problem.populations[-1].fires else potentials[-1]

    def _layers(self, drive: Any) -> Any:
        problem, steps, values = self._problem, self._problem.num_steps, {}
        if not problem.is_constant:
            values[INPUT] = drive.astype(jnp.float32).reshape(-1, *drive.shape[2:])
        for index, population in enumerate(problem.populations):
            start = self._start(population, self._size)
            if not population.fires:
                sums = {name: self._by_step(each).sum(0) for name, each in values.items()}
                return start + self._gain(population, sums, steps)
            given = problem.is_constant and index == 0
            gains = None if given else self._by_step(self._gain(population, values))

            def step(v: Any, gain: Any, population: Population = population) -> tuple[Any, Any]:
                spikes, v = self._fire(population, v + (drive if gain is None else gain))
                return v, spikes

            spikes = jax.lax.scan(step, start, gains, length=steps)[1]
            values[population.name] = spikes.reshape(-1, *spikes.shape[2:])
        return spikes.sum(0)

    def _by_step(self, values: Any) -> Any:
        return values.reshape(self._problem.num_steps, self._size, *values.shape[1:])
