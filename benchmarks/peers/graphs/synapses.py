"""What synapses make of values, by NumPy, channel-first."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from problem import Synapses

Array = NDArray[Any]


def product(synapses: Synapses, values: Array) -> Array:
    """Return currents, (n, *output_shape), of a source's values, (n, *source_shape)."""
    weight = synapses.weight.astype(values.dtype)
    match synapses.kind:
        case "linear":
            flat: Array = values.reshape(len(values), -1) @ weight.T
            return flat.reshape(len(values), *synapses.output_shape)
        case "conv":
            return _conv(synapses, weight, values)
        case "pool":
            windows = _windows(synapses, values)
            return np.asarray(windows.sum(axis=(4, 5)) * weight[:, None, None])
        case "identity":
            rows, columns = synapses.stride
            found = np.zeros((len(values), *synapses.output_shape), dtype=values.dtype)
            channels = slice(synapses.first_channel, synapses.first_channel + len(weight))
            found[:, channels] = values[:, :, ::rows, ::columns] * weight[:, None, None]
            return found


def _conv(synapses: Synapses, weight: Array, values: Array) -> Array:
    matrix = weight.reshape(len(weight), -1)
    found = np.empty((len(values), *synapses.output_shape), dtype=values.dtype)
    # One image after the other, whose windows a near cache holds.
    for windows, out in zip(_windows(synapses, values), found, strict=True):
        columns = windows.transpose(0, 3, 4, 1, 2).reshape(matrix.shape[1], -1)
        np.dot(matrix, columns, out=out.reshape(len(matrix), -1))
    return found


def _windows(synapses: Synapses, values: Array) -> Array:
    """Return a view (n, channels, rows, columns, kernel height, kernel width)."""
    (vertical, horizontal), (rows, columns) = synapses.padding, synapses.stride
    padded = np.pad(values, ((0, 0), (0, 0), (vertical,) * 2, (horizontal,) * 2))
    windows = sliding_window_view(padded, synapses.kernel_size, axis=(2, 3))
    return windows[:, :, ::rows, ::columns]
