"""Labels beside samples that are read block by block."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ..._base.arrays import as_array, as_labels
from ..._base.interface.loaders import PairedLabels, is_array_like
from .sources import ArrayRows, Block, Rows, Source, as_source, is_mapped

Labels = NDArray[np.int64]


class LabelReader:
    """Reads labels in step with samples.

    Args:
        y: The labels, integers or one-hot rows.
        num_samples: How many samples there are; None where only their end tells.
        num_classes: Classes of the network.

    Raises:
        TypeError: They are not integers.
        ValueError: An array has another length, or in memory a label is no class.
    """

    def __init__(self, y: Rows, num_samples: int | None, num_classes: int) -> None:
        comes_with_x = isinstance(y, PairedLabels)
        self._source: Source = as_source(y, "x" if comes_with_x else "y", num_samples)
        self._prefix = "the labels of " if comes_with_x else ""
        self._num_classes = num_classes
        self._num_samples = num_samples
        self._waiting = np.empty(0, dtype=np.int64)
        self._num_taken = 0
        self._blocks: Iterator[Block] | None = None
        if isinstance(self._source, ArrayRows):
            array = self._source.array
            expected = len(array) if num_samples is None else num_samples
            if not is_mapped(array):
                as_labels(array, expected, num_classes)
            elif array.shape not in ((expected,), (expected, num_classes)):
                raise ValueError(
                    f"y has shape {array.shape}, but must be ({expected},), or ({expected}, "
                    f"{num_classes}) with one-hot rows"
                )
            else:
                as_labels(array[:0], 0, num_classes)

    @property
    def num_labels(self) -> int | None:
        """How many there are; None where only the end tells."""
        return self._source.num_rows

    def take(self, count: int) -> Labels:
        """Return the labels of the next samples, (count,).

        Raises:
            TypeError: They are not integers.
            ValueError: One is no class, or there are too few.
        """
        if self._blocks is None:
            self._blocks = self._source.blocks(max(1, count))
        while len(self._waiting) < count:
            block = next(self._blocks, None)
            if block is None:
                raise ValueError(
                    f"y ended after {self._num_taken + len(self._waiting)} labels, but x has "
                    f"samples up to {self._num_taken + count} at least"
                )
            self._waiting = np.concatenate([self._waiting, self._checked(block)])
        self._check_total(self._num_samples)
        taken, self._waiting = self._waiting[:count], self._waiting[count:]
        self._num_taken += count
        return taken

    def finish(self) -> None:
        """Raise a ValueError where labels are left behind the last sample."""
        while not len(self._waiting):
            block = next(self._blocks, None) if self._blocks is not None else None
            if block is None:
                return
            self._waiting = self._checked(block)
        self._check_total(self._num_taken)

    def _check_total(self, num_samples: int | None) -> None:
        there = self._num_taken + len(self._waiting)
        if num_samples is not None and there > num_samples:
            raise ValueError(f"y has {there} labels or more, but x has {num_samples} samples")

    def _checked(self, block: Block) -> Labels:
        values = as_array(block.values, block.name)
        expected = block.num_rows
        if expected is None:
            expected = len(values) if values.ndim else 0
        if expected == 0 and values.shape == (0,):
            # NumPy makes float64 of no labels.
            return np.empty(0, dtype=np.int64)
        name = self._prefix + block.name
        return as_labels(values, expected, self._num_classes, name=name)


def read_labels(y: Rows, num_samples: int, num_classes: int) -> NDArray[np.int64]:
    """Return labels, all in memory.

    Raises:
        TypeError: They are not integers.
        ValueError: There are not ``num_samples`` of them, or one is no class.
    """
    if is_array_like(y) and not is_mapped(y):
        return as_labels(y, num_samples, num_classes)
    reader = LabelReader(y, num_samples, num_classes)
    labels = reader.take(num_samples)
    reader.finish()
    return labels


def known_length(y: Rows | None, sample_ids: NDArray[np.uint64] | None) -> int | None:
    """Return how many samples labels and numbers of samples are of; None where they don't say."""
    if sample_ids is not None:
        return len(sample_ids)
    if y is None or not is_array_like(y):
        return None
    labels = as_array(y, "y")
    return len(labels) if labels.ndim else None
