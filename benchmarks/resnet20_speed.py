"""Images and synaptic operations a second of ResNet-20 on CIFAR-10, by recipe, precision, threads.

The network is converted from the public weights (see conversions/resnet20.py), which are read
without PyTorch. Before anything is timed, all numbers of threads are asserted to give the same
predictions and operations, and more than half of the images to be right. Rounds take all rows in
turns; medians.

With --baseline the robust network in float32 is also built by hand of plain convolutions and dense
layers, and simulated by this build and by that of the other interpreter, each in a process of its
own, in the same rounds and on the most threads. Both must predict and count the same. There each
shortcut is a convolution of one pixel, which counts an operation for every channel.

Usage:
    python benchmarks/resnet20_speed.py WEIGHTS.th IMAGES.npz [--images 200] [--steps 32]
        [--recipes robust signed] [--precisions float32 int16] [--threads 1 2] [--rounds 7]
        [--baseline PYTHON] [--json FILE]
"""

from __future__ import annotations

import argparse
import contextlib
import json
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from builds import both_builds
from numpy.typing import NDArray
from turns import clocked, in_turns, spread, times_as_fast

sys.path.append(str(Path(__file__).resolve().parent / "conversions"))
sys.path.append(str(Path(__file__).resolve().parent / "peers"))

from cifar10 import read_images
from graphs.graph import save_graph
from graphs.hand_built import hand_built
from resnet20 import resnet20
from torch_file import load_tensors

import pysnn

PRECISIONS = ("float32", "int16")
DT = 1e-3  # s; at the default rate an input of 1 is a current of 1 per step
BY_HAND, BY_HAND_OTHER = "by hand, this build", "by hand, the other build"
LEAST_RIGHT = 0.5  # of ten classes


@dataclass(frozen=True)
class Row:
    """What was measured of one network on a number of threads.

    Attributes:
        name: A recipe, or whose network by hand it is.
        precision: Of the weights.
        threads: Threads.
        num_images: Images of a run.
        operations: Synaptic operations of a run.
        right: Share of the images that it has right.
        as_relu: Share of the images for which it predicts what the ReLU network does.
        seconds: Of the run in each round.
    """

    name: str
    precision: str
    threads: int
    num_images: int
    operations: int
    right: float
    as_relu: float
    seconds: list[float]


@dataclass(frozen=True, eq=False)
class Images:
    """Images to simulate, (num_images, 3, 32, 32), with two kinds of answers, (num_images,)."""

    x: NDArray[np.float32]
    labels: NDArray[np.int64]
    of_relu: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Run:
    """A network that is ready to be timed."""

    name: str
    precision: str
    threads: int
    predictions: NDArray[np.int64]
    operations: int
    seconds: Callable[[], float]

    def row(self, images: Images, seconds: list[float]) -> Row:
        """Return the row of what the rounds gave."""
        return Row(
            name=self.name,
            precision=self.precision,
            threads=self.threads,
            num_images=len(images.x),
            operations=self.operations,
            right=float((self.predictions == images.labels).mean()),
            as_relu=float((self.predictions == images.of_relu).mean()),
            seconds=seconds,
        )


def own_runs(
    snn: pysnn.SpikingNetwork, recipe: str, images: Images, threads: list[int], num_steps: int
) -> list[Run]:
    """Return a converted network on each number of threads, all with the same results."""
    runs: list[Run] = []
    for number in threads:

        def simulate(number: int = number) -> pysnn.SimulationResult:
            return pysnn.simulate(snn, images.x, num_steps=num_steps, num_threads=number)

        result = simulate()
        operations = int(result.synaptic_operations.sum())
        predictions = result.predictions.astype(np.int64)
        run = Run(recipe, snn.precision, number, predictions, operations, clocked(simulate))
        check(run, runs, images)
        runs.append(run)
    return runs


def check(run: Run, others: list[Run], images: Images) -> None:
    """Assert that a run does its work, and the same as others of its network."""
    right = float((run.predictions == images.labels).mean())
    if right <= LEAST_RIGHT:
        raise SystemExit(f"{run.name}, {run.precision}: only {right:.1%} of the images are right")
    for other in others:
        assert run.operations == other.operations, f"{run.name}: other operations"
        np.testing.assert_array_equal(run.predictions, other.predictions, err_msg=run.name)


@contextlib.contextmanager
def hand_built_runs(
    snn: pysnn.SpikingNetwork, images: Images, python: Path, threads: int, num_steps: int
) -> Iterator[list[Run]]:
    """Start the network by hand on this build and on another one."""
    call = {"duration": num_steps * DT, "dt": DT, "encoding": "constant", "num_threads": threads}
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        path = Path(folder) / "by_hand.npz"
        save_graph(hand_built(snn, images.x, images.labels, num_steps), path)
        runs: list[Run] = []
        for name, process in zip(
            (BY_HAND, BY_HAND_OTHER),
            stack.enter_context(both_builds(path, images.x, call, python)),
            strict=True,
        ):
            predictions = np.array(process.info["predictions"])
            operations = process.info["operations"]
            run = Run(name, "float32", threads, predictions, operations, process.run)
            check(run, runs, images)
            runs.append(run)
        yield runs


def measure(options: argparse.Namespace) -> list[Row]:
    """Return the rows, those by hand last."""
    x, labels = read_images(options.images, "test", options.num_images)
    seen, _ = read_images(options.images, "train", options.calibration)
    network = resnet20(load_tensors(options.weights))
    images = Images(x, labels, network.classify(x))
    threads = sorted(options.threads)

    def converted(recipe: str, precision: pysnn.spiking.Precision) -> pysnn.SpikingNetwork:
        return pysnn.convert(network, x=seen, recipe=recipe, precision=precision, progress=False)

    runs: list[Run] = []
    for recipe in options.recipes:
        for precision in options.precisions:
            snn = converted(recipe, precision)
            runs += own_runs(snn, recipe, images, threads, options.steps)
    with contextlib.ExitStack() as stack:
        if options.baseline is not None:
            snn = converted("robust", "float32")
            runs += stack.enter_context(
                hand_built_runs(snn, images, options.baseline, threads[-1], options.steps)
            )
        seconds = in_turns([run.seconds for run in runs], options.rounds)
    return [run.row(images, times) for run, times in zip(runs, seconds, strict=True)]


def print_table(rows: list[Row], num_steps: int, baseline: Row | None) -> None:
    """Print a line for each row."""
    print(
        f"pysnn {pysnn.__version__}, CPU {pysnn.cpu_target()}, {rows[0].num_images} images, "
        f"{num_steps} steps, medians of {len(rows[0].seconds)} rounds in turns\n\n"
        "| network | precision | threads | images/s | spread | G operations/s "
        "| M operations per image and step | right | as the ReLU network | times the other build |"
        "\n|---|---|---|---|---|---|---|---|---|---|"
    )
    for row in rows:
        taken = statistics.median(row.seconds)
        against = ""
        if baseline is not None and row.threads == baseline.threads:
            against = f"{times_as_fast(row.seconds, baseline.seconds):.2f}"
        print(
            f"| {row.name} | {row.precision} | {row.threads} | {row.num_images / taken:.1f} "
            f"| {spread(row.seconds):.0%} | {row.operations / taken / 1e9:.2f} "
            f"| {row.operations / row.num_images / num_steps / 1e6:.3f} "
            f"| {row.right:.1%} | {row.as_relu:.1%} | {against} |"
        )


def parse() -> argparse.Namespace:
    """Return the arguments."""
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n", maxsplit=1)[0])
    add = parser.add_argument
    add("weights", type=Path)
    add("images", type=Path)
    add("--images", dest="num_images", type=int, default=200, help="test images (default 200)")
    add("--steps", type=int, default=32, help="steps (default 32)")
    add("--recipes", nargs="+", choices=list(pysnn.recipes), default=["robust", "signed"])
    add("--precisions", nargs="+", choices=PRECISIONS, default=list(PRECISIONS))
    add("--threads", type=int, nargs="+", default=[1, 2], help="default 1 2")
    add("--rounds", type=int, default=7, help="timed rounds (default 7)")
    add("--calibration", type=int, default=1000, help="training images (default 1000)")
    add("--baseline", type=Path, metavar="PYTHON", help="interpreter of another build")
    add("--json", type=Path, help="file for the figures")
    return parser.parse_args()


def main() -> None:
    """Print the table."""
    options = parse()
    rows = measure(options)
    print_table(rows, options.steps, None if options.baseline is None else rows[-1])
    if options.json is not None:
        options.json.write_text(json.dumps([asdict(row) for row in rows], indent=2) + "\n")


if __name__ == "__main__":
    main()
