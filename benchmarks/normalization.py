"""Compare data-based normalization and the forward pass with BLAS doing the bare matrix products.

The paper's two networks, untrained, on MNIST training images. The yardstick is what BLAS takes for
the products of the weighted layers alone, operands ready-made, each layer at the best of several
batch sizes: no convolution is unrolled, no ReLU, pool or maximum computed. BLAS may fuse products
and sums and add in any order; the forward pass of the core rounds each of them, in fixed order.
Before anything is timed, scale factors and outputs are asserted to equal those of a plain NumPy
computation up to rounding.

OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 shows the figures of one thread. Beside other busy
processes those of several mean little: the threads of BLAS wait for each other in every product.

Usage:
    python benchmarks/normalization.py [--images 60000] [--rounds 7]
"""

from __future__ import annotations

import argparse
import math
import resource
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

import pysnn
from pysnn.nodes import AnyNode, AvgPool2d, Conv2d, Linear

Floats = NDArray[np.float32]

BATCH_SIZES = (100, 250, 500, 1000)
MOST_KEPT = 10_000  # images whose activations are kept: those of 60,000 take gigabytes


@dataclass(frozen=True)
class Product:
    """The matrix product of a weighted layer, for so many images at a time."""

    weight: Floats
    columns: Floats
    sums: Floats
    images: int

    def run(self, num_images: int) -> None:
        """Multiply as often as the images take."""
        for _ in range(round(num_images / self.images)):
            np.matmul(self.weight, self.columns, out=self.sums)


def plain_layer(layer: AnyNode, x: Floats) -> Floats:
    """Compute a layer straight from its definition; no stride, no padding, no bias."""
    if isinstance(layer, Linear):
        sums: Floats = x.reshape(len(x), -1) @ layer.weight.T
        return np.maximum(sums, 0)
    if isinstance(layer, Conv2d):
        windows = sliding_window_view(x, layer.kernel_size, axis=(2, 3))
        sums = np.tensordot(windows, layer.weight, axes=((1, 4, 5), (1, 2, 3)))
        return np.maximum(sums.transpose(0, 3, 1, 2), 0)
    assert isinstance(layer, AvgPool2d)
    (down, right), (count, channels, height, width) = layer.kernel_size, x.shape
    blocks = x.reshape(count, channels, height // down, down, width // right, right)
    means: Floats = blocks.mean(axis=(3, 5), dtype=np.float32)
    return means


def plain_scales_and_outputs(network: pysnn.Network, x: Floats) -> tuple[list[float], Floats]:
    """Return the scale factors of data-based normalization, and the outputs."""
    largest = [0.0] * len(network.layers)
    outputs = []
    for start in range(0, len(x), 500):
        values = x[start : start + 500]
        for i, layer in enumerate(network.layers):
            values = plain_layer(layer, values)
            largest[i] = max(largest[i], float(values.max()))
        outputs.append(values)
    scales: list[float] = []
    for layer, activation in zip(network.layers, largest, strict=True):
        if isinstance(layer, Linear | Conv2d):
            scales.append(max(activation, float(layer.weight.max())))
        else:
            scales.append(scales[-1])
    return scales, np.concatenate(outputs)


def products(network: pysnn.Network, batch_size: int) -> Iterator[Product]:
    """Return the products of the weighted layers."""
    rng = np.random.default_rng(0)
    for layer, shape in zip(network.layers, network.layer_shapes, strict=True):
        if isinstance(layer, Linear | Conv2d):
            weight = layer.weight.reshape(len(layer.weight), -1)
            positions = batch_size * math.prod(shape[1:])
            columns = rng.random((weight.shape[1], positions), dtype=np.float32)
            sums = np.empty((len(weight), positions), dtype=np.float32)
            yield Product(weight, columns, sums, batch_size)


def seconds(call: Callable[[], object]) -> float:
    """Return the wall-clock time of a call."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def best_products(network: pysnn.Network, num_images: int) -> list[Product]:
    """Return each layer's product at its fastest batch size."""
    trials = zip(*(products(network, size) for size in BATCH_SIZES), strict=True)
    best = []
    for candidates in trials:
        for product in candidates:
            product.run(product.images)
        times = [
            min(seconds(partial(product.run, num_images // 10)) for _ in range(3))
            for product in candidates
        ]
        best.append(candidates[int(np.argmin(times))])
    return best


def run_all(bare: list[Product], num_images: int) -> None:
    """Do the products of all layers."""
    for product in bare:
        product.run(num_images)


def compare(name: str, network: pysnn.Network, x: Floats, rounds: int) -> None:
    """Assert that results are right, time everything in turns and print the rows."""
    scales, outputs = plain_scales_and_outputs(network, x)
    normalization = pysnn.normalize(network, method="data", x=x, progress=False)[1]
    np.testing.assert_allclose(normalization.scale_factor, scales, rtol=1e-5)
    tolerance = 1e-5 * float(outputs.max())
    np.testing.assert_allclose(network.predict(x), outputs, rtol=1e-4, atol=tolerance)
    kept = x[:MOST_KEPT]
    np.testing.assert_allclose(
        network.activations(kept)[-1], outputs[: len(kept)], rtol=1e-4, atol=tolerance
    )

    bare = best_products(network, len(x))
    calls: dict[str, tuple[int, Callable[[], object]]] = {
        "bare products": (len(x), partial(run_all, bare, len(x))),
        "normalize": (len(x), lambda: pysnn.normalize(network, method="data", x=x, progress=False)),
        "predict": (len(x), lambda: network.predict(x)),
        "activations, kept": (len(kept), lambda: network.activations(kept)),
    }
    times: dict[str, list[float]] = {title: [] for title in calls}
    # In turns, so that a machine that slows down slows all of them.
    for _ in range(rounds):
        for title, (_, call) in calls.items():
            times[title].append(seconds(call))
    yardstick = statistics.median(times["bare products"]) / len(x)
    for title, (count, _) in calls.items():
        median = statistics.median(times[title])
        sizes = ", ".join(str(product.images) for product in bare)
        note = f" (batches of {sizes})" if title == "bare products" else ""
        ratio = median / count / yardstick
        print(f"| {name} | {title}{note} | {count / median:,.0f} | {median:.2f} | {ratio:.2f} |")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--images", type=int, default=60_000, help="images (default 60000)")
    parser.add_argument("--rounds", type=int, default=7, help="timed rounds (default 7)")
    options = parser.parse_args()
    x = pysnn.datasets.load_mnist().x_train[: options.images]
    print(
        f"pysnn {pysnn.__version__}, NumPy {np.__version__}, {len(x)} images, medians of "
        f"{options.rounds} rounds\n\n"
        "| network | what | images/s | s | time over bare products |\n|---|---|---|---|---|"
    )
    compare("FCN", pysnn.models.diehl2015_fcn(seed=0), x, options.rounds)
    compare("ConvNet", pysnn.models.diehl2015_convnet(seed=0), x, options.rounds)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\npeak memory of the process, images and yardstick included: {peak:.0f} MiB")


if __name__ == "__main__":
    main()
