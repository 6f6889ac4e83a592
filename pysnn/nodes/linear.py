"""Fully connected layers."""

from __future__ import annotations

import math
from typing import Any, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _core
from .._base.numbers import as_positive_int
from .initial import check_named, drawn_parameters, is_size
from .node import Geometry, Shape, only_shape
from .weighted import Activation, WeightedNode


class Linear(WeightedNode):
    """A fully connected layer: every output is a weighted sum of all inputs.

    Images are taken flattened, channel by channel and row by row.

    Made of weights, ``Linear(weight, bias)``, or of sizes, ``Linear(in_features, out_features)``:
    then weights are drawn, uniform in plus or minus sqrt(6 / (in_features + out_features)) (Glorot
    and Bengio, 2010), as those of `pysnn.models`.

    Args:
        weight: Weights, shape (out_features, in_features); real numbers, copied to float32.
        bias: Biases, shape (out_features,), or None. With sizes: whether there are biases, which
            begin at 0; False unless given.
        in_features: Number of inputs.
        out_features: Number of outputs.
        activation: ``"relu"`` or ``"none"``; None: as the network implies.
        seed: With sizes: seed of the weights; None draws one, which `seed` keeps.

    Raises:
        TypeError: An array does not hold real numbers, or a size is not an int.
        ValueError: A shape does not fit, a number is NaN or infinite, or a size is below 1.

    Example:
        >>> Linear([[0.5, -1.0]])
        Linear(in_features=2, out_features=1, bias=False, activation='relu')
        >>> Linear(784, 10, bias=True, seed=3)
        Linear(in_features=784, out_features=10, bias=True, activation='relu')
    """

    kind = "linear"
    _weight_ndim = 2
    _weight_axes = "(out_features, in_features)"

    @overload
    def __init__(
        self,
        weight: ArrayLike,
        bias: ArrayLike | None = None,
        *,
        activation: Activation | None = None,
    ) -> None: ...

    @overload
    def __init__(
        self,
        in_features: int,
        out_features: int,
        *,
        bias: bool = False,
        activation: Activation | None = None,
        seed: int | None = None,
    ) -> None: ...

    def __init__(self, *arguments: Any, activation: Activation | None = None, **named: Any) -> None:
        if "in_features" in named or (arguments and is_size(arguments[0])):
            shape = _shape_of_sizes(*arguments, **named)
            weight, bias, seed = drawn_parameters(
                shape, named.get("bias", False), named.get("seed")
            )
            super().__init__(weight, bias, activation=activation)
            self._seed = seed
        else:
            check_named("Linear", named, ("weight", "bias"), "weight and bias")
            super().__init__(*arguments, activation=activation, **named)

    @property
    def in_features(self) -> int:
        """Number of inputs."""
        return int(self._weight.shape[1])

    @property
    def out_features(self) -> int:
        """Number of outputs."""
        return len(self._weight)

    def output_shape(self, *input_shapes: Shape) -> Shape:
        """Return (out_features,) for an input of in_features numbers in any shape."""
        input_shape = only_shape(input_shapes)
        if math.prod(input_shape) != self.in_features:
            raise ValueError(
                f"the input has shape {input_shape}, {math.prod(input_shape)} numbers, but the "
                f"weights expect {self.in_features}"
            )
        return (self.out_features,)

    def num_synapses(self, input_shape: Shape) -> int:
        """Return the number of weights."""
        return self._weight.size

    def fan_out(self, input_shape: Shape, *, leave_out_zeros: bool = False) -> NDArray[np.int64]:
        """Return the number of outputs that each input reaches, (in_features,).

        Example:
            >>> Linear([[0.5, 0.0], [1.0, 2.0]]).fan_out((2,), leave_out_zeros=True)
            array([2, 1])
        """
        reached: NDArray[np.int64] = self._counted(leave_out_zeros).sum(axis=0, dtype=np.int64)
        return reached

    def with_parameters(self, weight: ArrayLike, bias: ArrayLike | None = None) -> Linear:
        """Return a layer with the same settings and other weights and biases."""
        return Linear(weight, bias, activation=self._given_activation)

    def geometry(self) -> Geometry:
        """Return nothing: there are no windows."""
        return {}

    def settings(self) -> dict[str, object]:
        """Return the numbers of features, whether there is a bias, and the activation."""
        return {
            "in_features": self.in_features,
            "out_features": self.out_features,
            "bias": self._bias is not None,
            "activation": self.activation,
        }

    def projection_text(self, source: str) -> str:
        """Return the source alone, since most projections are of this kind."""
        return source

    def to_core(self) -> _core.Linear:
        """Return the core's copy."""
        return _core.Linear(self._weight, self._bias)

    def synapses_to_core(self) -> _core.Linear:
        """Return the same as `to_core`."""
        return self.to_core()

    @classmethod
    def from_core(cls, core: _core.Linear, activation: Activation) -> Linear:
        """Return a layer with copies of the core's weights."""
        return cls(core.weight, core.bias, activation=activation)


def _shape_of_sizes(
    in_features: object = None, out_features: object = None, **named: object
) -> Shape:
    check_named("Linear", named, ("bias", "seed"), "in_features and out_features")
    return (
        as_positive_int(out_features, "out_features"),
        as_positive_int(in_features, "in_features"),
    )
