"""Samples with labels, as every experiment gets them."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .._base.arrays import as_labels
from .._base.defaults import default
from ..spiking import SpikingNetwork, Stimulus
from ..spiking.settings import check_network

DEFAULT_DURATION: float = default(0.5)  # s


def labelled_samples(
    snn: SpikingNetwork, x: ArrayLike, y: ArrayLike, stimulus: Stimulus
) -> tuple[NDArray[np.float32], NDArray[np.int64], Stimulus]:
    """Check a network with samples and labels, before any of them is simulated.

    Args:
        snn: The spiking network.
        x: Samples, (num_samples, *input_shape) or flat.
        y: Integer labels, (num_samples,).
        stimulus: How the samples drive the network.

    Returns:
        The samples, scaled, (num_samples, *input_shape); the labels; and the stimulus of scaled
        samples.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: A value is out of its range, shapes do not fit, or there is no sample.
    """
    check_network(snn)
    samples = snn.input_range.samples(x, snn.input_shape, scale=stimulus.scale)
    if len(samples) == 0:
        raise ValueError("x has no samples, but an accuracy needs at least one")
    labels = as_labels(y, len(samples), snn.num_outputs)
    stimulus.ids(len(samples))
    stimulus.check_rate()
    return samples, labels, stimulus.changed(scale=None)
