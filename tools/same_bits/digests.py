"""Digests of what simulations give and of what files hold."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

import pysnn

Digests = dict[str, str]

_DIGITS = 12  # hexadecimal, of a digest
_CHARGES = (
    "threshold",
    "input_charge",
    "dropped_charge",
    "excess_charge",
    "lost_charge",
    "rounding_charge",
    "initial_potential",
    "final_potential",
    "spike_counts",
    "multi_spike_steps",
)


def of_bytes(data: bytes) -> str:
    """Return the digest of a file."""
    return hashlib.sha256(data).hexdigest()[:_DIGITS]


def of_arrays(*arrays: NDArray[Any]) -> str:
    """Return the digest of shapes and values.

    Floats count with their type and every bit, integers and bools by their values.
    """
    digest = hashlib.sha256()
    for array in arrays:
        if array.dtype == np.bool_:
            data = np.packbits(array)
        elif array.dtype.kind in "iu":
            data = array.astype("<i8")
        else:
            data = array.astype(array.dtype.newbyteorder("<"))
            digest.update(array.dtype.name.encode())
        digest.update(repr(array.shape).encode())
        digest.update(np.ascontiguousarray(data).tobytes())
    return digest.hexdigest()[:_DIGITS]


def of_result(result: pysnn.SimulationResult) -> Digests:
    """Return the digests of everything that a result has."""
    digests = {
        "output": of_arrays(
            result.output_spikes,
            result.spike_counts,
            result.predictions,
            result.predictions_over_time,
            result.first_spike_step,
        ),
        "stopped_step": of_arrays(result.stopped_step),
        "spikes": of_arrays(*numbers_of_spikes(result)),
        "synaptic_operations": of_arrays(result.synaptic_operations),
    }
    is_old = not hasattr(result, "num_spikes")
    for what in ("spikes", "potentials", "counts"):
        recorded = getattr(result, "spike_trains" if is_old and what == "spikes" else what)
        if recorded:
            digests["spike_trains" if what == "spikes" else what] = of_arrays(
                *(recorded[name] for name in sorted(recorded))
            )
    if result.balance:
        digests["balance"] = of_arrays(
            *(
                np.asarray(getattr(result.balance[name], charge))
                for name in sorted(result.balance)
                for charge in _CHARGES
            )
        )
    return digests


def numbers_of_spikes(result: pysnn.SimulationResult) -> tuple[NDArray[np.int64], ...]:
    """Return the spikes of the inputs and of the populations, under whatever names a build has."""
    if hasattr(result, "num_spikes"):
        return result.num_input_spikes, result.num_spikes
    return result.input_spikes, np.asarray(result.spikes)


def of_network(snn: pysnn.SpikingNetwork) -> Digests:
    """Return the digests of the file and of what the populations say of themselves."""
    arrays: list[NDArray[Any]] = []
    scales = None if snn.scale_factors is None else [float(scale) for scale in snn.scale_factors]
    words: list[str] = [snn.precision, repr(scales), repr(snn.input_shape)]
    for population in snn.populations:
        words += [population.name, repr(population.shape), population.reset]
        words += [repr(population.refractory_period)]
        arrays += [population.threshold, population.initial_potential, population.grid]
        for projection in population.projections:
            words += [projection.source, type(projection.layer).__name__]
            arrays.append(projection.weight)
            if projection.bias is not None:
                arrays.append(projection.bias)
    return {
        "file": of_bytes(pysnn.io.to_bytes(snn)),
        "populations": of_arrays(*arrays) + of_bytes("\n".join(words).encode()),
    }
