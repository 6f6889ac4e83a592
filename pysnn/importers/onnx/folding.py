"""Constants that a file's nodes compute: shapes, and weights out of other weights."""

from __future__ import annotations

import importlib
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..building import Array, Step
from ..refusal import RefusalError

FOLDED = frozenset(
    {
        *("Add", "Sub", "Mul", "Div", "Neg", "Floor", "Ceil", "Sqrt", "Reciprocal", "Min", "Max"),
        *("Cast", "Concat", "Gather", "Identity", "Reshape", "Shape", "Size", "Slice", "Split"),
        *("Squeeze", "Transpose", "Unsqueeze", "Range", "ConstantOfShape", "Expand", "Tile"),
        *("ReduceProd", "Equal", "Where", "Mod", "Pow", "Flatten", "Clip", "CastLike", "Pad"),
    }
)
"""What is computed where nothing of it depends on the input."""

_MOST_NUMBERS = 1 << 29  # that the nodes of a file make in all
_BROADCAST = ("Add", "Sub", "Mul", "Div", "Min", "Max", "Equal", "Where", "Mod", "Pow")


class Folding:
    """Computes constants by onnx's own evaluator, and refuses what would not end.

    Args:
        opset: Version of the operators.
    """

    def __init__(self, opset: int) -> None:
        self._opset = opset
        self._left = _MOST_NUMBERS

    def results(self, step: Step, node: Any, inputs: Sequence[Array | None]) -> list[Array]:
        """Return what a node makes of constants.

        Raises:
            RefusalError: It is of no kind that is computed, its numbers are too many, or its inputs
                do not fit.
        """
        if node.op_type not in FOLDED:
            raise step.refused(
                "is not supported, of constants", "simplify the file's constants first"
            )
        feeds = {
            name: each for name, each in zip(node.input, inputs, strict=True) if each is not None
        }
        # Arrays of other shapes than expected give errors of many kinds, and the evaluator has an
        # exception of its own kind for each operator.
        try:
            numbers = _size(node, [each for each in inputs if each is not None])
            self._left -= numbers
            if self._left < 0:
                raise step.refused(
                    f"makes {numbers:,} numbers of constants", "store the weights in the file"
                )
            return run_node(node, self._opset, feeds)
        except RefusalError:
            raise
        except Exception as error:
            reason = " ".join(str(error).split()) or type(error).__name__
            raise step.refused(f"can't be computed: {reason}", "check the file") from None


def run_node(node: Any, opset: int, feeds: dict[str, NDArray[Any]]) -> list[NDArray[Any]]:
    """Return the results of one node by onnx's own evaluator."""
    helper = importlib.import_module("onnx.helper")
    inputs = [
        helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(each.dtype), each.shape)
        for name, each in feeds.items()
    ]
    outputs = [helper.make_empty_tensor_value_info(name) for name in node.output if name]
    graph = helper.make_graph([node], "node", inputs, outputs)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
    evaluator = importlib.import_module("onnx.reference").ReferenceEvaluator(model)
    return [np.asarray(each) for each in evaluator.run(None, feeds)]


def _size(node: Any, inputs: Sequence[Array]) -> int:
    """Return how many numbers a node makes at most, without making them."""
    if node.op_type == "ConstantOfShape":
        return _product(inputs[0])
    if node.op_type == "Tile":
        return inputs[0].size * _product(inputs[1])
    if node.op_type == "Range":
        start, limit, step = (float(np.ravel(each)[0]) for each in inputs)
        return max(0, math.ceil((limit - start) / step))
    if node.op_type == "Expand":
        sizes = tuple(int(size) for size in np.ravel(inputs[1]))
        return math.prod(np.broadcast_shapes(inputs[0].shape, sizes))
    if node.op_type == "Gather":
        axis = next((int(each.i) for each in node.attribute if each.name == "axis"), 0)
        size: int = inputs[1].size * inputs[0].size // max(1, inputs[0].shape[axis])
        return size
    if node.op_type == "Pad":
        given = [each for attribute in node.attribute for each in attribute.ints]
        wider = sum(max(0, int(each)) for each in (given or np.ravel(inputs[1])))
        return math.prod(int(size) + wider for size in inputs[0].shape)
    if node.op_type in _BROADCAST:
        return math.prod(np.broadcast_shapes(*(each.shape for each in inputs)))
    return sum(each.size for each in inputs)


def _product(sizes: Array) -> int:
    return math.prod(abs(int(size)) for size in np.ravel(sizes))
