"""Tells how far apart two builds are in what they compute from a ReLU network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


def rows(old: Path, new: Path) -> Iterator[str]:
    """Yield a row of Markdown for each array of two files that `conversion` wrote."""
    yield "| what | numbers | differ | largest relative difference |"
    yield "|---|---|---|---|"
    with np.load(old) as olds, np.load(new) as news:
        for name in olds.files:
            left, right = olds[name], news[name]
            differing = int(np.count_nonzero(left != right))
            share = f"{differing / left.size:.3%}"
            yield f"| {name} | {left.size:,} | {share} | {_largest(left, right):.2g} |"
        classes = [each["predictions"].argmax(axis=1) for each in (olds, news)]
        yield _of_classes("classes of the ReLU network", *classes)
        for name in olds.files:
            if name.startswith("spike counts"):
                counts = [each[name].argmax(axis=1) for each in (olds, news)]
                yield _of_classes(f"classes by {name}", *counts)


def _largest(old: NDArray[Any], new: NDArray[Any]) -> float:
    """Return the largest difference relative to the largest number, which keeps 0 from counting."""
    largest = max(float(np.abs(old.astype(np.float64)).max(initial=0.0)), np.finfo(float).tiny)
    return float(np.abs(old.astype(np.float64) - new).max(initial=0.0)) / largest


def _of_classes(name: str, old: NDArray[Any], new: NDArray[Any]) -> str:
    return f"| {name} | {old.size:,} | {int(np.count_nonzero(old != new))} samples | |"
