"""Options of commands that try several conversions of a network on labelled samples."""

from __future__ import annotations

import argparse
from ast import literal_eval
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ..conversion import recipes
from ..spiking.encoding import RANDOM_ENCODINGS
from .arguments import add_old_name, add_threads, positive_float, positive_int
from .command import Options, UsageError, values_as_usage
from .data import add_data, read_samples, samples_range
from .stimulus import add_dt, add_input_seed, add_max_rate
from .workers import add_workers

if TYPE_CHECKING:
    from ..experiments.compare import RecipeLike


def add_conversions(parser: argparse.ArgumentParser, what: str) -> None:
    """Add the network, ``--data`` and its like, ``--calibration-data``, and how samples drive it.

    Args:
        parser: The command's.
        what: What the samples are for, as the end of a sentence.
    """
    parser.add_argument(
        "network",
        metavar="NETWORK",
        help="model file of a ReLU network, or a file that 'pysnn import' reads",
    )
    add_data(parser, what, default="mnist:test")
    parser.add_argument(
        "--calibration-data",
        metavar="SOURCE",
        help="samples for the conversion, in the same form as --data: part of the training set; "
        "--scale applies to them, too",
    )
    parser.add_argument(
        "--calibration-data-samples",
        type=samples_range,
        metavar="[FIRST:]END",
        help="which of them, in the same form as --samples",
    )


def add_drive(group: Options) -> None:
    """Add ``--dt``, ``--max-rate`` and ``--seed``."""
    add_dt(group)
    add_max_rate(group)
    add_input_seed(group)


def add_step_list(group: Options, what: str) -> None:
    """Add ``--num-steps``, one or several, and ``--duration`` in its place, None unless given.

    Args:
        group: The command's.
        what: What becomes of numbers of steps, and the default.
    """
    times = group.add_mutually_exclusive_group()
    num_steps = times.add_argument("--num-steps", type=step_list, metavar="N", help=what)
    add_old_name(times, "--steps", num_steps)
    times.add_argument(
        "--duration",
        type=positive_float,
        metavar="SECONDS",
        help="in place of --num-steps: the largest simulated time",
    )


def add_work(parser: argparse.ArgumentParser, what: str) -> None:
    """Add ``--num-threads`` and who computes parts."""
    add_threads(parser)
    add_workers(parser, what)


def read_conversions(
    options: argparse.Namespace, ways: Sequence[RecipeLike] | None
) -> dict[str, Any]:
    """Return the samples and what else of the arguments of `compare` and `tune` is read here.

    Args:
        options: Those of `add_conversions`, `add_step_list` and `add_drive`.
        ways: What is tried; None for all recipes.

    Raises:
        UsageError: Options contradict each other or the data.
        ValueError: A file is damaged or does not fit.
        OSError: A file can't be read.
    """
    from ..experiments.compare.candidate import as_candidates

    samples = read_samples(options, may_map=True)
    if samples.y is None:
        raise UsageError(f"--labels must be given, as {options.data} comes without")
    if options.calibration_data is None and options.calibration_data_samples is not None:
        raise UsageError(
            "--calibration-data-samples goes with --calibration-data, which is not given"
        )
    with values_as_usage():
        candidates = as_candidates(ways, "recipes")
    if options.calibration_data is None and any(each.reads_samples for each in candidates):
        raise UsageError("--calibration-data must be given, such as --calibration-data mnist:train")
    arguments: dict[str, Any] = {
        "x": samples.x,
        "y": samples.y,
        "x_calibration": None if options.calibration_data is None else _calibration(options),
        "scale": samples.scale,
    }
    for name in ("num_steps", "duration", "dt", "max_rate", "seed"):
        if getattr(options, name) is not None:
            arguments[name] = getattr(options, name)
    if any(each.encoding in RANDOM_ENCODINGS for each in candidates):
        arguments["sample_ids"] = samples.ids
    elif options.seed is not None:
        raise UsageError("--seed goes with recipes for Poisson input, of which there is none")
    return arguments


def recipe_list(text: str) -> tuple[RecipeLike, ...]:
    """Return the recipes of a list such as ``robust,signed:percentile=99.99:readout=spikes``."""
    found: list[RecipeLike] = []
    for word in text.split(","):
        name, *settings = word.split(":")
        if name not in recipes:
            raise argparse.ArgumentTypeError(
                f"names {name!r}, but must be recipes with commas between them: "
                f"{', '.join(recipes)}"
            )
        keywords = dict(map(_keyword, settings))
        found.append((name, keywords) if keywords else name)
    return tuple(found)


def step_list(text: str) -> int | tuple[int, ...]:
    """Return a number of steps, or several that rise, with commas between them."""
    numbers = tuple(positive_int(word) for word in text.split(","))
    if not all(low < high for low, high in pairwise(numbers)):
        raise argparse.ArgumentTypeError(f"is {text}, but numbers must rise")
    return numbers if len(numbers) > 1 else numbers[0]


def _keyword(text: str) -> tuple[str, Any]:
    name, mark, value = text.partition("=")
    if not mark:
        raise argparse.ArgumentTypeError(f"has {text!r}, but must have KEYWORD=VALUE")
    try:
        return name, literal_eval(value)
    except (ValueError, SyntaxError):
        return name, value


def _calibration(options: argparse.Namespace) -> Any:
    source = argparse.Namespace(
        data=options.calibration_data, scale=options.scale, samples=options.calibration_data_samples
    )
    return read_samples(source, range_option="--calibration-data-samples").x
