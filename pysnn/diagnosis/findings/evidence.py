"""What findings are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from ...spiking import INPUT
from ..matching.mapping import Stage
from ..measurement.accuracies import Accuracies
from ..measurement.populations import PopulationReport
from ..measurement.setting import Setting


@dataclass(frozen=True, eq=False)
class Evidence:
    """All that was measured.

    Attributes:
        populations: One report per population.
        stages: The populations themselves, in the same order.
        accuracies: Accuracies of all simulations.
        setting: How the networks were driven.
    """

    populations: Sequence[PopulationReport]
    stages: Sequence[Stage]
    accuracies: Accuracies
    setting: Setting

    @cached_property
    def by_name(self) -> dict[str, PopulationReport]:
        """The reports by the names of their populations."""
        return {population.name: population for population in self.populations}

    def sources(self, stage: Stage) -> list[PopulationReport]:
        """Return the reports of the populations that feed a population; none of the input."""
        return [self.by_name[name] for name in stage.sources if name != INPUT]

    def is_fed_by_input(self, name: str) -> bool:
        """Return whether the input feeds the population of a name."""
        return any(
            stage.population.name == name and INPUT in stage.sources for stage in self.stages
        )

    @property
    def more_rate_advice(self) -> str:
        """What messages add where the rate is not as high as it can be."""
        return "" if self.setting.input_spikes_per_step == 1 else " or raise max_rate"
