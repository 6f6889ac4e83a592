"""What parts of a job need to know of a network and its stimulus, whatever they compute."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import _core
from .._base.digests import sha256
from ..parallel.messages.shared import Shared
from .spiking_network import SpikingNetwork
from .stimulus import Stimulus


def shared_network(snn: SpikingNetwork) -> Shared:
    """Return a network as parts share it."""
    return Shared(f"network {sha256(_core.to_bytes(snn.core))}", lambda: snn)


def as_settings(stimulus: Stimulus) -> dict[str, Any]:
    """Return what parts need to know of a stimulus besides sample ids, ready for JSON."""
    options = dict(stimulus.options())
    options.pop("sample_ids", None)
    return options


def sample_ids(stimulus: Stimulus, num_samples: int) -> NDArray[np.uint64] | None:
    """Return the number of each sample for the generator, None where nothing is drawn."""
    if not stimulus.is_random:
        return None
    ids = stimulus.ids(num_samples)
    return np.arange(num_samples, dtype=np.uint64) if ids is None else ids


def part_stimulus(settings: dict[str, Any], ids: NDArray[np.uint64] | None) -> Stimulus:
    """Return the stimulus of a part's samples, of `as_settings` and their `sample_ids`."""
    return Stimulus.of(**settings, sample_ids=ids)
