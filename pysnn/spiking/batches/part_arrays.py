"""A result as arrays by name, which travel and which files keep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...parallel.messages.calls import Arrays
from ..results import PopulationOutline, Recorded, SimulationResult
from ..results.output_totals import OutputTotals
from ..results.result_arrays import ResultArrays

_TOTALS = "totals"
_NUM_CORRECT = "num_correct"

Counts = NDArray[np.int64]


def arrays_of(result: SimulationResult) -> Arrays:
    """Return a result as arrays by name."""
    kept = result._arrays()
    arrays = {
        each.name: np.asarray(getattr(kept, each.name))
        for each in fields(kept)
        if each.name != "records"
    }
    for (what, population), record in kept.records.items():
        arrays |= {f"{what}/{population}/{name}": array for name, array in record.items()}
    if result._totals is not None:
        arrays |= {f"{_TOTALS}//{name}": each for name, each in result._totals.arrays().items()}
    if result._num_correct is not None:
        arrays[_NUM_CORRECT] = result._num_correct
    return arrays


def result_of(
    arrays: Arrays,
    populations: Sequence[PopulationOutline],
    dt: float,
    recorded: Recorded,
    seed: int | None,
) -> tuple[SimulationResult, Counts | None]:
    """Return the result that `arrays_of` gave these arrays for, and its right samples by step."""
    values: dict[str, Any] = {}
    totals: Arrays = {}
    records: dict[tuple[str, int], Arrays] = {}
    names = {each.name for each in fields(ResultArrays)}
    for name, array in arrays.items():
        what, _, rest = name.partition("/")
        if what == _TOTALS:
            totals[rest.removeprefix("/")] = array
        elif rest:
            population, _, each = rest.partition("/")
            records.setdefault((what, int(population)), {})[each] = array
        elif name in names:
            values[name] = array if array.ndim else array.item()
    result = SimulationResult(
        ResultArrays(**values, records=records),
        populations,
        dt,
        recorded,
        OutputTotals.of_arrays(totals) if totals else None,
        seed=seed,
    )
    return result, arrays.get(_NUM_CORRECT)
