"""Builders of networks: the two of Diehl et al. (2015), and any MLP or small ConvNet."""

from __future__ import annotations

import copy
import itertools
import math
from collections.abc import Sequence
from typing import assert_never

import numpy as np

from ._base.foreign import wrong_type
from ._base.named import public_names
from ._base.numbers import (
    Sizes,
    as_bool,
    as_drawn_seed,
    as_int_pair,
    as_positive_float,
    as_positive_int,
    as_shape,
    as_str,
)
from .network import Network
from .network.notation import Convolution, Pool, Units, parse_notation
from .nodes import AvgPool2d, Conv2d, Linear, Node, ReLU, Shape, WeightedNode
from .nodes.initial import initial_weight

__all__ = [
    "convnet",
    "diehl2015_convnet",
    "diehl2015_fcn",
    "from_notation",
    "mlp",
    "quantized",
]

__dir__ = public_names(__name__)


def diehl2015_fcn(seed: int | None = 0) -> Network:
    """Return the paper's fully connected network, 784-1200-1200-10, untrained.

    ReLU follows every layer, the output included, and there are no biases. Initial weights are
    uniform in [-0.01, 0.01].

    Args:
        seed: Seed of the initial weights; None draws one, which nothing keeps but the weights.
    """
    return mlp([784, 1200, 1200, 10], initial_range=0.01, seed=seed)


def diehl2015_convnet(seed: int | None = 0) -> Network:
    """Return the paper's ConvNet, 28x28-12c5-2s-64c5-2s-10o, untrained.

    Valid 5x5 convolutions, 2x2 average pooling, ReLU after every weighted layer, the output
    included, and no biases. Initial weights follow the rule of `convnet`.

    Args:
        seed: Seed of the initial weights; None draws one, which nothing keeps but the weights.
    """
    return convnet((1, 28, 28), [12, 64], kernel_size=5, pool=2, num_classes=10, seed=seed)


def mlp(
    sizes: Sizes,
    *,
    bias: bool = False,
    initial_range: float | None = None,
    seed: int | None = 0,
) -> Network:
    """Return a fully connected ReLU network, untrained.

    Args:
        sizes: Numbers of neurons from input to output, at least two.
        bias: Whether layers have biases; they start at 0.
        initial_range: Initial weights are uniform in plus or minus this; None takes
            sqrt(6 / (fan_in + fan_out)) for each layer (Glorot and Bengio, 2010).
        seed: Seed of the initial weights; None draws one, which nothing keeps but the weights.

    Raises:
        TypeError: A size is not an int, or ``bias`` is not a bool.
        ValueError: There are fewer than two sizes, or one is below 1.
    """
    checked = as_shape(sizes, "sizes")
    if len(checked) < 2:
        raise ValueError(f"sizes has {len(checked)} entries, but must have at least 2")
    bias = as_bool(bias, "bias")
    if initial_range is not None:
        initial_range = as_positive_float(initial_range, "initial_range")
    rng = np.random.default_rng(as_drawn_seed(seed))
    layers = []
    for num_inputs, num_outputs in itertools.pairwise(checked):
        weight = initial_weight(rng, (num_outputs, num_inputs), initial_range)
        layers.append(Linear(weight, np.zeros(num_outputs) if bias else None))
    return Network(layers, input_shape=checked[0])


def convnet(
    input_shape: Sizes,
    channels: Sizes,
    *,
    kernel_size: Sizes = 5,
    pool: Sizes | None = 2,
    padding: Sizes = 0,
    num_classes: int = 10,
    bias: bool = False,
    seed: int | None = 0,
) -> Network:
    """Return a ReLU network of convolutions, each followed by a pool, and one output layer.

    Initial weights are uniform in plus or minus sqrt(6 / (fan_in + fan_out)) (Glorot and Bengio,
    2010); for a convolution fan_in is in_channels times the kernel's area and fan_out is
    out_channels times the kernel's area.

    Args:
        input_shape: (channels, height, width) of an image.
        channels: Number of channels of each convolution.
        kernel_size: Size of all kernels, an int or a pair.
        pool: Size of the average pools after every convolution, or None for no pools.
        padding: Zeros around the input of every convolution, an int or a pair.
        num_classes: Number of outputs.
        bias: Whether layers have biases; they start at 0.
        seed: Seed of the initial weights; None draws one, which nothing keeps but the weights.

    Raises:
        TypeError: A size is not an int, or ``bias`` is not a bool.
        ValueError: A size is too small, or the sizes do not chain.
    """
    image_shape = as_shape(input_shape, "input_shape")
    if len(image_shape) != 3:
        raise ValueError(f"input_shape is {image_shape}, but must be (channels, height, width)")
    kernel = as_int_pair(kernel_size, "kernel_size", minimum=1)
    num_classes = as_positive_int(num_classes, "num_classes")
    bias = as_bool(bias, "bias")
    rng = np.random.default_rng(as_drawn_seed(seed))
    layers: list[Node] = []
    num_inputs = image_shape[0]
    for num_outputs in as_shape(channels, "channels"):
        weight = initial_weight(rng, (num_outputs, num_inputs, *kernel), None)
        layers.append(Conv2d(weight, np.zeros(num_outputs) if bias else None, padding=padding))
        if pool is not None:
            layers.append(AvgPool2d(pool))
        num_inputs = num_outputs
    features = math.prod(Network(layers, image_shape).output_shape)
    weight = initial_weight(rng, (num_classes, features), None)
    layers.append(Linear(weight, np.zeros(num_classes) if bias else None))
    return Network(layers, image_shape)


def from_notation(notation: str, *, bias: bool = False, seed: int | None = 0) -> Network:
    """Return the network that a text such as ``28x28-12c5-2s-64c5-2s-10o`` describes, untrained.

    The parts, after the paper: an input of ``784`` numbers or of ``28x28`` pixels (``3x32x32``
    with channels); ``12c5`` a convolution to 12 channels with 5x5 kernels (``12c5p2`` with padding
    of 2); ``2s`` average pooling of 2x2; ``1200`` or ``10o`` a fully connected layer. Initial
    weights follow the rule of `convnet`.

    Args:
        notation: Input and layers, joined by ``-``.
        bias: Whether layers have biases; they start at 0.
        seed: Seed of the initial weights; None draws one, which nothing keeps but the weights.

    Raises:
        TypeError: ``notation`` is not a str, or ``bias`` is not a bool.
        ValueError: It is not written so, a size is 0, or the sizes do not chain.

    Example:
        >>> from_notation("28x28-12c5-2s-64c5-2s-10o", seed=3) == diehl2015_convnet(seed=3)
        True
    """
    input_shape, parts = parse_notation(as_str(notation, "notation"))
    bias = as_bool(bias, "bias")
    rng = np.random.default_rng(as_drawn_seed(seed))
    layers: list[Node] = []
    shape = as_shape(input_shape, f"the input of notation {notation!r}")
    for part in parts:
        try:
            layers.append(_layer_of(part, shape, bias, rng))
            shape = layers[-1].output_shape(shape)
        except ValueError as error:
            raise ValueError(f"notation is {notation!r}, which does not fit: {error}") from None
    return Network(layers, input_shape)


def quantized(network: Network, levels: int, *, largest: float | Sequence[float] = 1.0) -> Network:
    """Return a chain with activations in steps, to be trained or trained further (QCFS).

    A ``ReLU(max, levels)`` (Bu et al., ICLR 2022) takes the place of the ReLU behind every weighted
    layer but the last, which becomes linear. Training learns each ``max``.

    Args:
        network: A chain of `Linear`, `Conv2d`, `AvgPool2d` and `Flatten` with a ReLU behind all
            weights, such as those of this module, trained or not; it stays as it is.
        levels: Number of steps from 0 to the largest activation.
        largest: Largest activation that training begins with, a number or one per hidden weighted
            layer.

    Raises:
        TypeError: ``network`` is no Network, or ``levels`` not an int.
        ValueError: The network is no such chain or has no hidden layer, or ``levels`` or
            ``largest`` does not fit.

    Example:
        >>> quantized(mlp([4, 3, 2]), levels=4).layers[1]
        ReLU(max=1.0, levels=4)
    """
    if not isinstance(network, Network):
        raise wrong_type("network", network, "a Network")
    if not (network.graph.is_chain and network.graph.is_plain):
        raise ValueError(
            "network must be a chain of Linear, Conv2d, AvgPool2d and Flatten with a ReLU behind "
            "all weights"
        )
    num_hidden = sum(isinstance(layer, WeightedNode) for layer in network.layers) - 1
    if num_hidden < 1:
        raise ValueError("network has no hidden layer, but levels are for their activations")
    ceilings = _one_per_hidden_layer(largest, num_hidden)
    layers: list[Node] = []
    for layer in copy.deepcopy(network.layers):
        if not isinstance(layer, WeightedNode):
            layers.append(layer)
            continue
        layers.append(layer.with_activation("none"))
        if ceilings:
            layers.append(ReLU(ceilings.pop(0), levels))
    return Network(layers, network.input_shape)


def _one_per_hidden_layer(largest: float | Sequence[float], num_hidden: int) -> list[float]:
    if not isinstance(largest, Sequence | np.ndarray) or isinstance(largest, str):
        return [as_positive_float(largest, "largest")] * num_hidden
    if len(largest) != num_hidden:
        raise ValueError(
            f"largest has {len(largest)} entries, but there are {num_hidden} hidden layers"
        )
    return [as_positive_float(each, f"largest[{i}]") for i, each in enumerate(largest)]


def _layer_of(
    part: Convolution | Pool | Units, shape: Shape, bias: bool, rng: np.random.Generator
) -> Node:
    match part:
        case Pool():
            return AvgPool2d(part.size)
        case Units():
            count = as_positive_int(part.count, "the number of units")
            weight = initial_weight(rng, (count, math.prod(shape)), None)
            return Linear(weight, np.zeros(count) if bias else None)
        case Convolution():
            count = as_positive_int(part.channels, "the number of channels")
            size = as_positive_int(part.kernel_size, "the size of the kernel")
            weight = initial_weight(rng, (count, shape[0], size, size), None)
            return Conv2d(weight, np.zeros(count) if bias else None, padding=part.padding)
        case _:
            assert_never(part)
