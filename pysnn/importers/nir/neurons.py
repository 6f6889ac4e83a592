"""Neurons of NIR in the terms of this package."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...nodes import Shape
from ...spiking import Reset
from ..refusal import RefusalError
from .maps import Doubles, as_doubles

NEURONS = ("IF", "LIF", "Threshold")

# The least leak: what it leaves of a potential is less than any current, so that neurons have no
# memory.
_NO_MEMORY = float(np.finfo(np.float32).smallest_subnormal)


@dataclass(frozen=True, eq=False)
class Rule:
    """What neurons do; arrays have the neurons' shape.

    Attributes:
        threshold: They fire above.
        factor: What their input is multiplied by.
        bias: What they add in each step, beside their input.
        leak: What a step leaves of their potential; None where all of it is left.
        reset: What a spike does to it.
    """

    threshold: Doubles
    factor: Doubles
    bias: Doubles
    leak: Doubles | None
    reset: Reset


def rule_of(name: str, node: Any, shape: Shape, reset: Reset, dt: float | None) -> Rule:
    """Return what the neurons of a node do.

    Args:
        name: Name of the node.
        node: One of `NEURONS`.
        shape: Shape of what it reads.
        reset: What spikes do, by the caller.
        dt: Time of a step in s, or None.

    Raises:
        RefusalError: A parameter does not fit, or is none that can be kept.
    """
    kind = type(node).__name__
    nothing = np.zeros(shape)
    if kind == "Threshold":
        threshold = _per_neuron(name, node, "threshold", shape)
        return Rule(threshold, np.ones(shape), nothing, np.full(shape, _NO_MEMORY), "zero")
    threshold = _per_neuron(name, node, "v_threshold", shape)
    factor = _per_neuron(name, node, "r", shape)
    if _per_neuron(name, node, "v_reset", shape).any():
        raise RefusalError(name, kind, "has v_reset other than 0", "shift its potentials to 0")
    if kind == "IF":
        return Rule(threshold, factor, nothing, None, reset)
    share = _step_share(name, node, shape, dt)
    bias = share * _per_neuron(name, node, "v_leak", shape)
    return Rule(threshold, factor * share, bias, np.maximum(1 - share, _NO_MEMORY), reset)


def _step_share(name: str, node: Any, shape: Shape, dt: float | None) -> Doubles:
    """Return dt / tau, at most 1."""
    if dt is None:
        raise RefusalError(name, "LIF", "has time constants in s, but dt is not given", "give dt=")
    tau = _per_neuron(name, node, "tau", shape)
    # A time constant of one step may have been rounded to float32.
    tau = np.where(np.isclose(tau, dt, rtol=2**-22, atol=0), dt, tau)
    if not (tau >= dt).all():
        raise RefusalError(
            name,
            "LIF",
            f"has a time constant of {tau.min():g} s, below dt, {dt:g} s",
            "give a smaller dt=",
        )
    share: Doubles = dt / tau
    return share


def _per_neuron(name: str, node: Any, field: str, shape: Shape) -> Doubles:
    kind = type(node).__name__
    try:
        found = as_doubles(getattr(node, field))
    except ValueError as error:
        raise RefusalError(name, kind, f"has {field} whose {error}", "check the file") from None
    if not np.isfinite(found).all():
        raise RefusalError(name, kind, f"has {field} that is not finite", "check the file")
    if found.size == 1:
        return np.full(shape, float(found.ravel()[0]))
    if found.size != math.prod(shape):
        raise RefusalError(
            name,
            kind,
            f"has {field} of shape {found.shape} for neurons of shape {shape}",
            "check the file",
        )
    return found.reshape(shape)
