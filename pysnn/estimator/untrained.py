"""The network that an estimator trains, and for how long."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .. import models
from .._base.numbers import as_positive_int
from ..network import Network
from ..nodes import Linear

Builder = Callable[[int, int, int], Network]
"""Gives an untrained network for a number of features, a number of classes and a seed."""

DEFAULT_SIZES = (100,)

_BATCH_SIZE = 100
_BATCHES = 10  # at least, in an epoch
_EPOCHS = 15
_MOST_EPOCHS = 200
_UPDATES = 1000


def make_network(
    sizes: int | Sequence[int],
    given: Network | Builder | None,
    num_features: int,
    num_classes: int,
    seed: int,
) -> Network:
    """Return the network to train.

    Args:
        sizes: Neurons of the hidden layers of a perceptron.
        given: A network, which is copied, or what builds one, in place of a perceptron.
        num_features: Features of a sample.
        num_classes: Classes of the labels.
        seed: Seed of the initial weights.

    Raises:
        TypeError: ``given`` is neither, or what it builds is no network.
        ValueError: Its inputs are not the features, its outputs are not the classes, or ``sizes``
            are given, too.
    """
    if given is None:
        return _perceptron([num_features, *_as_sizes(sizes), num_classes], seed)
    if sizes != DEFAULT_SIZES:
        raise ValueError(f"hidden_layer_sizes is {sizes}, but network is given, which has its own")
    if isinstance(given, Network):
        network = given.copy()
    elif callable(given):
        network = given(num_features, num_classes, seed)
    else:
        raise TypeError(
            f"network is a {type(given).__name__}, but must be a pysnn.Network, or a function of "
            f"the numbers of features and classes and a seed that returns one"
        )
    if not isinstance(network, Network):
        raise TypeError(f"network returned a {type(network).__name__}, but must return a Network")
    if network.num_inputs != num_features:
        raise ValueError(
            f"network has {network.num_inputs} inputs, but X has {num_features} features"
        )
    if network.output_shape != (num_classes,):
        raise ValueError(
            f"network has outputs {network.output_shape}, but y has {num_classes} classes"
        )
    return network


def _as_sizes(sizes: object) -> list[int]:
    name = "hidden_layer_sizes"
    if not isinstance(sizes, Sequence | np.ndarray) or isinstance(sizes, str):
        return [as_positive_int(sizes, name)]
    return [as_positive_int(size, f"{name}[{i}]") for i, size in enumerate(sizes)]


def _perceptron(sizes: list[int], seed: int) -> Network:
    """Return a perceptron with biases whose outputs are linear, as logits are."""
    *hidden, last = models.mlp(sizes, bias=True, seed=seed).layers
    assert isinstance(last, Linear)
    names = [*(f"hidden{i}" for i in range(1, len(sizes) - 1)), "output"]
    return Network([*hidden, last.with_activation("none")], sizes[0], layer_names=names)


def descent_for(num_samples: int) -> dict[str, Any]:
    """Return batch size and epochs of the default training, by the number of samples.

    An epoch of few samples is made of smaller batches, and there are more of them: as many as give
    some 1,000 updates.
    """
    batch_size = max(1, min(_BATCH_SIZE, num_samples // _BATCHES))
    batches = math.ceil(num_samples / batch_size)
    epochs = min(_MOST_EPOCHS, max(_EPOCHS, math.ceil(_UPDATES / batches)))
    return {"batch_size": batch_size, "epochs": epochs}
