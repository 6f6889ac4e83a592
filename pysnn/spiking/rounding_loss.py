"""What rounding to the grid took from the weights of a population."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RoundingLoss:
    """What rounding took from the weights of a population; biases and pools aside.

    Attributes:
        zeroed_share: Share of the weights other than 0 that became 0.
        relative_error: Sum of all changes over the sum of all weights, in absolute values.
    """

    zeroed_share: float
    relative_error: float
