"""ReLU networks and their forward pass."""

from __future__ import annotations

import copy
import math
import os
from collections.abc import Iterator, Sequence
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _core
from .._base.arrays import as_labels, as_samples
from .._base.interface.html import html_view
from .._base.numbers import Sizes, as_name, as_path, as_positive_int, as_str
from .._base.tables import text_table
from ..nodes import AnyNode, Node, Shape, WeightedNode
from .checks import (
    checked_input_shape,
    checked_layers,
    checked_node,
    with_implied_activations,
)
from .core import graph_from_core, graph_to_core
from .forward import ForwardPass
from .graph import INPUT, Graph, checked_names, numbered_names
from .origin import Origin
from .tables import network_table


class Network:
    """A graph of nodes that maps samples of one shape to outputs.

    From a list of layers it is a chain; `add` makes any graph of one input and one output, which
    is the last node. A fully connected layer takes images flattened, with or without a `Flatten`
    before it.

    In a chain of `Linear`, `Conv2d`, `AvgPool2d` and `Flatten` alone, ReLU follows every weighted
    layer whose ``activation`` does not say otherwise. A chain with any other kind of node in it,
    and `add`, imply none.

    Args:
        layers: Layers from input to output, each a different object; None for a network without
            nodes, to which `add` adds them.
        input_shape: Shape of one sample: (num_inputs,), an int for the same,
            (channels, height, width), or (channels, length), which is an image of height 1.
        layer_names: A unique name per layer, without ``/``; by default its kind and a number from
            1, such as ``"conv2"``.

    Raises:
        TypeError: A layer is not one of this package, or a size is not an int.
        ValueError: There is no layer, sizes do not chain, or one object stands twice.

    Example:
        >>> from pysnn import Linear
        >>> network = Network([Linear([[1.0, -1.0]]), Linear([[2.0]])], input_shape=2)
        >>> network.predict([[0.75, 0.25], [0.25, 0.75]])
        array([[1.],
               [0.]], dtype=float32)

        >>> from pysnn import Add, ReLU
        >>> network = Network(input_shape=2)
        >>> _ = network.add("hidden", Linear([[1.0, -1.0], [0.0, 1.0]])).add("relu", ReLU())
        >>> _ = network.add("sum", Add(), inputs=["relu", "input"])
        >>> network.predict([[0.25, 0.5]])
        array([[0.25, 1.  ]], dtype=float32)
    """

    __hash__ = None  # type: ignore[assignment]

    _origin: Origin | None = None

    def __init__(
        self,
        layers: Sequence[Node] | None = None,
        input_shape: Sizes | None = None,
        *,
        layer_names: Sequence[str] | None = None,
    ) -> None:
        if input_shape is None:
            raise TypeError("input_shape is missing, but a network needs the shape of a sample")
        shape = checked_input_shape(input_shape)
        if layers is None:
            if layer_names is not None:
                raise ValueError("layer_names is given, but layers is not")
            self._graph = Graph(shape, [])
            return
        nodes = with_implied_activations(checked_layers(layers))
        if layer_names is None:
            names = numbered_names(nodes)
        else:
            names = checked_names(layer_names, len(nodes), "layer_names")
        self._graph = Graph.chain(shape, names, nodes)

    def add(self, name: str, node: Node, inputs: Sequence[str] | None = None) -> Self:
        """Add a node behind all others; the last one added is the output.

        Args:
            name: A name that no other node has, without ``/``; not ``"input"``.
            node: The node, a different object than all others. A `Linear` or `Conv2d` has no ReLU
                unless ``activation="relu"`` says so.
            inputs: What it reads: names of earlier nodes, or ``"input"``; by default the node
                added last, or the input for the first one.

        Returns:
            The network itself, so that calls may follow each other.

        Raises:
            TypeError: ``node`` is no node, or a name is not a str.
            ValueError: A name is taken or unknown, the inputs do not fit the node, or the node is
                in the network already.
        """
        name = as_name(name, "name")
        if name == INPUT or name in self.layer_names:
            raise ValueError(f"name is {name!r}, which is taken")
        checked = checked_node(node, "node")
        for each in self._graph.nodes:
            if each.node is node or (
                isinstance(each.node, WeightedNode)
                and isinstance(node, WeightedNode)
                and each.node.weight is node.weight
            ):
                raise ValueError(
                    f"node is the same object as that of {each.name!r}, but weights are not shared"
                )
        if isinstance(checked, WeightedNode):
            checked = checked.without_implied_relu()
        sources = self._checked_inputs(inputs)
        self._graph = self._graph.with_node(name, checked, sources)
        return self

    def _checked_inputs(self, inputs: Sequence[str] | None) -> tuple[str, ...]:
        if inputs is None:
            return ((INPUT, *self.layer_names)[-1],)
        if isinstance(inputs, str) or not isinstance(inputs, Sequence):
            raise TypeError(
                f"inputs is a {type(inputs).__name__}, but must be a sequence of names, such as "
                f"['input']"
            )
        known = (INPUT, *self.layer_names)
        for i, name in enumerate(inputs):
            if as_str(name, f"inputs[{i}]") not in known:
                raise ValueError(
                    f"inputs[{i}] is {name!r}, but must be one of {', '.join(map(repr, known))}"
                )
        return tuple(inputs)

    @property
    def origin(self) -> Origin | None:
        """Where an imported network comes from and how closely it equals that; None for others.

        Model files do not keep it.
        """
        return self._origin

    @property
    def graph(self) -> Graph:
        """The nodes in topological order, each with its inputs and shapes."""
        return self._graph

    @property
    def input_shape(self) -> Shape:
        """Shape of one sample."""
        return self._graph.input_shape

    @property
    def layers(self) -> tuple[AnyNode, ...]:
        """The layers from input to output."""
        return tuple(each.node for each in self._graph.nodes)

    @property
    def layer_names(self) -> tuple[str, ...]:
        """The layers' names."""
        return tuple(each.name for each in self._graph.nodes)

    @property
    def layer_shapes(self) -> tuple[Shape, ...]:
        """Output shape of each layer for one sample."""
        return tuple(each.output_shape for each in self._graph.nodes)

    @property
    def output_shape(self) -> Shape:
        """Shape of one sample's output.

        Raises:
            ValueError: There is no node yet.
        """
        self._check_not_empty()
        return self._graph.nodes[-1].output_shape

    @property
    def num_inputs(self) -> int:
        """Number of inputs of one sample."""
        return math.prod(self.input_shape)

    @property
    def num_parameters(self) -> int:
        """Number of weights and biases of all layers."""
        return sum(layer.num_parameters for layer in self.layers)

    def predict(
        self, x: ArrayLike, *, scale: float | None = None, batch_size: int = 1000
    ) -> NDArray[np.float32]:
        """Return the outputs of the last layer.

        Args:
            x: Samples, (num_samples, *input_shape) or flat (num_samples, num_inputs); the channel
                axis may be missing where there is one channel.
            scale: Factor for the numbers of ``x``, such as 1/255; needed for integer images.
            batch_size: Most samples that are computed at a time; outputs do not depend on it.

        Returns:
            Outputs after the activation function, (num_samples, *output_shape).

        Raises:
            TypeError: ``x`` does not hold floats and ``scale`` is None.
            ValueError: The shape does not fit, or a number is not finite.
        """
        samples, batch_size = self._checked(x, scale, batch_size)
        return ForwardPass(self.to_core(), batch_size=batch_size).predict(samples)

    def classify(
        self, x: ArrayLike, *, scale: float | None = None, batch_size: int = 1000
    ) -> NDArray[np.int64]:
        """Return the class with the largest output; ties go to the lowest class.

        Args:
            x: Samples, as for `predict`.
            scale: Factor for the numbers of ``x``.
            batch_size: Most samples that are computed at a time; outputs do not depend on it.

        Returns:
            Classes, (num_samples,).

        Raises:
            TypeError: ``x`` does not hold floats and ``scale`` is None.
            ValueError: ``x`` does not fit, or the outputs of a sample are not one row.
        """
        if len(self.output_shape) != 1:
            raise ValueError(
                f"the output has shape {self.output_shape}, but must be (num_classes,)"
            )
        outputs = self.predict(x, scale=scale, batch_size=batch_size)
        classes: NDArray[np.int64] = outputs.argmax(axis=1).astype(np.int64, copy=False)
        return classes

    def accuracy(
        self, x: ArrayLike, y: ArrayLike, *, scale: float | None = None, batch_size: int = 1000
    ) -> float:
        """Return the fraction of samples that are classified as labelled.

        Args:
            x: Samples, as for `predict`; at least one.
            y: Integer labels, (num_samples,), or one-hot rows.
            scale: Factor for the numbers of ``x``.
            batch_size: Most samples that are computed at a time; outputs do not depend on it.

        Raises:
            TypeError: ``y`` does not hold integers, or ``x`` no floats while ``scale`` is None.
            ValueError: ``x`` or ``y`` does not fit, or there is no sample.
        """
        samples, batch_size = self._checked(x, scale, batch_size)
        if len(samples) == 0:
            raise ValueError("x has no samples, but an accuracy needs at least one")
        labels = as_labels(y, len(samples), self.output_shape[0])
        return float(np.mean(self.classify(samples, batch_size=batch_size) == labels))

    def activations(
        self, x: ArrayLike, *, scale: float | None = None, batch_size: int = 1000
    ) -> list[NDArray[np.float32]]:
        """Return the outputs of every layer, after its activation function.

        Args:
            x: Samples, as for `predict`.
            scale: Factor for the numbers of ``x``.
            batch_size: Most samples that are computed at a time; outputs do not depend on it.

        Returns:
            One array per layer, (num_samples, *layer_shape).

        Raises:
            TypeError: ``x`` does not hold floats and ``scale`` is None.
            ValueError: The shape does not fit, or a number is not finite.
        """
        samples, batch_size = self._checked(x, scale, batch_size)
        return ForwardPass(self.to_core(), batch_size=batch_size).activations(samples)

    def activation_batches(
        self, x: ArrayLike, *, scale: float | None = None, batch_size: int = 1000
    ) -> Iterator[list[NDArray[np.float32]]]:
        """Return an iterator over `activations`, one batch at a time.

        Arguments are checked by the call itself, before the first batch is asked for.

        Args:
            x: Samples, as for `predict`.
            scale: Factor for the numbers of ``x``.
            batch_size: Samples per batch; the last one may be smaller.

        Returns:
            Lists of one fresh, C-contiguous array per layer, (batch, *layer_shape).

        Raises:
            TypeError: ``x`` does not hold floats and ``scale`` is None.
            ValueError: The shape does not fit, or a number is not finite.
        """
        samples, batch_size = self._checked(x, scale, batch_size)
        return self._activation_batches(samples, batch_size)

    def _activation_batches(
        self, samples: NDArray[np.float32], batch_size: int
    ) -> Iterator[list[NDArray[np.float32]]]:
        forward = ForwardPass(self.to_core(), batch_size=batch_size)
        for start in range(0, len(samples), batch_size):
            yield forward.activations(samples[start : start + batch_size])

    def _check_not_empty(self) -> None:
        if not self._graph.nodes:
            raise ValueError("the network has no nodes yet, but needs one: add() adds them")

    def _checked(
        self, x: ArrayLike, scale: float | None, batch_size: int
    ) -> tuple[NDArray[np.float32], int]:
        batch_size = as_positive_int(batch_size, "batch_size")
        return as_samples(x, self.input_shape, scale=scale), batch_size

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the network to a model file; `pysnn.load` reads it.

        Args:
            path: Name of the file, ``.safetensors`` by custom.

        Raises:
            OSError: The file can't be written.
        """
        _core.save(self.to_core(), as_path(path))

    def to_core(self) -> _core.Network:
        """Return the C++ core's copy of the network, which later changes do not reach.

        Raises:
            ValueError: There is no node yet, or one does not lead to the output.
        """
        self._check_not_empty()
        return graph_to_core(self._graph)

    @classmethod
    def from_core(cls, core: _core.Network) -> Self:
        """Return a network with copies of the weights that the C++ core holds."""
        return cls.from_graph(graph_from_core(core))

    @classmethod
    def from_graph(cls, graph: Graph, origin: Origin | None = None) -> Self:
        """Return a network of a graph's nodes, which are not copied."""
        network = cls.__new__(cls)
        network._graph = graph
        network._origin = origin
        return network

    def copy(self) -> Self:
        """Return a network with copies of all weights."""
        return copy.deepcopy(self)

    def __eq__(self, other: object) -> bool:
        """Compare the input shape, the layers and every weight."""
        if not isinstance(other, Network):
            return NotImplemented
        return self._graph == other._graph

    def __repr__(self) -> str:
        """Show a table of the layers, their output shapes and numbers of parameters.

        Networks that are no chains show the kinds of their nodes and what they read, too; imported
        ones their `origin`.
        """
        header, rows = network_table(self._graph)
        table = text_table(header, rows, num_left=len(header) - 1)
        return table if self._origin is None else f"{table}\n{self._origin}"

    def _repr_html_(self) -> str:
        """Show in a notebook what `repr` shows."""
        lines = [] if self._origin is None else str(self._origin).splitlines()
        return html_view("Network", network_table(self._graph), notes=lines)
