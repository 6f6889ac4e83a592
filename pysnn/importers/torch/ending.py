"""What a module does last and its network does not, as it changes no prediction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..comparison import log_softmax, softmax
from ..refusal import RefusalError
from .names import operator_of, title_of

Numbers = NDArray[np.floating]


@dataclass(frozen=True)
class Ending:
    """A function of all outputs.

    Attributes:
        title: What people call it, with its article.
        meaning: What the outputs are without it.
        has_axis: Whether it is along an axis, which must be that of classes.
        function: The function, of outputs (num_samples, ...).
    """

    title: str
    meaning: str
    has_axis: bool
    function: Callable[[Numbers], Numbers]


def _logistic(outputs: Numbers) -> Numbers:
    result: Numbers = 1 / (1 + np.exp(-np.asarray(outputs, dtype=np.float64)))
    return result


def _argmax(outputs: Numbers) -> Numbers:
    found: Numbers = outputs.argmax(axis=1).astype(np.float64)
    return found


_LOGITS = "outputs are its logits"
_SOFTMAX = Ending("a softmax", _LOGITS, True, softmax)
_LOG_SOFTMAX = Ending("a log_softmax", _LOGITS, True, log_softmax)
_ENDINGS = {
    "softmax": _SOFTMAX,
    "_softmax": _SOFTMAX,
    "log_softmax": _LOG_SOFTMAX,
    "_log_softmax": _LOG_SOFTMAX,
    "sigmoid": Ending("a sigmoid", _LOGITS, False, _logistic),
    "argmax": Ending("an argmax", "classify gives the index of the largest output", True, _argmax),
}


def ending_of(node: Any, name: str) -> Ending | None:
    """Return what a node does if only the output reads it and it is one of these, else None.

    Args:
        node: The node.
        name: What it is called, for the refusal.

    Raises:
        RefusalError: It is along an axis that is not that of classes.
    """
    if node.op != "call_function" or any(user.op != "output" for user in node.users):
        return None
    ending = _ENDINGS.get(operator_of(node))
    if ending is None or not ending.has_axis:
        return ending
    axis = node.args[1] if len(node.args) > 1 else node.kwargs.get("dim")
    if axis is None or axis % len(node.args[0].meta["val"].shape) != 1:
        raise RefusalError(
            name,
            title_of(node),
            f"is along axis {axis} of the outputs, which is none of classes",
            "apply it along axis 1, or leave it out",
        )
    return ending
