"""Layers and chains of layers on their way into the C++ core and back."""

from __future__ import annotations

from collections.abc import Mapping

from .. import _core
from ..nodes import Activation, AvgPool2d, Conv2d, Flatten, Layer, Linear, Shape, WeightedLayer

CoreNode = _core.Linear | _core.Conv2d | _core.AvgPool2d | _core.Flatten
CoreSynapses = _core.Linear | _core.Conv2d | _core.PoolSynapses


def layer_to_core(layer: Layer) -> CoreNode:
    """Return the core's copy of a layer."""
    if isinstance(layer, Linear):
        return _core.Linear(layer.weight, layer.bias)
    if isinstance(layer, Conv2d):
        return _core.Conv2d(layer.weight, layer.bias, layer.stride, layer.padding)
    if isinstance(layer, AvgPool2d):
        return _core.AvgPool2d(layer.kernel_size, layer.stride)
    if isinstance(layer, Flatten):
        return _core.Flatten()
    raise TypeError(f"layer is a {type(layer).__name__}, but must be one of pysnn's layers")


def synapses_to_core(layer: Layer) -> CoreSynapses:
    """Return the core's synapses of a layer that connects two populations."""
    if isinstance(layer, AvgPool2d):
        return _core.PoolSynapses(layer.kernel_size, layer.stride)
    core = layer_to_core(layer)
    assert isinstance(core, (_core.Linear, _core.Conv2d))
    return core


def layer_from_core(layer: CoreNode | CoreSynapses, activation: Activation = "relu") -> Layer:
    """Return a layer with copies of the core's weights."""
    if isinstance(layer, _core.Linear):
        return Linear(layer.weight, layer.bias, activation=activation)
    if isinstance(layer, _core.Conv2d):
        return Conv2d(
            layer.weight,
            layer.bias,
            stride=_pair(layer.stride),
            padding=_pair(layer.padding),
            activation=activation,
        )
    if isinstance(layer, (_core.AvgPool2d, _core.PoolSynapses)):
        return AvgPool2d(_pair(layer.kernel_size), _pair(layer.stride))
    return Flatten()


def chain_to_core(input_shape: Shape, layers: Mapping[str, Layer]) -> _core.Network:
    """Return the core's copy of a chain of layers.

    Args:
        input_shape: Shape of one sample.
        layers: The layers by name, from input to output.
    """
    inputs: list[str] = []
    return _core.Network(
        input_shape,
        [
            (name, layer_to_core(layer), "none" if _is_linear(layer) else "relu", inputs)
            for name, layer in layers.items()
        ],
    )


def chain_from_core(core: _core.Network) -> dict[str, Layer]:
    """Return the layers of a chain by name, with copies of the core's weights."""
    return {
        name: layer_from_core(node, "none" if activation == "none" else "relu")
        for name, node, activation, _ in core.nodes
    }


def _is_linear(layer: Layer) -> bool:
    return isinstance(layer, WeightedLayer) and layer.activation == "none"


def _pair(values: list[int]) -> tuple[int, int]:
    return values[0], values[1]
