"""Who calls whom in a Functional model, in the words of Keras 2 and of Keras 3."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..building import Array

Tensor = tuple[str, int]
"""A layer by name, and which of its calls."""


class ConfigError(Exception):
    """Says what of a configuration is not as Keras writes it."""


@dataclass(frozen=True, eq=False)
class Call:
    """A call of a layer.

    Attributes:
        output: The layer's name and the number of the call, which stand for its result.
        inputs: What it reads: results of calls, and constants.
        options: Its arguments by keyword.
    """

    output: Tensor
    inputs: Sequence[Tensor | Array]
    options: Mapping[str, Any]


def calls_of(nodes: Mapping[str, Sequence[Any]], models: set[str]) -> list[Call]:
    """Return the calls of layers.

    Args:
        nodes: ``inbound_nodes`` of each layer, by its name.
        models: Names of those that are models themselves.

    Raises:
        ConfigError: They are not what Keras writes.
    """
    calls = []
    for name, entries in nodes.items():
        for i, node in enumerate(entries):
            inputs, options = _arguments_of(node, name)
            calls.append(Call((name, i), inputs, options))
    # Keras before 2.4 counts the making of a model as its first call.
    shifted = {
        name
        for call in calls
        for name, number in (each for each in call.inputs if isinstance(each, tuple))
        if name in models and number == len(nodes[name])
    }
    return [
        Call(call.output, [_shifted(each, shifted) for each in call.inputs], call.options)
        for call in calls
    ]


def _shifted(value: Tensor | Array, shifted: set[str]) -> Tensor | Array:
    if isinstance(value, tuple) and value[0] in shifted:
        return value[0], value[1] - 1
    return value


def _arguments_of(node: Any, name: str) -> tuple[list[Tensor | Array], dict[str, Any]]:
    if isinstance(node, dict):
        return list(_values(node["args"], name)), dict(node.get("kwargs") or {})
    inputs: list[Tensor | Array] = []
    options: dict[str, Any] = {}
    for source, call, tensor, *rest in [node] if node and isinstance(node[0], str) else node:
        inputs.append(_tensor([source, call, tensor]))
        options.update(rest[0] if rest else {})
    return inputs, options


def _values(value: Any, name: str) -> Iterator[Tensor | Array]:
    """Yield tensors and constants among the arguments of a call, in Keras 3's words."""
    kind = value.get("class_name") if isinstance(value, dict) else None
    if kind == "__keras_tensor__":
        yield _tensor(value["config"]["keras_history"])
    elif kind in ("__numpy__", "__tensor__"):
        yield np.asarray(value["config"]["value"], dtype=np.float64)
    elif isinstance(value, list):
        for each in value:
            yield from _values(each, name)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield np.asarray(value, dtype=np.float64)
    elif value is not None:
        raise ConfigError(f"calls {name!r} with {str(value)[:40]!r}, which is no value")


def _tensor(history: Sequence[Any]) -> Tensor:
    name, call, tensor = history
    if tensor != 0:
        raise ConfigError(f"reads the output {tensor} of {name!r}, but layers have one")
    return str(name), int(call)


def tensors(value: Any) -> list[Tensor]:
    """Return the inputs or outputs of a model."""
    if isinstance(value, dict):
        value = list(value.values())
    entries = [value] if value and isinstance(value[0], str) else value
    return [_tensor(each) for each in entries]


def in_order(calls: Sequence[Call]) -> list[Call]:
    """Return calls behind those that they read, else in the order that they have.

    Raises:
        ConfigError: They read each other in a circle, or what nobody gives.
    """
    missing = []
    readers: dict[Tensor, list[int]] = {}
    for i, call in enumerate(calls):
        sources = {each for each in call.inputs if isinstance(each, tuple)}
        missing.append(len(sources))
        for source in sources:
            readers.setdefault(source, []).append(i)
    ready = [i for i, number in enumerate(missing) if number == 0]
    done = []
    while ready:
        i = heapq.heappop(ready)
        done.append(calls[i])
        for reader in readers.get(calls[i].output, ()):
            missing[reader] -= 1
            if missing[reader] == 0:
                heapq.heappush(ready, reader)
    if len(done) != len(calls):
        names = [call.output[0] for call, number in zip(calls, missing, strict=True) if number]
        raise ConfigError(
            f"has {len(names)} layers that wait for each other or for none, such as {names[:3]}"
        )
    return done
