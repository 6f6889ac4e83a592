"""What stands at the end of a file's graph and changes no prediction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...nodes import Shape
from ..refusal import RefusalError
from .arguments import FLOATS

_RANKED = ("Softmax", "LogSoftmax", "ArgMax")
_ENDS = (*_RANKED, "Sigmoid")
_PASSING = ("Identity", "Cast")
_OWN_AXIS = 13  # version from which a softmax has one axis instead of all from it on


def without_end(nodes: Sequence[Any], output: str) -> tuple[str, list[Any]]:
    """Return the value in front of a softmax, sigmoid or argmax at the end, and the nodes behind.

    Args:
        nodes: The nodes that an output needs, in order.
        output: Name of the output.
    """
    ends: list[Any] = []
    last = output
    for node in reversed(nodes):
        if node.op_type not in (*_ENDS, *_PASSING) or list(node.output)[:1] != [last]:
            break
        if not node.input:
            break
        ends.insert(0, node)
        last = node.input[0]
    readers = [name for node in nodes for name in node.input]
    ranked = any(node.op_type in _ENDS for node in ends)
    if not ranked or readers.count(last) > 1 or _rounds(ends):
        return output, []
    return last, ends


def _rounds(ends: Sequence[Any]) -> bool:
    """Return whether probabilities become whole numbers."""
    for node in ends:
        if node.op_type == "ArgMax":
            return False
        if node.op_type == "Cast" and _integer(node, "to", 0) not in FLOATS:
            return True
    return False


def check_end(ends: Sequence[Any], opset: int, shape: Shape) -> None:
    """Check that ends keep the order of a sample's outputs.

    Args:
        ends: What `without_end` leaves out.
        opset: Version of the operators.
        shape: Shape of one sample of what they read.

    Raises:
        RefusalError: They mix samples, or outputs of several axes.
    """
    rank = len(shape) + 1
    before = set(range(1, rank))
    for node in ends:
        if node.op_type not in _RANKED:
            continue
        is_softmax = node.op_type != "ArgMax"
        first = _integer(node, "axis", (-1 if opset >= _OWN_AXIS else 1) if is_softmax else 0)
        first = first % rank if -rank <= first < rank else 0
        axes = set(range(first, rank)) if is_softmax and opset < _OWN_AXIS else {first}
        sized = {axis for axis in axes if axis > 0 and shape[axis - 1] > 1}
        if 0 in axes or not sized <= before:
            raise RefusalError(
                node.name or node.output[0],
                node.op_type,
                f"works along axis {first} of batches of outputs of shape {shape}, not along the "
                f"classes of a sample",
                "export the network without it",
            )
        before = sized if is_softmax else set()


def _integer(node: Any, name: str, default: int) -> int:
    return next((int(each.i) for each in node.attribute if each.name == name), default)
