"""How the two networks of the paper are trained here.

Every setting was chosen by the accuracy on the last 5,000 training images, which no training
saw; the test images had no part in it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from numpy.typing import ArrayLike

from .. import models
from ..network import Network
from .descent_settings import DESCENTS, FOR_LEVELS
from .losses import LossName
from .training import History, train


@dataclass(frozen=True)
class Recipe:
    """A network and the settings of its training.

    The learning rate falls linearly over the epochs, from ``learning_rate`` in the first to
    ``learning_rate / epochs`` in the last.

    Attributes:
        builder: Gives the untrained network for a seed.
        epochs: Passes over the training images.
        quick_epochs: The same for `quick`.
        batch_size: Images per update.
        learning_rate: Learning rate of the first epoch.
        momentum: Fraction of the last update that is kept.
        dropout: Fraction of units or maps silenced in each hidden weighted layer; a number means
            the same for all of them.
        loss: Name of the loss, as for `pysnn.train`.
        levels: Steps of the activations, as for `pysnn.models.quantized`; None for plain ReLUs.
    """

    builder: Callable[[int], Network]
    epochs: int
    quick_epochs: int
    batch_size: int
    learning_rate: float
    momentum: float
    dropout: float | tuple[float, ...]
    loss: LossName = "half_squared_error"
    levels: int | None = None

    @classmethod
    def of(cls, builder: Callable[[int], Network], name: str, *, quick_epochs: int) -> Recipe:
        """Return a network with the settings of a name in `pysnn.training.DESCENTS`.

        Args:
            builder: Gives the untrained network for a seed.
            name: Name of settings whose learning rate falls linearly.
            quick_epochs: Epochs of `quick`.
        """
        settings = DESCENTS[name]
        return cls(
            builder=builder,
            epochs=settings.epochs,
            quick_epochs=quick_epochs,
            batch_size=settings.batch_size,
            learning_rate=settings.learning_rate,
            momentum=settings.momentum,
            dropout=settings.dropout,
            loss=settings.loss,
        )

    def quick(self) -> Recipe:
        """Return the same recipe with fewer epochs."""
        return replace(self, epochs=self.quick_epochs)

    def quantized(self, levels: int) -> Recipe:
        """Return the recipe of the same network with activations in steps (QCFS).

        Args:
            levels: Number of steps.
        """
        return replace(self, levels=levels, **FOR_LEVELS)

    def build(self, seed: int = 0) -> Network:
        """Return the untrained network.

        Args:
            seed: Seed of the initial weights.
        """
        network = self.builder(seed)
        return network if self.levels is None else models.quantized(network, self.levels)

    def train(
        self,
        network: Network,
        x: ArrayLike,
        y: ArrayLike,
        *,
        validation_split: int | float = 5000,
        seed: int = 0,
        progress: bool | None = None,
    ) -> History:
        """Train a network in place with these settings.

        Args:
            network: What `build` returned.
            x: Training images, the held-out ones at the end included.
            y: Their labels.
            validation_split: Samples to hold out, as for `pysnn.train`.
            seed: Seed of the order of images and of dropout.
            progress: True shows a progress bar, False none, None one on a terminal.

        Returns:
            Loss, accuracies, learning rate and time of each epoch.
        """
        return train(
            network,
            x,
            y,
            epochs=self.epochs,
            batch_size=self.batch_size,
            learning_rate=lambda epoch: self.learning_rate * (1 - epoch / self.epochs),
            momentum=self.momentum,
            dropout=self.dropout,
            loss=self.loss,
            max_gradient_norm=math.inf,
            validation_split=validation_split,
            seed=seed,
            progress=progress,
        )

    def to_dict(self) -> dict[str, Any]:
        """Return what decides the trained weights, besides seed and data, ready for JSON."""
        kept = {
            "network": getattr(self.builder, "__name__", type(self.builder).__name__),
            "epochs": self.epochs,
            "batch_size": self.batch_size,
            "learning_rate": self.learning_rate,
            "learning_rate_schedule": "linear to 0",
            "momentum": self.momentum,
            "dropout": self.dropout
            if isinstance(self.dropout, int | float)
            else list(self.dropout),
            "loss": self.loss,
        }
        # Records of networks without levels stay as they were.
        return kept if self.levels is None else {**kept, "levels": self.levels}


# docs/training.md compares these recipes with the paper's own and says why they differ.
FCN_RECIPE = Recipe.of(models.diehl2015_fcn, "diehl2015_fcn", quick_epochs=3)
CONVNET_RECIPE = Recipe.of(models.diehl2015_convnet, "diehl2015_convnet", quick_epochs=2)
