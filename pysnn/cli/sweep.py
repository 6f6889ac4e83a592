"""`pysnn sweep`: accuracy on a grid of input rates and thresholds."""

from __future__ import annotations

import argparse
import math
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from .arguments import add_json, add_old_name, add_threads
from .command import Command, UsageError
from .data import add_data, read_samples
from .files import load_spiking_network
from .output import print_json, say
from .stimulus import (
    add_dt,
    add_input_seed,
    add_time,
    read_num_steps,
    read_stimulus,
    sample_options,
)
from .workers import add_workers, workers

if TYPE_CHECKING:
    from ..experiments.sweep import SweepResult
    from ..spiking import SpikingNetwork

_NUM_SAMPLES = 1000


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("network", metavar="NETWORK", help="model file of a spiking network")
    parser.add_argument(
        "--output",
        metavar="FOLDER",
        default="sweep",
        help="where parts, numbers and figures are written; an interrupted sweep continues from "
        "there (default: sweep)",
    )
    add_data(parser, "samples in [0, 1] that drive Poisson input", default="mnist:test")
    group = parser.add_argument_group("the grid")
    max_rates = group.add_argument(
        "--max-rates",
        type=_values,
        metavar="LOW:HIGH:COUNT",
        help="input rates in Hz, log-spaced, or a list such as 100,200,400 (default: 25:1000:12)",
    )
    add_old_name(group, "--rates", max_rates)
    group.add_argument(
        "--thresholds",
        type=_values,
        metavar="LOW:HIGH:COUNT",
        help="thresholds of all neurons, likewise (default: 0.1:20:12, or 0.05:10:12 for a "
        "network whose weights were normalized)",
    )
    add_time(group)
    add_dt(group)
    add_input_seed(group)
    add_threads(parser)
    add_workers(parser, "the grid", keeps_parts=True)
    add_json(parser, "a table")


def _run(options: argparse.Namespace) -> None:
    from ..experiments.sweep import MAX_RATES, sweep

    snn = load_spiking_network(options.network)
    samples = read_samples(options, may_map=True)
    if samples.y is None:
        raise UsageError(f"--labels must be given, as {options.data} comes without")
    rates = options.max_rates or MAX_RATES
    stimulus = read_stimulus(options, samples, max_rate=rates[-1])
    # A range of samples is taken whole.
    count = len(samples.x) if options.samples else min(len(samples.x), _NUM_SAMPLES)
    with workers(options, options.output) as (executor, num_threads):
        result = sweep(
            snn,
            samples.x,
            samples.y,
            max_rates=rates,
            thresholds=options.thresholds or _default_thresholds(snn),
            num_samples=count,
            num_steps=read_num_steps(options, stimulus),
            seed=stimulus.seed,
            output=options.output,
            executor=executor,
            num_threads=num_threads,
            **sample_options(stimulus),
        )
    _draw(result, Path(options.output))
    if options.json:
        print_json({"network": options.network, "data": options.data, **result.to_dict()})
    else:
        print(result)


def _default_thresholds(snn: SpikingNetwork) -> tuple[float, ...]:
    from ..experiments.sweep import NORMALIZED_THRESHOLDS, THRESHOLDS

    # A scale per channel is an array: no network without a normalization has one.
    is_normalized = any(
        not isinstance(scale, float) or scale != 1 for scale in snn.scale_factors or ()
    )
    return NORMALIZED_THRESHOLDS if is_normalized else THRESHOLDS


def _draw(result: SweepResult, folder: Path) -> None:
    from .._base.extras import install_hint
    from .._base.files import replacing

    try:
        import matplotlib
        from matplotlib.figure import Figure
    except ImportError:
        say(f"no picture: matplotlib is not installed: {install_hint('report')}")
        return
    with matplotlib.rc_context({"svg.hashsalt": "pysnn"}):
        figure = Figure(figsize=(6, 5), layout="constrained")
        result.plot(ax=figure.subplots())
        for name, metadata in (("sweep.png", {}), ("sweep.svg", {"Date": None})):
            with replacing(folder / name) as temporary:
                figure.savefig(temporary, dpi=150, metadata=metadata)


def _values(text: str) -> tuple[float, ...]:
    from ..experiments.sweep import log_range

    low, *rest = text.split(":")
    try:
        if rest:
            high, count = rest
            return log_range(float(low), float(high), int(count))
        numbers = tuple(float(word) for word in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"is {text!r}, but must be LOW:HIGH:COUNT, with 0 < LOW < HIGH and COUNT of at least "
            f"2, or numbers with commas between them"
        ) from None
    if not all(low < high < math.inf for low, high in pairwise((0.0, *numbers))):
        raise argparse.ArgumentTypeError(
            f"is {text!r}, but numbers must be finite, above 0 and ascending"
        )
    return numbers


COMMAND = Command(
    name="sweep",
    summary="simulate a spiking network for every pair of an input rate and a threshold",
    example=(
        "  pysnn sweep snn.safetensors                12 x 12 cells of 1,000 images, into sweep/\n"
        "  pysnn sweep snn.safetensors --data mnist:train --samples 59000:60000 --processes 2\n"
        "  pysnn sweep snn.safetensors --max-rates 50:800:5 --thresholds 0.5,1,2 --output coarse"
    ),
    add_arguments=_add_arguments,
    run=_run,
)
