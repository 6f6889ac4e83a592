"""Losses and gradients of a whole network on one batch, with dropout."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..network import Network
from ..nodes import PAPER_KINDS, AvgPool2d, Conv2d, WeightedNode
from .losses import Loss
from .node_ops import FloatArray, make_ops


class Backpropagation:
    """Computes loss and gradients of a network, batch after batch.

    Args:
        network: A network for which `check_trainable` holds.
        loss: The loss to differentiate.
        dropout: Fraction of units (of whole maps in convolutions) that is silenced, one number
            per hidden weighted layer.
        dtype: float32 works on the network's own arrays; float64, which gradient checks need,
            on copies.

    Attributes:
        parameters: Every weight and bias, from input to output.
        gradients: Their gradients, averaged over the batch, after `run`.
    """

    def __init__(
        self,
        network: Network,
        loss: Loss,
        dropout: Sequence[float],
        dtype: type[np.floating[Any]] = np.float32,
    ) -> None:
        self._layers = network.layers
        self._ops = make_ops(network.layers, network.input_shape, dtype)
        self._loss = loss
        weighted = [i for i, layer in enumerate(self._layers) if isinstance(layer, WeightedNode)]
        self._first, self._last = weighted[0], weighted[-1]
        self._dropout = dict(zip(weighted[:-1], dropout, strict=True))
        self._dtype = dtype
        self.parameters = [array for op in self._ops for array in op.parameters]
        self.gradients = [array for op in self._ops for array in op.gradients]

    def draw_masks(self, rng: np.random.Generator, batch: int) -> dict[int, FloatArray]:
        """Return what each hidden layer's outputs are multiplied by, by number of the layer.

        Kept units are scaled by 1 / (1 - dropout), so that the plain forward pass is the
        function that was trained.
        """
        masks = {}
        for i, fraction in self._dropout.items():
            if fraction > 0:
                # Neighbours in a map tell the same, so that an image loses whole maps.
                channels, *image = self._ops[i].output_shape
                draws = rng.random((channels, *[1] * len(image), batch), dtype=np.float32)
                kept = draws >= np.float32(fraction)
                masks[i] = np.multiply(kept, 1 / (1 - fraction), dtype=self._dtype)
        return masks

    def run(
        self, x: FloatArray, labels: NDArray[np.int64], masks: dict[int, FloatArray]
    ) -> tuple[float, int]:
        """Fill `gradients` for one batch.

        Args:
            x: Samples with the batch last, (*input_shape, batch).
            labels: Class of each sample, (batch,).
            masks: Result of `draw_masks`; empty for no dropout.

        Returns:
            The mean loss and the number of samples classified as labelled.
        """
        outputs = self._forward(x, masks)
        sums = outputs[-1].reshape(-1, len(labels))
        relu = self._relu_follows(self._last)
        loss, delta = self._loss(sums, labels, relu)
        delta *= 1 / len(labels)
        self._backward(outputs, delta.reshape(outputs[-1].shape), masks)
        # Behind ReLU a sample without a positive sum is a tie, which the lowest class wins.
        scores = np.maximum(sums, 0) if relu else sums
        return loss / len(labels), int(np.count_nonzero(scores.argmax(axis=0) == labels))

    def _forward(self, x: FloatArray, masks: dict[int, FloatArray]) -> list[FloatArray]:
        """Return the outputs of every layer up to the last weighted one, whose sums come last."""
        outputs: list[FloatArray] = []
        for i, op in enumerate(self._ops[: self._last + 1]):
            x = op.forward(x)
            if i < self._last and self._relu_follows(i):
                np.maximum(x, 0, out=x)
            if i in masks:
                x *= masks[i]
            outputs.append(x)
        return outputs

    def _backward(
        self, outputs: list[FloatArray], delta: FloatArray, masks: dict[int, FloatArray]
    ) -> None:
        for i in range(self._last, self._first - 1, -1):
            if i < self._last:
                if i in masks:
                    delta *= masks[i]
                if self._relu_follows(i):
                    delta *= outputs[i] > 0
            gradient = self._ops[i].backward(delta, to_input=i > self._first)
            if gradient is not None:
                delta = gradient

    def _relu_follows(self, i: int) -> bool:
        layer = self._layers[i]
        return isinstance(layer, WeightedNode) and layer.activation == "relu"


def check_trainable(network: Network) -> None:
    """Check that a network is a chain whose last weighted layer gives one row of classes.

    Raises:
        TypeError: ``network`` is not a Network.
        ValueError: The network does not end so, is no chain, has groups of channels, or a kind of
            node that has no gradient.
    """
    if not isinstance(network, Network):
        raise TypeError(f"network is a {type(network).__name__}, but must be a Network")
    if not network.graph.is_chain:
        raise ValueError("network is no chain, but training needs one node behind the other")
    for each in network.graph.nodes:
        if not isinstance(each.node, PAPER_KINDS):
            raise ValueError(
                f"network has {each.name!r}, a {type(each.node).__name__}, but training knows "
                f"Linear, Conv2d, AvgPool2d and Flatten"
            )
        if isinstance(each.node, AvgPool2d) and (any(each.node.sides) or each.node.ceil_mode):
            raise ValueError(
                f"network has {each.name!r} with padding or ceil_mode, but training needs pools "
                f"without"
            )
        if isinstance(each.node, Conv2d) and each.node.groups != 1:
            raise ValueError(
                f"network has {each.name!r} with groups={each.node.groups}, but training needs "
                f"groups=1"
            )
    layers = list(network.layers)
    while layers and not layers[-1].has_synapses:
        layers.pop()
    if not layers or not isinstance(layers[-1], WeightedNode) or len(network.output_shape) != 1:
        raise ValueError(
            f"network ends in {network.layer_names[-1]} with outputs {network.output_shape}, but "
            f"training needs a Linear layer (or Conv2d and Flatten) at the end"
        )
