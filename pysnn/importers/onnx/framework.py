"""Who else runs ONNX files, to compare outputs with."""

from __future__ import annotations

import importlib
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...network import Network
from ..comparison import log_softmax, softmax
from .graph import OnnxGraph

MOST_MULTIPLICATIONS = 100_000_000
"""Of a sample, above which onnx's own evaluator takes minutes."""


@dataclass(frozen=True, eq=False)
class Framework:
    """onnxruntime, or the evaluator of onnx.

    Attributes:
        onnx: The library of the format.
        runtime: onnxruntime, or None.
    """

    onnx: Any
    runtime: Any

    @property
    def name(self) -> str:
        """Name and version."""
        if self.runtime is not None:
            return f"onnxruntime {self.runtime.__version__}"
        return f"onnx {self.onnx.__version__}"

    def outputs(self, graph: OnnxGraph, x: NDArray[np.float32]) -> NDArray[np.floating]:
        """Return what it gives for samples."""
        kind = graph.input.type.tensor_type.elem_type
        dtype = self.onnx.helper.tensor_dtype_to_np_dtype(kind)
        feeds = {graph.input.name: x.astype(dtype)}
        if self.runtime is not None:
            options = self.runtime.SessionOptions()
            options.log_severity_level = 4
            session = self.runtime.InferenceSession(
                graph.path, options, providers=["CPUExecutionProvider"]
            )
        else:
            session = importlib.import_module("onnx.reference").ReferenceEvaluator(graph.path)
        results: NDArray[np.floating] = np.asarray(session.run([graph.output[1]], feeds)[0])
        return results


def run_end(node: Any, opset: int, values: NDArray[Any]) -> NDArray[Any]:
    """Return what a node at the end makes of values, (num_samples, ...)."""
    if node.op_type not in ("Softmax", "LogSoftmax"):
        return run_node(node, opset, {node.input[0]: values})[0]
    # Which onnx's evaluator knows in its newest version alone.
    given = [each.i for each in node.attribute if each.name == "axis"]
    function = softmax if node.op_type == "Softmax" else log_softmax
    if opset >= 13:
        return function(values, given[0] if given else -1)
    axis = given[0] if given else 1
    rows = values.reshape(math.prod(values.shape[:axis]), -1)
    return function(rows).reshape(values.shape)


def run_node(node: Any, opset: int, feeds: dict[str, NDArray[Any]]) -> list[NDArray[Any]]:
    """Return the results of one node by onnx's own evaluator."""
    helper = importlib.import_module("onnx.helper")
    inputs = [
        helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(each.dtype), each.shape)
        for name, each in feeds.items()
    ]
    outputs = [helper.make_empty_tensor_value_info(name) for name in node.output if name]
    graph = helper.make_graph([node], "node", inputs, outputs)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
    evaluator = importlib.import_module("onnx.reference").ReferenceEvaluator(model)
    return [np.asarray(each) for each in evaluator.run(None, feeds)]


def find_framework(onnx: Any, network: Network) -> Framework | None:
    """Return onnxruntime where it is installed, onnx's evaluator for small networks, or None."""
    try:
        return Framework(onnx, importlib.import_module("onnxruntime"))
    except ImportError:
        work = sum(
            each.node.num_synapses(each.input_shapes[0])
            for each in network.graph.nodes
            if each.node.has_synapses
        )
        return Framework(onnx, None) if work <= MOST_MULTIPLICATIONS else None
