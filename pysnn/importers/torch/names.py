"""Names of a traced module's nodes: those that its author gave."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any


def operator_of(node: Any) -> str:
    """Return what a node calls, without overload and without the mark of working in place.

    "" for a node that calls nothing, as the output.
    """
    if node.op != "call_function":
        return ""
    packet = getattr(node.target, "overloadpacket", node.target)
    name = str(packet.__name__)
    return name if name.startswith("__") else name.rstrip("_")


def title_of(node: Any) -> str:
    """Return the operator with its namespace, such as ``"aten.relu"``."""
    return f"{getattr(node.target, 'namespace', 'python')}.{operator_of(node)}"


class Names:
    """Names of a graph's nodes.

    The node that a module of torch is there for has the module's path, such as
    ``"layer1.0.conv1"``; every other one has its own name behind the path of the module that calls
    it.

    Args:
        graph: The graph.
        lesser: Operators that have a module's path only if the module has no others.
    """

    def __init__(self, graph: Any, lesser: Collection[str] = ()) -> None:
        self._chosen: dict[str, Any] = {}
        for node in graph.nodes:
            call, path = _call(node)
            if path is None or operator_of(node) == "getitem":
                continue
            before = self._chosen.get(call)
            if before is None or operator_of(node) not in lesser or operator_of(before) in lesser:
                self._chosen[call] = node

    def of(self, node: Any) -> str:
        """Return the name of a node."""
        call, path = _call(node)
        if path and self._chosen.get(call) is node:
            return path
        own = str(node.name).lstrip("_")
        stack = list(node.meta.get("nn_module_stack", {}).values())
        around = str(stack[-1][0]) if stack else ""
        return f"{around}.{own}" if around else own


def _call(node: Any) -> tuple[str, str | None]:
    """Return a key for the call of a module of torch that a node is of, and the module's path."""
    stack = list(node.meta.get("nn_module_stack", {}).items())
    if node.op != "call_function" or not stack:
        return "", None
    call, (path, kind) = stack[-1]
    kind = kind if isinstance(kind, str) else f"{kind.__module__}.{kind.__qualname__}"
    return str(call), str(path) if kind.startswith("torch.nn.") else None
