"""What parts cost: efficiency with 1 and 2 processes, overhead per part, bytes, and a model.

Processor time is measured besides wall-clock time, since it says the same on a machine that others
use too: wasted is what the parts of a run take beyond the run in one piece, on all processes
together. The model of many workers is computed from the numbers above it.

Usage:
    python benchmarks/parts.py [--samples 4000] [--rounds 3] [--empty 2000] [--dask]
"""

from __future__ import annotations

import argparse
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

import pysnn
from pysnn.parallel import LocalProcesses, Workers
from pysnn.parallel.job import Job, Samples
from pysnn.parallel.messages.calls import Arrays, Part
from pysnn.parallel.run import run_jobs

NUM_STEPS = 100
PART_SIZES = (500, 100, 20)
MANY = (1, 10, 100, 1000, 4000)


def nothing(part: Part) -> Arrays:
    """Give an empty part, whose time is all overhead."""
    return {"rows": np.array(len(part.rows[0]))}


def processor_time(who: int) -> float:
    """Return the seconds of processors that this process, or its ended children, have used."""
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def timed(run: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds of a call, and those of this process's processors."""
    wall, own = time.perf_counter(), processor_time(resource.RUSAGE_SELF)
    run()
    return time.perf_counter() - wall, processor_time(resource.RUSAGE_SELF) - own


def median(run: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Return the medians of `timed` over rounds."""
    times = [timed(run) for _ in range(rounds)]
    return statistics.median(t for t, _ in times), statistics.median(t for _, t in times)


@contextmanager
def dask_executor() -> Iterator[Any]:
    """Yield the executor of a Dask cluster of two processes."""
    from distributed import Client, LocalCluster

    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        yield client.get_executor()


def efficiency(snn: pysnn.SpikingNetwork, x: np.ndarray, rounds: int) -> float:
    """Print what one and two processes take, and return the seconds of a sample."""

    def run(executor: Workers | None, threads: int | None = None) -> pysnn.SimulationResult:
        return pysnn.simulate(
            snn, x, num_steps=NUM_STEPS, executor=executor, num_threads=threads, progress=False
        )

    whole = run(None, 1)
    wall, cpu = median(lambda: run(None, 1), rounds)
    print(f"\n{len(x):,} samples in one piece, 1 thread: {wall:.2f} s, of processors {cpu:.2f} s\n")
    print(
        "| processes | samples of a part | parts | seconds | efficiency | processor time wasted "
        "| sent | read from files | received |\n|---|---|---|---|---|---|---|---|---|"
    )
    for num_processes in (1, 2):
        for size in PART_SIZES:
            # What starting takes is left out: the processes of a run with no round have only that.
            children = []
            for num_rounds in (0, rounds):
                before = processor_time(resource.RUSAGE_CHILDREN)
                with LocalProcesses(num_processes) as executor:
                    begun = Workers(executor, part_size=size)
                    result = run(begun, 1)
                    assert np.array_equal(result.output_spikes, whole.output_spikes)
                    workers = Workers(executor, part_size=size)
                    if num_rounds:
                        seconds, own = median(lambda w=workers: run(w, 1), num_rounds)  # type: ignore[misc]
                children.append(processor_time(resource.RUSAGE_CHILDREN) - before)
            report, first = workers.report, begun.report.bytes_read
            used = (children[1] - children[0]) / rounds + own
            print(
                f"| {num_processes} | {size} | {report.num_parts // rounds} | {seconds:.2f} "
                f"| {wall / seconds / num_processes:.0%} | {used / cpu - 1:+.0%} "
                f"| {report.bytes_sent / rounds / 1e6:.2f} MB | {first / 1e6:.2f} MB, once "
                f"| {report.bytes_received / rounds / 1e6:.2f} MB |",
                flush=True,
            )
    return cpu / len(x)


def of_a_map(snn: pysnn.SpikingNetwork, x: np.ndarray) -> None:
    """Print what travels where samples are a memory map, which workers read themselves."""
    with tempfile.TemporaryDirectory() as folder, LocalProcesses(2) as executor:
        np.save(f"{folder}/x.npy", x)
        workers = Workers(executor, part_size=PART_SIZES[0])
        mapped = np.load(f"{folder}/x.npy", mmap_mode="r")
        pysnn.simulate(snn, mapped, num_steps=NUM_STEPS, executor=workers, progress=False)
    report = workers.report
    print(
        f"\nof a memory map of {x.nbytes / 1e6:.2f} MB, parts of {PART_SIZES[0]}: "
        f"{report.bytes_sent / 1e6:.3f} MB sent, {report.bytes_read / 1e6:.2f} MB read by "
        f"{len(report.workers)} processes, the network by each"
    )


def overhead(name: str, executor: Any, num_parts: int, rounds: int) -> float:
    """Print what an empty part takes, and return the seconds of this process for one."""
    samples = Samples((np.zeros(num_parts, dtype=np.uint8),), 1)

    def run() -> None:
        job = Job("nothing", "", nothing, {}, ())
        found = run_jobs([job], samples, Workers(executor), 1, lambda _: None, reuses_rows=False)
        assert sum(len(parts) for _, parts in found) == num_parts

    run()
    wall, own = median(run, rounds)
    print(
        f"| {name} | {1e3 * wall / num_parts:.2f} ms | {1e3 * own / num_parts:.2f} ms |",
        flush=True,
    )
    return own / num_parts


def model(per_sample: float, per_part: float, network_bytes: int) -> None:
    """Print what many workers would reach, by the numbers measured."""
    print(
        f"\nModel: {1e3 * per_sample:.3f} ms of work for a sample, {1e3 * per_part:.2f} ms of the "
        f"process that hands out for a part, a network of {network_bytes / 1e6:.1f} MB for each "
        f"worker at 1 GB/s; a sweep of 50,000 samples in 144 cells.\n"
    )
    print(
        "| workers | samples of a part | seconds | efficiency | limited by |\n|---|---|---|---|---|"
    )
    total = 50_000 * 144 * per_sample
    for size in (500, 50):
        # A part of a sweep is all 12 rates of a threshold.
        num_parts = 12 * 50_000 // size
        work = total / num_parts
        for num_workers in MANY:
            rounds = -(-num_parts // num_workers)
            limits = {
                "work": total / num_workers,
                "whole parts": rounds * work,
                "handing out": num_parts * per_part,
                "the network's way": network_bytes * num_workers / 1e9,
            }
            limiting = max(limits, key=lambda name: limits[name])
            if limits[limiting] < 1.05 * limits["work"]:
                limiting = "work"
            seconds = max(limits["whole parts"], limits["handing out"])
            seconds += limits["the network's way"]
            efficient = total / num_workers / seconds
            print(f"| {num_workers:,} | {size} | {seconds:,.1f} | {efficient:.0%} | {limiting} |")


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--samples", type=int, default=4000, help="samples (default 4000)")
    parser.add_argument("--rounds", type=int, default=3, help="timed rounds (default 3)")
    parser.add_argument("--empty", type=int, default=2000, help="empty parts (default 2000)")
    parser.add_argument("--dask", action="store_true", help="overhead of Dask as well")
    options = parser.parse_args()
    mnist = pysnn.datasets.load_mnist()
    network = pysnn.models.diehl2015_fcn(seed=0)
    snn = pysnn.convert(network, method="data", x=mnist.x_train[:1000], progress=False)
    print(
        f"pysnn {pysnn.__version__}, CPU {pysnn.cpu_target()}, medians of {options.rounds} rounds"
    )
    x = mnist.x_test[: options.samples]
    per_sample = efficiency(snn, x, options.rounds)
    of_a_map(snn, x)
    print("\n| an empty part | in all | of it, the process that hands out |\n|---|---|---|")
    with LocalProcesses(2) as executor:
        per_part = overhead("2 processes", executor, options.empty, options.rounds)
    if options.dask:
        with dask_executor() as executor:
            overhead("Dask, 2 processes", executor, options.empty, options.rounds)
    model(per_sample, per_part, len(pysnn.io.to_bytes(snn)))


if __name__ == "__main__":
    main()
