"""Layers and networks on their way into the C++ core and back."""

from __future__ import annotations

from . import _core
from ._layer_base import Activation, Layer, WeightedLayer
from .layers import AvgPool2d, Conv2d, Flatten, Linear
from .network import Network

CoreLayer = _core.Linear | _core.Conv2d | _core.AvgPool2d | _core.Flatten


def layer_to_core(layer: Layer) -> CoreLayer:
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


def layer_from_core(layer: CoreLayer, activation: Activation = "relu") -> Layer:
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
    if isinstance(layer, _core.AvgPool2d):
        return AvgPool2d(_pair(layer.kernel_size), _pair(layer.stride))
    return Flatten()


def network_to_core(network: Network) -> _core.Network:
    """Return the core's copy of a network."""
    layers = [
        (name, layer_to_core(layer), not _is_linear(layer))
        for name, layer in zip(network.layer_names, network.layers, strict=True)
    ]
    return _core.Network(network.input_shape, layers)


def network_from_core(network: _core.Network) -> Network:
    """Return a network with copies of the core's weights."""
    layers = [
        layer_from_core(layer, "relu" if is_relu else "none")
        for _, layer, is_relu in network.layers
    ]
    names = [name for name, _, _ in network.layers]
    return Network(layers, input_shape=network.input_shape, layer_names=names)


def _is_linear(layer: Layer) -> bool:
    return isinstance(layer, WeightedLayer) and layer.activation == "none"


def _pair(values: list[int]) -> tuple[int, int]:
    return values[0], values[1]
