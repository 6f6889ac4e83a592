"""What a section of `pysnn reproduce` is, and what it gets to work with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..._base.tables import Table as TextTable
from ...datasets import Mnist
from ...network import Network
from ...spiking import SimulationResult, SpikingNetwork, Stimulus
from ..report.chapters import Chapter
from ..report.document import Part, Table
from ..results import CaseResult, NetworkResult, ReproduceResult
from ..settings import NetworkSettings, ReproduceSettings, SectionSettings

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True)
class SectionRun:
    """The core of a run, for the sections that follow it.

    Attributes:
        settings: Settings of the whole run.
        mnist: The samples of the run.
        networks: The trained networks by name.
        core: What the core measured, by network.
        folder: The run's folder.
        spiking: The spiking networks of the core, by names of network and normalization.
        simulated: Their simulations, likewise.
        num_threads: Threads; None takes what OpenMP would use.
        progress: As for :func:`pysnn.simulate`.
        say: Takes one line about the work.
    """

    settings: ReproduceSettings
    mnist: Mnist
    networks: Mapping[str, Network]
    core: Mapping[str, NetworkResult]
    folder: Path
    spiking: Mapping[tuple[str, str], SpikingNetwork]
    simulated: Mapping[tuple[str, str], SimulationResult]
    num_threads: int | None
    progress: bool | None
    say: Callable[[str], None]

    @property
    def sections(self) -> SectionSettings:
        """Settings of the sections."""
        return self.settings.sections

    def network_settings(self, name: str) -> NetworkSettings:
        """Return the settings of one network."""
        return next(each for each in self.settings.networks if each.name == name)

    def converted(self, name: str, normalization: str) -> SpikingNetwork:
        """Return a network converted in one of the core's ways."""
        return self.spiking[name, normalization]

    def stimulus(self, case: CaseResult) -> Stimulus:
        """Return how the core drives the networks of a case."""
        return Stimulus.of(dt=case.curve.dt, max_rate=case.max_rate, seed=self.settings.seed)

    def cases(self) -> list[tuple[NetworkResult, CaseResult]]:
        """Return every network and way of conversion of the core, in its order."""
        return [(network, case) for network in self.core.values() for case in network.cases]


@dataclass(frozen=True)
class Outcome:
    """What a section measured.

    Attributes:
        data: Its numbers, ready for JSON.
        pictures: Functions that draw, by the name of the picture's file.
    """

    data: dict[str, Any]
    pictures: Mapping[str, Callable[[], Axes]] = field(default_factory=dict)


@dataclass(frozen=True)
class Section:
    """One experiment beside the core.

    Attributes:
        name: For ``--sections`` and the keys of ``results.json``.
        summary: What it measures, in a few words.
        chapter: What its part of a report stands under.
        measure: Runs it.
        part: Writes it up, from the numbers in ``result.sections[name]`` alone.
    """

    name: str
    summary: str
    chapter: Chapter
    measure: Callable[[SectionRun], Outcome]
    part: Callable[[ReproduceResult], Part]

    def parts_of(self, result: ReproduceResult) -> list[Part]:
        """Return the section's part of a report; nothing where it was not run."""
        return [self.part(result)] if self.name in result.sections else []


def table_data(table: TextTable) -> dict[str, Any]:
    """Return a table of an experiment's result, ready for JSON."""
    header, rows = table
    return {"header": list(header), "rows": [list(row) for row in rows]}


def table_block(data: Mapping[str, Any], caption: str) -> Table:
    """Return what `table_data` gave as a block of a report."""
    return Table(data["header"], data["rows"], caption=caption)
