"""Options that several commands share, and the types of their values."""

from __future__ import annotations

import argparse
import math
from typing import TYPE_CHECKING, Any

from .command import Options, UsageError
from .output import say

if TYPE_CHECKING:
    from ..spiking import SpikingNetwork


def add_threads(parser: Options) -> None:
    """Add ``--num-threads``: the number of threads of the core, None for the default."""
    option = parser.add_argument(
        "--num-threads",
        type=positive_int,
        default=None,
        metavar="N",
        help="threads of the core (default: what OpenMP would use); results do not depend on it",
    )
    add_old_name(parser, "--threads", option)


def add_seed(parser: Options, what: str) -> None:
    """Add ``--seed``, the seed of ``what``."""
    parser.add_argument(
        "--seed",
        type=seed,
        default=0,
        metavar="N",
        help=f"seed of {what} (default: 0)",
    )


def add_json(parser: Options, instead_of: str) -> None:
    """Add ``--json``: print JSON instead of what a person reads."""
    parser.add_argument("--json", action="store_true", help=f"print JSON instead of {instead_of}")


def add_old_name(parser: Options, old: str, new: argparse.Action) -> None:
    """Let an option be given under its name of version 0.1, too, which the help does not show.

    Args:
        parser: What the option belongs to.
        old: The old name, such as ``--steps``.
        new: The option, as ``add_argument`` returned it.
    """
    parser.add_argument(
        old,
        action=_Renamed,
        new=new,
        dest=new.dest,
        type=new.type or str,
        metavar=new.metavar,
        default=argparse.SUPPRESS,
        help=argparse.SUPPRESS,
    )


class _Renamed(argparse.Action):
    """Does what another option does, and says its name."""

    def __init__(self, *arguments: Any, new: argparse.Action, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._new = new

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option_string: str | None = None,
    ) -> None:
        name = self._new.option_strings[0]
        say(f"pysnn: warning: {option_string} is now {name}; the old name goes in version 0.3")
        self._new(parser, namespace, values, name)


def positive_int(text: str) -> int:
    """Return an int of at least 1."""
    number = _int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"is {text}, but must be at least 1")
    return number


def not_negative_int(text: str) -> int:
    """Return an int of at least 0."""
    number = _int(text)
    if number < 0:
        raise argparse.ArgumentTypeError(f"is {text}, but must be at least 0")
    return number


def positive_float(text: str) -> float:
    """Return a finite number above 0."""
    number = finite_float(text)
    if number <= 0:
        raise argparse.ArgumentTypeError(f"is {text}, but must be above 0")
    return number


def margin(text: str) -> float:
    """Return a number above 0: an int where it is written as one."""
    number = positive_float(text)
    return int(text) if text.strip().lstrip("+").isdigit() else number


def check_margins(snn: SpikingNetwork, option: str, *margins: float) -> None:
    """Raise a UsageError where a margin of output spikes is no whole number."""
    if snn.populations[-1].neuron == "readout":
        return
    for each in margins:
        if not isinstance(each, int):
            raise UsageError(
                f"{option} is {each}, but must be a whole number of output spikes: the output is "
                f"no readout"
            )


def not_negative_float(text: str) -> float:
    """Return a finite number of at least 0."""
    number = finite_float(text)
    if number < 0:
        raise argparse.ArgumentTypeError(f"is {text}, but must be at least 0")
    return number


def fraction(text: str) -> float:
    """Return a number in [0, 1), the 1 excluded."""
    number = finite_float(text)
    if not 0 <= number < 1:
        raise argparse.ArgumentTypeError(f"is {text}, but must be in [0, 1)")
    return number


def fraction_or_one(text: str) -> float:
    """Return a number in [0, 1]."""
    number = finite_float(text)
    if not 0 <= number <= 1:
        raise argparse.ArgumentTypeError(f"is {text}, but must be in [0, 1]")
    return number


def finite_float(text: str) -> float:
    """Return a finite number."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise argparse.ArgumentTypeError(f"is {text!r}, but must be a number")
    return number


def seed(text: str) -> int:
    """Return an int in [0, 2^64)."""
    number = _int(text)
    if not 0 <= number < 1 << 64:
        raise argparse.ArgumentTypeError(f"is {text}, but must be in [0, 2^64)")
    return number


def _int(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"is {text!r}, but must be a whole number") from None
