"""Fully connected layers."""

from __future__ import annotations

import math

from numpy.typing import ArrayLike

from .node import Shape, WeightedLayer


class Linear(WeightedLayer):
    """A fully connected layer: every output is a weighted sum of all inputs.

    Images are taken flattened, channel by channel and row by row.

    Args:
        weight: Weights, shape (out_features, in_features); real numbers, copied to float32.
        bias: Biases, shape (out_features,), or None.
        activation: ``"relu"`` or ``"none"``.

    Raises:
        TypeError: An array does not hold real numbers.
        ValueError: A shape does not fit, or a number is NaN or infinite.

    Example:
        >>> Linear([[0.5, -1.0]])
        Linear(in_features=2, out_features=1, bias=False, activation='relu')
    """

    kind = "linear"
    _weight_ndim = 2
    _weight_axes = "(out_features, in_features)"

    @property
    def in_features(self) -> int:
        """Number of inputs."""
        return int(self._weight.shape[1])

    @property
    def out_features(self) -> int:
        """Number of outputs."""
        return len(self._weight)

    def output_shape(self, input_shape: Shape) -> Shape:
        """Return (out_features,) for an input of in_features numbers in any shape."""
        if math.prod(input_shape) != self.in_features:
            raise ValueError(
                f"the input has shape {input_shape}, {math.prod(input_shape)} numbers, but the "
                f"weights expect {self.in_features}"
            )
        return (self.out_features,)

    def with_parameters(self, weight: ArrayLike, bias: ArrayLike | None = None) -> Linear:
        """Return a layer with the same settings and other weights and biases."""
        return Linear(weight, bias, activation=self._activation)

    def _settings(self) -> list[tuple[str, object]]:
        return [
            ("in_features", self.in_features),
            ("out_features", self.out_features),
            ("bias", self._bias is not None),
            ("activation", repr(self._activation)),
        ]
