"""Whether results can be put side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .result import SimulationResult


def check_joinable(parts: Sequence[SimulationResult], kind: type[SimulationResult]) -> None:
    """Raise unless parts are results that differ in their samples alone.

    Args:
        parts: What came.
        kind: The class of results.

    Raises:
        TypeError: They are no sequence, or hold something else than results.
        ValueError: There is none, or two of them differ in more than their samples.
    """
    if not isinstance(parts, Sequence):
        raise TypeError(f"parts is a {type(parts).__name__}, but must be a sequence of results")
    if not parts:
        raise ValueError("parts is empty, but must have at least one result")
    for i, part in enumerate(parts):
        if not isinstance(part, kind):
            raise TypeError(f"parts[{i}] is a {type(part).__name__}, but must be a {kind.__name__}")
        for name, mine, others in (
            ("first_step", part.first_step, parts[0].first_step),
            ("num_steps", part.num_steps, parts[0].num_steps),
            ("dt", part.dt, parts[0].dt),
            ("output_scale", part.output_scale, parts[0].output_scale),
            ("populations", part._populations, parts[0]._populations),
            ("record", part._recorded, parts[0]._recorded),
            ("has_trains", part.has_trains, parts[0].has_trains),
            ("labels", part._num_correct is not None, parts[0]._num_correct is not None),
        ):
            if mine != others:
                raise ValueError(
                    f"parts[{i}] has {name} {mine}, but must have that of parts[0], {others}"
                )
