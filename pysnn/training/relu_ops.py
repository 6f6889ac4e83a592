"""Forward and backward arithmetic of ReLUs that are nodes of their own."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..nodes import ReLU, Shape
from .node_op import FloatArray, NodeOp


class ReluOp(NodeOp):
    """The positive part, cut off at a largest output that stays as it is."""

    def __init__(self, node: ReLU, input_shape: Shape) -> None:
        super().__init__(node, input_shape)
        self._max = node.max
        self._x: FloatArray | None = None

    def forward(self, x: FloatArray) -> FloatArray:
        """Return the outputs, in the input's shape."""
        self._x = x
        return np.clip(x, 0, self._max, out=self._buffer("outputs", x.shape, x))

    def backward(self, delta: FloatArray, *, to_input: bool) -> FloatArray | None:
        """Return the gradient by the input, in the memory of ``delta``."""
        assert self._x is not None, "backward follows forward"
        if not to_input:
            return None
        delta *= self._x > 0
        if self._max is not None:
            delta *= self._x < self._max
        return delta


class QuantizedReluOp(NodeOp):
    """The positive part in steps up to a ceiling that is learned (QCFS, Bu et al., ICLR 2022).

    With u = z levels / ceiling + 1/2 the output is h = ceiling clip(floor(u), 0, levels) / levels.
    Gradients take the slope of floor as 1: dh/dz is 1 where 0 < u < levels and 0 elsewhere;
    dh/dceiling is (h - z) / ceiling there, 0 below and 1 above.
    """

    def __init__(self, node: ReLU, input_shape: Shape, dtype: type[np.floating[Any]]) -> None:
        super().__init__(node, input_shape)
        assert node.ceiling is not None, "levels are parts of a max"
        assert node.levels is not None, "make_relu_op sees to it"
        self.parameters = [node.ceiling.astype(dtype, copy=False)]
        self.gradients = [np.zeros_like(self.parameters[0])]
        self._levels = node.levels
        self._x: FloatArray | None = None

    def forward(self, x: FloatArray) -> FloatArray:
        """Return the outputs, in the input's shape."""
        self._x = x
        # In double and then rounded, as the forward pass of the core has it.
        ceiling = float(self.parameters[0][0])
        places = self._buffer("places", x.shape, x)
        np.multiply(x, x.dtype.type(self._levels / ceiling), out=places)
        places += x.dtype.type(0.5)
        np.clip(places, 0, self._levels, out=places)
        outputs = np.floor(places, out=self._buffer("outputs", x.shape, x))
        outputs *= x.dtype.type(ceiling / self._levels)
        return outputs

    def backward(self, delta: FloatArray, *, to_input: bool) -> FloatArray | None:
        """Fill `gradients` and return the gradient by the input, in the memory of ``delta``."""
        assert self._x is not None, "backward follows forward"
        ceiling = float(self.parameters[0][0])
        places = self._buffers["places"]
        above = float(delta[places == self._levels].sum(dtype=np.float64))
        delta *= (places > 0) & (places < self._levels)
        # From z again: a mask of dropout may stand on the outputs by now.
        errors = np.floor(places, out=self._buffer("errors", delta.shape, delta))
        errors *= delta.dtype.type(ceiling / self._levels)
        errors -= self._x
        inside = float(np.vdot(errors, delta)) / ceiling
        self.gradients[0][...] = inside + above
        return delta if to_input else None


def make_relu_op(node: ReLU, input_shape: Shape, dtype: type[np.floating[Any]]) -> NodeOp:
    """Return the arithmetic of a ReLU; its ceiling is learned where it has levels."""
    if node.levels is None:
        return ReluOp(node, input_shape)
    return QuantizedReluOp(node, input_shape, dtype)
