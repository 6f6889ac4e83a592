"""The largest value of every window of an image."""

from __future__ import annotations

import numpy as np

from ...nodes.window import Windows
from .linear_map import Doubles


def window_maxima(windows: Windows, x: Doubles) -> Doubles:
    """Return the largest value that each window sees, -inf where it sees padding alone.

    Args:
        windows: Where the windows lie.
        x: Images, (num_samples, channels, height, width).

    Returns:
        (num_samples, channels, rows, columns).
    """
    rows, columns = windows.axes
    height, width = x.shape[2:]
    result = np.full((*x.shape[:2], *windows.grid((height, width))), -np.inf)
    for u, v in np.ndindex(rows.kernel_size, columns.kernel_size):
        down = rows.starts(height) + u * rows.dilation
        right = columns.starts(width) + v * columns.dilation
        i = np.flatnonzero((down >= 0) & (down < height))
        j = np.flatnonzero((right >= 0) & (right < width))
        place = (slice(None), slice(None), i[:, None], j)
        seen = x[:, :, down[i][:, None], right[j]]
        result[place] = np.maximum(result[place], seen)
    return result
