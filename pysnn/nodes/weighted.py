"""What the kinds of nodes with weights have in common."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .._base.arrays import as_finite_float32
from .._base.numbers import as_choice
from .node import Node

Activation = Literal["relu", "none"]


class WeightedNode(Node):
    """A node with weights, an optional bias and an activation function."""

    has_synapses = True
    _weight_ndim: ClassVar[int]
    _weight_axes: ClassVar[str]

    def __init__(
        self,
        weight: ArrayLike,
        bias: ArrayLike | None = None,
        *,
        activation: Activation = "relu",
    ) -> None:
        self._weight = as_finite_float32(weight, "weight")
        shape = self._weight.shape
        if self._weight.ndim != self._weight_ndim or 0 in shape:
            raise ValueError(
                f"weight has shape {shape}, but must be {self._weight_axes}, each at least 1"
            )
        self._bias = None if bias is None else as_finite_float32(bias, "bias")
        if self._bias is not None and self._bias.shape != shape[:1]:
            raise ValueError(f"bias has shape {self._bias.shape}, but must be ({shape[0]},)")
        as_choice(activation, "activation", ("relu", "none"))
        self._activation: Activation = activation

    @property
    def weight(self) -> NDArray[np.float32]:
        """The weights themselves, which may be changed in place."""
        return self._weight

    @property
    def bias(self) -> NDArray[np.float32] | None:
        """The biases themselves, (out,), or None."""
        return self._bias

    @property
    def activation(self) -> Activation:
        """What follows the weighted sum: ``"relu"`` or ``"none"``."""
        return self._activation

    @property
    def num_parameters(self) -> int:
        """Number of weights and biases."""
        return self._weight.size + (0 if self._bias is None else self._bias.size)

    @abstractmethod
    def with_parameters(self, weight: ArrayLike, bias: ArrayLike | None = None) -> WeightedNode:
        """Return a node with the same settings and other weights and biases."""

    def _counted(self, leave_out_zeros: bool) -> NDArray[np.bool_]:
        """Return which weights are synapses."""
        return self._weight != 0 if leave_out_zeros else np.ones(self._weight.shape, dtype=np.bool_)

    def __eq__(self, other: object) -> bool:
        """Compare type, settings and every weight."""
        same = super().__eq__(other)
        if same is not True:
            return same
        assert isinstance(other, WeightedNode)
        if not np.array_equal(self._weight, other._weight):
            return False
        if self._bias is None or other._bias is None:
            return self._bias is other._bias
        return np.array_equal(self._bias, other._bias)
