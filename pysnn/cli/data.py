"""Options that name samples and labels, and reading what they name."""

from __future__ import annotations

import argparse
import math
import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .._base.arrays import as_labels
from .arrays import has_labels, read_array, shown
from .command import Options, UsageError


@dataclass(frozen=True, eq=False)
class Samples:
    """Samples as a source has them, checked for their type.

    Attributes:
        x: Samples, (num_samples, ...): floats, or integers where ``scale`` is given.
        y: Labels, (num_samples,), or one-hot rows, or None.
        scale: Factor for the numbers of ``x``, for the functions of pysnn; None for none.
        ids: Row numbers of the samples in their source, (num_samples,).
    """

    x: NDArray[Any]
    y: NDArray[Any] | None
    scale: float | None
    ids: NDArray[np.uint64]


def add_data(
    parser: Options, what: str, *, default: str | None = None, labels: bool = True
) -> None:
    """Add ``--data``, ``--labels``, ``--scale`` and ``--samples``.

    Args:
        parser: The command's.
        what: What the samples are for, as the end of a sentence.
        default: The source unless ``--data`` is given; None for none.
        labels: Whether the command reads labels.
    """
    ending = f" (default: {default})" if default else ""
    parser.add_argument(
        "--data",
        metavar="SOURCE",
        default=default,
        help=f"{what}: mnist:train, mnist:test, a .npy file, a .npz file (its array 'x', or "
        f"another one by FILE.npz:NAME), or an IDX file such as MNIST's{ending}",
    )
    if labels:
        parser.add_argument(
            "--labels",
            metavar="SOURCE",
            help="class of each sample, likewise (default: those of mnist:..., or the array 'y' of "
            "the .npz file)",
        )
    parser.add_argument(
        "--scale",
        type=_scale,
        metavar="FACTOR",
        help="factor for the numbers of the samples, such as 1/255; needed for integer images",
    )
    parser.add_argument(
        "--samples",
        type=samples_range,
        metavar="[FIRST:]END",
        help="the first END samples, or those from FIRST (counted from 0) to below END",
    )


def read_samples(
    options: argparse.Namespace, range_option: str = "--samples", *, may_map: bool = False
) -> Samples:
    """Read what the options of `add_data` name.

    Args:
        options: Those options.
        range_option: What messages call the option that names a part of them.
        may_map: Whether the samples of a ``.npy`` file may be a memory map.

    Raises:
        UsageError: Options contradict each other or the data.
        ValueError: A file is damaged or does not fit.
        OSError: A file can't be read.
    """
    source: str = options.data
    labels: str | None = getattr(options, "labels", None)
    x = read_array(source, "x", may_map=may_map)
    name = shown(source, "x")
    if x.dtype.kind not in "iufb":
        raise ValueError(f"{name} has dtype {x.dtype}, but must hold real numbers")
    if x.ndim < 2:
        raise ValueError(f"{name} has shape {x.shape}, but must be (num_samples, ...)")
    if x.dtype.kind in "iub" and options.scale is None:
        raise UsageError(
            f"{name} has dtype {x.dtype}, so --scale must be given, such as --scale 1/255 for "
            f"8-bit images"
        )
    if hasattr(options, "labels") and labels is None and has_labels(source):
        labels = source
    y = None if labels is None else read_labels(labels, len(x))
    start, stop = options.samples or (0, len(x))
    if stop > len(x):
        raise UsageError(f"{range_option} ends at {stop}, but {name} has {len(x)} samples")
    part = slice(start, stop)
    ids = np.arange(start, stop, dtype=np.uint64)
    return Samples(x[part], None if y is None else y[part], options.scale, ids)


def read_labels(source: str, num_samples: int) -> NDArray[Any]:
    """Read the class of each of ``num_samples`` samples, integers or one-hot rows.

    Raises:
        UsageError: There is no such packaged data set.
        ValueError: The file is damaged, or does not hold so many classes.
        OSError: It can't be read.
    """
    y = read_array(source, "y")
    name = shown(source, "y")
    if y.ndim == 2 and y.dtype.kind in "biuf":
        # How many classes there are, only the network tells.
        as_labels(y, num_samples, None, name=name)
        return y
    if y.dtype.kind not in "iu":
        raise ValueError(
            f"{name} has dtype {y.dtype}, but must hold integer class labels, or one-hot rows"
        )
    if y.shape != (num_samples,):
        raise ValueError(f"{name} has shape {y.shape}, but must be ({num_samples},)")
    return y


def _scale(text: str) -> float:
    numbers = text.split("/")
    try:
        value = float(numbers[0]) / (float(numbers[1]) if len(numbers) == 2 else 1)
    except (ValueError, ZeroDivisionError):
        value = math.nan
    if len(numbers) > 2 or not 0 < value < math.inf:
        raise argparse.ArgumentTypeError(
            f"is {text!r}, but must be a number above 0 or a fraction such as 1/255"
        )
    return value


def samples_range(text: str) -> tuple[int, int]:
    """Return the first of some samples and the one behind the last."""
    match = re.fullmatch(r"(?:(\d+):)?(\d+)", text, re.ASCII)
    if match is None or int(match[1] or 0) >= int(match[2]):
        raise argparse.ArgumentTypeError(
            f"is {text!r}, but must be END or FIRST:END, with FIRST below END"
        )
    return int(match[1] or 0), int(match[2])
