"""The notation that Diehl et al. (2015) write networks in."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..nodes import Shape

_INPUT = re.compile(r"(?:(?:(\d+)x)?(\d+)x)?(\d+)", re.ASCII)
_LAYER = re.compile(
    r"(?P<channels>\d+)c(?P<kernel>\d+)(?:p(?P<padding>\d+))?|(?P<pool>\d+)s|(?P<units>\d+)o?",
    re.ASCII,
)


@dataclass(frozen=True)
class Convolution:
    """``12c5``: output channels and size of a square kernel; ``12c5p2``: padding too."""

    channels: int
    kernel_size: int
    padding: int


@dataclass(frozen=True)
class Pool:
    """``2s``: average pooling over squares of this size."""

    size: int


@dataclass(frozen=True)
class Units:
    """``1200`` or ``10o``: a fully connected layer."""

    count: int


def parse_notation(notation: str) -> tuple[Shape, list[Convolution | Pool | Units]]:
    """Return the input shape and the layers of a network such as ``28x28-12c5-2s-64c5-2s-10o``.

    Raises:
        ValueError: A part is none of those that the notation has, or there is but one.
    """
    first, *rest = notation.split("-")
    match = _INPUT.fullmatch(first)
    if match is None or not rest:
        raise ValueError(
            f"notation is {notation!r}, but must be an input and layers such as "
            f"'784-1200-1200-10' or '28x28-12c5-2s-64c5-2s-10o'"
        )
    channels, height, width = match.groups()
    shape = (int(channels or 1), int(height), int(width)) if height else (int(width),)
    return shape, [_parse_layer(part, notation) for part in rest]


def _parse_layer(part: str, notation: str) -> Convolution | Pool | Units:
    match = _LAYER.fullmatch(part)
    if match is None:
        raise ValueError(
            f"notation is {notation!r}, whose part {part!r} is no layer: expected a convolution "
            f"such as '12c5' or '12c5p2', a pool such as '2s', or a number of units"
        )
    if match["channels"]:
        return Convolution(int(match["channels"]), int(match["kernel"]), int(match["padding"] or 0))
    return Pool(int(match["pool"])) if match["pool"] else Units(int(match["units"]))
