"""The walk over a graph of ATen operators."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...network import Network
from ..building import GraphBuilder, Step, Value
from ..refusal import RefusalError
from . import arithmetic, layers, views
from .layers import Arguments

Handler = Callable[[Step, Arguments], Any]

HANDLERS: dict[str, Handler] = {**layers.HANDLERS, **arithmetic.HANDLERS, **views.HANDLERS}

_DROPPED = {
    "_softmax": "softmax",
    "softmax": "softmax",
    "_log_softmax": "log_softmax",
    "log_softmax": "log_softmax",
}
_TRAIN_WITH_RELU = "replace it by a ReLU and train again"
_WAYS_OUT = {
    **dict.fromkeys(
        ("silu", "gelu", "sigmoid", "tanh", "hardswish", "hardsigmoid", "elu", "softplus", "mish"),
        _TRAIN_WITH_RELU,
    ),
    **dict.fromkeys(("leaky_relu", "prelu", "_prelu_kernel", "where"), _TRAIN_WITH_RELU),
    **dict.fromkeys(
        ("native_layer_norm", "native_group_norm", "_native_batch_norm_legit"),
        "use a BatchNorm with running statistics and train again",
    ),
    **dict.fromkeys(
        ("bmm", "_softmax", "_log_softmax", "_scaled_dot_product_flash_attention_for_cpu"),
        "pysnn takes no attention",
    ),
}


class Walk:
    """Nodes made of a traced module.

    Attributes:
        dropped: What was left out at the end, ``"softmax"`` or ``"log_softmax"``, or "".
        notes: Sentences about it.
    """

    def __init__(self, torch: Any, program: Any) -> None:
        self._torch = torch
        self._known: dict[Any, Any] = {}
        self.dropped = ""
        self.notes: tuple[str, ...] = ()
        graph = program.graph_module.graph
        self._builder = self._place_inputs(program, graph)
        self._output = self._last(program, graph)
        for node in graph.nodes:
            if node.op == "call_function" and node not in self._known:
                self._known[node] = self._result(node)
            elif node.op == "get_attr":
                self._known[node] = getattr(program.graph_module, node.target)

    def network(self) -> Network:
        """Return the network.

        Raises:
            RefusalError: The output does not depend on the input, or is no value of one sample.
        """
        value = self._known[self._output]
        if not isinstance(value, Value):
            raise RefusalError(
                str(self._output.name),
                "output",
                "does not depend on the input",
                "give a module that returns one tensor of outputs",
            )
        return self._builder.network(value)

    def _place_inputs(self, program: Any, graph: Any) -> GraphBuilder:
        kinds = {
            spec.arg.name: spec
            for spec in program.graph_signature.input_specs
            if hasattr(spec.arg, "name")
        }
        builder: GraphBuilder | None = None
        for node in graph.nodes:
            if node.op != "placeholder":
                continue
            spec = kinds[node.name]
            if spec.kind.name == "USER_INPUT":
                if builder is not None:
                    raise RefusalError(
                        str(node.name), "input", "is a second input", "keep one input"
                    )
                builder = GraphBuilder(tuple(int(n) for n in node.meta["val"].shape[1:]))
                self._known[node] = builder.input
            elif spec.target in program.state_dict:
                self._known[node] = program.state_dict[spec.target].detach()
            else:
                self._known[node] = program.constants[spec.target].detach()
        assert builder is not None, "the example is an input"
        return builder

    def _last(self, program: Any, graph: Any) -> Any:
        """Return the node of the output, in front of a softmax."""
        specs = program.graph_signature.output_specs
        (output,) = (node for node in graph.nodes if node.op == "output")
        results = [
            node
            for node, spec in zip(output.args[0], specs, strict=True)
            if spec.kind.name == "USER_OUTPUT"
        ]
        if len(results) != 1 or not hasattr(results[0], "op"):
            raise RefusalError(
                "output",
                "output",
                f"is {len(results)} tensors, or none",
                "wrap the module in one that returns one tensor",
            )
        node = results[0]
        operator = _operator(node) if node.op == "call_function" else ""
        if operator in _DROPPED and node.args[1] in (1, -1) and len(node.users) == 1:
            self.dropped = _DROPPED[operator]
            self.notes = (
                f"{node.name!r}, a {self.dropped} at the end, is left out: outputs are its logits",
            )
            # Never asked for, as nothing else reads it.
            self._known[node] = None
            node = node.args[0]
        return node

    def _result(self, node: Any) -> Any:
        arguments = self._resolved(node.args)
        keywords = self._resolved(node.kwargs)
        if not _holds_value((arguments, keywords)):
            return node.target(*arguments, **keywords)
        operator = _operator(node)
        step = Step(self._builder, _name(node), f"aten.{operator}")
        if operator == "getitem":
            return _item(step, *arguments)
        handler = HANDLERS.get(operator)
        if handler is None:
            way_out = _WAYS_OUT.get(operator, "replace it by an operator of the table")
            raise step.refused("is not supported", way_out)
        shape = [int(n) for n in _first_shape(node.meta["val"])]
        return handler(step, Arguments(arguments, keywords, self._torch, shape))

    def _resolved(self, argument: Any) -> Any:
        if isinstance(argument, tuple | list):
            return type(argument)(self._resolved(each) for each in argument)
        if isinstance(argument, dict):
            return {name: self._resolved(each) for name, each in argument.items()}
        return self._known[argument] if hasattr(argument, "op") else argument


def walked(torch: Any, program: Any) -> Walk:
    """Return the walk over an exported program.

    Raises:
        RefusalError: A node can't be a part of a `Network`.
    """
    return Walk(torch, program)


def _operator(node: Any) -> str:
    packet = getattr(node.target, "overloadpacket", node.target)
    return str(packet.__name__)


def _name(node: Any) -> str:
    """Return the path of the module of torch that a node is of; else its own name behind a path."""
    stack = list(node.meta.get("nn_module_stack", {}).values())
    path, kind = stack[-1] if stack else ("", "")
    kind = kind if isinstance(kind, str) else f"{kind.__module__}.{kind.__qualname__}"
    if path and kind.startswith("torch.nn."):
        return str(path)
    return f"{path}.{node.name}" if path else str(node.name)


def _holds_value(argument: Any) -> bool:
    if isinstance(argument, tuple | list):
        return any(map(_holds_value, argument))
    if isinstance(argument, dict):
        return any(map(_holds_value, argument.values()))
    return isinstance(argument, Value)


def _item(step: Step, results: Any, index: int) -> Any:
    if results[index] is None:
        raise step.refused(
            "reads statistics or indices, which are no values of a sample", "leave it out"
        )
    return results[index]


def _first_shape(result: Any) -> Any:
    return result.shape if hasattr(result, "shape") else result[0].shape
