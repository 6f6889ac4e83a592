"""Batch normalization with the statistics that training left."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _core
from .._base.arrays import as_finite_float32
from .._base.numbers import as_rate
from .channels import check_channels
from .node import Shape, only_shape
from .silent import SilentNode


class BatchNorm(SilentNode):
    """``(x - mean) / sqrt(variance + eps) * weight + bias``, channel by channel.

    Args:
        weight: Factors, shape (channels,), or None for 1; for vectors an element is a channel.
        bias: What is added, likewise, or None for 0.
        mean: Mean of the channels' inputs, (channels,).
        variance: Variance of the channels' inputs, (channels,), at least 0.
        eps: What is added to the variances, at least 0.

    Raises:
        TypeError: An array does not hold real numbers, or ``eps`` is no number.
        ValueError: Shapes differ, a number is NaN or infinite, or a variance plus ``eps`` is not
            above 0.
    """

    kind = "batch_norm"

    def __init__(
        self,
        weight: ArrayLike | None,
        bias: ArrayLike | None,
        mean: ArrayLike,
        variance: ArrayLike,
        eps: float = 1e-5,
    ) -> None:
        self._mean = as_finite_float32(mean, "mean")
        if self._mean.ndim != 1 or self._mean.size == 0:
            raise ValueError(f"mean has shape {self._mean.shape}, but must be (channels,)")
        self._variance = self._checked(variance, "variance")
        self._weight = None if weight is None else self._checked(weight, "weight")
        self._bias = None if bias is None else self._checked(bias, "bias")
        self._eps = as_rate(eps, "eps")
        bad = self._variance.astype(np.float64) + self._eps <= 0
        if (self._variance < 0).any() or bad.any():
            first = int(np.argmax((self._variance < 0) | bad))
            raise ValueError(
                f"variance[{first}] is {self._variance[first]} with eps {self._eps}, but must be "
                f"at least 0, and above it with eps"
            )

    def _checked(self, values: ArrayLike, name: str) -> NDArray[np.float32]:
        array = as_finite_float32(values, name)
        if array.shape != self._mean.shape:
            raise ValueError(
                f"{name} has shape {array.shape}, but mean has shape {self._mean.shape}"
            )
        return array

    @property
    def weight(self) -> NDArray[np.float32] | None:
        """Factors, (channels,), or None."""
        return self._weight

    @property
    def bias(self) -> NDArray[np.float32] | None:
        """What is added, (channels,), or None."""
        return self._bias

    @property
    def mean(self) -> NDArray[np.float32]:
        """Means, (channels,)."""
        return self._mean

    @property
    def variance(self) -> NDArray[np.float32]:
        """Variances, (channels,)."""
        return self._variance

    @property
    def eps(self) -> float:
        """What is added to the variances."""
        return self._eps

    @property
    def num_parameters(self) -> int:  # type: ignore[override]
        """Number of factors and biases."""
        return sum(each.size for each in (self._weight, self._bias) if each is not None)

    def factors(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return a and b of ``y = x * a + b`` in float64, (channels,) each."""
        deviation = np.sqrt(self._variance.astype(np.float64) + self._eps)
        a = (1.0 if self._weight is None else self._weight.astype(np.float64)) / deviation
        shift = 0.0 if self._bias is None else self._bias.astype(np.float64)
        b: NDArray[np.float64] = shift - self._mean.astype(np.float64) * a
        return a, b

    def output_shape(self, *input_shapes: Shape) -> Shape:
        """Return the input's shape, which must have as many channels."""
        shape = only_shape(input_shapes)
        check_channels(shape, self._mean.size)
        return shape

    def settings(self) -> dict[str, object]:
        """Return the number of channels and ``eps``."""
        return {"channels": self._mean.size, "eps": self._eps}

    def arrays(self) -> Mapping[str, NDArray[np.float32] | None]:
        """Return factors, biases and statistics."""
        return {
            "weight": self._weight,
            "bias": self._bias,
            "mean": self._mean,
            "variance": self._variance,
        }

    def to_core(self) -> _core.BatchNorm:
        """Return the core's copy."""
        return _core.BatchNorm(self._weight, self._bias, self._mean, self._variance, self._eps)

    @classmethod
    def from_core(cls, core: _core.BatchNorm) -> BatchNorm:
        """Return a node with copies of the core's arrays."""
        return cls(core.weight, core.bias, core.mean, core.variance, core.eps)
