"""What was recorded of one sample of a result, checked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from numpy.typing import NDArray

from .._base.numbers import as_int, as_str
from ..spiking import SimulationResult


def as_sample(sample: int | None, result: SimulationResult) -> int:
    """Return the number of a sample of a result, 0 where none is asked for.

    Raises:
        TypeError: It is no int.
        ValueError: The result has no such sample.
    """
    number = 0 if sample is None else as_int(sample, "sample")
    if not 0 <= number < result.num_samples:
        raise ValueError(
            f"sample is {number}, but must be in [0, {result.num_samples}), the samples of the "
            f"result"
        )
    return number


def as_populations(
    population: str | Sequence[str] | None, result: SimulationResult
) -> tuple[str, ...] | None:
    """Return the names of populations that are asked for; None for those that were recorded.

    Raises:
        TypeError: A name is no str.
        ValueError: The result has no population of a name.
    """
    if population is None:
        return None
    names = (population,) if isinstance(population, str) else tuple(population)
    for name in names:
        if as_str(name, "population") not in result.population_names:
            raise ValueError(
                f"population is {name!r}, but must be of {list(result.population_names)}"
            )
    return names


def spikes_of(
    result: SimulationResult, population: str | Sequence[str] | None
) -> dict[str, NDArray[Any]]:
    """Return spike trains by population; those of the output are there unrecorded, too.

    Raises:
        KeyError: Those of a population that is asked for were not recorded.
    """
    names = as_populations(population, result)
    output = result.population_names[-1]
    has_output = result.has_trains and not result.has_readout
    if names is None:
        names = tuple(result.spikes.keys()) or ((output,) if has_output else ())
        if not names:
            raise ValueError("the result has no spikes to plot: record='spikes' keeps them")
    return {
        name: result.output_spikes
        if name == output and has_output and name not in result.spikes
        else result.spikes(name)
        for name in names
    }


def potentials_of(result: SimulationResult, population: str | None) -> tuple[str, NDArray[Any]]:
    """Return the name of one population and its potentials, (num_steps, num_samples, num_neurons).

    Without a name it is the last one whose potentials there are; those of a readout at the end are
    there unrecorded, too.

    Raises:
        KeyError: They were not recorded.
        ValueError: There is no population of the name, or none was recorded.
    """
    output = result.population_names[-1]
    names = as_populations(population, result)
    has_output = result.has_trains and result.has_readout
    if names is None:
        names = (output,) if has_output else tuple(result.potentials)[-1:]
        if not names:
            raise ValueError("the result has no potentials to plot: record='potentials' keeps them")
    (name,) = names
    if name == output and has_output and name not in result.potentials:
        return name, result.output_potentials
    return name, result.potentials(name)
