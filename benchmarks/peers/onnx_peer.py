"""ONNX Runtime running the graph of one step, its state fed back, spikes drawn by NumPy."""

# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import partial
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnx_graph import StepGraph
from peer import Peer, Setting, Simulator
from problem import Floats, Problem, Spikes


class OnnxSimulator(Simulator):
    """Two sets of state arrays, each step reading one and writing the other.

    Args:
        problem: The problem.
        setting: How to run it.
        seed: Seed of the spikes.
        int8: Whether weights are rounded to 8 bits.
    """

    def __init__(self, problem: Problem, setting: Setting, seed: int, *, int8: bool) -> None:
        self._problem = problem
        self._int8 = int8
        self._spike_type: Any = np.uint8 if int8 else np.float32
        self._size = setting.batch_size
        self._generator = np.random.Generator(np.random.SFC64(seed))
        graph = StepGraph(problem, int8=int8, batch_size=self._size)
        self._session = make_session(graph.to_bytes())
        self._spikes = np.zeros((self._size, *problem.input_shape), dtype=self._spike_type)
        states = [(self._size, *layer.output_shape) for layer in problem.layers]
        classes = (self._size, problem.num_classes)
        self._fired = np.zeros(classes, dtype=np.float32)
        self._states = [
            [np.zeros(shape, dtype=np.float32) for shape in [*states, classes]] for _ in range(2)
        ]
        self._bindings = [self._binding(*self._states), self._binding(*self._states[::-1])]

    def counts(self, probability: Floats) -> NDArray[Any]:
        for _ in self._steps(self._draw(probability)):
            pass
        return self._states[self._problem.num_steps % 2][-1].copy()

    def replay(self, trains: Spikes) -> Spikes:
        parts = range(0, trains.shape[1], self._size)
        return np.concatenate(
            [self._replay_batch(trains[:, first : first + self._size]) for first in parts], axis=1
        )

    def _replay_batch(self, trains: Spikes) -> Spikes:
        num_samples = trains.shape[1]
        # The graph has one batch size; samples that fill it up stay silent.
        padded = np.zeros((len(trains), *self._spikes.shape), dtype=self._spike_type)
        padded[:, :num_samples] = trains
        return np.stack([self._fired[:num_samples] > 0 for _ in self._steps(self._copy(padded))])

    def _draw(self, probability: Floats) -> Iterable[None]:
        uniform = np.empty_like(probability)
        spikes = self._spikes.view(np.bool_) if self._int8 else self._spikes
        for _ in range(self._problem.num_steps):
            self._generator.random(out=uniform, dtype=np.float32)
            np.less(uniform, probability, out=spikes, casting="unsafe")
            yield

    def _copy(self, trains: NDArray[Any]) -> Iterable[None]:
        for step in trains:
            self._spikes[...] = step
            yield

    def _steps(self, inputs: Iterable[None]) -> Iterable[None]:
        """Simulate a step for every input that was put into the array of spikes."""
        for state in self._states[0]:
            state[...] = 0
        for index, _ in enumerate(inputs):
            self._session.run_with_iobinding(self._bindings[index % 2])
            yield

    def _binding(self, before: list[Floats], after: list[Floats]) -> Any:
        binding = self._session.io_binding()
        num_layers = len(self._problem.layers)
        bind(binding.bind_input, "spikes", self._spikes)
        bind(binding.bind_input, "total", before[-1])
        bind(binding.bind_output, "new_total", after[-1])
        bind(binding.bind_output, "fired", self._fired)
        for index in range(num_layers):
            bind(binding.bind_input, f"before_{index}", before[index])
            bind(binding.bind_output, f"after_{index}", after[index])
        return binding


def make_session(model: bytes) -> Any:
    """Return a session that runs a model on the threads that the environment allows."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = int(os.environ["OMP_NUM_THREADS"])
    options.inter_op_num_threads = 1
    options.log_severity_level = 3  # errors
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def bind(method: Any, name: str, array: NDArray[Any]) -> None:
    """Let the runtime read or write an array in place."""
    method(name, "cpu", 0, array.dtype.type, array.shape, array.ctypes.data)


def onnx_peer(name: str, *, int8: bool) -> Peer:
    """Return ONNX Runtime as a peer."""
    return Peer(
        name=name,
        packages=("onnxruntime", "numpy"),
        prepare=partial(OnnxSimulator, int8=int8),
        batch_sizes=(10, 25, 50, 100, 250),
        variants=("steps",),
        equal_spikes=not int8,
    )
