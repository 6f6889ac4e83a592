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
from .descent_settings import DESCENTS, FOR_LEVELS, DescentSettings, Schedule
from .training import History, train

_SCHEDULE_WORDS: dict[Schedule, str] = {"linear": "linear to 0", "constant": "constant"}


@dataclass(frozen=True)
class Recipe:
    """A network and the settings of its training.

    Attributes:
        builder: Gives the untrained network for a seed.
        descent: How it is trained.
        quick_epochs: Epochs of `quick`.
        levels: Steps of the activations, as for `pysnn.models.quantized`; None for plain ReLUs.
    """

    builder: Callable[[int], Network]
    descent: DescentSettings
    quick_epochs: int
    levels: int | None = None

    def changed(self, **settings: Any) -> Recipe:
        """Return the recipe with other settings of its training, by their names."""
        return replace(self, descent=replace(self.descent, **settings))

    def quick(self) -> Recipe:
        """Return the same recipe with fewer epochs."""
        return self.changed(epochs=self.quick_epochs)

    def quantized(self, levels: int) -> Recipe:
        """Return the recipe of the same network with activations in steps (QCFS).

        Args:
            levels: Number of steps.
        """
        return replace(self.changed(**FOR_LEVELS), levels=levels)

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
            **self.descent.arguments(),
            validation_split=validation_split,
            seed=seed,
            progress=progress,
        )

    def to_dict(self) -> dict[str, Any]:
        """Return what decides the trained weights, besides seed and data, ready for JSON."""
        descent = self.descent
        kept: dict[str, Any] = {
            "network": getattr(self.builder, "__name__", type(self.builder).__name__),
            "epochs": descent.epochs,
            "batch_size": descent.batch_size,
            "learning_rate": descent.learning_rate,
            "learning_rate_schedule": _SCHEDULE_WORDS[descent.schedule],
            "momentum": descent.momentum,
            "dropout": descent.dropout
            if isinstance(descent.dropout, int | float)
            else list(descent.dropout),
            "loss": descent.loss,
        }
        # Records of networks without these stay as they were.
        if math.isfinite(descent.max_gradient_norm):
            kept["max_gradient_norm"] = descent.max_gradient_norm
        return kept if self.levels is None else {**kept, "levels": self.levels}


# docs/training.md compares these recipes with the paper's own and says why they differ.
FCN_RECIPE = Recipe(models.diehl2015_fcn, DESCENTS["diehl2015_fcn"], quick_epochs=3)
CONVNET_RECIPE = Recipe(models.diehl2015_convnet, DESCENTS["diehl2015_convnet"], quick_epochs=2)
