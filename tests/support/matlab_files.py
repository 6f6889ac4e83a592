"""Files as the paper's authors' MATLAB code saves them, and its forward pass, slow and literal.

Arrays here stand as MATLAB has them: images are (first index, second index, sample), where the
first index runs along a row of pixels, and feature maps are flattened first index first.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import scipy.io


def cell(values: list[Any], *, column: bool = False) -> np.ndarray:
    """Return a cell array, (1, n) or (n, 1)."""
    array = np.empty((len(values), 1) if column else (1, len(values)), dtype=object)
    array.ravel()[:] = [None] * len(values)
    for i, value in enumerate(values):
        array[(i, 0) if column else (0, i)] = value
    return array


def convolutional_struct(
    maps: list[int],
    kernel: int,
    scale: int,
    num_features: int,
    num_classes: int,
    *,
    biases: bool = False,
    seed: int = 0,
) -> dict[str, Any]:
    """Return a struct ``cnn`` with random weights."""
    rng = np.random.default_rng(seed)
    layers: list[dict[str, Any]] = [{"type": "i"}]
    num_inputs = 1
    for num_outputs in maps:
        kernels = rng.normal(0.1, 0.3, (num_inputs, num_outputs, kernel, kernel))
        bias = rng.normal(0, 0.1, num_outputs) if biases else np.zeros(num_outputs)
        layers.append(
            {
                "type": "c",
                "outputmaps": float(num_outputs),
                "kernelsize": float(kernel),
                "k": cell([cell(list(row)) for row in kernels]),
                "b": cell(list(bias)),
                "used_maps": np.ones((num_outputs, 1)),
            }
        )
        layers.append({"type": "s", "scale": float(scale), "b": cell([0.0] * num_outputs)})
        num_inputs = num_outputs
    return {
        "layers": cell(layers, column=True),
        "ffb": np.zeros((num_classes, 1)),
        "ffW": rng.normal(0.02, 0.3, (num_classes, num_features)),
    }


def connected_struct(sizes: list[int], **fields: Any) -> dict[str, Any]:
    """Return a struct ``nn`` with random weights."""
    rng = np.random.default_rng(1)
    shapes = zip(sizes[1:], sizes[:-1], strict=True)
    return {
        "size": np.array([sizes], dtype=np.float64),
        "n": float(len(sizes)),
        "activation_function": "relu",
        "output": "relu",
        "dropoutFraction": 0.0,
        "W": cell([rng.normal(0.05, 0.3, shape) for shape in shapes]),
        **fields,
    }


def write(path: Path, **structs: Any) -> Path:
    """Write structs into a file."""
    scipy.io.savemat(path, structs)
    return path


def convn_valid(images: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Return MATLAB's ``convn(images, kernel, 'valid')``: a true convolution, kernel flipped."""
    rows, columns = kernel.shape
    out = np.zeros((images.shape[0] - rows + 1, images.shape[1] - columns + 1, images.shape[2]))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            for u in range(rows):
                for v in range(columns):
                    pixel = images[i + u, j + v]
                    out[i, j] += pixel * kernel[rows - 1 - u, columns - 1 - v]
    return out


def convolutional_outputs(cnn: dict[str, Any], images: np.ndarray) -> np.ndarray:
    """Return the outputs, (num_classes, num_samples), of images as MATLAB has them."""
    maps = [images]
    for layer in cnn["layers"].ravel()[1:]:
        if layer["type"] == "c":
            sums = []
            for j in range(int(layer["outputmaps"])):
                total: Any = 0
                for i, before in enumerate(maps):
                    total = total + convn_valid(before, layer["k"][0, i][0, j])
                sums.append(np.maximum(0, total + layer["b"][0, j]))
            maps = sums
        else:
            scale = int(layer["scale"])
            mean = np.ones((scale, scale)) / scale**2
            maps = [convn_valid(before, mean)[::scale, ::scale] for before in maps]
    features = np.concatenate([each.reshape(-1, each.shape[2], order="F") for each in maps], axis=0)
    return np.maximum(0, cnn["ffW"] @ features)


def connected_outputs(nn: dict[str, Any], rows: np.ndarray) -> np.ndarray:
    """Return the outputs before the last activation, (num_samples, num_classes)."""
    weights = list(nn["W"].ravel())
    values = rows
    for weight in weights[:-1]:
        values = np.maximum(0, values @ weight.T) * (1 - nn["dropoutFraction"])
    return values @ weights[-1].T
