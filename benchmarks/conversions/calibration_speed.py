"""ResNet-20's forward pass and the reductions that scales are found from, in turns with PyTorch.

Ours are `Network.predict` and conversions, with scales per channel where a method has them. PyTorch
runs the same network with its batch norms folded into convolutions, at the best of two memory
layouts and some batch sizes, and reduces the outputs of all ReLUs by channel: the largest value, or
a quantile (that of torch.quantile, which sorts, and one by torch.kthvalue, which selects). Mean
squared errors, for which it has no reduction, are set against its quantiles. A ratio is our speed
by PyTorch's, taken inside each round; the table has medians.

Needs PyTorch beside pysnn, which both run on pysnn's default number of threads (OMP_NUM_THREADS=1
for one). Quantiles keep the outputs of all ReLUs, 0.75 MB an image.

Usage:
    python benchmarks/conversions/calibration_speed.py WEIGHTS.th IMAGES.npz [--images 1000]
        [--rounds 5] [--batches 10 25 50 100]
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from cifar10_recipes import read_network
from numpy.typing import NDArray
from resnet20_torch import load_model
from torch import Tensor, fx
from torch.fx.experimental.optimization import fuse
from torch.nn import functional

import pysnn
from pysnn.conversion import Method

PERCENTILE = 99.9
LAYOUTS = {"contiguous": torch.contiguous_format, "channels_last": torch.channels_last}

Floats = NDArray[np.float32]


class TorchNetwork:
    """The network in PyTorch, and what its ReLUs give.

    Args:
        weights: File of its weights.
        threads: Threads that it may use.
        batches: Batch sizes to choose from.
    """

    def __init__(self, weights: Path, threads: int, batches: list[int]) -> None:
        torch.set_num_threads(threads)
        self._batches = batches
        self._observe: Callable[[int, Tensor], None] | None = None
        model = fuse(load_model(weights))
        self._model, self.num_relus = self._observed(model)
        self.layout, self.batch_size = "contiguous", batches[0]

    def _observed(self, model: fx.GraphModule) -> tuple[fx.GraphModule, int]:
        """Return the module with a call behind each ReLU."""
        relus = [node for node in model.graph.nodes if node.target is functional.relu]

        def seen(number: int, value: Tensor) -> None:
            if self._observe is not None:
                self._observe(number, value)

        for number, node in enumerate(relus):
            with model.graph.inserting_after(node):
                model.graph.call_function(seen, (number, node))
        model.recompile()
        return model, len(relus)

    @torch.inference_mode()
    def predict(self, x: Floats) -> Floats:
        """Return outputs, (num_samples, 10)."""
        layout = LAYOUTS[self.layout]
        self._model.to(memory_format=layout)
        parts = [
            self._model(
                torch.from_numpy(x[start : start + self.batch_size]).contiguous(
                    memory_format=layout
                )
            )
            for start in range(0, len(x), self.batch_size)
        ]
        outputs: Floats = torch.cat(parts).numpy()
        return outputs

    def choose(self, x: Floats) -> None:
        """Keep the fastest layout and batch size, by the better of two runs of each."""
        speeds = {}
        for layout in LAYOUTS:
            for batch_size in self._batches:
                self.layout, self.batch_size = layout, batch_size
                self.predict(x[:batch_size])
                part = x[: max(batch_size, 200)]
                seconds = min(timed(partial(self.predict, part)) for _ in range(2))
                speeds[layout, batch_size] = len(part) / seconds
        self.layout, self.batch_size = max(speeds, key=lambda each: speeds[each])

    def maxima(self, x: Floats) -> list[Tensor]:
        """Return the largest outputs of each ReLU by channel."""
        found: list[Tensor | None] = [None] * self.num_relus

        def observe(number: int, value: Tensor) -> None:
            largest, before = value.amax((0, 2, 3)), found[number]
            found[number] = largest if before is None else torch.maximum(before, largest)

        self._run(observe, x)
        return [each for each in found if each is not None]

    def quantiles(self, x: Floats, quantile: Callable[[Tensor], Tensor]) -> list[Tensor]:
        """Return a quantile of the outputs of each ReLU by channel."""
        kept: list[list[Tensor]] = [[] for _ in range(self.num_relus)]
        self._run(lambda number, value: kept[number].append(value.transpose(0, 1).flatten(1)), x)
        found = []
        for parts in kept:
            # Channel by channel: torch.quantile takes no more than 2^24 values.
            rows = [
                torch.cat([part[channel] for part in parts]) for channel in range(len(parts[0]))
            ]
            found.append(torch.stack([quantile(row) for row in rows]))
            parts.clear()
        return found

    def _run(self, observe: Callable[[int, Tensor], None], x: Floats) -> None:
        self._observe = observe
        try:
            self.predict(x)
        finally:
            self._observe = None


def sorted_quantile(row: Tensor) -> Tensor:
    """Return the quantile that torch.quantile interpolates."""
    return torch.quantile(row, PERCENTILE / 100)


def selected_quantile(row: Tensor) -> Tensor:
    """Return the nearest value above that share of the values."""
    return torch.kthvalue(row, max(1, round(PERCENTILE / 100 * len(row)))).values


def timed(call: Callable[[], object]) -> float:
    """Return the seconds that a call takes."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def contests(
    network: pysnn.Network, theirs: TorchNetwork, x: Floats
) -> dict[str, tuple[Callable[[], Any], Callable[[], Any]]]:
    """Return what is compared: ours and PyTorch's, by name."""

    def convert(method: Method, **choices: Any) -> Callable[[], Any]:
        common: dict[str, Any] = {"recipe": "robust", "progress": False}
        return partial(pysnn.convert, network, x=x, method=method, **common, **choices)

    by_sorting = partial(theirs.quantiles, x, sorted_quantile)
    by_selection = partial(theirs.quantiles, x, selected_quantile)
    percentile = convert("percentile", per="channel", percentile=PERCENTILE)
    return {
        "forward": (partial(network.predict, x), partial(theirs.predict, x)),
        "data, amax": (convert("data"), partial(theirs.maxima, x)),
        "percentile, quantile": (percentile, by_sorting),
        "percentile, kthvalue": (percentile, by_selection),
        "mmse, quantile": (convert("mmse", per="channel", num_steps=32), by_sorting),
        "mmse, kthvalue": (convert("mmse", per="channel", num_steps=32), by_selection),
    }


def parse() -> argparse.Namespace:
    """Return the arguments."""
    assert __doc__ is not None
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("network", type=Path)
    parser.add_argument("images", type=Path)
    parser.add_argument("--images", dest="num_images", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--batches", type=int, nargs="+", default=[10, 25, 50, 100])
    return parser.parse_args()


def main() -> None:
    """Print the table."""
    options = parse()
    threads = pysnn.default_num_threads()
    network, scale = read_network(options.network)
    with np.load(options.images) as data:
        x = data["x_train"][: options.num_images].astype(np.float32) * np.float32(scale)
    theirs = TorchNetwork(options.network, threads, options.batches)
    theirs.choose(x)
    np.testing.assert_allclose(network.predict(x[:50]), theirs.predict(x[:50]), atol=1e-3)
    print(
        f"{options.network.name}, {len(x)} images, {threads} threads, medians of "
        f"{options.rounds} rounds in turns; torch {torch.__version__}, {theirs.layout}, batches of "
        f"{theirs.batch_size}\n\n| what | pysnn s | torch s | pysnn's speed by torch's |\n"
        "|---|---|---|---|"
    )
    runs = contests(network, theirs, x)
    seconds: dict[str, list[tuple[float, float]]] = {name: [] for name in runs}
    for _ in range(options.rounds):
        for name, (ours, other) in runs.items():
            seconds[name].append((timed(ours), timed(other)))
    for name, pairs in seconds.items():
        mine, other_seconds = (statistics.median(each) for each in zip(*pairs, strict=True))
        ratio = statistics.median(other / own for own, other in pairs)
        print(f"| {name} | {mine:.3f} | {other_seconds:.3f} | {ratio:.2f} |")


if __name__ == "__main__":
    main()
