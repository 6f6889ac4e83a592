"""What the kinds of nodes with weights have in common."""

from __future__ import annotations

import copy
from abc import abstractmethod
from collections.abc import Mapping
from typing import ClassVar, Literal, Self

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
        activation: Activation | None = None,
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
        if activation is not None:
            as_choice(activation, "activation", ("relu", "none"))
        self._given_activation = activation
        self._seed: int | None = None

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
        """What follows the weighted sum: ``"relu"`` or ``"none"``.

        Where none was given, that is a ReLU until a network says otherwise: see `Network`.
        """
        return self._given_activation or "relu"

    @property
    def seed(self) -> int | None:
        """Seed that the weights were drawn with, given or drawn itself; None of given weights."""
        return self._seed

    @property
    def num_parameters(self) -> int:
        """Number of weights and biases."""
        return self._weight.size + (0 if self._bias is None else self._bias.size)

    @abstractmethod
    def with_parameters(self, weight: ArrayLike, bias: ArrayLike | None = None) -> WeightedNode:
        """Return a node with the same settings and other weights and biases."""

    def without_implied_relu(self) -> Self:
        """Return the node as it is where ReLUs are nodes of their own, with the same arrays."""
        return self if self._given_activation is not None else self.with_activation("none")

    def with_activation(self, activation: Activation) -> Self:
        """Return the node with another activation function and the same arrays."""
        node = copy.copy(self)
        node._given_activation = activation
        return node

    def arrays(self) -> Mapping[str, NDArray[np.float32] | None]:
        """Return weights and biases."""
        return {"weight": self._weight, "bias": self._bias}

    def _counted(self, leave_out_zeros: bool) -> NDArray[np.bool_]:
        """Return which weights are synapses."""
        return self._weight != 0 if leave_out_zeros else np.ones(self._weight.shape, dtype=np.bool_)
