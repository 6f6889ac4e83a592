"""How well a classification is, given the labels."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Labels = NDArray[np.int64]


def num_ahead(values: NDArray[Any], labels: Labels) -> NDArray[np.int64]:
    """Return how many classes come before the labelled one, (num_samples,).

    Classes are in the order of their values, the largest first and ties to the lowest class.

    Args:
        values: Counts or outputs, (num_samples, num_classes).
        labels: Class of each sample, (num_samples,).
    """
    of_label = np.take_along_axis(values, labels[:, np.newaxis], axis=1)
    is_lower = np.arange(values.shape[1]) < labels[:, np.newaxis]
    is_ahead = (values > of_label) | ((values == of_label) & is_lower)
    ahead: NDArray[np.int64] = is_ahead.sum(axis=1, dtype=np.int64)
    return ahead


def confusion_matrix(labels: Labels, predictions: Labels, num_classes: int) -> NDArray[np.int64]:
    """Return how many samples of each class were given each class, (num_classes, num_classes).

    Args:
        labels: Class of each sample, which is the row.
        predictions: The class that it was given, which is the column.
        num_classes: Number of classes.
    """
    matrix = np.zeros((num_classes, num_classes), dtype=np.int64)
    np.add.at(matrix, (labels, predictions), 1)
    return matrix
