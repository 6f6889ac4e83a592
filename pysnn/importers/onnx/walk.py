"""The walk over the nodes of an ONNX file."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from ... import _core
from ..._base.memory import check_memory
from ...network import Network
from ..building import Array, GraphBuilder, Step, Value
from . import arithmetic, layers, views
from .arguments import Arguments
from .framework import run_node
from .graph import OnnxGraph
from .tensors import Tensors

HANDLERS: dict[str, Callable[[Step, Arguments], Any]] = {
    **layers.HANDLERS,
    **arithmetic.HANDLERS,
    **views.HANDLERS,
}

_FOLDED = frozenset(
    {
        *("Add", "Sub", "Mul", "Div", "Neg", "Floor", "Ceil", "Sqrt", "Reciprocal", "Min", "Max"),
        *("Cast", "Concat", "Gather", "Identity", "Reshape", "Shape", "Size", "Slice", "Split"),
        *("Squeeze", "Transpose", "Unsqueeze", "Range", "ConstantOfShape", "Expand", "Tile"),
        *("ReduceProd", "Equal", "Where", "Mod", "Pow", "Flatten", "Clip", "CastLike", "Pad"),
    }
)
"""What is computed where nothing of it depends on the input."""

_MOST_NUMBERS = 1 << 28  # of a constant that is computed

_WITH_RELU = "replace it by a ReLU and train again"
_WAYS_OUT = {
    **dict.fromkeys(
        (
            *("Sigmoid", "Tanh", "HardSigmoid", "HardSwish", "Elu", "Selu", "Gelu", "LeakyRelu"),
            *("PRelu", "Softplus", "Mish", "Erf", "ThresholdedRelu", "Celu"),
        ),
        _WITH_RELU,
    ),
    **dict.fromkeys(
        (
            *("QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear", "QLinearConv"),
            *("QLinearMatMul", "ConvInteger", "MatMulInteger"),
        ),
        "export the network before its quantization",
    ),
    **dict.fromkeys(
        ("LRN", "InstanceNormalization", "LayerNormalization", "GroupNormalization"),
        "use a BatchNormalization and train again",
    ),
    **dict.fromkeys(("If", "Loop", "Scan"), "export a network without control flow"),
    **dict.fromkeys(("LSTM", "GRU", "RNN", "Attention"), "use a feed-forward network"),
    **dict.fromkeys(("Softmax", "LogSoftmax", "ArgMax"), "leave it to the end of the network"),
    **dict.fromkeys(
        ("Resize", "Upsample", "ConvTranspose"), "scale images in front of the network"
    ),
}


class Walk:
    """Nodes made of a file's graph.

    Args:
        onnx: The library.
        graph: The graph.
        path: Name of the file.
        batch: Size of a batch that the file fixes, or None.
        shape: Shape of one sample.

    Raises:
        RefusalError: A node can't be a part of a `Network`.
    """

    def __init__(
        self, onnx: Any, graph: OnnxGraph, path: str, batch: int | None, shape: tuple[int, ...]
    ) -> None:
        self._onnx = onnx
        self._path = path
        self._opset = graph.opset
        self._batch = batch or 1
        self._tensors = Tensors(onnx, path)
        self._builder = GraphBuilder(shape)
        self._known: dict[str, Any] = {**graph.constants, graph.input.name: self._builder.input}
        self._output = graph.output[0]
        for node in graph.nodes:
            self._take(node)

    @property
    def output(self) -> Value:
        """What the network gives."""
        value = self._known[self._output]
        if not isinstance(value, Value):
            raise Step(self._builder, self._output, "output").refused(
                "does not depend on the input", "name another output"
            )
        return value

    def network(self) -> Network:
        """Return the network."""
        return self._builder.network(self.output)

    def _take(self, node: Any) -> None:
        step = Step(self._builder, node.name or node.output[0], node.op_type)
        if node.domain not in ("", "ai.onnx"):
            raise step.refused(
                f"is of the domain {node.domain!r}", "export it in the operators of ONNX alone"
            )
        attributes = {
            each.name: self._attribute(each) for each in node.attribute if each.name != "body"
        }
        if node.op_type == "Constant":
            results: Any = [self._constant(step, attributes)]
        else:
            results = self._results(step, node, attributes)
        if not isinstance(results, list | tuple):
            results = [results]
        for name, result in zip(node.output, results, strict=False):
            if name:
                self._known[name] = result

    def _results(self, step: Step, node: Any, attributes: dict[str, Any]) -> Any:
        inputs = [self._input(step, name) for name in node.input]
        arguments = Arguments(inputs, attributes, self._batch, len(node.output), self._opset)
        if any(isinstance(each, Value) for each in inputs):
            handler = HANDLERS.get(node.op_type)
            if handler is None:
                way_out = _WAYS_OUT.get(node.op_type, "replace it by an operator of the table")
                raise step.refused("is not supported", way_out)
            try:
                return handler(step, arguments)
            # What a damaged file leaves out, or has in other shapes than it says.
            except (ArithmeticError, AssertionError, LookupError, TypeError, ValueError) as error:
                reason = " ".join(str(error).split()) or "something is missing"
                raise step.refused(f"can't be read: {reason}", "check the file") from None
        if node.op_type not in _FOLDED:
            raise step.refused(
                "is not supported, of constants", "simplify the file's constants first"
            )
        return self._folded(step, node, inputs)

    def _input(self, step: Step, name: str) -> Any:
        if not name:
            return None
        if name not in self._known:
            raise _core.ModelFileError(
                f"{self._path}: node {step.name!r} ({step.operator}) reads {name!r}, which nothing "
                f"makes"
            )
        value = self._known[name]
        if value is None:
            raise step.refused(
                f"reads {name!r}, which is no value of a sample", "leave the second output out"
            )
        return value

    def _folded(self, step: Step, node: Any, inputs: list[Any]) -> list[Array]:
        numbers = sum(each.size for each in inputs if each is not None)
        if node.op_type in ("ConstantOfShape", "Expand", "Tile", "Range", "Pad"):
            sizes = inputs[0] if node.op_type == "ConstantOfShape" else inputs[-1]
            numbers = max(numbers, math.prod(int(abs(size)) for size in np.ravel(sizes)))
        if numbers > _MOST_NUMBERS:
            raise step.refused(
                f"makes {numbers:,} numbers of constants", "store the weights in the file"
            )
        check_memory(f"node {step.name!r}", (int(numbers),), 8)
        feeds = {name: each for name, each in zip(node.input, inputs, strict=True) if name}
        try:
            return run_node(node, self._opset, feeds)
        # The evaluator has an exception of its own kind for each operator.
        except Exception as error:
            reason = " ".join(str(error).split()) or type(error).__name__
            raise step.refused(f"can't be computed: {reason}", "check the file") from None

    def _attribute(self, attribute: Any) -> Any:
        if attribute.type == attribute.TENSOR:
            return self._tensors.array(attribute.t)
        if attribute.type in (attribute.GRAPH, attribute.GRAPHS):
            return None
        value = self._onnx.helper.get_attribute_value(attribute)
        return value.decode(errors="replace") if isinstance(value, bytes) else value

    def _constant(self, step: Step, attributes: dict[str, Any]) -> Array:
        for name in ("value", "value_float", "value_int", "value_floats", "value_ints"):
            if name in attributes:
                return np.asarray(attributes[name])
        raise step.refused(f"has {list(attributes)}", "store numbers as a tensor")
