"""Data loaders: iterables of batches of samples, or of samples with labels, as PyTorch's give."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, TypeGuard

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..arrays import as_array

MOST_BYTES = 1 << 32
"""What functions that need all samples at once collect of a data loader: 4 GiB."""

NO_LABELS = "y is None, but must be labels, as x gives none"
"""What functions that need labels say where there are none."""


def is_array_like(rows: object) -> TypeGuard[ArrayLike]:
    """Return whether NumPy reads something as an array: what is left are functions, iterables."""
    if isinstance(rows, np.ndarray | Sequence | memoryview | bytearray | np.generic | int | float):
        return True
    arrays = ("__array__", "__array_interface__", "__array_struct__")
    return any(hasattr(rows, name) for name in arrays)


def is_loader(rows: object) -> bool:
    """Return whether something gives batches and is no array to NumPy."""
    return isinstance(rows, Iterable) and not is_array_like(rows) and not callable(rows)


def is_pair(batch: object, rank: int | None = None) -> bool:
    """Return whether a batch is samples beside labels, and no batch of two samples.

    Args:
        batch: A pair is a tuple or list of exactly two arrays: samples, which have two axes at
            least, and labels, which have one, or two as one-hot rows.
        rank: Axes of the batches before where none was a pair: two samples like theirs are none.
    """
    if not isinstance(batch, tuple | list) or len(batch) != 2:
        return False
    samples, labels = (len(getattr(each, "shape", ())) for each in batch)
    return samples >= 2 and labels in (1, 2) and samples + 1 != rank


def as_batch(batch: Any, name: str, rank: int | None) -> NDArray[Any]:
    """Return a batch of samples without labels as an array.

    Args:
        batch: The batch.
        name: What messages call it.
        rank: Axes of the batches before; None where there are none.

    Raises:
        TypeError: It is a list of things that make no array.
        ValueError: It is a pair of samples and labels, and those before are not.
    """
    if is_pair(batch, rank):
        raise ValueError(f"{name} is a pair, samples and labels, but those before are not")
    try:
        return np.asarray(batch)
    except ValueError:
        shapes = ", ".join(
            str(getattr(each, "shape", type(each).__name__)) for each in list(batch)[:4]
        )
        more = ", ..." if len(batch) > 4 else ""
        raise TypeError(
            f"{name} is a {type(batch).__name__} of {shapes}{more}, but must be an array of "
            f"samples, (num_samples, ...), or a pair of arrays: such samples, and their labels"
        ) from None


def collected_pairs(x: Any, y: Any, *, name: str = "x") -> tuple[Any, Any]:
    """Return samples and labels as arrays where a data loader gives them, else as they came.

    Args:
        x: Samples, or a data loader.
        y: Labels; None where they come with the samples, or there are none.
        name: What messages call ``x``.

    Raises:
        TypeError: A batch is of another type than those before it.
        ValueError: Batches do not fit each other, are more than `MOST_BYTES`, or there is none;
            labels come twice.
    """
    if not is_loader(x):
        return x, y
    samples, labels = _collected(x, name)
    if labels is None:
        return samples, y
    if y is not None:
        raise ValueError(f"y is given, but {name} gives labels with its samples; leave one out")
    return samples, labels


def collected_samples(x: Any, *, name: str = "x") -> Any:
    """Return samples as an array where a data loader gives them, without labels, else as they came.

    Raises:
        TypeError: As `collected_pairs`.
        ValueError: As `collected_pairs`.
    """
    return _collected(x, name)[0] if is_loader(x) else x


class PairedLabels:
    """Labels that came with samples and wait, batch by batch, to be read behind them."""

    def __init__(self, waiting: deque[Any]) -> None:
        self._waiting = waiting

    def __iter__(self) -> Iterator[Any]:
        """Yield the labels that wait."""
        while self._waiting:
            yield self._waiting.popleft()


class PairedBatches:
    """Samples and labels of a data loader, each as an iterable, read in step.

    Args:
        batches: Pairs of samples and labels.
        name: What messages call them.
    """

    def __init__(self, batches: Iterable[Any], name: str) -> None:
        self._batches = batches
        self._name = name
        self._labels: deque[Any] = deque()

    def samples(self) -> Iterator[Any]:
        """Yield the samples of each batch, whose labels then wait."""
        for i, batch in enumerate(self._batches):
            samples, labels = _as_pair(batch, f"(batch {i} of {self._name})")
            # Who gives batches may fill the same memory with the next one.
            self._labels.append(np.array(labels))
            yield samples

    def labels(self) -> PairedLabels:
        """Return the labels of the batches whose samples were yielded."""
        return PairedLabels(self._labels)


def in_step(x: Any, y: Any) -> tuple[Any, Any]:
    """Return the samples and the labels of a data loader, read batch by batch, or what came.

    Args:
        x: Samples in any form.
        y: Labels; None where they come with the samples, or there are none.

    Raises:
        ValueError: Labels come twice.
    """
    if not is_loader(x):
        return x, y
    batches = iter(x)
    first = list(_next(batches))
    whole = chain(first, batches)
    if not first or not is_pair(first[0]):
        return whole, y
    if y is not None:
        raise ValueError("y is given, but x gives labels with its samples; leave one out")
    pairs = PairedBatches(whole, "x")
    return pairs.samples(), pairs.labels()


def _next(batches: Iterator[Any]) -> Iterator[Any]:
    for batch in batches:
        yield batch
        return


def _as_pair(batch: Any, name: str) -> tuple[Any, Any]:
    if not is_pair(batch):
        raise ValueError(f"{name} is no pair of samples and labels, but those before it are")
    samples, labels = batch
    counts = [len(as_array(each, name)) for each in batch]
    if counts[0] != counts[1]:
        raise ValueError(f"{name} has {counts[0]} samples, but {counts[1]} labels")
    return samples, labels


def _collected(batches: Iterable[Any], name: str) -> tuple[NDArray[Any], NDArray[Any] | None]:
    samples: list[NDArray[Any]] = []
    labels: list[NDArray[Any]] = []
    num_bytes = 0
    has_labels = False
    for i, batch in enumerate(batches):
        place = f"(batch {i} of {name})"
        has_labels = has_labels or (not samples and is_pair(batch))
        if has_labels:
            values, of_batch = _as_pair(batch, place)
            # Those of an empty batch, such as np.array([]), may be of any type.
            if np.shape(of_batch) != (0,):
                labels.append(_copied(of_batch, labels, f"the labels of {place}"))
        else:
            values = as_batch(batch, place, samples[0].ndim if samples else None)
        samples.append(_copied(values, samples, place))
        num_bytes += samples[-1].nbytes
        if num_bytes > MOST_BYTES:
            raise ValueError(
                f"{name} gives more than {MOST_BYTES >> 30} GiB of samples up to {place}, but all "
                f"of them are needed at once; give fewer, or an array"
            )
    if not samples:
        raise ValueError(f"{name} gave no batch; an iterator that was read before is at its end")
    if not has_labels:
        return np.concatenate(samples), None
    return np.concatenate(samples), np.concatenate(labels or [np.empty(0, dtype=np.int64)])


def _copied(batch: Any, before: list[NDArray[Any]], name: str) -> NDArray[Any]:
    # Who gives batches may fill the same memory with the next one.
    array = np.array(as_array(batch, name))
    if array.ndim == 0:
        raise ValueError(f"{name} has shape (), but must have a row for each sample")
    if before and array.dtype != before[0].dtype:
        raise TypeError(f"{name} has dtype {array.dtype}, but those before it {before[0].dtype}")
    if before and array.shape[1:] != before[0].shape[1:]:
        raise ValueError(f"{name} has shape {array.shape}, but those before it {before[0].shape}")
    return array
