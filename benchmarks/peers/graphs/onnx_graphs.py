"""Graphs as ONNX models: one step of all populations, or all steps of one after the other."""

# mypy: disable-error-code="import-not-found"

from __future__ import annotations

from typing import Any

import numpy as np
from graphs.graph import INPUT, GraphProblem, Population, Projection
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from onnx_graph import GraphWriter

Array = NDArray[Any]
FLOAT = TensorProto.FLOAT


class PopulationWriter(GraphWriter):
    """Writes what populations do.

    Args:
        problem: The network.
        int8: Whether to round each output neuron's or channel's weights to 8 bits.
        batch_size: Images of a call.
    """

    def __init__(self, problem: GraphProblem, *, int8: bool, batch_size: int) -> None:
        super().__init__(int8=int8)
        self._problem = problem
        self._size = batch_size
        # Names of the tensors that hold the spikes of sources, (n, ...).
        self._spikes: dict[str, str] = {}
        self._kind = FLOAT if problem.is_constant else self._spike_type

    def _gain(self, population: Population, scale: int = 1) -> str:
        """Write what a population gains, (n, *shape), its bias ``scale`` times, and return it."""
        name = population.name
        total = ""
        for number, projection in enumerate(population.projections):
            part = self._part(population, projection, f"{name}_{number}")
            total = part if not total else self._node("Add", [total, part], f"sum_{part}")
        if not population.bias.any():
            return total
        bias = np.atleast_1d(population.bias * np.float32(scale))
        return self._node("Add", [total, self._constant(f"bias_{name}", bias)], f"gain_{name}")

    def _part(self, population: Population, projection: Projection, key: str) -> str:
        spikes = self._spikes[projection.source]
        if projection.kind == "identity":
            return self._shortcut(population, projection, spikes, key)
        if projection.kind == "linear" and len(self._problem.shape_of(projection.source)) == 3:
            spikes = self._node("Flatten", [spikes], f"flat_{key}")
        return self._currents(projection, spikes, key)

    def _shortcut(
        self, population: Population, projection: Projection, spikes: str, key: str
    ) -> str:
        if projection.stride != (1, 1):
            ends = [np.iinfo(np.int64).max] * 2
            numbers = {"starts": [0, 0], "ends": ends, "axes": [2, 3], "steps": projection.stride}
            slices = [self._constant(f"{k}_{key}", np.array(v)) for k, v in numbers.items()]
            spikes = self._node("Slice", [spikes, *slices], f"slice_{key}")
        if self._int8:
            spikes = self._node("Cast", [spikes], f"float_{key}", to=FLOAT)
        weight = self._constant(f"weight_{key}", projection.weight[:, None, None])
        passed = self._node("Mul", [spikes, weight], f"passed_{key}")
        channels, first = len(projection.weight), projection.first_channel
        rest = population.shape[0] - first - channels
        if first == rest == 0:
            return passed
        pads = self._constant(f"pads_{key}", np.array([0, first, 0, 0, 0, rest, 0, 0]))
        return self._node("Pad", [passed, pads], f"padded_{key}")

    def _update(self, population: Population, before: str, gain: str, after: str) -> str:
        """Write a step of the membrane potentials, and return the spikes."""
        name = population.name
        limit = self._constant(
            f"threshold_{name}", np.array(population.threshold, dtype=np.float32)
        )
        membrane = self._node("Add", [before, gain], f"membrane_{name}")
        fired = self._node("GreaterOrEqual", [membrane, limit], f"mask_{name}")
        spikes = self._node("Cast", [fired], f"spikes_{name}", to=self._spike_type)
        if not population.subtracts:
            self._node("Where", [fired, "zero", membrane], after)
            return spikes
        taken = spikes
        if self._int8:
            taken = self._node("Cast", [fired], f"taken_{name}", to=FLOAT)
        if population.threshold != 1:
            taken = self._node("Mul", [taken, limit], f"scaled_{name}")
        self._node("Sub", [membrane, taken], after)
        return spikes


class GraphStep(PopulationWriter):
    """The graph of one step.

    Its inputs are ``drive``, ``before total`` (output spikes so far) and ``before <population>``
    (membrane potentials); its outputs have ``after`` in the place of ``before``.
    """

    def __init__(self, problem: GraphProblem, *, int8: bool, batch_size: int) -> None:
        super().__init__(problem, int8=int8, batch_size=batch_size)
        shape = problem.populations[0].shape if problem.is_constant else problem.input_shape
        inputs = [self._value("drive", self._kind, (batch_size, *shape))]
        outputs = []
        self._spikes[INPUT] = "drive"
        for index, population in enumerate(problem.populations):
            name, given = population.name, problem.is_constant and index == 0
            gain = "drive" if given else self._gain(population)
            before, after = f"before {name}", f"after {name}"
            if population.fires:
                self._spikes[name] = self._update(population, before, gain, after)
            else:
                self._node("Add", [before, gain], after)
            state = (batch_size, *population.shape)
            inputs.append(self._value(before, FLOAT, state))
            outputs.append(self._value(after, FLOAT, state))
        last = problem.populations[-1]
        if last.fires:
            spikes = self._node("Cast", [self._spikes[last.name]], "fired", to=FLOAT)
            self._node("Add", ["before total", spikes], "after total")
            counts = (batch_size, problem.num_classes)
            inputs.append(self._value("before total", FLOAT, counts))
            outputs.append(self._value("after total", FLOAT, counts))
        self._finish("step", inputs, outputs)


class GraphLayers(PopulationWriter):
    """The graph of all steps: products see steps and images as one axis, neurons are a Scan.

    Its input is ``drive``, (batch_size, *shape) or (num_steps, batch_size, *input_shape), its
    output ``outputs``, (batch_size, num_classes).
    """

    def __init__(self, problem: GraphProblem, *, int8: bool, batch_size: int) -> None:
        super().__init__(problem, int8=int8, batch_size=batch_size)
        steps = problem.num_steps
        if problem.is_constant:
            drive_shape = (batch_size, *problem.populations[0].shape)
        else:
            drive_shape = (steps, batch_size, *problem.input_shape)
            self._spikes[INPUT] = self._reshaped("drive", (-1, *problem.input_shape), INPUT)
        for index, population in enumerate(problem.populations):
            name, axes = population.name, (steps, batch_size, *population.shape)
            if not population.fires:
                self._readout(population)
                break
            if problem.is_constant and index == 0:
                shape = self._constant(f"axes {name}", np.array(axes))
                gains = self._node("Expand", ["drive", shape], f"gains {name}")
            else:
                gains = self._reshaped(self._gain(population), axes, f"gains {name}")
            spikes = self._scan(population, gains)
            self._spikes[name] = self._reshaped(spikes, (-1, *population.shape), f"flat {name}")
        else:
            total = self._node("Cast", [spikes], "fired", to=FLOAT)
            axis = self._constant("axis", np.array([0]))
            self._node("ReduceSum", [total, axis], "outputs", keepdims=0)
        inputs = [self._value("drive", self._kind, drive_shape)]
        outputs = [self._value("outputs", FLOAT, (batch_size, problem.num_classes))]
        self._finish("layers", inputs, outputs)

    def _reshaped(self, value: str, shape: tuple[int, ...], name: str) -> str:
        return self._node(
            "Reshape", [value, self._constant(f"shape {name}", np.array(shape))], name
        )

    def _scan(self, population: Population, gains: str) -> str:
        """Write neurons over all steps, and return their spikes, (num_steps, batch_size, ...)."""
        name, shape = population.name, (self._size, *population.shape)
        body = PopulationWriter(self._problem, int8=self._int8, batch_size=self._size)
        spikes = body._update(population, "before", "gain", "after")
        graph = helper.make_graph(
            body._nodes,
            f"neurons {name}",
            [self._value(each, FLOAT, shape) for each in ("before", "gain")],
            [self._value("after", FLOAT, shape), self._value(spikes, self._spike_type, shape)],
            [numpy_helper.from_array(v, k) for k, v in body._constants.items()],
        )
        start = np.broadcast_to(population.initial_potential, shape)
        first = self._constant(f"start {name}", np.ascontiguousarray(start))
        outputs = [f"end {name}", f"trains {name}"]
        scan = helper.make_node("Scan", [first, gains], outputs, body=graph, num_scan_inputs=1)
        self._nodes.append(scan)
        return outputs[1]

    def _readout(self, population: Population) -> None:
        """Write the potentials of a readout from the sums of its sources' spikes."""
        steps = self._problem.num_steps
        axis = self._constant("axis", np.array([0]))
        for source in {each.source for each in population.projections}:
            shape = self._problem.shape_of(source)
            trains = self._reshaped(
                self._spikes[source], (steps, self._size, *shape), f"trains of {source}"
            )
            trains = self._node("Cast", [trains], f"float {source}", to=FLOAT)
            self._spikes[source] = self._node(
                "ReduceSum", [trains, axis], f"counts {source}", keepdims=0
            )
        # Sums of steps are no bytes.
        whole, self._int8 = self._int8, False
        gain = self._gain(population, scale=steps)
        self._int8 = whole
        start = self._constant("start", np.atleast_1d(population.initial_potential))
        self._node("Add", [gain, start], "outputs")
