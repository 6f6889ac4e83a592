"""Images of CIFAR-10 from an .npz file of bytes: x_train, y_train, x_test and y_test."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray


def read_images(
    path: Path, part: Literal["train", "test"], count: int
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return the first images, (count, 3, 32, 32) in [0, 1], and their classes, (count,).

    Raises:
        ValueError: The file has fewer.
    """
    with np.load(path) as data:
        x, y = data[f"x_{part}"], data[f"y_{part}"]
    if not 0 < count <= len(x):
        raise ValueError(f"{path} has {len(x)} {part} images, but {count} are asked for")
    return x[:count].astype(np.float32) / np.float32(255), y[:count].astype(np.int64)
