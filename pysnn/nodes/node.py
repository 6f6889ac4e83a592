"""What all layers have in common: output shapes, comparison, weights."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .._base.arrays import as_finite_float32
from .._base.numbers import as_choice

Activation = Literal["relu", "none"]
Shape = tuple[int, ...]


class Layer(ABC):
    """One step of a `Network`, with an output shape that follows from its input shape."""

    kind: ClassVar[str]  # first part of the name that a Network gives the layer

    # Layers compare by value and change in place, so that a hash could not stay right.
    __hash__ = None  # type: ignore[assignment]

    @abstractmethod
    def output_shape(self, input_shape: Shape) -> Shape:
        """Return the shape of one sample's output.

        Args:
            input_shape: Shape of one sample, without the batch.

        Raises:
            ValueError: The input does not fit the layer.
        """

    @property
    def num_parameters(self) -> int:
        """Number of weights and biases."""
        return 0

    def __eq__(self, other: object) -> bool:
        """Compare type, settings and every weight."""
        if type(other) is not type(self):
            return NotImplemented
        assert isinstance(other, Layer)
        return self._settings() == other._settings()

    def __repr__(self) -> str:
        """Show the type and its settings."""
        return f"{type(self).__name__}({', '.join(f'{k}={v}' for k, v in self._settings())})"

    @abstractmethod
    def _settings(self) -> list[tuple[str, object]]:
        """List what tells two layers of a type apart, arrays excepted."""


class WeightedLayer(Layer):
    """A layer with weights, an optional bias and an activation function."""

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
    def with_parameters(self, weight: ArrayLike, bias: ArrayLike | None = None) -> WeightedLayer:
        """Return a layer with the same settings and other weights and biases."""

    def __eq__(self, other: object) -> bool:
        """Compare type, settings and every weight."""
        same = super().__eq__(other)
        if same is not True:
            return same
        assert isinstance(other, WeightedLayer)
        if not np.array_equal(self._weight, other._weight):
            return False
        if self._bias is None or other._bias is None:
            return self._bias is other._bias
        return np.array_equal(self._bias, other._bias)


def as_image_shape(input_shape: Shape) -> Shape:
    """Return the shape of an image, (channels, height, width).

    Raises:
        ValueError: The shape is no image's.
    """
    if len(input_shape) != 3:
        raise ValueError(
            f"the input has shape {input_shape}, but must be (channels, height, width)"
        )
    return input_shape
