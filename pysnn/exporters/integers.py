"""Quantized networks as arrays of integers, for chips and other simulators."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .._base.files import replacing
from .._base.numbers import as_path
from ..conversion import QuantizedNetwork
from ..nodes import AvgPool2d
from ..spiking import Population


def to_integers(quantized: QuantizedNetwork, path: str | os.PathLike[str]) -> None:
    """Write a quantized network as ``.npz``: integers, scales and geometry.

    ``docs/chips.md`` describes the arrays.

    Args:
        quantized: What `pysnn.quantize` gave.
        path: Name of the file, ``.npz``.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: ``path`` does not end in ``.npz``.
        OSError: The file can't be written.
    """
    if not isinstance(quantized, QuantizedNetwork):
        raise TypeError(
            f"quantized is a {type(quantized).__name__}, but must be what pysnn.quantize gives"
        )
    name = as_path(path)
    if Path(name).suffix != ".npz":
        raise ValueError(f"path is {name!r}, but must end in '.npz'")
    arrays: dict[str, NDArray[Any]] = {}
    populations = []
    for population in quantized.populations:
        populations.append(_described(population, quantized.scales[population.name]))
        arrays.update(_arrays(population, quantized))
    description = {
        "format_version": 1,
        "weight_bits": quantized.weight_bits,
        "threshold_bits": quantized.threshold_bits,
        "input_shape": list(quantized.input_shape),
        "input_scale": quantized.input_scale,
        "populations": populations,
    }
    arrays["description"] = np.array(json.dumps(description))
    with replacing(Path(name)) as temporary:
        np.savez(temporary, **arrays)  # type: ignore[arg-type]


def _described(population: Population, scale: float) -> dict[str, Any]:
    return {
        "name": population.name,
        "shape": list(population.shape),
        "neuron": population.neuron,
        "reset": population.reset,
        "refractory_period": population.refractory_period,
        "delay": population.delay,
        "scale": scale,
        "projections": [
            {
                "source": each.source,
                "type": type(each.layer).__name__,
                **each.layer.geometry(),
            }
            for each in population.projections
        ],
    }


def _arrays(population: Population, quantized: QuantizedNetwork) -> dict[str, NDArray[Any]]:
    """Return the integers of a population by their names in the file."""
    name = population.name
    # The weight of a pool is 1 there, whatever the core makes of it.
    pools = [each for each in population.projections if isinstance(each.layer, AvgPool2d)]
    unit = float(pools[0].weight.ravel()[0]) if pools else 1.0
    found: dict[str, NDArray[Any]] = {}
    if population.neuron not in ("readout", "max_pool"):
        found[f"{name}/threshold"] = _whole(population.threshold / unit)
    if population.neuron == "signed":
        found[f"{name}/negative_threshold"] = _whole(population.negative_threshold / unit)
    if population.neuron != "max_pool":
        found[f"{name}/initial_potential"] = _whole(population.initial_potential / unit)
        bias = np.zeros(population.num_neurons) if population.bias is None else population.bias
        found[f"{name}/bias"] = _whole(bias / unit)
    dtype = np.int8 if quantized.weight_bits <= 8 else np.int16
    for i, each in enumerate(population.projections):
        if not each.weight.size:
            continue
        weight = np.ones(1) if isinstance(each.layer, AvgPool2d) else each.weight
        found[f"{name}/{i}/weight"] = _whole(weight).astype(dtype)
    return found


def _whole(values: NDArray[Any]) -> NDArray[np.int32]:
    numbers = values.astype(np.int32)
    assert (numbers == values).all(), "a quantized network holds integers"
    return numbers
