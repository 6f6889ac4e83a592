"""Networks as ONNX graphs, in float32 or with 8-bit weights; one time step of a chain."""

# mypy: disable-error-code="import-not-found, no-any-return"

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from problem import Layer, Problem, Synapses


class GraphWriter:
    """Nodes and constants of a graph, in float32 or with 8-bit weights.

    Spikes are float32, or uint8 with 8-bit weights.

    Args:
        int8: Whether to round each output neuron's or channel's weights to 8 bits.
    """

    def __init__(self, *, int8: bool) -> None:
        self._int8 = int8
        self._nodes: list[Any] = []
        self._constants: dict[str, NDArray[Any]] = {"zero": np.array(0, dtype=np.float32)}
        self._spike_type = TensorProto.UINT8 if int8 else TensorProto.FLOAT

    def _finish(self, name: str, inputs: list[Any], outputs: list[Any]) -> None:
        graph = helper.make_graph(
            self._nodes,
            name,
            inputs,
            outputs,
            [numpy_helper.from_array(v, k) for k, v in self._constants.items()],
        )
        opset = helper.make_opsetid("", 17)
        self._model = helper.make_model(graph, opset_imports=[opset], ir_version=9)

    def to_bytes(self) -> bytes:
        """Return the model as ONNX Runtime reads it."""
        return self._model.SerializeToString()

    @staticmethod
    def _value(name: str, kind: int, shape: tuple[int, ...]) -> Any:
        return helper.make_tensor_value_info(name, kind, shape)

    def _node(self, kind: str, inputs: list[str], output: str, **attributes: Any) -> str:
        self._nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def _constant(self, name: str, value: NDArray[Any]) -> str:
        self._constants[name] = value
        return name

    def _currents(self, layer: Synapses, spikes: str, index: object) -> str:
        window: dict[str, tuple[int, ...]] = {"strides": layer.stride}
        if layer.kind == "pool":
            if not layer.is_mean:
                raise SystemExit(f"a pool over {layer.kernel_size} is no mean in float32")
            if self._int8:
                spikes = self._node("Cast", [spikes], f"float_{index}", to=TensorProto.FLOAT)
            window["kernel_shape"] = layer.kernel_size
            return self._node("AveragePool", [spikes], f"currents_{index}", **window)
        if layer.kind == "conv":
            window["pads"] = layer.padding * 2
            return self._product("Conv", layer.weight, spikes, index, (-1, 1, 1), **window)
        return self._product("MatMul", layer.weight, spikes, index, (-1,))

    def _product(
        self,
        kind: str,
        weight: NDArray[np.float32],
        spikes: str,
        index: object,
        scale_shape: tuple[int, ...],
        **attributes: Any,
    ) -> str:
        """Return sums of weights, whose first axis is the output's."""
        scale = np.ones(len(weight), dtype=np.float32)
        if self._int8:
            rows = np.abs(weight).reshape(len(weight), -1).max(axis=1)
            scale = np.where(rows > 0, rows / np.float32(127), np.float32(1)).astype(np.float32)
            shape = (-1,) + (1,) * (weight.ndim - 1)
            weight = np.rint(weight / scale.reshape(shape)).astype(np.int8)
        if kind == "MatMul":
            weight = np.ascontiguousarray(weight.T)
        operands = [spikes, self._constant(f"weight_{index}", weight)]
        if not self._int8:
            return self._node(kind, operands, f"currents_{index}", **attributes)
        whole = self._node(f"{kind}Integer", operands, f"whole_{index}", **attributes)
        whole = self._node("Cast", [whole], f"sum_{index}", to=TensorProto.FLOAT)
        factor = self._constant(f"scale_{index}", scale.reshape(scale_shape))
        return self._node("Mul", [whole, factor], f"currents_{index}")


class StepGraph(GraphWriter):
    """The graph of one step.

    Its inputs are ``spikes``, ``total`` (output spikes so far) and ``before_<layer>`` (membrane
    potentials); its outputs are ``fired`` (output spikes), ``new_total`` and ``after_<layer>``.

    Args:
        problem: The network.
        int8: Whether to round each output neuron's or channel's weights to 8 bits.
        batch_size: Samples of a call.
    """

    def __init__(self, problem: Problem, *, int8: bool, batch_size: int) -> None:
        super().__init__(int8=int8)
        inputs = [self._value("spikes", self._spike_type, (batch_size, *problem.input_shape))]
        outputs = []
        spikes, shape = "spikes", problem.input_shape
        for index, layer in enumerate(problem.layers):
            if layer.kind == "linear" and len(shape) == 3:
                spikes = self._node("Flatten", [spikes], f"flat_{index}")
            spikes = self._fire(layer, self._currents(layer, spikes, index), index)
            shape = layer.output_shape
            state = (batch_size, *shape)
            inputs.append(self._value(f"before_{index}", TensorProto.FLOAT, state))
            outputs.append(self._value(f"after_{index}", TensorProto.FLOAT, state))
        counts = (batch_size, problem.num_classes)
        self._node("Cast", [spikes], "fired", to=TensorProto.FLOAT)
        self._node("Add", ["total", "fired"], "new_total")
        inputs.append(self._value("total", TensorProto.FLOAT, counts))
        outputs += [self._value(name, TensorProto.FLOAT, counts) for name in ("fired", "new_total")]
        self._finish("step", inputs, outputs)

    def _fire(self, layer: Layer, currents: str, index: int) -> str:
        limit = np.array(layer.threshold, dtype=np.float32)
        threshold = self._constant(f"threshold_{index}", limit)
        membrane = self._node("Add", [f"before_{index}", currents], f"membrane_{index}")
        fired = self._node("GreaterOrEqual", [membrane, threshold], f"mask_{index}")
        self._node("Where", [fired, "zero", membrane], f"after_{index}")
        return self._node("Cast", [fired], f"spikes_{index}", to=self._spike_type)
