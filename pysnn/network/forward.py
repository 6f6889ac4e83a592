"""The forward pass alone, over as many samples at a time as the cache holds.

Training keeps every window of a convolution for its gradients (`training/node_ops.py`). Here
nothing is kept, which allows other layouts: vectors are (batch, features), so that `Linear` layers
need no copy at all; images are (height, channels, width, batch), for which unrolling a kernel along
the width is enough to make the windows of an output row one matrix in place.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from ..nodes import AvgPool2d, Conv2d, Flatten, Linear, Node, Shape, WeightedNode

Floats = NDArray[np.float32]

# What one layer reads, unrolls and writes should stay in the last cache. Smaller parts would stay
# in nearer ones, but BLAS brings its threads together in every product.
_CACHED_BYTES = 1 << 24
# Fewer would leave matrix products too narrow where images are large or maps are many.
_FEWEST_SAMPLES = 64
_STRIP = 128  # features that are put behind the batch at a time


class ForwardPass:
    """Runs samples through a chain of layers.

    Args:
        layers: The layers; their weights must not change while the pass is in use.
        input_shape: Shape of one sample.
        batch_size: Samples that are computed at a time, at most.
    """

    def __init__(self, layers: Sequence[Node], input_shape: Shape, batch_size: int) -> None:
        self._steps: list[_Step] = []
        self._takes_images = isinstance(layers[0], Conv2d | AvgPool2d)
        self._input_shape = input_shape
        shape = input_shape
        for layer in layers:
            self._steps.append(_make_step(layer, shape))
            shape = self._steps[-1].output_shape
        needed = 4 * max(step.floats_per_sample for step in self._steps)
        self._batch_size = batch_size
        self._most_samples = max(_FEWEST_SAMPLES, _CACHED_BYTES // needed)
        self._buffers = _Buffers()
        self._zero = np.zeros(0, dtype=np.float32)

    def parts(self, num_samples: int) -> Iterator[slice]:
        """Return slices of samples, each of which `run` takes at once.

        Batches are cut one by one, so that a sample has the same neighbours in its part, and with
        them the same roundings by BLAS, whether all batches are asked for at once or one by one.
        """
        for start in range(0, num_samples, self._batch_size):
            length = min(self._batch_size, num_samples - start)
            count = -(-length // self._most_samples)
            for i in range(count):
                yield slice(start + i * length // count, start + (i + 1) * length // count)

    def run(self, samples: Floats, outputs: Sequence[Floats] = ()) -> Iterator[Floats]:
        """Return an iterator over the layers' outputs, after the activation function.

        Args:
            samples: Samples of one part, (batch, *input_shape).
            outputs: Where to keep them with the batch in front, one array (batch, *layer_shape)
                per layer; empty for nowhere.

        Returns:
            C-contiguous or transposed arrays, in an order of the pass's own; each is gone when
            the next one is asked for.
        """
        self._buffers.restart()
        values = self._arranged(samples)
        for i, step in enumerate(self._steps):
            target = outputs[i] if outputs else None
            values = step.run(values, self._buffers, target)
            if step.relu:
                # Zeros in memory, since NumPy does not vectorize a maximum with a scalar.
                np.maximum(values, self._zeros(values.shape), out=values)
            if target is not None and values is not target:
                _write_samples(values, target, self._buffers)
            yield values

    def keep(self, samples: Floats, outputs: Sequence[Floats]) -> None:
        """Write every layer's outputs with the batch in front; arguments as for `run`."""
        for _ in self.run(samples, outputs):
            pass

    def last(self, samples: Floats) -> Floats:
        """Return the last layer's outputs, (batch, *output_shape)."""
        *_, values = self.run(samples)
        outputs = np.empty((len(samples), *self._steps[-1].output_shape), dtype=np.float32)
        _write_samples(values, outputs, self._buffers)
        return outputs

    def _zeros(self, shape: Shape) -> Floats:
        """Return zeros that broadcast to a shape in contiguous runs."""
        runs = shape[-1:] if len(shape) == 2 else shape[-2:]
        if self._zero.shape != runs:
            self._zero = np.zeros(runs, dtype=np.float32)
        return self._zero

    def _arranged(self, samples: Floats) -> Floats:
        if not self._takes_images:
            return samples.reshape(len(samples), -1)
        channels, height, width = self._input_shape
        values = self._buffers.output((height, channels, width, len(samples)))
        values[...] = samples.transpose(2, 1, 3, 0)
        return values


def _write_samples(values: Floats, target: Floats, buffers: _Buffers) -> None:
    """Copy a layer's outputs to an array with the batch in front."""
    if values.ndim == 2:
        target[...] = values
        return
    columns = _as_rows(values, buffers).T
    rows = target.reshape(len(target), -1)
    # In strips, whose lines of columns are still in the nearest cache for the samples that follow.
    for start in range(0, len(columns), _STRIP):
        rows[:, start : start + _STRIP] = columns[start : start + _STRIP].T


class _Buffers:
    """Memory that all layers share: two buffers for outputs in turn, and one to rearrange in."""

    def __init__(self) -> None:
        self._memory: list[Floats] = [np.empty(0, dtype=np.float32) for _ in range(3)]
        self._turn = 0

    def restart(self) -> None:
        """Begin with the first buffer, so that each stays as large as one pass needs it."""
        self._turn = 0

    def output(self, shape: Shape) -> Floats:
        """Return room for a layer's output; the room before the last is used again."""
        self._turn = 1 - self._turn
        return self._room(self._turn, shape)

    def scratch(self, shape: Shape) -> Floats:
        """Return room for what only the layer at hand needs; the last room is used again."""
        return self._room(2, shape)

    def _room(self, index: int, shape: Shape) -> Floats:
        size = math.prod(shape)
        if self._memory[index].size < size:
            self._memory[index] = np.empty(size, dtype=np.float32)
        return self._memory[index][:size].reshape(shape)


class _Step(ABC):
    """One layer.

    Attributes:
        output_shape: Shape of one sample's output.
        relu: Whether ReLU follows.
        floats_per_sample: Numbers that are read, unrolled and written.
    """

    def __init__(self, layer: Node, input_shape: Shape) -> None:
        self.input_shape = input_shape
        self.output_shape = layer.output_shape(input_shape)
        self.relu = isinstance(layer, WeightedNode) and layer.activation == "relu"
        self.floats_per_sample = math.prod(input_shape) + math.prod(self.output_shape)

    @abstractmethod
    def run(self, values: Floats, buffers: _Buffers, target: Floats | None) -> Floats:
        """Return the layer's sums, in ``target`` where that is as fast as anywhere else."""


class _LinearStep(_Step):
    def __init__(self, layer: Linear, input_shape: Shape) -> None:
        super().__init__(layer, input_shape)
        self._layer = layer

    def run(self, values: Floats, buffers: _Buffers, target: Floats | None) -> Floats:
        rows = _as_rows(values, buffers)
        sums = buffers.output((len(rows), *self.output_shape)) if target is None else target
        np.matmul(rows, self._layer.weight.T, out=sums)
        if self._layer.bias is not None:
            sums += self._layer.bias
        return sums


class _Conv2dStep(_Step):
    """A convolution, as one matrix product per output row.

    The windows are unrolled along the width only, to (height, channels, kernel width, output
    width, batch). The rows of input under an output row then follow each other as the rows of one
    matrix, and matrices of neighbouring output rows overlap without a copy.
    """

    def __init__(self, layer: Conv2d, input_shape: Shape) -> None:
        super().__init__(layer, input_shape)
        channels, height, _ = input_shape
        self._layer = layer
        self._matrix = np.ascontiguousarray(layer.weight.transpose(0, 2, 1, 3)).reshape(
            len(layer.weight), -1
        )
        self._window_shape = (
            height + 2 * layer.padding[0],
            channels,
            layer.kernel_size[1],
            self.output_shape[2],
        )
        self.floats_per_sample += math.prod(self._window_shape)

    def run(self, values: Floats, buffers: _Buffers, target: Floats | None) -> Floats:
        batch = values.shape[-1]
        out_channels, height, width = self.output_shape
        windows = buffers.scratch((*self._window_shape, batch))
        self._unroll(values, windows)
        row = self._window_shape[1] * self._window_shape[2]  # matrix rows of one row of input
        run_bytes = windows.itemsize * width * batch
        matrices = as_strided(
            windows,
            shape=(height, self._layer.kernel_size[0] * row, width * batch),
            strides=(self._layer.stride[0] * row * run_bytes, run_bytes, windows.itemsize),
            writeable=False,
        )
        sums = buffers.output((height, out_channels, width, batch))
        np.matmul(self._matrix, matrices, out=sums.reshape(height, out_channels, -1))
        if self._layer.bias is not None:
            sums += self._layer.bias[:, None, None]
        return sums

    def _unroll(self, values: Floats, windows: Floats) -> None:
        (up, left), step = self._layer.padding, self._layer.stride[1]
        _, height, input_width = self.input_shape
        width = self.output_shape[2]
        windows[:up] = 0
        windows[up + height :] = 0
        inside = windows[up : up + height]
        for j in range(self._layer.kernel_size[1]):
            # Output columns whose input, step * column + j - left, lies within the image.
            first = min(width, max(0, -((j - left) // step)))
            end = max(first, min(width, (input_width - 1 + left - j) // step + 1))
            inside[:, :, j, :first] = 0
            inside[:, :, j, end:] = 0
            if first < end:
                start = step * first + j - left
                stop = step * (end - 1) + j - left + 1
                inside[:, :, j, first:end] = values[:, :, start:stop:step]


class _AvgPool2dStep(_Step):
    def __init__(self, layer: AvgPool2d, input_shape: Shape) -> None:
        super().__init__(layer, input_shape)
        self._layer = layer

    def run(self, values: Floats, buffers: _Buffers, target: Floats | None) -> Floats:
        channels, height, width = self.output_shape
        (down, right), kernel = self._layer.stride, self._layer.kernel_size
        means = buffers.output((height, channels, width, values.shape[-1]))
        for i, j in np.ndindex(*kernel):
            part = values[i::down, :, j::right][:height, :, :width]
            if i == j == 0:
                means[...] = part
            else:
                means += part
        means *= np.float32(1 / math.prod(kernel))
        return means


class _FlattenStep(_Step):
    def run(self, values: Floats, buffers: _Buffers, target: Floats | None) -> Floats:
        return _as_rows(values, buffers)


def _as_rows(values: Floats, buffers: _Buffers) -> Floats:
    """Return (batch, features), channels first; images as a transposed view."""
    if values.ndim == 2:
        return values
    height, channels, width, batch = values.shape
    images = buffers.scratch((channels, height, width, batch))
    images[...] = values.transpose(1, 0, 2, 3)
    return images.reshape(-1, batch).T


def _make_step(layer: Node, input_shape: Shape) -> _Step:
    if isinstance(layer, Linear):
        return _LinearStep(layer, input_shape)
    if isinstance(layer, Conv2d):
        return _Conv2dStep(layer, input_shape)
    if isinstance(layer, AvgPool2d):
        return _AvgPool2dStep(layer, input_shape)
    if isinstance(layer, Flatten):
        return _FlattenStep(layer, input_shape)
    raise TypeError(f"layers of type {type(layer).__name__} have no forward pass")
