"""The graph of an ONNX file: read, and cut to what one output needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ... import _core
from .ends import without_end

_MOST_BYTES = (1 << 31) - 1  # of a protobuf message
_OLDEST = 7  # version of the operators, since which they broadcast as NumPy does


@dataclass(frozen=True, eq=False)
class OnnxGraph:
    """What an output needs of a file.

    Attributes:
        nodes: Its nodes, every one behind those that it reads.
        dropped: Those behind the last of them, which change no prediction.
        weights: Tensors by name, whose numbers may lie in other files.
        input: Description of the one input.
        output: Name of the value that the network gives.
        opset: Version of the operators.
    """

    nodes: Sequence[Any]
    dropped: Sequence[Any]
    weights: dict[str, Any]
    input: Any
    output: str
    opset: int


def read_graph(onnx: Any, path: str, output: str | None) -> OnnxGraph:
    """Return what an output of a file needs.

    Args:
        onnx: The library.
        path: Name of the file.
        output: Name of the output; None for the only one.

    Raises:
        ModelFileError: The file is damaged, or is no graph of one input and that output.
        OSError: It can't be read.
    """
    model = _parsed(onnx, path)
    graph = model.graph
    name = _checked_output(path, [each.name for each in graph.output], output)
    _check_names(path, graph)
    nodes = _needed(path, graph, name)
    last, dropped = without_end(nodes, name)
    nodes = nodes[: len(nodes) - len(dropped)]
    used = {last, *(each for node in nodes for each in node.input)}
    if graph.sparse_initializer:
        raise _core.ModelFileError(f"{path} has sparse weights; save them as dense ones")
    weights = {each.name: each for each in graph.initializer if each.name in used}
    inputs = [each for each in graph.input if each.name in used and each.name not in weights]
    if len(inputs) != 1:
        names = [each.name for each in inputs]
        raise _core.ModelFileError(f"{path} has the inputs {names}, but must have one that is used")
    return OnnxGraph(nodes, dropped, weights, inputs[0], last, _opset(path, model))


def _parsed(onnx: Any, path: str) -> Any:
    size = Path(path).stat().st_size
    if size > _MOST_BYTES:
        raise _core.ModelFileError(
            f"{path} has {size:,} bytes, but an ONNX file has at most {_MOST_BYTES:,}: save it "
            f"with external data"
        )
    data = Path(path).read_bytes()
    try:
        model = onnx.load_model_from_string(data)
    # protobuf has exceptions of its own kind for bytes that make no sense.
    except Exception as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise _core.ModelFileError(f"{path} is no ONNX file: {reason}") from None
    if not model.HasField("graph") or not model.graph.node:
        raise _core.ModelFileError(f"{path} is no ONNX file: it has no graph of nodes")
    return model


def _checked_output(path: str, names: Sequence[str], output: str | None) -> str:
    if output is None:
        if len(names) != 1:
            raise _core.ModelFileError(
                f"{path} has {len(names)} outputs, {list(names)}: name one by output="
            )
        return names[0]
    if output not in names:
        raise ValueError(f"output is {output!r}, but must be one of {list(names)}")
    return output


def _needed(path: str, graph: Any, output: str) -> list[Any]:
    """Return the nodes that lead to an output, in the file's order, which must be a sorted one."""
    makers: dict[str, int] = {}
    for i, node in enumerate(graph.node):
        makers.update(dict.fromkeys(filter(None, node.output), i))
    wanted: set[int] = set()
    waiting = [makers[output]] if output in makers else []
    while waiting:
        i = waiting.pop()
        if i in wanted:
            continue
        wanted.add(i)
        for name in graph.node[i].input:
            source = makers.get(name)
            if source is None:
                continue
            if source >= i:
                node = graph.node[i]
                raise _core.ModelFileError(
                    f"{path}: node {node.name or node.output[0]!r} ({node.op_type}) reads {name!r} "
                    f"before it is made: the graph is cyclic or not sorted"
                )
            waiting.append(source)
    return [graph.node[i] for i in sorted(wanted)]


def _check_names(path: str, graph: Any) -> None:
    """Check that every value has one source; weights of old files are inputs, too."""
    for node in graph.node:
        if not node.op_type.isprintable():
            raise _core.ModelFileError(f"{path} has the operator {node.op_type!r}")
    made = [name for node in graph.node for name in node.output if name]
    for first in (graph.initializer, graph.input):
        seen: set[str] = set()
        for name in (*(each.name for each in first), *made):
            if name in seen:
                raise _core.ModelFileError(f"{path} makes the value {name!r} twice")
            seen.add(name)


def _opset(path: str, model: Any) -> int:
    versions = {each.domain: each.version for each in model.opset_import}
    version = versions.get("", versions.get("ai.onnx"))
    if version is None:
        raise _core.ModelFileError(f"{path} does not say which version of the operators it has")
    if version < _OLDEST:
        raise _core.ModelFileError(
            f"{path} has version {version} of the operators, but at least {_OLDEST} is needed: "
            f"convert it by onnx.version_converter.convert_version(model, 13)"
        )
    return int(version)
