"""Whether a training has made anything of its network."""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import NDArray

from ..network import Network

_MOST_SAMPLES = 2000  # enough to tell a guess from an answer
_FEWEST_SAMPLES = 500  # below, a few epochs may not tell
_ABOVE_CHANCE = 0.1  # of the way from guessing to all right


class TrainingWarning(UserWarning):
    """A trained network is hardly better than a guess; the text says what to change."""


def warn_if_near_chance(
    network: Network, samples: NDArray[np.float32], labels: NDArray[np.int64], rate: float
) -> None:
    """Warn where a network gives one answer to all training samples, or hardly more right ones.

    Args:
        network: What was trained.
        samples: What it was trained on, (num_samples, *input_shape).
        labels: Their classes, (num_samples,).
        rate: Learning rate of the first epoch, for the text.
    """
    samples, labels = samples[:_MOST_SAMPLES], labels[:_MOST_SAMPLES]
    chance = float(np.bincount(labels).max() / len(labels))
    if chance == 1:
        return
    outputs = network.predict(samples)
    classes = outputs.argmax(axis=1)
    accuracy = float(np.mean(classes == labels))
    if not outputs.any():
        what = f"every output is 0 for all of {len(labels):,} training samples"
    elif len(labels) < _FEWEST_SAMPLES:
        return
    elif (classes == classes[0]).all():
        what = f"the network answers {classes[0]} to all of {len(labels):,} training samples"
    elif accuracy < chance + _ABOVE_CHANCE * (1 - chance):
        what = (
            f"{accuracy:.1%} of {len(labels):,} training samples are right, where the most "
            f"frequent class alone is {chance:.1%} of them"
        )
    else:
        return
    warnings.warn(f"training failed: {what}; {remedy(rate)}", TrainingWarning, stacklevel=3)


def remedy(rate: float) -> str:
    """Return what to do about a training that failed at a learning rate."""
    return (
        f"train a new network by recipe='default', or with another learning_rate than {rate:g} "
        f"(a smaller one where the loss rises, a larger one or more epochs where it hardly falls)"
    )
