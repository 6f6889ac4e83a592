"""Checks of nodes that have a number for every channel."""

from __future__ import annotations

from .node import Shape


def check_channels(input_shape: Shape, channels: int) -> None:
    """Raise a ValueError unless an input has as many channels, or elements where it is a vector."""
    if input_shape[0] != channels:
        what = "channels" if len(input_shape) == 3 else "elements"
        raise ValueError(f"the input has {input_shape[0]} {what}, but the node has {channels}")
