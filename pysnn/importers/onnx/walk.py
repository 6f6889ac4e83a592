"""The walk over the nodes of an ONNX file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ... import _core
from ...network import Network
from ...nodes import Shape
from ..building import Array, GraphBuilder, Step, Value
from . import arithmetic, layers, views
from .arguments import Arguments
from .folding import Folding
from .graph import OnnxGraph
from .refused import WAYS_OUT
from .tensors import Tensors

HANDLERS: dict[str, Callable[[Step, Arguments], Any]] = {
    **layers.HANDLERS,
    **arithmetic.HANDLERS,
    **views.HANDLERS,
}

_MOST_VIEWED = 1 << 29  # numbers of all views together


class Walk:
    """Nodes made of a file's graph.

    Args:
        onnx: The library.
        graph: The graph.
        path: Name of the file.
        batch: Size of a batch that the file fixes, or None.
        shape: Shape of one sample.
        layout: Where in it each number of a sample of the network is; None for samples as they are.

    Raises:
        RefusalError: A node can't be a part of a `Network`.
        ModelFileError: The file is damaged.
    """

    def __init__(
        self,
        onnx: Any,
        graph: OnnxGraph,
        path: str,
        batch: int | None,
        shape: Shape,
        layout: NDArray[np.int64] | None = None,
    ) -> None:
        self._onnx = onnx
        self._path = path
        self._graph = graph
        self._batch = batch
        self._tensors = Tensors(onnx, path)
        self._folding = Folding(graph.opset)
        self._builder = GraphBuilder(shape, layout)
        self._known: dict[str, Any] = {graph.input.name: self._builder.input}
        self._num_viewed = 0
        last_reader = {name: i for i, node in enumerate(graph.nodes) for name in node.input}
        for i, node in enumerate(graph.nodes):
            self._take(node)
            for name in {*node.input, *node.output}:
                if last_reader.get(name, i) <= i and name != graph.output:
                    self._known.pop(name, None)

    @property
    def output(self) -> Value:
        """What the network gives."""
        value = self._known.get(self._graph.output)
        if not isinstance(value, Value):
            raise Step(self._builder, self._graph.output, "output").refused(
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
        attributes = {each.name: self._attribute(each) for each in node.attribute}
        if node.op_type == "Constant":
            results: Any = [self._constant(step, attributes)]
        else:
            results = self._results(step, node, attributes)
        if not isinstance(results, list | tuple):
            results = [results]
        for name, result in zip(node.output, results, strict=False):
            if name:
                self._known[name] = result
            if isinstance(result, Value) and result.index is not None:
                self._num_viewed += result.index.size
        if self._num_viewed > _MOST_VIEWED:
            raise step.refused(
                f"is one of many that lay out {self._num_viewed:,} numbers anew",
                "simplify the file",
            )

    def _results(self, step: Step, node: Any, attributes: dict[str, Any]) -> Any:
        inputs = [self._input(step, name) for name in node.input]
        if not any(isinstance(each, Value) for each in inputs):
            return self._folding.results(step, node, inputs)
        handler = HANDLERS.get(node.op_type)
        if handler is None:
            way_out = WAYS_OUT.get(node.op_type, "replace it by an operator of the table")
            raise step.refused("is not supported", way_out)
        arguments = Arguments(
            inputs,
            attributes,
            self._batch or 1,
            self._batch is None,
            len(node.output),
            self._graph.opset,
        )
        try:
            return handler(step, arguments)
        # What a damaged file leaves out, or has in other shapes than it says.
        except (ArithmeticError, AssertionError, LookupError, TypeError, ValueError) as error:
            reason = " ".join(str(error).split()) or "something is missing"
            raise step.refused(f"can't be read: {reason}", "check the file") from None

    def _input(self, step: Step, name: str) -> Any:
        if not name:
            return None
        if name in self._graph.weights and name not in self._known:
            self._known[name] = self._tensors.array(self._graph.weights[name])
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
