"""The walk over a graph of ATen operators."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...network import Network
from ..building import GraphBuilder, Step, Value
from ..refusal import RefusalError
from . import arithmetic, layers, views
from .ending import Ending, ending_of
from .layers import Arguments
from .names import Names, operator_of, title_of
from .refused import other_refusal

Handler = Callable[[Step, Arguments], Any]

HANDLERS: dict[str, Handler] = {**layers.HANDLERS, **arithmetic.HANDLERS, **views.HANDLERS}

# They say what is known already, and give nothing.
_ASSERTIONS = {"_assert_tensor_metadata", "_assert_scalar"}


class Walk:
    """Nodes made of a traced module.

    Attributes:
        ending: What was left out at the end, or None.
        notes: Sentences about it.
    """

    def __init__(self, torch: Any, program: Any) -> None:
        self._torch = torch
        self._known: dict[Any, Any] = {}
        self.ending: Ending | None = None
        self.notes: tuple[str, ...] = ()
        graph = program.graph_module.graph
        self._names = Names(graph, lesser=views.HANDLERS)
        self._refuse_state(program)
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

    def _refuse_state(self, program: Any) -> None:
        for spec in program.graph_signature.output_specs:
            if spec.kind.name in ("BUFFER_MUTATION", "PARAMETER_MUTATION"):
                raise RefusalError(
                    str(spec.target),
                    spec.kind.name.partition("_")[0].lower(),
                    "changes with each call, so that outputs may depend on earlier samples",
                    "keep nothing from call to call in evaluation mode",
                )

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
        """Return the node of the output, in front of what is left out at the end."""
        specs = program.graph_signature.output_specs
        (output,) = (node for node in graph.nodes if node.op == "output")
        results = [
            node
            for node, spec in zip(output.args[0], specs, strict=True)
            if spec.kind.name == "USER_OUTPUT"
        ]
        if len(results) != 1 or not hasattr(results[0], "op"):
            found = f"gives {len(results)} values" if len(results) != 1 else "gives no tensor"
            raise RefusalError(
                "output", "output", found, "wrap the module in one that returns one tensor"
            )
        node = results[0]
        name = self._names.of(node)
        self.ending = ending_of(node, name)
        if self.ending is None:
            return node
        self.notes = (
            f"{name!r}, {self.ending.title} at the end, is left out: {self.ending.meaning}",
        )
        # Never asked for, as nothing else reads it.
        self._known[node] = None
        return node.args[0]

    def _result(self, node: Any) -> Any:
        arguments = self._resolved(node.args)
        keywords = self._resolved(node.kwargs)
        operator = operator_of(node)
        step = Step(self._builder, self._names.of(node), title_of(node))
        tags = getattr(node.target, "tags", ())
        if self._torch.Tag.nondeterministic_seeded in tags:
            raise step.refused("draws numbers at random", "leave it out in evaluation mode")
        if not _holds_value((arguments, keywords)):
            return node.target(*arguments, **keywords)
        if operator in _ASSERTIONS:
            return None
        if operator == "getitem":
            return _item(step, *arguments)
        handler = HANDLERS.get(operator)
        if handler is None:
            raise step.refused(*other_refusal(operator))
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
