"""How long each method of finding scales takes on ResNet-20 and CIFAR-10.

Networks and images are those of cifar10_recipes.py. Times are of whole conversions, with a scale
per channel where the method has them; beside other work the seconds of the processor say more than
those of the clock.

Usage:
    python benchmarks/conversions/calibration.py WEIGHTS.th|MODEL.h5 IMAGES.npz [--images 5000]
        [--threads 2]
        [--methods percentile mmse ...]
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import get_args

import numpy as np
from cifar10_recipes import read_network

import pysnn
from pysnn.conversion import SCALE_METHODS, Method


def parse() -> argparse.Namespace:
    """Return the arguments."""
    assert __doc__ is not None
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("network", type=Path)
    parser.add_argument("images", type=Path)
    parser.add_argument("--images", dest="num_images", type=int, default=5000)
    parser.add_argument("--threads", type=int, default=2)
    # Networks of others have no ceilings for clip.
    methods = [each for each in get_args(Method) if each != "clip"]
    parser.add_argument("--methods", nargs="+", choices=methods, default=methods)
    return parser.parse_args()


def timed(call: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds of the clock and of the processor that a call takes."""
    start = time.perf_counter(), time.process_time()
    call()
    return time.perf_counter() - start[0], time.process_time() - start[1]


def main() -> None:
    """Print the table."""
    options = parse()
    network, scale = read_network(options.network)
    with np.load(options.images) as data:
        x = data["x_train"][: options.num_images].astype(np.float32) * np.float32(scale)
    print(
        f"{options.network.name}, {len(x)} images, {options.threads} threads\n\n"
        "| method | s | s of the processor |\n|---|---|---|"
    )
    calls: dict[str, Callable[[], object]] = {"(one forward pass)": partial(network.predict, x)}
    for method in options.methods:
        reads = SCALE_METHODS[method].reads
        calls[method] = partial(
            pysnn.convert,
            network,
            recipe="robust",
            method=method,
            x=x if "x" in reads else None,
            per="channel" if "per" in reads else None,
            num_threads=options.threads,
            progress=False,
        )
    total = np.zeros(2)
    for name, call in calls.items():
        seconds = timed(call)
        print(f"| {name} | {seconds[0]:.1f} | {seconds[1]:.1f} |", flush=True)
        total += seconds if name in options.methods else (0, 0)
    print(f"| all methods | {total[0]:.1f} | {total[1]:.1f} |")


if __name__ == "__main__":
    main()
