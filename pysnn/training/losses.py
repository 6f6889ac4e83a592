"""Losses that `train` can follow, and their gradients.

A loss sees the sums of the output layer before its activation function, the batch last.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[Any]
Labels = NDArray[np.int64]
Loss = Callable[[FloatArray, Labels, bool], tuple[float, FloatArray]]
LossName = Literal["half_squared_error", "softmax_cross_entropy"]


def half_squared_error(sums: FloatArray, labels: Labels, relu: bool) -> tuple[float, FloatArray]:
    """Return half the squared distance from the one-hot target, and its gradient.

    With ReLU outputs the gradient is ``relu(z) - y``, as if the output were linear, so that an
    output that is silent for its own class is still pulled up. That is the true gradient of
    ``(relu(z) - y)^2 / 2 - y * min(z, 0)``, which is the loss returned.

    Args:
        sums: Sums z of the output layer, (num_classes, batch).
        labels: Class of each sample, (batch,).
        relu: Whether ReLU follows the output layer.

    Returns:
        The loss summed over the batch, and its gradient by ``sums``.
    """
    samples = np.arange(len(labels))
    delta = np.maximum(sums, 0) if relu else sums.copy()
    delta[labels, samples] -= 1
    loss = 0.5 * float(np.vdot(delta, delta))
    if relu:
        loss -= float(np.minimum(sums[labels, samples], 0).sum())
    return loss, delta


def softmax_cross_entropy(sums: FloatArray, labels: Labels, relu: bool) -> tuple[float, FloatArray]:
    """Return the cross-entropy of softmax(z) against the labels, and its gradient.

    It is taken on the sums z even where ReLU follows: behind ReLU, classes with negative sums
    would get no gradient, and passing one to them as if the output were linear is the gradient
    of no function. The largest output is the same class for both, as long as the largest sum is
    positive.

    Args:
        sums: Sums z of the output layer, (num_classes, batch).
        labels: Class of each sample, (batch,).
        relu: Whether ReLU follows the output layer; the loss does not depend on it.

    Returns:
        The loss summed over the batch, and its gradient by ``sums``.
    """
    samples = np.arange(len(labels))
    shifted = sums - sums.max(axis=0)
    delta = np.exp(shifted)
    totals = delta.sum(axis=0)
    loss = float((np.log(totals) - shifted[labels, samples]).sum())
    delta /= totals
    delta[labels, samples] -= 1
    return loss, delta


LOSSES: dict[LossName, Loss] = {
    "half_squared_error": half_squared_error,
    "softmax_cross_entropy": softmax_cross_entropy,
}
