"""The arguments of conversion that methods of finding scales read, checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .._base.arrays import as_samples, as_unit_samples
from .._base.numbers import as_bool, as_choice, as_finite_float, as_positive_int
from .._base.progress import check_progress
from .._base.system import as_num_threads
from ..network import Network
from .scales import (
    DEFAULT_NUM_STEPS,
    DEFAULT_NUM_UPDATES,
    DEFAULT_PERCENTILE,
    SCALE_METHODS,
    Method,
    Per,
    ScaleSettings,
    Variant,
    no_shift,
)

MOST_STEPS = 2**16
"""Most steps that scales are looked for."""


def scale_settings(
    network: Network,
    *,
    method: Method,
    x: ArrayLike | None,
    variant: Variant,
    include_last: bool,
    scale: float | None,
    batch_size: int,
    num_threads: int | None,
    progress: bool | None,
    per: Per | None = None,
    percentile: float | None = None,
    num_steps: int | None = None,
    num_updates: int | None = None,
    shift: Callable[[str], float] = no_shift,
    unit_range: bool = True,
    needed_by: str | None = None,
) -> ScaleSettings:
    """Return the arguments of `normalize` and `convert` that methods read, checked.

    Args:
        network: The network.
        method: As for `normalize`, as are the others.
        x: Samples.
        variant: Way from scales to factors.
        include_last: Whether the last layer is scaled.
        scale: Factor for ``x``.
        batch_size: Samples at a time.
        num_threads: Threads.
        progress: Whether a bar is shown.
        per: What has a scale; None: what the method was published for.
        percentile: Percentage of values that a scale covers; None: 99.9.
        num_steps: Steps that scales are meant for; None: 32.
        num_updates: Batches that balance the scales; None: 400.
        shift: Initial potential in thresholds, by name of a population.
        unit_range: Whether samples must be in [0, 1].
        needed_by: What needs samples beside the method, or None.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: A value is out of its range, or an argument has no effect.
    """
    as_choice(method, "method", get_args(Method))
    as_choice(variant, "variant", get_args(Variant))
    as_bool(include_last, "include_last")
    given = {
        "x": None if x is None or needed_by else "given",
        "variant": None if variant == "correct" else repr(variant),
        "include_last": None if include_last else "False",
        "per": None if per is None else repr(as_choice(per, "per", get_args(Per))),
        "percentile": None if percentile is None else str(as_percentile(percentile)),
        "num_updates": None
        if num_updates is None
        else str(as_positive_int(num_updates, "num_updates")),
    }
    _check_effect(method, given)
    reads, optional = SCALE_METHODS[method].reads, SCALE_METHODS[method].optional
    if "num_steps" in reads and num_steps is not None and num_steps > MOST_STEPS:
        raise ValueError(
            f"num_steps is {num_steps}, but scales are for at most {MOST_STEPS} steps: those for "
            f"more hardly differ"
        )
    if scale is not None and x is None:
        raise ValueError(f"scale is {scale}, but it is for x, which is not given")
    check_progress(progress)
    reader = needed_by
    if "x" in reads and (x is not None or "x" not in optional):
        reader = f"method {method!r}"
    return ScaleSettings(
        x=_checked_samples(network, reader, x, scale, unit_range) if reader else None,
        variant=variant,
        include_last=include_last,
        batch_size=as_positive_int(batch_size, "batch_size"),
        num_threads=as_num_threads(num_threads),
        progress=progress,
        per=SCALE_METHODS[method].per if per is None else per,
        percentile=DEFAULT_PERCENTILE if percentile is None else float(percentile),
        num_steps=DEFAULT_NUM_STEPS if num_steps is None else int(num_steps),
        num_updates=DEFAULT_NUM_UPDATES if num_updates is None else int(num_updates),
        shift=shift,
    )


def as_percentile(value: float) -> float:
    """Return a percentage.

    Raises:
        TypeError: It is not a number.
        ValueError: It is outside (0, 100].
    """
    number = as_finite_float(value, "percentile")
    if not 0 < number <= 100:
        raise ValueError(f"percentile is {value}, but must be in (0, 100]")
    return number


def _check_effect(method: Method, given: Mapping[str, str | None]) -> None:
    """Raise a ValueError that names an argument which the method does not read."""
    for name, text in given.items():
        if text is not None and name not in SCALE_METHODS[method].reads:
            readers = [repr(each) for each, found in SCALE_METHODS.items() if name in found.reads]
            raise ValueError(
                f"{name} is {text}, which goes with method {' or '.join(readers)}, not {method!r}"
            )


def _checked_samples(
    network: Network, reader: str, x: ArrayLike | None, scale: float | None, unit_range: bool
) -> NDArray[np.float32]:
    if x is None:
        raise ValueError(f"x is None, but {reader} needs samples, such as the training set")
    as_checked = as_unit_samples if unit_range else as_samples
    samples = as_checked(x, network.input_shape, scale=scale)
    if len(samples) == 0:
        raise ValueError(f"x has no samples, but {reader} needs at least one")
    return samples
