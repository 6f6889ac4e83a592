"""Confidence intervals: of a mean over few values, of a share of samples, of paired shares."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def mean_interval(values: ArrayLike, confidence: float = 0.95) -> tuple[Floats, Floats]:
    """Return Student's interval of the mean of independent values, along the first axis.

    Args:
        values: Shape (num_values, ...), at least two values.
        confidence: Share of such intervals that hold the true mean, in (0, 1).

    Returns:
        Lower and upper ends, (...).
    """
    rows = np.asarray(values, dtype=np.float64)
    mean: Floats = rows.mean(axis=0)
    error = rows.std(axis=0, ddof=1) / math.sqrt(len(rows))
    half: Floats = student_quantile((1 + confidence) / 2, len(rows) - 1) * error
    return mean - half, mean + half


def share_interval(share: ArrayLike, num_samples: int, confidence: float = 0.95) -> Floats:
    """Return Wilson's interval of a probability, from the share of samples that show it.

    Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference,
    Journal of the American Statistical Association 22 (1927). Unlike the normal one it stays in
    [0, 1], and is no point where the share is 0 or 1.

    Args:
        share: In [0, 1], any shape.
        num_samples: Samples that the share is of.
        confidence: Share of such intervals that hold the true probability, in (0, 1).

    Returns:
        Lower and upper ends, (2, ...).
    """
    p = np.asarray(share, dtype=np.float64)
    z2 = NormalDist().inv_cdf((1 + confidence) / 2) ** 2 / num_samples
    middle = p + z2 / 2
    half = np.sqrt(z2 * (p * (1 - p) + z2 / 4))
    ends: Floats = np.clip(np.stack([middle - half, middle + half]) / (1 + z2), 0.0, 1.0)
    return ends


def paired_interval(
    num_lost: ArrayLike, num_gained: ArrayLike, num_samples: int, confidence: float = 0.95
) -> Floats:
    """Return an interval of the difference of two probabilities that the same samples show.

    Source: A. Agresti and Y. Min, Simple improved confidence intervals for comparing matched
    proportions, Statistics in Medicine 24 (2005): Wald's, with half a sample more of each of the
    four kinds, so that it is no point where nothing was lost or gained.

    Args:
        num_lost: Samples of the first kind alone, any shape.
        num_gained: Samples of the second kind alone, as ``num_lost``.
        num_samples: All samples, those of both kinds and of neither included.
        confidence: Share of such intervals that hold the true difference, in (0, 1).

    Returns:
        Lower and upper ends of the first probability less the second, (2, ...).
    """
    lost = np.asarray(num_lost, dtype=np.float64) + 0.5
    gained = np.asarray(num_gained, dtype=np.float64) + 0.5
    n = num_samples + 2
    middle = (lost - gained) / n
    error = np.sqrt(lost + gained - (lost - gained) ** 2 / n) / n
    half = NormalDist().inv_cdf((1 + confidence) / 2) * error
    ends: Floats = np.clip(np.stack([middle - half, middle + half]), -1.0, 1.0)
    return ends


def student_quantile(probability: float, degrees: int) -> float:
    """Return the quantile of Student's t distribution, for a probability in (1/2, 1)."""
    low, high = 0.0, 1.0
    while _student_cdf(high, degrees) < probability:
        high *= 2
    while True:
        middle = (low + high) / 2
        if middle in (low, high):
            return middle
        if _student_cdf(middle, degrees) < probability:
            low = middle
        else:
            high = middle


def _student_cdf(t: float, degrees: int) -> float:
    # Abramowitz and Stegun, 26.7.3 and 26.7.4: finite sums in the angle, for whole degrees.
    angle = math.atan(t / math.sqrt(degrees))
    cosine, sine = math.cos(angle), math.sin(angle)
    odd = degrees % 2 == 1
    term = cosine if odd else 1.0
    total = 0.0
    for k in range(2 if odd else 1, degrees, 2):
        total += term
        term *= cosine**2 * k / (k + 1)
    inside = (angle + sine * total) * 2 / math.pi if odd else sine * total
    return (1 + inside) / 2
