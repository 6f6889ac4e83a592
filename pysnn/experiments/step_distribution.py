"""When something happens in each sample: quantiles, mean, and counts by step."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

QUANTILES = (0.25, 0.5, 0.75, 0.99)


@dataclass(frozen=True, eq=False)
class StepDistribution:
    """The step in which something happens, over samples.

    An event of step ``t`` has the time ``(t + 1) * dt``, the end of the step: that is when it can
    be known. Samples in which it never happens count as infinitely late.

    Attributes:
        steps: Step of each sample, -1 for never, (num_samples,).
        num_steps: Steps that were simulated.
        dt: Length of a step in s.
    """

    steps: NDArray[np.int64]
    num_steps: int
    dt: float

    @property
    def num_samples(self) -> int:
        """Samples, those in which it never happens included."""
        return len(self.steps)

    @property
    def num_never(self) -> int:
        """Samples in which it never happens."""
        return int(np.count_nonzero(self.steps < 0))

    @property
    def share_never(self) -> float:
        """Share of samples in which it never happens."""
        return self.num_never / self.num_samples

    @property
    def histogram(self) -> NDArray[np.int64]:
        """Samples in which it happens in each step, (num_steps,)."""
        counts: NDArray[np.int64] = np.bincount(
            self.steps[self.steps >= 0], minlength=self.num_steps
        )
        return counts

    @property
    def mean(self) -> float | None:
        """Mean time in s of the samples in which it happens; None where there are none."""
        happened = self.steps[self.steps >= 0]
        return float((happened + 1).mean() * self.dt) if len(happened) else None

    @property
    def median(self) -> float | None:
        """Median of the time in s."""
        return self.quantile(0.5)

    def quantile(self, share: float) -> float | None:
        """Return the earliest time in s by which it has happened in this share of all samples.

        Args:
            share: In (0, 1].

        Returns:
            The time, or None where the share is never reached.

        Raises:
            ValueError: ``share`` is not in (0, 1].
        """
        if not 0 < share <= 1:
            raise ValueError(f"share is {share}, but must be in (0, 1]")
        # 0.07 * 100 is a little more than 7, which would ask for an eighth sample.
        needed = math.ceil(share * self.num_samples * (1 - 1e-12))
        happened = np.sort(self.steps[self.steps >= 0])
        return float((happened[needed - 1] + 1) * self.dt) if needed <= len(happened) else None

    def to_dict(self) -> dict[str, Any]:
        """Return the numbers that describe it, ready for JSON; times in s."""
        return {
            "num_samples": self.num_samples,
            "num_never": self.num_never,
            "mean_s": self.mean,
            **{f"quantile_{100 * share:g}_s": self.quantile(share) for share in QUANTILES},
            "samples_by_step": self.histogram.tolist(),
        }
