"""NumPy: one matrix product per layer, the loop over steps in Python.

Generic code, not a package for spiking networks. Variants: "steps" runs all layers in every step,
"layers" runs all steps of a layer before the next one, with one product for all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import harness
import numpy as np
from numpy.typing import NDArray
from numpy_network import channel_last, layers_currents, moved
from peer import Peer, Setting, Simulator
from problem import Floats, Problem, Spikes


class NumpySimulator(Simulator):
    """Populations that are reset to zero, threshold and weights as given."""

    def __init__(self, problem: Problem, setting: Setting, seed: int) -> None:
        self._layer_by_layer = setting.variant == "layers"
        self._num_steps = problem.num_steps
        self._currents = layers_currents(problem)
        self._thresholds = [np.float32(layer.threshold) for layer in problem.layers]
        self._shapes = [channel_last(layer.output_shape) for layer in problem.layers]
        # The fastest of NumPy's generators.
        self._generator = np.random.Generator(np.random.SFC64(seed))

    def counts(self, probability: Floats) -> NDArray[Any]:
        probability = moved(probability)
        if self._layer_by_layer:
            trains = self._generator.random((self._num_steps, *probability.shape), dtype=np.float32)
            spikes = (trains < probability).astype(np.float32)
            return np.asarray(self._all_steps(spikes).sum(axis=0))
        counts = np.zeros((len(probability), *self._shapes[-1]), dtype=np.float32)
        for spikes in self._each_step(self._draw(probability)):
            counts += spikes
        return counts

    def replay(self, trains: Spikes) -> Spikes:
        spikes = np.stack([moved(step.astype(np.float32)) for step in trains])
        if self._layer_by_layer:
            return self._all_steps(spikes).astype(np.bool_)
        return np.stack(list(self._each_step(spikes))) > 0

    def _draw(self, probability: Floats) -> Iterator[Floats]:
        uniform, spikes = np.empty_like(probability), np.empty_like(probability)
        for _ in range(self._num_steps):
            self._generator.random(out=uniform, dtype=np.float32)
            np.less(uniform, probability, out=spikes, casting="unsafe")
            yield spikes

    def _each_step(self, trains: Iterable[Floats]) -> Iterator[Floats]:
        membranes: list[Floats] = []
        for spikes in trains:
            if not membranes:
                membranes = [np.zeros((len(spikes), *s), dtype=np.float32) for s in self._shapes]
            for index, currents in enumerate(self._currents):
                membranes[index] += currents(spikes)
                spikes = self._fire(membranes[index], index)
            yield spikes

    def _all_steps(self, trains: Floats) -> Floats:
        steps, batch = trains.shape[:2]
        for index, currents in enumerate(self._currents):
            drive = currents(trains.reshape(steps * batch, *trains.shape[2:]))
            trains = drive.reshape(steps, batch, *self._shapes[index])
            membrane = np.zeros_like(trains[0])
            for step in range(steps):
                membrane += trains[step]
                trains[step] = self._fire(membrane, index)
        return trains

    def _fire(self, membrane: Floats, index: int) -> Floats:
        fired = membrane >= self._thresholds[index]
        np.copyto(membrane, 0, where=fired)
        return fired.astype(np.float32)


if __name__ == "__main__":
    harness.main(
        Peer(
            name="numpy",
            packages=("numpy",),
            prepare=NumpySimulator,
            batch_sizes=(10, 50, 100, 250, 500),
            variants=("steps", "layers"),
        )
    )
