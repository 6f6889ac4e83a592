"""How well a result classifies, given the labels."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..._base.arrays import as_labels
from ..._base.numbers import as_positive_int
from .output_totals import OutputTotals

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


class Scores:
    """Accuracies of a result."""

    _totals: OutputTotals | None
    _num_correct: NDArray[np.int64] | None

    @property
    @abstractmethod
    def num_samples(self) -> int:
        """Number of samples."""

    @property
    @abstractmethod
    def num_classes(self) -> int:
        """Number of output neurons."""

    @property
    @abstractmethod
    def has_readout(self) -> bool:
        """Whether the output population is a readout."""

    @property
    @abstractmethod
    def spike_counts(self) -> NDArray[np.int32]:
        """Spikes of each output neuron, (num_samples, num_classes)."""

    @property
    @abstractmethod
    def outputs(self) -> NDArray[np.float64]:
        """What a readout says, (num_samples, num_classes)."""

    @property
    @abstractmethod
    def predictions(self) -> NDArray[np.int64]:
        """Class of each sample, (num_samples,)."""

    @property
    @abstractmethod
    def predictions_over_time(self) -> NDArray[np.int32]:
        """Class of each sample after each step, (num_steps, num_samples)."""

    def accuracy(self, y: ArrayLike | None = None) -> NDArray[np.float64]:
        """Return the fraction of samples that are classified as labelled, after each step.

        Args:
            y: Integer labels, (num_samples,), or one-hot rows, (num_samples, num_classes); None for
                those that `simulate` was given.

        Returns:
            Accuracies in [0, 1], (num_steps,).

        Raises:
            TypeError: ``y`` does not hold integers.
            ValueError: ``y`` has another size, a label is no class, there is no sample, or what
                the outputs did in each step was not kept; None, and `simulate` had no labels.
        """
        if y is None:
            self._check_samples()
            if self._num_correct is None:
                raise ValueError("y is None, but must be labels, as simulate was given none")
            return self._num_correct / self.num_samples
        labels = self._labels(y)
        if self._totals is not None:
            raise ValueError(
                "y is given, but what the outputs did in each step was not kept: keep_trains was "
                "False; simulate(..., y=y) counts on the way"
            )
        correct: NDArray[np.float64] = (self.predictions_over_time == labels).mean(axis=1)
        return correct

    def score(self, y: ArrayLike | None = None, *, top_k: int = 1) -> float:
        """Return the fraction of samples that are classified as labelled, after the last step.

        Args:
            y: Labels, as for `accuracy`; None for those that `simulate` was given.
            top_k: Counts a sample as right where its label is among so many classes with most
                spikes, or the largest outputs of a readout; ties go to the lowest class.

        Returns:
            The accuracy in [0, 1]: for ``top_k=1`` the last number of `accuracy`.

        Raises:
            TypeError: ``y`` does not hold integers, or ``top_k`` is no int.
            ValueError: ``y`` has another size, a label is no class, ``top_k`` is not in
                [1, num_classes], or there is no sample; y is None, and `simulate` had no labels, or
                ``top_k`` is above 1.

        Example:
            >>> snn = pysnn.SpikingNetwork(3)
            >>> snn.add_population("output", 3)
            >>> snn.connect("input", "output", pysnn.Linear([[1, 0, 0], [0, 0.5, 0], [0, 0, 0.25]]))
            >>> result = pysnn.simulate(snn, [[1.0, 1.0, 1.0]], num_steps=8)
            >>> result.score([1]), result.score([1], top_k=2)
            (0.0, 1.0)
        """
        count = as_positive_int(top_k, "top_k")
        if count > self.num_classes:
            raise ValueError(f"top_k is {count}, but must be at most {self.num_classes} classes")
        if y is None:
            if count > 1:
                raise ValueError(f"y is None, but must be labels, as top_k is {count}")
            return float(self.accuracy()[-1])
        labels = self._labels(y)
        if count == 1:
            return float(np.mean(self.predictions == labels))
        values = self.outputs if self.has_readout else self.spike_counts
        return float(np.mean(num_ahead(values, labels) < count))

    def confusion_matrix(self, y: ArrayLike) -> NDArray[np.int64]:
        """Return how many samples of each class were classified as each class.

        Args:
            y: Labels, as for `accuracy`.

        Returns:
            Numbers of samples, (num_classes, num_classes): the row is the label, the column is the
            prediction after the last step.

        Raises:
            TypeError: ``y`` does not hold integers.
            ValueError: ``y`` has another size, a label is no class, or there is no sample.
        """
        return confusion_matrix(self._labels(y), self.predictions, self.num_classes)

    def _labels(self, y: ArrayLike) -> NDArray[np.int64]:
        self._check_samples()
        return as_labels(y, self.num_samples, self.num_classes)

    def _check_samples(self) -> None:
        if self.num_samples == 0:
            raise ValueError("the result has no samples, but an accuracy needs at least one")
