"""What a simulation keeps beyond the output's spikes: each thing by its name.

A thing that can be kept is a name here, a property of `Records` that says what its arrays are,
and a file of that name in the core.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from ..._base.interface.old_names import warn_old_name
from ..._base.named import NamedValues
from ..._base.numbers import as_choice
from ..neuron import WITHOUT_THRESHOLD, Neuron
from ..population import Population, Reset
from .balance import Balance
from .recorded_spikes import RecordedSpikes, SpikeTrains

Value = TypeVar("Value")

RECORDABLES = ("spikes", "potentials", "counts", "balance")

Record = str | Sequence[str] | Mapping[str, Sequence[str]]
"""What to keep: one name, several, or names of populations by what to keep of them."""

Recorded = dict[str, tuple[str, ...]]
"""Names of populations by what is kept of them, checked."""

Arrays = dict[str, NDArray[Any]]
"""Arrays of one thing that was kept of one population, by name; over steps, samples, neurons."""


@dataclass(frozen=True)
class PopulationOutline:
    """What a result needs to know of a population.

    Attributes:
        name: Its name.
        num_neurons: Its neurons.
        reset: ``"zero"`` or ``"subtract"``.
        neuron: Its model.
        sends_negative: Whether its spikes may be -1.
    """

    name: str
    num_neurons: int
    reset: Reset
    neuron: Neuron
    sends_negative: bool

    @classmethod
    def of(cls, population: Population) -> PopulationOutline:
        """Return the outline of a population."""
        return cls(
            population.name,
            population.num_neurons,
            population.reset,
            population.neuron,
            population.sends_negative,
        )

    def has(self, what: str) -> bool:
        """Return whether there is a thing of that name to keep of it."""
        match what:
            case "potentials":
                return self.neuron != "max_pool"
            case "balance":
                return self.neuron not in WITHOUT_THRESHOLD
            case _:
                return True


def as_recorded(record: Record, populations: Sequence[PopulationOutline]) -> Recorded:
    """Return the argument ``record`` of a simulation with every name spelt out.

    What is asked of all populations is kept of those that have it: max pools have no potentials,
    and neither they nor readouts have a balance.

    Raises:
        TypeError: It is no str, sequence or mapping, or holds something else than names.
        ValueError: Nothing of that name can be kept, or not of a population that is named, or there
            is no such population.
    """
    asked: Recorded = dict.fromkeys(RECORDABLES, ())
    if isinstance(record, str):
        record = (record,)
    if not isinstance(record, Sequence | Mapping):
        raise TypeError(
            f"record is a {type(record).__name__}, but must be a str, a sequence or a mapping"
        )
    if not isinstance(record, Mapping):
        for what in record:
            as_choice(what, "record", RECORDABLES)
            asked[what] = tuple(each.name for each in populations if each.has(what))
        return asked
    known = {each.name: each for each in populations}
    for what, names in record.items():
        as_choice(what, "record", RECORDABLES)
        wanted = (names,) if isinstance(names, str) else names
        if not isinstance(wanted, Sequence):
            raise TypeError(
                f"record has a {type(wanted).__name__} for {what!r}, but must have population names"
            )
        for name in wanted:
            if name not in known:
                raise ValueError(
                    f"record has {what} of {name!r}, but the populations are {list(known)}"
                )
            if not known[name].has(what):
                raise ValueError(
                    f"record has {what} of {name!r}, but a population with "
                    f"neuron={known[name].neuron!r} has none"
                )
        asked[what] = tuple(wanted)
    return asked


class RecordSource(Protocol):
    """Where the arrays that were kept come from."""

    @property
    def spikes(self) -> NDArray[np.int64]:
        """Spikes of each population, (num_samples, num_populations)."""

    def record(self, what: str, population: int) -> Arrays:
        """Return the arrays of one thing that was kept of the population at a position."""


class Records:
    """What was kept of each population, by its name."""

    _source: RecordSource
    _recorded: Recorded
    _populations: Sequence[PopulationOutline]

    @cached_property
    def spikes(self) -> RecordedSpikes:
        """Recorded spike trains by population, (num_steps, num_samples, num_neurons).

        ``result.spikes(name)`` gives those of one population. Bools, or -1, 0 and 1 (int8) of
        populations that can send negative spikes.
        """
        trains: dict[str, SpikeTrains] = {
            population.name: arrays["spikes"]
            if population.sends_negative
            else arrays["spikes"].view(np.bool_)
            for population, arrays in self._kept("spikes")
        }
        return RecordedSpikes(trains, self._why_missing("spikes", trains), self._source.spikes)

    @property
    def spike_trains(self) -> RecordedSpikes:
        """The name of `spikes` in version 0.1, which warns."""
        warn_old_name("result.spike_trains", "result.spikes")
        return self.spikes

    @cached_property
    def potentials(self) -> NamedValues[NDArray[np.float32]]:
        """Recorded membrane potentials by population, (num_steps, num_samples, num_neurons).

        ``result.potentials(name)`` gives those of one population. Values are those at the end of
        each step, after the reset.
        """
        return self._by_name(
            "potentials",
            {each.name: arrays["potentials"] for each, arrays in self._kept("potentials")},
        )

    @cached_property
    def counts(self) -> NamedValues[NDArray[np.int32]]:
        """Recorded net spikes per neuron by population, (num_samples, num_neurons).

        ``result.counts(name)`` gives those of one population.
        """
        return self._by_name(
            "counts", {each.name: arrays["counts"] for each, arrays in self._kept("counts")}
        )

    @cached_property
    def balance(self) -> NamedValues[Balance]:
        """Recorded charge of every neuron by population, see `Balance`.

        ``result.balance(name)`` gives that of one population.
        """
        return self._by_name(
            "balance",
            {
                each.name: Balance(loses_excess=each.reset == "zero", **arrays)
                for each, arrays in self._kept("balance")
            },
        )

    def _by_name(self, what: str, values: dict[str, Value]) -> NamedValues[Value]:
        return NamedValues(values, self._why_missing(what, values))

    def _why_missing(self, what: str, values: Mapping[str, object]) -> Callable[[object], str]:
        populations = [each.name for each in self._populations]
        return partial(_why_missing, what, populations, list(values))

    def _kept(self, what: str) -> list[tuple[PopulationOutline, Arrays]]:
        return [
            (population, self._source.record(what, i))
            for i, population in enumerate(self._populations)
            if population.name in self._recorded[what]
        ]


def _why_missing(what: str, populations: list[str], recorded: list[str], name: object) -> str:
    if name not in populations:
        return f"there is no population {name!r}, but {populations}"
    kept = f"of {recorded} alone" if recorded else "of no population"
    return (
        f"{what} of {name!r} were not recorded, but {kept}; the simulation keeps them with "
        f"record={{{what!r}: [{name!r}]}}"
    )
