"""What a network is made of, as its user gives it, checked."""

from __future__ import annotations

from collections.abc import Sequence

from .._base.foreign import wrong_type
from .._base.numbers import Sizes, as_shape
from ..nodes import NODE_KINDS, PAPER_KINDS, AnyNode, Node, Shape, WeightedNode


def checked_layers(layers: Sequence[Node]) -> tuple[AnyNode, ...]:
    """Return the layers of a chain.

    Raises:
        TypeError: They are no sequence, or one is no node.
        ValueError: There is none, or one object stands twice.
    """
    if not isinstance(layers, Sequence):
        raise TypeError(f"layers is a {type(layers).__name__}, but must be a sequence of layers")
    if not layers:
        raise ValueError("layers is empty, but a network has at least one layer")
    checked: list[AnyNode] = []
    for i, each in enumerate(layers):
        layer = checked_node(each, f"layers[{i}]")
        for j, earlier in enumerate(checked):
            if earlier is layer:
                raise ValueError(
                    f"layers[{i}] is the same object as layers[{j}], but weights are not shared"
                )
        checked.append(layer)
    return tuple(checked)


def checked_node(node: Node, name: str) -> AnyNode:
    """Return a node, or raise a TypeError that names the argument."""
    if not isinstance(node, NODE_KINDS):
        known = ", ".join(kind.__name__ for kind in NODE_KINDS)
        raise wrong_type(name, node, f"a layer: one of {known}")
    return node


def with_implied_activations(nodes: Sequence[AnyNode]) -> tuple[AnyNode, ...]:
    """Return the nodes of a chain, without ReLUs behind weights where some are nodes."""
    if all(isinstance(node, PAPER_KINDS) for node in nodes):
        return tuple(nodes)
    return tuple(
        node.without_implied_relu() if isinstance(node, WeightedNode) else node for node in nodes
    )


def checked_input_shape(input_shape: Sizes) -> Shape:
    """Return the shape of a sample; (channels, length) is that of an image of height 1.

    Raises:
        TypeError: A size is not an int.
        ValueError: There are too many, or a size is below 1.
    """
    shape = as_shape(input_shape, "input_shape")
    if len(shape) == 2:
        return shape[0], 1, shape[1]
    if len(shape) not in (1, 3):
        raise ValueError(
            f"input_shape is {shape}, but must be (num_inputs,), (channels, height, width) or "
            f"(channels, length)"
        )
    return shape
