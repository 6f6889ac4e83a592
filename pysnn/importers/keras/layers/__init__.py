"""What each kind of layer of Keras becomes."""

from __future__ import annotations

from collections.abc import Callable

from ...building import Step, Value
from . import activations, merging, pools, views, weighted
from .arguments import Arguments

HANDLERS: dict[str, Callable[[Step, Arguments], Value]] = {
    **weighted.HANDLERS,
    **activations.HANDLERS,
    **pools.HANDLERS,
    **views.HANDLERS,
    **merging.HANDLERS,
}
