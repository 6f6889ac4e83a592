"""A digest of everything that a simulation gave, to compare it across threads and processes."""

from __future__ import annotations

import hashlib

import numpy as np

import pysnn


def fingerprint(result: pysnn.SimulationResult) -> str:
    """Return a digest of everything that a result holds."""
    digest = hashlib.sha256()
    for array in (
        result.output_spikes,
        result.num_input_spikes,
        result.num_spikes,
        result.synaptic_operations,
        *(
            record[name]
            for record in (result.spikes, result.potentials, result.counts)
            for name in sorted(record)
        ),
    ):
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()
