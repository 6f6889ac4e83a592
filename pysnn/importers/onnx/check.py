"""The comparison of an import's network with what other programs make of the same nodes."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...network import Network, Origin
from ..comparison import compared
from .arguments import HALVES
from .graph import OnnxGraph
from .layout import Layout
from .tensors import Tensors

MOST_MULTIPLICATIONS = 100_000_000
"""Of all samples, above which onnx's own evaluator takes minutes."""

_FLOAT = 1  # TensorProto.FLOAT
_MOST_BYTES = 2_000_000_000  # of a protobuf message, with some to spare

Floats = NDArray[np.float32]
_Run = Callable[[Any, dict[str, Any], str], NDArray[Any]]


@dataclass(frozen=True, eq=False)
class Check:
    """What outputs are compared on.

    Only the nodes that the network was made of are run, with their weights in memory: nothing else
    of a file, and no file beside it, is opened by a library that would believe its sizes. What is
    in half precision is run in float32, whose rounding does not hide a fault.

    Attributes:
        onnx: The library.
        graph: The graph.
        path: Name of the file.
        network: The network.
        layout: How samples of the file become those of the network; None where both are alike.
        origin: Its origin, without a comparison.
    """

    onnx: Any
    graph: OnnxGraph
    path: str
    network: Network
    layout: Layout | None
    origin: Origin

    def of(self, samples: Floats) -> Network:
        """Return the network with the largest difference found, or with a note why there is none.

        Args:
            samples: As the file takes them, (num_samples, ...).

        Raises:
            ValueError: Outputs differ by more than rounding.
        """
        tensors = Tensors(self.onnx, self.path)
        if sum(map(tensors.num_bytes, self.graph.weights.values())) > _MOST_BYTES:
            return self.without("outputs were not compared: the weights have more than 2 GB")
        work = len(samples) * sum(
            each.node.num_synapses(each.input_shapes[0])
            for each in self.network.graph.nodes
            if each.node.has_synapses
        )
        model = self._model(tensors)
        (given,) = model.graph.input
        dtype = self.onnx.helper.tensor_dtype_to_np_dtype(given.type.tensor_type.elem_type)
        feeds = {given.name: samples.astype(dtype)}
        failures = []
        for name, run in _programs(self.onnx, work):
            if run is _run_by_evaluator and self._has_old_batch_norms():
                failures.append(
                    f"outputs were not compared: {name} takes batch norms before version 14 for "
                    f"those of training, and no other program ran it"
                )
                continue
            try:
                expected = run(model, feeds, self.graph.output)
            # Programs have exceptions of many kinds for nodes that they do not like.
            except Exception as error:
                words = " ".join(str(error).split()) or type(error).__name__
                failures.append(f"{name} does not run it: {words}")
                continue
            if self.layout is None:
                x = samples.reshape(len(samples), *self.network.input_shape)
            else:
                x = self.layout.of(samples)
            return compared(self.network, self.origin, x, expected, name)
        large = "onnxruntime is not installed, and the network is large for onnx's own evaluator"
        return self.without(*(failures or [large]))

    def _has_old_batch_norms(self) -> bool:
        kinds = {node.op_type for node in self.graph.nodes}
        return "BatchNormalization" in kinds and self.graph.opset < 14

    def without(self, *reasons: str) -> Network:
        """Return the network with notes that say why there is no comparison."""
        origin = replace(self.origin, notes=(*self.origin.notes, *reasons))
        return Network.from_graph(self.network.graph, origin)

    def _model(self, tensors: Tensors) -> Any:
        """Return a model of the nodes that the network was made of."""
        helper = self.onnx.helper
        nodes = []
        for each in self.graph.nodes:
            node = self.onnx.NodeProto()
            node.CopyFrom(each)
            for attribute in node.attribute:
                if attribute.HasField("t"):
                    attribute.t.CopyFrom(tensors.embedded(attribute.t))
                elif node.op_type == "Cast" and attribute.i in HALVES:
                    attribute.i = _FLOAT
            nodes.append(node)
        given = self.onnx.ValueInfoProto()
        given.CopyFrom(self.graph.input)
        if given.type.tensor_type.elem_type in HALVES:
            given.type.tensor_type.elem_type = _FLOAT
        graph = helper.make_graph(
            nodes,
            "network",
            [given],
            [helper.make_empty_tensor_value_info(self.graph.output)],
            [tensors.embedded(each) for each in self.graph.weights.values()],
        )
        opset = helper.make_opsetid("", self.graph.opset)
        # From version 4 on, weights need not be inputs, too.
        version = max(4, helper.find_min_ir_version_for([opset], ignore_unknown=True))
        return helper.make_model(graph, opset_imports=[opset], ir_version=version)


def _programs(onnx: Any, work: int) -> Iterator[tuple[str, _Run]]:
    """Yield who runs models, with name and version; onnx's own evaluator where the work is small.

    Args:
        onnx: The library.
        work: Number of multiplications.
    """
    try:
        runtime = importlib.import_module("onnxruntime")
    except ImportError:
        pass
    else:
        yield f"onnxruntime {runtime.__version__}", _run_by_runtime
    if work <= MOST_MULTIPLICATIONS:
        yield f"onnx {onnx.__version__}", _run_by_evaluator


def _run_by_runtime(model: Any, feeds: dict[str, Any], output: str) -> NDArray[Any]:
    runtime = importlib.import_module("onnxruntime")
    options = runtime.SessionOptions()
    options.log_severity_level = 4
    session = runtime.InferenceSession(
        model.SerializeToString(),
        options,
        providers=["CPUExecutionProvider"],
        enable_fallback=False,  # which prints
    )
    return np.asarray(session.run([output], feeds)[0])


def _run_by_evaluator(model: Any, feeds: dict[str, Any], output: str) -> NDArray[Any]:
    evaluator = importlib.import_module("onnx.reference").ReferenceEvaluator(model)
    return np.asarray(evaluator.run([output], feeds)[0])
