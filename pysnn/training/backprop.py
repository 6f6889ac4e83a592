"""Losses and gradients of a whole network on one batch, with dropout."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..network import Network
from ..nodes import ReLU, WeightedNode
from .losses import Loss
from .node_op import FloatArray
from .node_ops import make_ops
from .relu_ops import QuantizedReluOp


class Backpropagation:
    """Computes loss and gradients of a network, batch after batch.

    Args:
        network: A network for which `trainable.check_trainable` holds.
        loss: The loss to differentiate.
        dropout: Fraction of units (of whole maps in convolutions) that is silenced, one number
            per hidden weighted layer.
        dtype: float32 works on the network's own arrays; float64, which gradient checks need,
            on copies.

    Attributes:
        parameters: Every weight and bias, and ceilings of ReLUs with levels, from input to output.
        gradients: Their gradients, averaged over the batch, after `run`.
        ceilings: Those of the parameters that must stay above 0.
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
        self._last = weighted[-1]
        self._first = next(i for i, op in enumerate(self._ops) if op.parameters)
        hidden = [self._activation_of(i, end) for i, end in itertools.pairwise(weighted)]
        self._dropout = dict(zip(hidden, dropout, strict=True))
        self._dtype = dtype
        self.parameters = [array for op in self._ops for array in op.parameters]
        self.gradients = [array for op in self._ops for array in op.gradients]
        self.ceilings = [op.parameters[0] for op in self._ops if isinstance(op, QuantizedReluOp)]

    def draw_masks(self, rng: np.random.Generator, batch: int) -> dict[int, FloatArray]:
        """Return what the outputs of layers are multiplied by, by number of the layer.

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
        relu = self._ends_in_relu()
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

    def _activation_of(self, i: int, end: int) -> int:
        """Return the ReLU node between two weighted layers, or the first of these without any."""
        return next((j for j in range(i, end) if isinstance(self._layers[j], ReLU)), i)

    def _ends_in_relu(self) -> bool:
        behind = self._layers[self._last + 1 :]
        return self._relu_follows(self._last) or any(isinstance(each, ReLU) for each in behind)

    def _relu_follows(self, i: int) -> bool:
        layer = self._layers[i]
        return isinstance(layer, WeightedNode) and layer.activation == "relu"
