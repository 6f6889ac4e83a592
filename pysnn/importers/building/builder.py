"""Networks made step by step from those of other frameworks."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ...network import INPUT, Graph, Network
from ...nodes import (
    Add,
    Affine,
    AnyNode,
    BatchNorm,
    Concat,
    Conv2d,
    Flatten,
    Linear,
    Pad,
    ReLU,
    Shape,
    WeightedNode,
)
from ..refusal import LayoutRefusalError, RefusalError
from .image_view import ImageView
from .layouts import layout_of_channels, layout_of_images
from .value import ZERO, Indices, Value, check_size

_MOST_WEIGHTS = 1 << 24  # of a matrix that only puts elements in other places
_Doubles = NDArray[np.float64]


class GraphBuilder:
    """Collects the nodes of a network; `network` gives it without those that nothing needs.

    Every method for a step takes the step's name and its operator in the foreign format, and what
    it reads, and returns its output. Views are resolved where a node reads them: steps that work on
    each element pass through them, a `Linear` takes them into its weights, and the rest become
    borders and convolutions of one pixel.

    Args:
        input_shape: Shape of one sample; of two axes, (channels, length), for images of height 1.
        layout: Where in such a sample each number of what the network takes is; None for samples as
            they are.

    Raises:
        RefusalError: A sample is too large.
    """

    def __init__(self, input_shape: Shape, layout: Indices | None = None) -> None:
        check_size(input_shape, INPUT, "input")
        shape = input_shape if len(input_shape) != 2 else (input_shape[0], 1, input_shape[1])
        if layout is not None:
            shape = layout.shape
        self._input_shape = shape
        self._nodes: dict[str, tuple[AnyNode, tuple[str, ...]]] = {}
        self._shapes: dict[str, Shape] = {INPUT: shape}
        self._numbers: dict[str, int] = {}  # the last that each name was given
        whole = Value(INPUT, shape, INPUT, "input")
        if layout is not None:
            whole = whole.viewed(np.argsort(layout, axis=None), INPUT, "input")
        self.input = whole.reshaped(input_shape, INPUT, "input")

    def node(self, name: str, operator: str, node: AnyNode, *values: Value) -> Value:
        """Add a node that reads values as they are.

        Raises:
            RefusalError: The values do not fit the node, or no nodes give such a view.
        """
        return self._append(name, operator, node, [self.place(value) for value in values])

    def relu(self, name: str, operator: str, value: Value, *, max: float | None = None) -> Value:
        """Add a ReLU."""
        base, index_of = self._elementwise(value)
        result = self._append(name, operator, ReLU(max), [base.node])
        return _viewed_alike(result, index_of)

    def affine(
        self, name: str, operator: str, value: Value, scale: ArrayLike, shift: ArrayLike
    ) -> Value:
        """Add ``value * scale + shift``, where both broadcast to the value's shape.

        Factors behind factors become one node.

        Raises:
            RefusalError: They differ within a channel of an image.
        """
        base, index_of = self._elementwise(value)
        arrays = [np.asarray(each, dtype=np.float64) for each in (scale, shift)]
        base, (a, b) = self._by_channel(name, operator, base, value, arrays)
        first, sources = self._nodes.get(base.node, (None, ()))
        if isinstance(first, Affine):
            a, b = first.scale * a, first.shift * a + b
            base = self._whole(sources[0])
        return _viewed_alike(self._append(name, operator, Affine(a, b), [base.node]), index_of)

    def batch_norm(
        self,
        name: str,
        operator: str,
        value: Value,
        statistics: Sequence[ArrayLike | None],
        eps: float,
        *,
        axis: int = 0,
    ) -> Value:
        """Add a batch norm.

        Args:
            name: Name of the step.
            operator: What the format calls it.
            value: What it reads.
            statistics: Weight or None, bias or None, mean and variance, one number per index of
                ``axis`` each.
            eps: What is added to the variances.
            axis: The axis of a sample that has the channels.
        """
        shape = tuple(-1 if i == axis else 1 for i in range(len(value.shape)))
        given = [None if each is None else np.asarray(each).reshape(shape) for each in statistics]
        base, index_of = self._elementwise(value)
        arrays = [np.asarray(each, dtype=np.float64) for each in given if each is not None]
        base, found = self._by_channel(name, operator, base, value, arrays, every=True)
        rest = iter(found)
        weight, bias, mean, variance = (None if each is None else next(rest) for each in given)
        assert mean is not None
        assert variance is not None
        try:
            node = BatchNorm(weight, bias, mean, variance, eps)
        except ValueError as error:
            reason = f"can't be kept: {error}"
            raise RefusalError(name, operator, reason, "train it again") from None
        return _viewed_alike(self._append(name, operator, node, [base.node]), index_of)

    def linear(
        self,
        name: str,
        operator: str,
        value: Value,
        weight: ArrayLike,
        bias: ArrayLike | None = None,
    ) -> Value:
        """Add a fully connected layer, (out_features, in_features), that reads a vector."""
        array = np.asarray(weight)
        if len(value.shape) != 1 or array.ndim != 2 or array.shape[1] != value.shape[0]:
            raise RefusalError(
                name,
                operator,
                f"has weights of shape {array.shape} and reads values of shape {value.shape}",
                "flatten what it reads to one vector per sample",
            )
        if value.index is not None:
            flat = self._flattened(value)
            if not np.array_equal(value.index, np.arange(flat.node_shape[0])):
                used = value.index != ZERO
                spread = np.zeros((len(array), flat.node_shape[0]), dtype=array.dtype)
                np.add.at(spread.T, value.index[used], array[:, used].T)
                array = spread
            value = flat
        return self._append(name, operator, Linear(array, bias, activation="none"), [value.node])

    def add(self, name: str, operator: str, values: Sequence[Value]) -> Value:
        """Add the sum of values of one shape."""
        if len({value.shape for value in values}) != 1:
            shapes = " and ".join(str(value.shape) for value in values)
            raise RefusalError(
                name,
                operator,
                f"adds values of the shapes {shapes}, which are not repeated along axes",
                "give them one shape",
            )
        first = values[0]
        alike = all(
            value.node_shape == first.node_shape and np.array_equal(value.places, first.places)
            for value in values[1:]
        )
        if alike and first.is_whole:
            result = self._append(name, operator, Add(), [value.node for value in values])
            return _viewed_alike(result, first)
        placed = [self._placed(value) for value in values]
        result = self._append(name, operator, Add(), [value.node for value in placed])
        return _viewed_alike(result, placed[0])

    def concat(self, name: str, operator: str, values: Sequence[Value], axis: int) -> Value:
        """Add the values behind each other along an axis of a sample.

        Raises:
            RefusalError: Their images are of several sizes, or they are too many numbers.
        """
        check_size((sum(math.prod(value.shape) for value in values),), name, operator)
        nodes = list(dict.fromkeys(value.node for value in values))
        shapes = [self._shapes[node] for node in nodes]
        if any(len(shape) != len(shapes[0]) or shape[1:] != shapes[0][1:] for shape in shapes):
            values = [self._placed(value) for value in values]
            nodes = list(dict.fromkeys(value.node for value in values))
        if len(nodes) == 1:
            joined = self._whole(nodes[0])
        else:
            joined = self._append(name, operator, Concat(), nodes)
        sizes = [math.prod(self._shapes[node]) for node in nodes]
        starts = dict(zip(nodes, np.cumsum([0, *sizes[:-1]]).tolist(), strict=True))
        places = [
            np.where(value.places == ZERO, ZERO, value.places + starts[value.node])
            for value in values
        ]
        return joined.viewed(np.concatenate(places, axis=axis), name, operator)

    def place(self, value: Value) -> str:
        """Return the name of a node whose output is the value as it is.

        Raises:
            RefusalError: No nodes give such a view.
        """
        if len(value.shape) == 2:
            value = value.reshaped((value.shape[0], 1, value.shape[1]), value.name, value.operator)
        if value.index is None:
            return value.node
        if len(value.shape) == 1:
            return self._placed_vector(value)
        view = ImageView.of(value.index, value.node_shape)
        if view is None:
            raise self._unexplained(value, value.index)
        node = value.node
        if view.selects(value.node_shape):
            if view.num_weights(value.node_shape) > _MOST_WEIGHTS:
                raise RefusalError(
                    value.name,
                    value.operator,
                    f"takes {value.shape} out of images of shape {value.node_shape}",
                    "cut them in front of the network",
                )
            kernels, groups = view.kernels(value.node_shape)
            stride = (view.rows.step, view.columns.step)
            conv = Conv2d(kernels, None, stride, groups=groups, activation="none")
            node = self._helper(value, conv, node)
        sides = (view.rows.before, view.rows.after, view.columns.before, view.columns.after)
        if any(sides):
            node = self._helper(value, Pad(sides), node)
        return node

    def _unexplained(self, value: Value, index: Indices) -> RefusalError:
        """Return the refusal of a view that no nodes give."""
        reason = (
            f"makes values of shape {value.node_shape} into {value.shape} in a way that is no "
            f"choice of channels and pixels"
        )
        way_out = "leave it out, or put it where a fully connected layer reads it"
        layout = layout_of_images(index, value.node_shape)
        return self._refused_layout(value.node, layout, value.name, value.operator, reason, way_out)

    def _refused_layout(
        self,
        node: str,
        layout: Indices | None,
        name: str,
        operator: str,
        reason: str,
        way_out: str,
    ) -> RefusalError:
        """Return a refusal, with a layout where that of the input is what a node has."""
        while node in self._nodes and isinstance(self._nodes[node][0], Affine | ReLU):
            (node,) = self._nodes[node][1]
        if layout is None or node != INPUT:
            return RefusalError(name, operator, reason, way_out)
        return LayoutRefusalError(name, operator, reason, way_out, layout)

    def network(self, output: Value) -> Network:
        """Return the network with an output, without the nodes that do not lead to it."""
        last = self.place(output)
        needed = {last}
        for name, (_, sources) in reversed(self._nodes.items()):
            if name in needed:
                needed.update(sources)
        nodes = [
            (name, node, sources) for name, (node, sources) in self._nodes.items() if name in needed
        ]
        if not nodes:
            raise RefusalError(output.name, output.operator, "is all there is", "add a layer")
        return Network.from_graph(Graph(self._input_shape, nodes))

    def _append(self, name: str, operator: str, node: AnyNode, sources: Sequence[str]) -> Value:
        kept = self._unused(name, operator)
        try:
            shape = node.output_shape(*(self._shapes[source] for source in sources))
        except ValueError as error:
            raise RefusalError(
                name, operator, f"can't be kept: {error}", "change its sizes"
            ) from None
        check_size(shape, name, operator)
        if isinstance(node, WeightedNode):
            node = node.without_implied_relu()
        self._nodes[kept] = (node, tuple(sources))
        self._shapes[kept] = shape
        return Value(kept, shape, name, operator)

    def _helper(self, value: Value, node: AnyNode, source: str) -> str:
        """Add a node that makes a view, named after the view where that name is free."""
        name = value.name
        if self._unused(name, value.operator) != _kept(name, value.operator):
            name = f"{name}.{node.kind}"
        return self._append(name, value.operator, node, [source]).node

    def _unused(self, name: str, operator: str) -> str:
        """Return a name that a `Network` can keep and that no other node has."""
        wanted = _kept(name, operator)
        kept, number = wanted, self._numbers.get(wanted, 1)
        while kept == INPUT or kept in self._nodes:
            number += 1
            kept = f"{wanted}_{number}"
        self._numbers[wanted] = number
        return kept

    def _whole(self, node: str) -> Value:
        return Value(node, self._shapes[node], node, "")

    def _elementwise(self, value: Value) -> tuple[Value, Value]:
        """Return what a step on each element reads, and whose view its result has."""
        if value.is_whole:
            return self._whole(value.node), value
        placed = self._placed(value)
        return self._whole(placed.node), placed

    def _placed(self, value: Value) -> Value:
        """Return the value as all of a node's output, which is an image for a sequence, too."""
        whole = self._whole(self.place(value))
        if len(value.shape) != 2:
            return whole
        return whole.reshaped(value.shape, value.name, value.operator)

    def _by_channel(
        self,
        name: str,
        operator: str,
        base: Value,
        value: Value,
        arrays: Sequence[_Doubles],
        *,
        every: bool = False,
    ) -> tuple[Value, list[_Doubles]]:
        """Return arrays that broadcast to a value as one number or one per channel of its node.

        Vectors stand in for images where numbers differ within a channel.

        Args:
            name: Name of the step, for the refusal.
            operator: Its operator.
            base: The node's output as it is.
            value: The value.
            arrays: The arrays.
            every: Whether one number for all channels is written out, too.
        """
        if not every and all(array.size == 1 for array in arrays):
            return base, [array.reshape(1) for array in arrays]
        try:
            full = [np.broadcast_to(array, value.shape) for array in arrays]
        except ValueError:
            shapes = ", ".join(str(array.shape) for array in arrays)
            raise RefusalError(
                name,
                operator,
                f"has numbers of shape {shapes} for values of shape {value.shape}",
                "give one number per channel",
            ) from None
        if value.is_whole:
            spread = [np.empty(math.prod(base.node_shape)) for _ in full]
            for target, source in zip(spread, full, strict=True):
                target[value.places.reshape(-1)] = source.reshape(-1)
        else:
            spread = [array.reshape(-1) for array in full]
        rows = [array.reshape(base.node_shape[0], -1) for array in spread]
        if all((row == row[:, :1]).all() for row in rows):
            return base, [row[:, 0] for row in rows]
        if len(value.shape) == 1 and value.is_whole:
            return self._flattened(value), spread
        raise self._refused_layout(
            base.node,
            layout_of_channels(spread, base.node_shape),
            name,
            operator,
            "has numbers that differ within a channel",
            "give one number per channel",
        )

    def _flattened(self, value: Value) -> Value:
        """Return the node's output as one vector, whose places are those of the value's index."""
        if len(value.node_shape) == 1:
            return self._whole(value.node)
        return self._whole(self._helper(value, Flatten(), value.node))

    def _placed_vector(self, value: Value) -> str:
        assert value.index is not None
        flat = self._flattened(value)
        size = flat.node_shape[0]
        if np.array_equal(value.index, np.arange(size)):
            return flat.node
        if size * value.shape[0] > _MOST_WEIGHTS:
            raise RefusalError(
                value.name,
                value.operator,
                f"puts {value.shape[0]:,} numbers in another order",
                "let a fully connected layer read them",
            )
        weight = np.zeros((value.shape[0], size), dtype=np.float32)
        used = np.flatnonzero(value.index != ZERO)
        weight[used, value.index[used]] = 1
        order = Linear(weight, activation="none")
        return self._helper(value, order, flat.node)


def _kept(name: str, operator: str) -> str:
    """Return a foreign name without what a `Network` can't keep."""
    parts = name.replace("/", ".").replace("\0", "").split(".")
    return ".".join(filter(None, parts)).lstrip("_") or operator.lower()


def _viewed_alike(result: Value, like: Value) -> Value:
    """Return a node's output under the view that another one of the same size has."""
    if like.index is None:
        return result
    return result.viewed(like.index, result.name, result.operator)
