"""What early stop by margin saves on the paper's FCN, and what it changes.

The margin is chosen on the last 5,000 training images, which `pysnn reproduce` holds out of
training: the smallest one that changes no more than --allowed of their predictions. Then come
images a second on the test images without a margin, with a margin of 4 and with the chosen one,
timed in turns: medians over the rounds, ratios too, each taken within a round. Before anything is
timed, every result is asserted to equal the run without a margin, cut off where the rule says.

Usage:
    python benchmarks/early_stop.py [--images 10000] [--rounds 7] [--steps 100 500] [--allowed 0]
"""

from __future__ import annotations

import argparse
import statistics
import time
from dataclasses import dataclass
from functools import partial

import numpy as np
from cases import FCN
from numpy.typing import NDArray

import pysnn
from pysnn.datasets import Mnist

HELD_OUT = 5000
MARGINS = range(1, 11)
FIXED_MARGIN = 4
INTERVAL = 16


@dataclass(frozen=True)
class Course:
    """What a run without a margin says about all margins.

    Attributes:
        num_steps: Steps of the run.
        lead: Spikes by which the leading class is ahead, (num_looks, num_samples).
        predictions: Class with most spikes at each look and, last, at the end,
            (num_looks + 1, num_samples).
    """

    num_steps: int
    lead: NDArray[np.int16]
    predictions: NDArray[np.int64]

    @classmethod
    def of(cls, result: pysnn.SimulationResult) -> Course:
        """Count the output spikes of a result, look by look."""
        spikes = result.output_spikes
        at_looks = np.cumsum(spikes, axis=0, dtype=np.int16)[INTERVAL - 1 :: INTERVAL]
        ranked = np.partition(at_looks, -2, axis=2)
        at_end = spikes.sum(axis=0, dtype=np.int16)[np.newaxis]
        return cls(
            result.num_steps,
            ranked[:, :, -1] - ranked[:, :, -2],
            np.concatenate([at_looks, at_end]).argmax(axis=2),
        )

    def stopped_step(self, margin: int) -> NDArray[np.int64]:
        """Return the first step of each sample that a margin leaves out."""
        look = self._first_look(margin)
        return np.where(look < len(self.lead), (look + 1) * INTERVAL, self.num_steps)

    def stopped_predictions(self, margin: int) -> NDArray[np.int64]:
        """Return what each sample is taken for with a margin."""
        look = self._first_look(margin)
        chosen: NDArray[np.int64] = self.predictions[look, np.arange(len(look))]
        return chosen

    def changed(self, margin: int) -> int:
        """Return how many predictions differ from those after all steps."""
        return int(np.count_nonzero(self.stopped_predictions(margin) != self.predictions[-1]))

    def _first_look(self, margin: int) -> NDArray[np.int64]:
        reached = self.lead >= margin
        return np.where(reached.any(axis=0), reached.argmax(axis=0), len(reached))


def choose_margin(
    snn: pysnn.SpikingNetwork, mnist: Mnist, num_steps: int, allowed: int, threads: int
) -> int:
    """Print what each margin does to the held-out images; return the smallest that is allowed."""
    x, y = mnist.x_train[-HELD_OUT:], mnist.y_train[-HELD_OUT:]
    # Another seed than the test images': their noise is not to be known either.
    result = pysnn.simulate(
        snn, x, duration=num_steps * 1e-3, max_rate=FCN.max_rate, seed=1, num_threads=threads
    )
    course = Course.of(result)
    print(f"held-out images, {result.accuracy(y)[-1]:.2%} right after {num_steps} steps\n")
    print("| margin | mean steps | predictions changed | right |\n|---|---|---|---|")
    for margin in MARGINS:
        right = (course.stopped_predictions(margin) == y).mean()
        mean = course.stopped_step(margin).mean()
        print(f"| {margin} | {mean:.1f} | {course.changed(margin)} | {right:.2%} |")
    for margin in MARGINS:
        if course.changed(margin) <= allowed:
            return margin
    raise SystemExit(f"no margin up to {MARGINS[-1]} changes at most {allowed} predictions")


def assert_cut_off(
    result: pysnn.SimulationResult, whole: pysnn.SimulationResult, course: Course, margin: int
) -> None:
    """Assert that a result is the run without a margin up to each sample's end, and no more."""
    stopped = course.stopped_step(margin)
    np.testing.assert_array_equal(result.stopped_step, stopped)
    runs = np.arange(whole.num_steps)[:, np.newaxis, np.newaxis] < stopped[:, np.newaxis]
    np.testing.assert_array_equal(result.output_spikes, whole.output_spikes & runs)
    np.testing.assert_array_equal(result.predictions, course.stopped_predictions(margin))


def measure(
    snn: pysnn.SpikingNetwork,
    x: NDArray[np.float32],
    y: NDArray[np.uint8],
    num_steps: int,
    margins: list[int],
    rounds: int,
    threads: int,
) -> None:
    """Assert the results of all margins, time them in turns, and print a row for each."""
    run = partial(
        pysnn.simulate,
        snn,
        x,
        duration=num_steps * 1e-3,
        max_rate=FCN.max_rate,
        num_threads=threads,
        stop_interval=INTERVAL,
    )
    whole = run()
    course = Course.of(whole)
    results: dict[int | None, pysnn.SimulationResult] = {None: whole}
    for margin in margins:
        results[margin] = run(stop_margin=margin)
        assert_cut_off(results[margin], whole, course, margin)
    seconds: dict[int | None, list[float]] = {margin: [] for margin in results}
    for _ in range(rounds):
        for stop_margin, times in seconds.items():
            start = time.perf_counter()
            run(stop_margin=stop_margin)
            times.append(time.perf_counter() - start)

    print(
        "\n| margin | images/s | times as fast | G synaptic operations/s | mean steps | right "
        "| predictions changed |\n|---|---|---|---|---|---|---|"
    )
    for stop_margin, result in results.items():
        median = statistics.median(seconds[stop_margin])
        ratio = statistics.median(np.divide(seconds[None], seconds[stop_margin]).tolist())
        changed = np.count_nonzero(result.predictions != whole.predictions)
        print(
            f"| {stop_margin or 'none'} | {len(x) / median:,.0f} | {ratio:.2f} "
            f"| {result.synaptic_operations.sum() / median / 1e9:.1f} "
            f"| {result.stopped_step.mean():.1f} | {(result.predictions == y).mean():.2%} "
            f"| {changed} |",
            flush=True,
        )


def main() -> None:
    """Choose a margin and measure, for each number of steps."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=int, default=10000, help="test images (default 10000)")
    parser.add_argument("--rounds", type=int, default=7, help="timed rounds (default 7)")
    parser.add_argument("--steps", type=int, nargs="+", default=[100, 500], help="steps of 1 ms")
    parser.add_argument(
        "--allowed", type=int, default=0, help="held-out predictions that may change (default 0)"
    )
    parser.add_argument("--threads", type=int, default=pysnn.default_num_threads())
    options = parser.parse_args()
    mnist = pysnn.datasets.load_mnist(flat=True)
    snn = FCN.spiking_network(mnist)
    print(
        f"pysnn {pysnn.__version__}, CPU {pysnn.cpu_target()}, {options.threads} threads\n"
        f"{FCN.name}, {FCN.max_rate:.0f} Hz, a look every {INTERVAL} steps"
    )
    x, y = mnist.x_test[: options.images], mnist.y_test[: options.images]
    for num_steps in options.steps:
        print(f"\n## {num_steps} steps\n")
        chosen = choose_margin(snn, mnist, num_steps, options.allowed, options.threads)
        print(f"\nchosen: {chosen}; {len(x):,} test images, medians of {options.rounds} rounds")
        margins = sorted({FIXED_MARGIN, chosen})
        measure(snn, x, y, num_steps, margins, options.rounds, options.threads)


if __name__ == "__main__":
    main()
