"""Options that say how samples drive a network: declared here, and read as one value."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import Any

from ..spiking import SampleOptions, Stimulus
from ..spiking.encoding import ENCODINGS, RANDOM_ENCODINGS, Encoding
from ..spiking.stimulus import DEFAULT_NUM_STEPS
from .arguments import add_old_name, not_negative_float, positive_float, positive_int, seed
from .command import Options, UsageError, values_as_usage
from .data import Samples

STIMULUS = ("dt", "max_rate", "encoding", "seed")
"""Names in a namespace, None where an option is not given."""


def add_time(parser: Options, *, default_duration: float | None = None) -> None:
    """Add ``--num-steps`` and ``--duration`` in its place, None unless given.

    Args:
        parser: The command's.
        default_duration: Simulated time in s without either; None for as many steps as `simulate`.
    """
    by_steps = default_duration is None
    group = parser.add_mutually_exclusive_group()
    num_steps = group.add_argument(
        "--num-steps",
        type=positive_int,
        metavar="N",
        help=f"number of steps of --dt{f' (default: {DEFAULT_NUM_STEPS})' if by_steps else ''}",
    )
    add_old_name(group, "--steps", num_steps)
    group.add_argument(
        "--duration",
        type=positive_float,
        metavar="SECONDS",
        help="in place of --num-steps: simulated time"
        + ("" if by_steps else f" (default: {default_duration:g})"),
    )


def add_dt(parser: Options) -> None:
    """Add ``--dt``, the length of a step."""
    parser.add_argument(
        "--dt",
        type=positive_float,
        metavar="SECONDS",
        help="length of a step (default: 0.001)",
    )


def add_max_rate(
    parser: Options,
    *,
    kind: Callable[[str], Any] = not_negative_float,
    metavar: str = "HZ",
    of: str = "",
) -> None:
    """Add ``--max-rate``, the rate of full intensity.

    Args:
        parser: The command's.
        kind: Reads its value.
        metavar: What the help calls the value.
        of: More about it, for the help.
    """
    parser.add_argument(
        "--max-rate",
        type=kind,
        metavar=metavar,
        help=f"firing rate of an input of 1{of}; times --dt at most 1 (default: 1000)",
    )


def add_encoding(parser: Options) -> None:
    """Add ``--encoding``, what samples become."""
    parser.add_argument(
        "--encoding",
        choices=ENCODINGS,
        help="encode samples as Poisson spikes, evenly spaced spikes, or constant currents "
        "(default: what the network was converted for, else poisson)",
    )


def add_input_seed(parser: Options) -> None:
    """Add ``--seed``, the seed of Poisson spikes."""
    parser.add_argument(
        "--seed",
        type=seed,
        metavar="N",
        help="seed of the Poisson spikes of the input (default: 0)",
    )


def read_stimulus(
    options: argparse.Namespace,
    samples: Samples,
    *,
    max_rate: float | None = None,
    of_network: Encoding | None = None,
    beside: Sequence[Encoding | None] = (),
) -> Stimulus:
    """Return how the samples drive a network, as the options say.

    Args:
        options: Those of the functions above that the command has.
        samples: What drives it.
        max_rate: Rate in Hz in place of ``--max-rate``.
        of_network: Encoding that the network was made for, which stands without ``--encoding``.
        beside: Encodings of all networks that the options are for: a seed has an effect where one
            of them draws.

    Raises:
        UsageError: An option has no effect, or they do not go together.
    """
    rate = {} if max_rate is None else {"max_rate": max_rate}
    asked = {name: getattr(options, name, None) for name in STIMULUS} | rate
    given: dict[str, Any] = {name: value for name, value in asked.items() if value is not None}
    encoding = given.get("encoding", of_network or "poisson")
    if "seed" in given and encoding not in RANDOM_ENCODINGS:
        if all((each or "poisson") not in RANDOM_ENCODINGS for each in (encoding, *beside)):
            raise UsageError(f"--seed goes with --encoding poisson, not {encoding}")
        del given["seed"]
    with values_as_usage():
        stimulus = Stimulus.of(**given, scale=samples.scale, of_network=of_network)
        stimulus.check_rate()
    return stimulus.changed(sample_ids=samples.ids) if stimulus.is_random else stimulus


def read_num_steps(
    options: argparse.Namespace, stimulus: Stimulus, *, default_duration: float | None = None
) -> int:
    """Return the number of steps that the options of `add_time` ask for.

    Raises:
        UsageError: There is none, or there are more than can be simulated.
    """
    given = options.num_steps is not None or options.duration is not None
    with values_as_usage():
        if given or default_duration is None:
            steps = DEFAULT_NUM_STEPS if options.num_steps is None else options.num_steps
            return stimulus.num_steps(options.duration, steps)
        return stimulus.num_steps(default_duration)


def sample_options(stimulus: Stimulus) -> SampleOptions:
    """Return the keywords of functions that set rate and seed themselves."""
    return SampleOptions(dt=stimulus.dt, sample_ids=stimulus.sample_ids, scale=stimulus.scale)
