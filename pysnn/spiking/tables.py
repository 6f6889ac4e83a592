"""The table that a spiking network is shown as."""

from __future__ import annotations

import math
from collections.abc import Sequence

from .._base.tables import range_text, text_table
from ..nodes import Shape
from .population import Population
from .rounding_loss import RoundingLoss

# Of a population's weights: fewer zeros than these are the smallest of many, as float32 has them.
_TOLD_SHARE = 1e-3


def spiking_network_table(
    input_shape: Shape, populations: Sequence[Population], precision: str
) -> str:
    """Return a table of a spiking network's populations."""
    rows: list[tuple[str, ...]] = [
        ("input", str(input_shape), f"{math.prod(input_shape):,}", "", "", "", "", "", "")
    ]
    rows += [_population_row(population) for population in populations]
    header = (
        "population",
        "shape",
        "neurons",
        "sources",
        "threshold",
        "reset",
        "refractory",
        "weights",
        "scale",
    )
    title = f"SpikingNetwork: {len(populations)} populations, precision {precision}"
    return f"{title}\n{text_table(header, rows)}"


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


def _population_row(population: Population) -> tuple[str, ...]:
    period = population.refractory_period
    return (
        population.name,
        str(population.shape),
        f"{population.num_neurons:,}",
        ", ".join(each.layer.projection_text(each.source) for each in population.projections),
        range_text(population.threshold),
        population.reset,
        f"{period:g} s" if period else "none",
        range_text(*(projection.weight for projection in population.projections)),
        "" if population.scale_factor is None else f"{population.scale_factor:.4g}",
    )
