"""Settings of gradient descent by name: what `train` takes where its caller says nothing."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from .losses import LossName

Schedule = Literal["linear", "constant"]
SCHEDULES: tuple[Schedule, ...] = ("linear", "constant")


@dataclass(frozen=True)
class DescentSettings:
    """Settings of stochastic gradient descent with momentum.

    Attributes:
        epochs: Passes over the training samples.
        batch_size: Samples per update.
        learning_rate: Learning rate of the first epoch.
        schedule: ``"linear"``: the rate falls to ``learning_rate / epochs`` in the last epoch, by
            the same amount after each; ``"constant"``: it stays.
        momentum: Fraction of the last update that is kept.
        dropout: Fraction of units or maps silenced in each hidden weighted layer; a number means
            the same for all of them.
        loss: Name of the loss, as for `pysnn.train`.
        max_gradient_norm: Gradients are scaled down to this Euclidean norm, all of them together
            (Pascanu et al., ICML 2013); infinity leaves them.
    """

    epochs: int
    batch_size: int
    learning_rate: float
    schedule: Schedule
    momentum: float
    dropout: float | tuple[float, ...]
    loss: LossName
    max_gradient_norm: float = math.inf

    def rates(self) -> list[float]:
        """Return the learning rate of each epoch."""
        if self.schedule == "constant":
            return [self.learning_rate] * self.epochs
        return [self.learning_rate * (1 - epoch / self.epochs) for epoch in range(self.epochs)]

    def arguments(self) -> dict[str, Any]:
        """Return the keywords of `pysnn.train` that stand for these settings."""
        kept = {name: value for name, value in vars(self).items() if name != "schedule"}
        return kept | {"learning_rate": self.rates()}

    def overridden(self, **given: Any) -> DescentSettings:
        """Return it with every setting replaced that is not None."""
        return replace(self, **{name: value for name, value in given.items() if value is not None})


# docs/training.md shows what each of them reaches, and how the default was chosen.
DESCENTS: Mapping[str, DescentSettings] = {
    "default": DescentSettings(
        epochs=15,
        batch_size=100,
        learning_rate=0.1,
        schedule="linear",
        momentum=0.9,
        dropout=0.0,
        loss="softmax_cross_entropy",
        max_gradient_norm=1.0,
    ),
    "diehl2015": DescentSettings(
        epochs=15,
        batch_size=100,
        learning_rate=1.0,
        schedule="constant",
        momentum=0.5,
        dropout=0.5,
        loss="half_squared_error",
    ),
    "diehl2015_fcn": DescentSettings(
        epochs=20,
        batch_size=100,
        learning_rate=1.0,
        schedule="linear",
        momentum=0.5,
        dropout=(0.3, 0.5),
        loss="half_squared_error",
    ),
    "diehl2015_convnet": DescentSettings(
        epochs=12,
        batch_size=50,
        learning_rate=0.5,
        schedule="linear",
        momentum=0.0,
        dropout=0.0,
        loss="half_squared_error",
    ),
}
DEFAULT_DESCENT = "default"

FOR_LEVELS: dict[str, Any] = {
    "learning_rate": 0.05,
    "momentum": 0.9,
    "loss": "softmax_cross_entropy",
}
"""What networks with activations in steps (QCFS) are trained with, whatever else is chosen."""
