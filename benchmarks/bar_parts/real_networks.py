"""Bars of networks that others use: ResNet-20 on CIFAR-10, and a VGG-like one."""

from __future__ import annotations

import json
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bar_parts.bar import THREADS, TIMES, Bar, Options, number, peak, rows, script
from turns import times_as_fast

NUM_PEER_IMAGES = 40  # of peers, which do some ten a second

Row = dict[str, Any]


def resnet20(options: Options) -> Iterator[Bar]:
    """Its speed by recipe, precision and threads, and against another build."""
    found: dict[tuple[str, str, int], Row] = {}
    if options.files:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "figures.json"
            arguments = [*options.files, "--rounds", str(options.rounds), "--json", str(path)]
            arguments += ["--threads", "1", str(THREADS)]
            if options.baseline is not None:
                arguments += ["--baseline", str(options.baseline)]
            script("resnet20_speed.py", *arguments)
            figures: list[Row] = json.loads(path.read_text())
        found = {(row["name"], row["precision"], row["threads"]): row for row in figures}
    yield from resnet20_bars(found)


def resnet20_bars(found: dict[tuple[str, str, int], Row]) -> Iterator[Bar]:
    """Return the bars of measured rows, by name, precision and threads."""

    def row(name: str, precision: str = "float32", threads: int = THREADS) -> Row | None:
        return found.get((name, precision, threads))

    def times(ours: Row | None, theirs: Row | None, operations: bool = False) -> float | None:
        if ours is None or theirs is None:
            return None
        work = ours["operations"] / theirs["operations"] if operations else 1.0
        return times_as_fast(ours["seconds"], theirs["seconds"], work)

    def rate(ours: Row | None, work: str) -> float | None:
        return None if ours is None else float(ours[work]) / statistics.median(ours["seconds"])

    robust, name = row("robust"), "ResNet-20, robust, float32"
    by_hand, other = row("by hand, this build"), row("by hand, the other build")
    speed = rate(robust, "operations")
    yield Bar(name, None, rate(robust, "num_images"), "images/s")
    yield Bar(name, 55, None if speed is None else speed / 1e9, "G operations/s")
    yield Bar(f"{name}, against by hand on the older build", 2, times(robust, other), TIMES)
    yield Bar("the same by hand on this build", None, times(by_hand, other), TIMES)
    yield Bar(f"{name}, 2 threads against 1", 1.9, times(robust, row("robust", threads=1)), TIMES)
    int16 = times(row("robust", "int16"), robust)
    yield Bar("ResNet-20, robust, int16 against float32", 1.3, int16, TIMES)
    signed = times(row("signed"), robust, operations=True)
    yield Bar("ResNet-20, signed against robust, float32", 0.8, signed, "times the operations/s")


def resnet20_peers(options: Options) -> Iterator[Bar]:
    """Other packages on ResNet-20."""
    found: dict[str, Row] = {}
    if options.files and options.peers:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "figures.json"
            weights, images = options.files
            script(
                "peers/real_networks.py",
                *("--weights", weights, "--data", images, "--rounds", str(options.rounds)),
                *("--images", str(NUM_PEER_IMAGES), "--threads", str(THREADS)),
                *("--json", str(path)),
            )
            found = json.loads(path.read_text())[f"{THREADS} threads"]
    yield from peer_bars(found)


def peer_bars(found: dict[str, Row]) -> Iterator[Bar]:
    """Return the bars of the figures of real_networks.py, by simulator."""

    def least(kind: str) -> tuple[str, float | None]:
        names = [
            name for name, row in found.items() if row["kind"] == kind and not name.endswith("int8")
        ]
        if not names:
            return "none installed", None
        fastest = min(names, key=lambda name: found[name]["pysnn_is"])
        return fastest, found[fastest]["pysnn_is"]

    for kind, what, bar in (
        ("spiking", "the fastest spiking package", 10),
        ("generic", "the best float32 program", 5),
    ):
        name, measured = least(kind)
        yield Bar(f"ResNet-20, float32, against {what} ({name})", bar, measured, TIMES)
    int8 = [row["pysnn_is"] for name, row in found.items() if name.endswith("int8")]
    yield Bar("ResNet-20, float32, against ONNX Runtime int8", None, min(int8, default=None), TIMES)


def convolutions(options: Options) -> Iterator[Bar]:
    """Single convolutions, depthwise ones and shortcuts on one thread."""
    yield from convolution_bars(script("convolutions.py", "--rounds", str(options.rounds)))


def convolution_bars(text: str) -> Iterator[Bar]:
    """Return the bars of the table of convolutions.py; the slowest image counts."""
    found = [row for row in rows(text, "synapses") if row["precision"] == "float32"]
    for channels, bar in (("16", 25), ("32", 35), ("64", 40)):
        speeds = [
            number(row["G operations/s"])
            for row in found
            if (row["synapses"], row["channels"]) == ("3x3", channels)
            and number(row["image"].split("x")[0]) >= 16
        ]
        what = f"3x3 of {channels} channels, 10 % of inputs, 1 thread"
        yield Bar(what, bar, min(speeds), "G operations/s")
    for kind, bar in (("shortcut", 2), ("depthwise 3x3", 6)):
        slowest = max(
            number(row["times reading and writing"]) for row in found if row["synapses"] == kind
        )
        what = f"{kind} against reading its spikes and writing its sums"
        yield Bar(what, bar, slowest, "times as long", at_most=True)


def vgg(options: Options) -> Iterator[Bar]:
    """The VGG-like network against what the machine adds from its second cache."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ceilings.json"
        script("ceilings.py", "--rounds", str(options.rounds), "--json", str(path))
        ceilings = json.loads(path.read_text())["ceilings"]
    ceiling = next(row["all_threads"] for row in ceilings if row["key"] == "float32_add_l2") / 1e9
    text = script(
        "vgg.py",
        *("--rounds", str(max(3, options.rounds // 2)), "--ceiling", f"{ceiling:.1f}"),
        *("--precisions", "float32", "int16"),
    )
    yield from vgg_bars(text, ceiling)


def vgg_bars(text: str, ceiling: float) -> Iterator[Bar]:
    """Return the bars of the table of vgg.py, whose last row of a precision has all threads."""
    found = {row["precision"]: row for row in rows(text, "precision")}
    share = 100 * number(found["float32"]["G additions/s"]) / ceiling
    yield Bar("VGG-like network, share of additions from L2", 75, share, "%")
    int16 = number(found["int16"]["times the first precision"])
    yield Bar("VGG-like network, int16 against float32", 1.6, int16, TIMES)


def resnet20_memory(options: Options) -> Iterator[Bar]:
    """Peak memory of a long simulation of ResNet-20."""
    measured = None
    if options.files:
        measured = peak(script("memory.py", "--resnet20", *options.files, "--processes", "1"))
    what = "peak memory, ResNet-20, 5,000 images, 256 steps"
    yield Bar(what, 128, measured, "MB", at_most=True)
