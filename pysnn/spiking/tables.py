"""The table that a spiking network is shown as."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from .._base.tables import Table, range_text
from ..nodes import Shape
from .input_range import InputRange
from .neuron import RESETTING, WITHOUT_THRESHOLD
from .population import Population
from .rounding_loss import RoundingLoss

# Of a population's weights: fewer zeros than these are the smallest of many, as float32 has them.
_TOLD_SHARE = 1e-3


def spiking_network_table(
    input_shape: Shape,
    populations: Sequence[Population],
    precision: str,
    input_range: InputRange,
    made_by: str,
) -> tuple[str, Table]:
    """Return a line about a spiking network, and a table of its populations.

    Args:
        input_shape: Shape of a sample.
        populations: The populations.
        precision: That of the network.
        input_range: Which numbers samples may be.
        made_by: What `made_by_text` gives.
    """
    # Plain integrate-and-fire networks need no column for it.
    has_models = any(population.neuron != "if" for population in populations)
    header = (
        "population",
        "shape",
        "neurons",
        "sources",
        *(["neuron"] if has_models else []),
        "threshold",
        "reset",
        "refractory",
        "weights",
        "scale",
    )
    first = ("input", str(input_shape), f"{math.prod(input_shape):,}")
    rows = [first + ("",) * (len(header) - len(first))]
    rows += [_population_row(population, has_models) for population in populations]
    title = f"SpikingNetwork: {len(populations)} populations, precision {precision}"
    if not input_range.is_default:
        title += f", {input_range}"
    return title + made_by, (header, rows)


def made_by_text(recipe: Mapping[str, str], encoding: str | None) -> str:
    """Return which recipe made a network and what drives it unless told, to end a sentence."""
    by_recipe = f", recipe {recipe['name']}" if "name" in recipe else ""
    return by_recipe + (f", {encoding} input" if encoding else "")


def rounding_lines(
    populations: Sequence[Population], losses: Sequence[RoundingLoss | None]
) -> list[str]:
    """Return a line for each population of whose weights rounding turned many into 0."""
    return [
        f"rounding turned {_percent(loss.zeroed_share)} of the weights of {population.name} into "
        f"0; its changes add up to {_percent(loss.relative_error)} of them"
        for population, loss in zip(populations, losses, strict=True)
        if loss is not None and loss.zeroed_share >= _TOLD_SHARE
    ]


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %"


def _population_row(population: Population, has_models: bool) -> tuple[str, ...]:
    period = population.refractory_period
    resets = population.neuron in RESETTING
    weights = [each.weight for each in population.projections if each.weight.size]
    return (
        population.name,
        str(population.shape),
        f"{population.num_neurons:,}",
        ", ".join(each.layer.projection_text(each.source) for each in population.projections),
        *([neuron_text(population)] if has_models else []),
        "" if population.neuron in WITHOUT_THRESHOLD else range_text(population.threshold),
        "" if population.neuron in WITHOUT_THRESHOLD else population.reset,
        "" if not resets else f"{period:g} s" if period else "none",
        range_text(*weights) if weights else "",
        "" if population.scale_factor is None else range_text(np.array(population.scale_factor)),
    )


def neuron_text(population: Population) -> str:
    """Return the name of a neuron model with its own numbers."""
    match population.neuron:
        case "signed" if population.negative_threshold.any():
            return f"signed ({range_text(population.negative_threshold)})"
        case "leaky":
            return f"leaky ({range_text(population.leak)})"
        case "readout" if population.delay:
            return f"readout (from step {population.delay})"
        case name:
            return name
