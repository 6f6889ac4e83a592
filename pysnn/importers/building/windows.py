"""Windows that foreign formats describe in words of their own."""

from __future__ import annotations

import math
from itertools import pairwise

Pair = tuple[int, int]


def same_padding(size: int, kernel: int, stride: int, dilation: int, *, at_end: bool) -> Pair:
    """Return the zeros before and behind an axis for which it has ``ceil(size / stride)`` windows.

    Args:
        size: Size of the axis.
        kernel: Pixels of a window.
        stride: Step between windows.
        dilation: Step between the pixels of a window.
        at_end: Whether the larger half of an odd number goes behind, as in Keras and in ONNX's
            SAME_UPPER.
    """
    num_windows = math.ceil(size / stride)
    extent = (kernel - 1) * dilation + 1
    total = max(0, (num_windows - 1) * stride + extent - size)
    small = total // 2
    return (small, total - small) if at_end else (total - small, small)


def adaptive_windows(size: int, num_windows: int) -> Pair | None:
    """Return kernel and stride of the windows of an adaptive pool along an axis.

    The windows are those of PyTorch: from ``floor(i size / n)`` to ``ceil((i + 1) size / n)``. None
    where they differ in size or distance.
    """
    starts = [i * size // num_windows for i in range(num_windows)]
    ends = [-(-(i + 1) * size // num_windows) for i in range(num_windows)]
    sizes = {end - start for start, end in zip(starts, ends, strict=True)}
    steps = {after - before for before, after in pairwise(starts)}
    if len(sizes) != 1 or len(steps) > 1 or 0 in steps:
        return None
    return sizes.pop(), steps.pop() if steps else size
