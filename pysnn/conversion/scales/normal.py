"""The error function and the bell curve, the same bits on every machine."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]

# ln 2 in two parts: products of the first with whole numbers below 2^20 are exact.
_LN2_HIGH = float.fromhex("0x1.62e42fefap-1")
_LN2_LOW = float.fromhex("0x1.cf79abc9e3b3ap-40")
_EXP_TERMS = 14
_MOST = 6.0  # erf is 1 in float64 from here on


def erf_and_bell(x: Doubles) -> tuple[Doubles, Doubles]:
    """Return erf(x) and exp(-x^2), to a few units in the last place of 1.

    Only sums, products, quotients and powers of two are taken, one by one: libraries' functions
    differ between machines.

    Args:
        x: Any numbers; NaN stays.
    """
    bell = _exp_minus(np.minimum(x * x, 800.0))
    size = np.minimum(np.abs(x), _MOST)
    inside = _exp_minus(size * size)
    # erf(x) = 2 / sqrt(pi) exp(-x^2) (x + 2/3 x^3 + 2^2/(3 5) x^5 + ...), all terms above 0.
    term = size.copy()
    total = size.copy()
    k = 1
    while (term > 1e-18 * total).any():
        term = term * (2 * size * size / (2 * k + 1))
        total = total + term
        k += 1
    erf = np.minimum(2 / math.sqrt(math.pi) * inside * total, 1.0)
    return np.where(np.abs(x) >= _MOST, np.sign(x), np.copysign(erf, x)), bell


def _exp_minus(y: Doubles) -> Doubles:
    """Return exp(-y) of numbers between 0 and 800."""
    whole = np.rint(y / math.log(2))
    rest = (y - whole * _LN2_HIGH) - whole * _LN2_LOW
    result = np.ones_like(rest)
    for k in range(_EXP_TERMS, 0, -1):
        result = 1 - rest * result / k
    power = np.where(np.isfinite(whole), whole, 0.0).astype(np.int32)
    return np.ldexp(result, -power)
