"""ONNX Runtime running the models of graphs."""

# mypy: disable-error-code="import-not-found"

from __future__ import annotations

from typing import Any

import numpy as np
from graphs.graph import BATCH_SIZES, TRIAL_IMAGES, GraphProblem
from graphs.onnx_graphs import GraphLayers, GraphStep, PopulationWriter
from numpy.typing import NDArray
from numpy_network import in_batches
from onnx_peer import bind, make_session
from peer import Peer, Setting, Simulator


class GraphSimulator(Simulator):
    """What both ways have in common.

    Args:
        problem: The network.
        setting: How to run it.
        seed: Not read; nothing is drawn.
        int8: Whether weights are rounded to 8 bits.
        writer: Writes the model.
    """

    def __init__(
        self,
        problem: GraphProblem,
        setting: Setting,
        seed: int,
        *,
        int8: bool,
        writer: type[GraphStep | GraphLayers],
    ) -> None:
        del seed
        self.problem = problem
        self.size = setting.batch_size
        self.kind: Any = np.float32 if problem.is_constant or not int8 else np.uint8
        model: PopulationWriter = writer(problem, int8=int8, batch_size=self.size)
        self.session = make_session(model.to_bytes())

    def replay(self, trains: NDArray[Any]) -> NDArray[Any]:
        # A model has one batch size.
        return in_batches(self.counts, trains, self.size)


class LayersSimulator(GraphSimulator):
    """One call for all steps."""

    def counts(self, probability: NDArray[Any]) -> NDArray[Any]:
        drive = probability
        if not self.problem.is_constant:
            drive = np.ascontiguousarray(np.swapaxes(drive, 0, 1), dtype=self.kind)
        outputs: NDArray[Any] = self.session.run(["outputs"], {"drive": drive})[0]
        return outputs


class StepSimulator(GraphSimulator):
    """Two sets of state arrays, each step reading one and writing the other."""

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        inputs = {each.name: each.shape for each in self.session.get_inputs()}
        self._drive = np.zeros(inputs.pop("drive"), dtype=self.kind)
        self._names = [name.removeprefix("before ") for name in inputs]
        self._states = [
            [np.zeros(shape, dtype=np.float32) for shape in inputs.values()] for _ in range(2)
        ]
        self._bindings = [self._binding(*self._states), self._binding(*self._states[::-1])]
        self._starts = {each.name: each.initial_potential for each in self.problem.populations}

    def counts(self, probability: NDArray[Any]) -> NDArray[Any]:
        for name, state in zip(self._names, self._states[0], strict=True):
            state[...] = self._starts.get(name, 0)
        for step in range(self.problem.num_steps):
            if step == 0 or not self.problem.is_constant:
                constant = self.problem.is_constant
                self._drive[...] = probability if constant else probability[:, step]
            self.session.run_with_iobinding(self._bindings[step % 2])
        return self._states[self.problem.num_steps % 2][-1].copy()

    def _binding(self, before: list[NDArray[Any]], after: list[NDArray[Any]]) -> Any:
        binding = self.session.io_binding()
        bind(binding.bind_input, "drive", self._drive)
        for name, old, new in zip(self._names, before, after, strict=True):
            bind(binding.bind_input, f"before {name}", old)
            bind(binding.bind_output, f"after {name}", new)
        return binding


def onnx_graph_peer(name: str, *, int8: bool) -> Peer:
    """Return ONNX Runtime as a peer for graphs."""

    def prepare(problem: GraphProblem, setting: Setting, seed: int) -> Simulator:
        if setting.variant == "steps":
            return StepSimulator(problem, setting, seed, int8=int8, writer=GraphStep)
        return LayersSimulator(problem, setting, seed, int8=int8, writer=GraphLayers)

    return Peer(
        name=name,
        packages=("onnxruntime", "numpy"),
        prepare=prepare,
        batch_sizes=BATCH_SIZES,
        variants=("layers", "steps"),
        equal_spikes=not int8,
        same_network=not int8,
        graphs=True,
        trial_images=TRIAL_IMAGES,
    )
