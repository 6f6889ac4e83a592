"""Random ReLU networks of all kinds of nodes, small enough for slow references."""

from __future__ import annotations

import numpy as np

from pysnn.network import INPUT, Network
from pysnn.nodes import (
    Add,
    Affine,
    AvgPool2d,
    BatchNorm,
    Concat,
    Conv2d,
    Flatten,
    Linear,
    MaxPool2d,
    Node,
    Pad,
    ReLU,
    Shape,
)

_JOINS = 0.25  # chance of a sum or a concatenation where two values of a shape are there


def random_graph(seed: int, *, max_nodes: int = 12, levels: bool = False) -> Network:
    """Return a network whose every node leads to the output, a vector.

    Args:
        seed: Seed of structure and weights.
        max_nodes: Most nodes before what joins the loose ends.
        levels: Whether ReLUs may have steps.
    """
    return _Maker(np.random.default_rng(seed), levels).network(max_nodes)


class _Maker:
    def __init__(self, rng: np.random.Generator, levels: bool) -> None:
        self._rng = rng
        self._levels = levels
        channels = int(rng.integers(1, 4))
        shape = (channels, int(rng.integers(3, 7)), int(rng.integers(3, 7)))
        self._network = Network(input_shape=shape)
        self._shapes: dict[str, Shape] = {INPUT: shape}
        self._pooled_input = {INPUT}  # values that a max pool may not read

    def network(self, max_nodes: int) -> Network:
        """Return a network of at most so many nodes, and what joins them."""
        if self._rng.random() < 0.5:
            channels = self._shapes[INPUT][0]
            self._add(Affine(self._normal(channels), self._normal(channels)), [INPUT])
            self._pooled_input.add(self._last)
        for _ in range(int(self._rng.integers(2, max_nodes + 1))):
            self._step()
        self._join_ends()
        return self._network

    @property
    def _last(self) -> str:
        return self._network.layer_names[-1]

    def _add(self, node: Node, inputs: list[str]) -> str:
        name = f"n{len(self._network.layers)}"
        self._network.add(name, node, inputs)
        self._shapes[name] = self._network.graph.nodes[-1].output_shape
        return name

    def _normal(self, *shape: int) -> np.ndarray:
        return self._rng.normal(0.1, 0.6, shape)

    def _step(self) -> None:
        names = list(self._shapes)
        # Late values more often, so that networks grow deep.
        source = names[-1 - min(int(self._rng.geometric(0.5)) - 1, len(names) - 1)]
        shape = self._shapes[source]
        if self._rng.random() < _JOINS and self._joined(source):
            return
        node = self._node(shape, source)
        try:
            node.output_shape(shape)
        except ValueError:
            node = ReLU()
        self._add(node, [source])
        if isinstance(node, Flatten | Pad | Concat) and source in self._pooled_input:
            self._pooled_input.add(self._last)

    def _joined(self, source: str) -> bool:
        """Add a sum or a concatenation of a value with others, where there is one that fits."""
        shape = self._shapes[source]
        same = [name for name, other in self._shapes.items() if other == shape]
        fitting = [
            name
            for name, other in self._shapes.items()
            if len(other) == len(shape) and other[1:] == shape[1:] and other[0] + shape[0] < 40
        ]
        if self._rng.random() < 0.6 and len(same) > 1:
            others = self._rng.choice(same, int(self._rng.integers(1, 3)))
            self._add(Add(), [source, *map(str, others)])
            return True
        if fitting and self._rng.random() < 0.6:
            other = str(self._rng.choice(fitting))
            self._add(Concat(), [source, other])
            if {source, other} & self._pooled_input:
                self._pooled_input.add(self._last)
            return True
        return False

    def _node(self, shape: Shape, source: str) -> Node:
        rng = self._rng
        channels = shape[0]
        kinds = ["relu", "relu", "norm", "affine", "linear"]
        if len(shape) == 3:
            kinds += ["conv", "conv", "conv", "average", "max", "pad", "flatten", "point"]
        match str(rng.choice(kinds)):
            case "relu":
                ceiling = float(rng.uniform(0.3, 2)) if rng.random() < 0.3 else None
                steps = int(rng.integers(1, 5)) if self._levels and ceiling else None
                return ReLU(ceiling, steps)
            case "norm":
                return BatchNorm(
                    self._normal(channels) if rng.random() < 0.7 else None,
                    self._normal(channels) if rng.random() < 0.7 else None,
                    self._normal(channels),
                    rng.uniform(0.2, 2, channels),
                )
            case "affine":
                shift = self._normal(channels) if rng.random() < 0.5 else 0.5
                return Affine(self._normal(channels), shift)
            case "linear":
                size = int(np.prod(shape))
                return Linear(self._normal(int(rng.integers(1, 6)), size) / 2, self._bias(None))
            case "conv":
                return self._convolution(channels)
            case "point":
                return self._pointwise(channels)
            case "average":
                return AvgPool2d(*self._window(), bool(rng.integers(2)), bool(rng.integers(2)))
            case "max":
                if source in self._pooled_input:
                    return ReLU()
                kernel, stride, padding = self._window()
                return MaxPool2d(
                    kernel, stride, padding, int(rng.integers(1, 3)), bool(rng.integers(2))
                )
            case "pad":
                return Pad([int(each) for each in rng.integers(0, 2, 4)])
            case _:
                return Flatten()

    def _bias(self, count: int | None) -> np.ndarray | None:
        return None if count is None or self._rng.random() < 0.5 else self._normal(count)

    def _convolution(self, channels: int) -> Conv2d:
        rng = self._rng
        groups = channels if rng.random() < 0.3 else 1
        outputs = groups * int(rng.integers(1, 3))
        kernel = [int(each) for each in rng.integers(1, 4, 2)]
        return Conv2d(
            self._normal(outputs, channels // groups, *kernel) / 2,
            self._bias(outputs),
            stride=int(rng.integers(1, 3)),
            padding=[int(each) for each in rng.integers(0, 3, 4)],
            dilation=int(rng.integers(1, 3)),
            groups=groups,
            activation="relu" if rng.random() < 0.2 else None,
        )

    def _pointwise(self, channels: int) -> Conv2d:
        """Return what passes channels on, as shortcuts do."""
        rng = self._rng
        outputs, first = channels + int(rng.integers(0, 3)), 0
        first = int(rng.integers(0, outputs - channels + 1))
        weight = np.zeros((outputs, channels, 1, 1))
        weight[np.arange(channels) + first, np.arange(channels), 0, 0] = 1
        return Conv2d(weight, self._bias(outputs), stride=int(rng.integers(1, 3)))

    def _window(self) -> tuple[list[int], list[int], list[int]]:
        rng = self._rng
        kernel = [int(each) for each in rng.integers(1, 4, 2)]
        stride = [int(each) for each in rng.integers(1, 4, 2)]
        height, width = kernel[0] // 2, kernel[1] // 2
        padding = rng.integers(0, np.array([height, height, width, width]) + 1)
        return kernel, stride, [int(each) for each in padding]

    def _join_ends(self) -> None:
        """Lead every value that nothing reads into one output vector."""
        read = {name for each in self._network.graph.nodes for name in each.inputs}
        ends = [name for name in self._network.layer_names if name not in read]
        vectors = []
        for name in ends:
            flat = len(self._shapes[name]) == 1
            vectors.append(name if flat else self._add(Flatten(), [name]))
        joined = vectors[0] if len(vectors) == 1 else self._add(Concat(), vectors)
        size = self._shapes[joined][0]
        if self._rng.random() < 0.8:
            self._add(Linear(self._normal(3, size) / 2, self._normal(3)), [joined])
