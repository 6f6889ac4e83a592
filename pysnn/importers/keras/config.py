"""The layers of a Keras model and who calls whom, as its configuration says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Tensor = tuple[str, int]
"""A layer by name, and which of its calls."""

_MODELS = ("Functional", "Sequential", "Model")


class ConfigError(Exception):
    """Says what of a configuration is not as Keras writes it."""


@dataclass(frozen=True, eq=False)
class Call:
    """A call of a layer.

    Attributes:
        output: What it gives.
        layer: The layer.
        inputs: What it reads: results of calls, and numbers.
    """

    output: Tensor
    layer: Layer
    inputs: Sequence[Tensor | float]


@dataclass(frozen=True, eq=False)
class Layer:
    """A layer.

    Attributes:
        name: Its name.
        kind: Its class, such as ``"Conv2D"``.
        config: Its arguments.
        model: What it is made of where it is a model itself.
    """

    name: str
    kind: str
    config: Mapping[str, Any]
    model: Model | None


@dataclass(frozen=True, eq=False)
class Model:
    """A model.

    Attributes:
        layers: In the order of the configuration, which is that of the weights.
        calls: Each behind those whose results it reads.
        inputs: What the model reads.
        outputs: What it gives.
    """

    layers: Sequence[Layer]
    calls: Sequence[Call]
    inputs: Sequence[Tensor]
    outputs: Sequence[Tensor]


def read_model(description: Any) -> Model:
    """Return the model of a configuration, ``{"class_name": ..., "config": ...}``.

    Raises:
        ConfigError: It is no configuration of a Sequential or Functional model.
    """
    try:
        return _model(description)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise ConfigError(f"has a configuration that is not Keras's: {error!r}") from None


def _model(description: Any) -> Model:
    kind = description["class_name"]
    if kind not in _MODELS:
        raise ConfigError(
            f"is a model of the class {kind!r}, expected 'Sequential' or 'Functional': a class of "
            f"its own is code, which is not run"
        )
    config = description["config"]
    # Sequential models of Keras 2.2 and before.
    entries = config if isinstance(config, list) else config["layers"]
    layers = [_layer(entry) for entry in entries]
    if len({layer.name for layer in layers}) != len(layers):
        raise ConfigError("has two layers of one name")
    if kind == "Sequential":
        return _chain(layers)
    calls = [
        Call((layer.name, i), layer, list(_inputs(node)))
        for layer, entry in zip(layers, entries, strict=True)
        for i, node in enumerate(entry["inbound_nodes"] or [[]])
    ]
    return Model(
        layers,
        _sorted(calls),
        _tensors(config["input_layers"]),
        _tensors(config["output_layers"]),
    )


def _layer(entry: Any) -> Layer:
    kind, config = str(entry["class_name"]), dict(entry["config"])
    model = _model(entry) if kind in _MODELS else None
    return Layer(str(config.get("name", entry.get("name", kind))), kind, config, model)


def _chain(layers: list[Layer]) -> Model:
    """Return a model in which each layer reads the one before it, behind one input layer."""
    if not layers:
        raise ConfigError("has no layers")
    if layers[0].kind != "InputLayer":
        first = layers[0]
        shape = first.config.get("batch_input_shape") or first.config.get("batch_shape")
        if shape is None and first.model is not None:
            source = next(each for each in first.model.layers if each.kind == "InputLayer")
            shape = input_shape(source)
        if shape is None:
            raise ConfigError("does not say the shape of its input: build the model first")
        layers = [Layer("input", "InputLayer", {"batch_shape": shape}, None), *layers]
    calls = [Call((layers[0].name, 0), layers[0], [])]
    for layer in layers[1:]:
        calls.append(Call((layer.name, 0), layer, [calls[-1].output]))
    return Model(layers, calls, [calls[0].output], [calls[-1].output])


def input_shape(layer: Layer) -> list[int | None]:
    """Return the shape of an input layer, with the batch."""
    found = layer.config.get("batch_shape") or layer.config.get("batch_input_shape")
    if found is None:
        raise ConfigError(f"does not say the shape of its input {layer.name!r}")
    return list(found)


def _inputs(node: Any) -> Iterator[Tensor | float]:
    """Yield what a call reads, in the words of Keras 3, or of Keras 2."""
    if isinstance(node, dict):
        yield from _arguments(node["args"])
        return
    for name, call, tensor, *_ in [node] if node and isinstance(node[0], str) else node:
        yield _tensor([name, call, tensor])


def _arguments(value: Any) -> Iterator[Tensor | float]:
    if isinstance(value, dict):
        if value.get("class_name") == "__keras_tensor__":
            yield _tensor(value["config"]["keras_history"])
    elif isinstance(value, list):
        for each in value:
            yield from _arguments(each)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield float(value)


def _tensor(history: Sequence[Any]) -> Tensor:
    name, call, tensor = history
    if tensor != 0:
        raise ConfigError(f"reads the output {tensor} of {name!r}, but layers have one")
    return str(name), int(call)


def _tensors(value: Any) -> list[Tensor]:
    entries = [value] if value and isinstance(value[0], str) else value
    return [_tensor(each) for each in entries]


def _sorted(calls: list[Call]) -> list[Call]:
    """Return calls behind those that they read.

    Raises:
        ConfigError: They read each other in a circle, or what nobody gives.
    """
    known: set[Tensor] = set()
    done: list[Call] = []
    waiting = calls
    while waiting:
        ready = [
            call
            for call in waiting
            if all(each in known for each in call.inputs if isinstance(each, tuple))
        ]
        if not ready:
            names = [call.layer.name for call in waiting]
            raise ConfigError(f"has layers that wait for each other or for none: {names}")
        done += ready
        known.update(call.output for call in ready)
        waiting = [call for call in waiting if call.output not in known]
    return done
