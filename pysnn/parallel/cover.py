"""Which kept parts to take where they were split differently, and what is missing then."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

Range = tuple[int, int]
"""First sample, and the one behind the last."""


def cover(ranges: Iterable[Range], num_samples: int) -> tuple[list[Range], list[Range]]:
    """Choose ranges that do not overlap and leave the fewest samples out.

    Sums over samples can't be taken apart again, so that a range is taken whole or not at all.

    Args:
        ranges: Those to choose from, each within the samples.
        num_samples: Samples that are to be covered.

    Returns:
        The chosen ranges, and what lies between them, both in order.

    Example:
        >>> cover([(0, 3), (2, 6), (6, 8)], 10)
        ([(2, 6), (6, 8)], [(0, 2), (8, 10)])
    """
    # Weighted interval scheduling; of equal ones the first in order of their ends.
    ordered = sorted(set(ranges), key=lambda each: (each[1], each[0]))
    ends = [stop for _, stop in ordered]
    most = [0]  # samples that the first k ranges can cover
    before: list[int] = []
    for start, stop in ordered:
        before.append(bisect_right(ends, start, hi=len(before)))
        most.append(max(most[-1], most[before[-1]] + stop - start))
    chosen: list[Range] = []
    k = len(ordered)
    while k:
        if most[k] == most[k - 1]:
            k -= 1
        else:
            chosen.insert(0, ordered[k - 1])
            k = before[k - 1]
    edges = [0, *(edge for each in chosen for edge in each), num_samples]
    gaps = [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if a < b]
    return chosen, gaps


def cells(gaps: Iterable[Range], cell: int) -> list[tuple[int, Range]]:
    """Cut ranges at the multiples of a number.

    Returns:
        Pieces with the number of the cell that each lies in, in order.
    """
    pieces = []
    for start, stop in gaps:
        for number in range(start // cell, -(-stop // cell)):
            piece = (max(start, number * cell), min(stop, (number + 1) * cell))
            pieces.append((number, piece))
    return pieces
