"""Bars of the paper's networks, on MNIST."""

from __future__ import annotations

import json
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import own
from bar_parts.bar import THREADS, TIMES, Bar, Options, number, peak, rows, script
from builds import both_builds
from cases import pick
from turns import in_turns, times_as_fast

import pysnn

SPEED_OF = "--speed-of"  # in a child: print the speed of a case and nothing else
CASES = ("fcn-1000hz-100", "fcn-200hz-100", "convnet-1000hz-100", "convnet-200hz-100")
NUM_IMAGES = 2000  # where builds, threads and instruction sets are compared


def compared(options: Options) -> Iterator[Bar]:
    """Speeds of the four cases, and ratios to the peers that are named in bars."""
    peers = ["spyx", "onnxruntime_int8", "torch"] if options.peers else []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "figures.json"
        script(
            "compare.py",
            *("--cases", *CASES, "--peers", *peers, "--rounds", str(options.rounds)),
            *("--threads", str(THREADS), "--json", str(path)),
        )
        figures: dict[str, Any] = json.loads(path.read_text())

    def speed(case: str, precision: str) -> float:
        return float(figures[case][f"pysnn {precision}"]["images_per_second"])

    def times(case: str, precision: str, peer: str) -> float | None:
        found = [row for name, row in figures[case].items() if name.lower().startswith(peer)]
        return float(found[0][f"ratio pysnn {precision}"]) if found else None

    for case, bars in zip(CASES, [(21000, 36000), (34000, 49000), (9800,), (14200,)], strict=True):
        for precision, bar in zip(("float32", "int16"), bars, strict=False):
            yield Bar(f"{case}, {precision}", bar, speed(case, precision), "images/s")
    for case, precision, peer, bar in (
        ("fcn-1000hz-100", "float32", "spyx", 30),
        ("fcn-200hz-100", "float32", "spyx", 50),
        ("convnet-1000hz-100", "float32", "spyx", 30),
        # Its weights have 8 bits, so that int16 is what compares with it.
        ("fcn-1000hz-100", "float32", "onnx runtime int8", 13),
        ("fcn-1000hz-100", "int16", "onnx runtime int8", 13),
        ("convnet-1000hz-100", "float32", "pytorch", 22),
    ):
        measured = times(case, precision, peer)
        yield Bar(f"{case}, {precision}, against {peer}", bar, measured, TIMES)


def against_build(options: Options) -> Iterator[Bar]:
    """The four cases against another build, in turns."""
    mnist = pysnn.datasets.load_mnist()
    for key in CASES:
        ratio = None
        if options.baseline is not None:
            (case,) = pick([key])
            call = {"duration": case.duration, "max_rate": case.max_rate, "num_threads": THREADS}
            x = np.ascontiguousarray(case.images(mnist).x[:NUM_IMAGES])
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "snn.safetensors"
                case.spiking_network(mnist).save(path)
                with both_builds(path, x, call, options.baseline) as processes:
                    times = in_turns([process.run for process in processes], options.rounds)
            ratio = times_as_fast(*times)
        yield Bar(f"{key}, float32, against the older build", 1, ratio, TIMES)


def instruction_sets(options: Options) -> Iterator[Bar]:
    """Speeds of the narrower instruction sets against AVX-512, in turns."""
    widest = pysnn.cpu_target()
    speeds: dict[str, list[float]] = {
        name: [] for name in dict.fromkeys((widest, "avx2", "baseline"))
    }
    for _ in range(max(3, options.rounds // 2)):
        for name, values in speeds.items():
            text = script(
                "bars.py", SPEED_OF, "fcn-1000hz-100", "--threads", str(THREADS), PYSNN_CPU=name
            )
            values.append(float(text))
    for name, bar in (("avx2", 0.5), ("baseline", 0.2)):
        ratio = None
        if widest == "avx512":
            pairs = zip(speeds[name], speeds[widest], strict=True)
            ratio = statistics.median(narrow / wide for narrow, wide in pairs)
        yield Bar(f"fcn-1000hz-100, {name} against avx512", bar, ratio, TIMES)
    if widest == "avx2":
        pairs = zip(speeds["baseline"], speeds["avx2"], strict=True)
        ratio = statistics.median(narrow / wide for narrow, wide in pairs)
        yield Bar("fcn-1000hz-100, baseline against avx2", 0.4, ratio, TIMES)


def threads(options: Options) -> Iterator[Bar]:
    """Two threads against one."""
    (case,) = pick(["fcn-1000hz-100"])
    mnist = pysnn.datasets.load_mnist()
    runs = [
        own.prepare(case, mnist, num_threads=count, num_images=NUM_IMAGES) for count in (THREADS, 1)
    ]
    ratio = times_as_fast(*in_turns([run.seconds for run in runs], options.rounds))
    yield Bar("fcn-1000hz-100, 2 threads against 1", 1.9, ratio, TIMES)


def print_speed(case_key: str, num_threads: int) -> None:
    """Print images a second of a case; in a child, which has an instruction set of its own."""
    mnist = pysnn.datasets.load_mnist()
    run = own.prepare(pick([case_key])[0], mnist, num_threads=num_threads, num_images=NUM_IMAGES)
    print(run.num_images / statistics.median(run.seconds() for _ in range(3)))


def streaming(options: Options) -> Iterator[Bar]:
    """One sample, one step per call."""
    found = rows(script("streaming.py", "--rounds", str(options.rounds)), "call of one step")
    median = next(
        number(row["median"]) for row in found if row["call of one step"].startswith("step(")
    )
    yield Bar("one step per call, FCN, 1000 Hz", 50, median, "microseconds", at_most=True)


def memory(_: Options) -> Iterator[Bar]:
    """Peak memory of a long simulation."""
    measured = peak(script("memory.py"))
    yield Bar("peak memory, FCN, 10,000 images, T = 500", 64, measured, "MB", at_most=True)


def early_stop(options: Options) -> Iterator[Bar]:
    """Margin 4, every 16 steps."""
    text = script("early_stop.py", "--rounds", str(options.rounds))
    found = [row for row in rows(text, "margin") if row["margin"] == "4" and TIMES in row]
    for row, num_steps, bar in zip(found, (100, 500), (1.4, 4.0), strict=True):
        what = f"early stop, T = {num_steps}, predictions changed: {row['predictions changed']}"
        yield Bar(what, bar, number(row[TIMES]), TIMES)
