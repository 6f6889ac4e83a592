"""The layers of a Keras model and who calls whom, as its configuration says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .calls import Call, ConfigError, Tensor, calls_of, in_order, tensors

_MODELS = ("Functional", "Sequential", "Model")
_DEEPEST = 16  # models within models
_LONGEST_NAME = 1000  # characters


@dataclass(frozen=True, eq=False)
class Layer:
    """A layer.

    Attributes:
        name: Its name.
        kind: Its class, such as ``"Conv2D"``; of an operation that is no layer, such as that of
            ``+``, ``"ops.Add"``; of a class that is not Keras's, with its module or package.
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

    def layer(self, name: str) -> Layer:
        """Return the layer of a name.

        Raises:
            ConfigError: There is none.
        """
        for layer in self.layers:
            if layer.name == name:
                return layer
        raise ConfigError(f"names a layer {name!r}, which it does not have")


def read_model(description: Any) -> Model:
    """Return the model of a configuration, ``{"class_name": ..., "config": ...}``.

    Raises:
        ConfigError: It is no configuration of a Sequential or Functional model.
    """
    try:
        return _model(description, 1)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        reason = " ".join(repr(error).split())[:200]
        raise ConfigError(f"has a configuration that is not Keras's: {reason}") from None


def _model(description: Any, depth: int) -> Model:
    kind = description["class_name"]
    if kind not in _MODELS or kind_of(description) not in _MODELS:
        raise ConfigError(
            f"is a model of the class {kind!r}, expected 'Sequential' or 'Functional': a class of "
            f"its own is code, which is not run"
        )
    if depth > _DEEPEST:
        raise ConfigError(f"has models within models, {_DEEPEST} deep and deeper")
    config = description["config"]
    # Sequential models of Keras 2.2 and before.
    entries = config if isinstance(config, list) else config["layers"]
    layers = [_layer(entry, depth) for entry in entries]
    if len({layer.name for layer in layers}) != len(layers):
        raise ConfigError("has two layers of one name")
    if kind == "Sequential":
        return _chain(layers)
    models = {layer.name for layer in layers if layer.model is not None}
    nodes = {
        layer.name: entry["inbound_nodes"] or [[]]
        for layer, entry in zip(layers, entries, strict=True)
    }
    return Model(
        layers,
        in_order(calls_of(nodes, models)),
        tensors(config["input_layers"]),
        tensors(config["output_layers"]),
    )


def _layer(entry: Any, depth: int) -> Layer:
    kind, config = kind_of(entry), dict(entry["config"])
    model = _model(entry, depth + 1) if kind in _MODELS else None
    return Layer(_text(config.get("name", entry.get("name", kind))), kind, config, model)


def kind_of(entry: Any) -> str:
    """Return the class of a layer, by a name that no class of Keras has where it is another's."""
    kind, module = _text(entry["class_name"]), entry.get("module")
    registered = entry.get("registered_name")
    if registered is not None and ">" in str(registered):
        return _text(registered)
    if module is None:
        return kind
    first, _, rest = _text(module).partition(".")
    if first not in ("keras", "keras_core", "tf_keras"):
        return f"{module}.{kind}"
    return f"ops.{kind}" if rest.startswith("src.ops") else kind


def _text(value: Any) -> str:
    """Return a name that can stand in a message."""
    if not isinstance(value, str) or len(value) > _LONGEST_NAME or not value.isprintable():
        raise ConfigError(f"has a name that is none: {str(value)[:40]!r}")
    return value


def _chain(layers: list[Layer]) -> Model:
    """Return a model in which each layer reads the one before it, behind one input layer."""
    if not layers:
        raise ConfigError("has no layers")
    if layers[0].kind != "InputLayer":
        names = {layer.name for layer in layers}
        name = f"{layers[0].name}_input"
        while name in names:
            name += "_"
        shape = _shape_of_first(layers[0])
        layers = [Layer(name, "InputLayer", {"batch_shape": shape}, None), *layers]
    calls = [Call((layers[0].name, 0), [], {})]
    for layer in layers[1:]:
        calls.append(Call((layer.name, 0), [calls[-1].output], {}))
    return Model(layers, calls, [calls[0].output], [calls[-1].output])


def _shape_of_first(layer: Layer) -> Any:
    shape = layer.config.get("batch_input_shape") or layer.config.get("batch_shape")
    if shape is None and layer.model is not None and layer.model.inputs:
        shape = input_shape(layer.model.layer(layer.model.inputs[0][0]))
    if shape is None:
        raise ConfigError("does not say the shape of its input: build the model first")
    return shape


def input_shape(layer: Layer) -> list[int | None]:
    """Return the shape of an input layer, with the batch.

    Raises:
        ConfigError: The layer does not say it.
    """
    found = layer.config.get("batch_shape") or layer.config.get("batch_input_shape")
    if not isinstance(found, list | tuple):
        raise ConfigError(f"does not say the shape of its input {layer.name!r}")
    return list(found)
