"""The errors of all populations, as an object, as text, as a figure and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..._base.named import by_name
from ..._base.tables import text_table
from ...plotting import plot_error_parts
from ...spiking import Encoding
from .advice import sentences
from .parts import PARTS
from .population_errors import ERROR, PopulationErrors

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, eq=False)
class ConversionErrors:
    """What `conversion_errors` found out; printing it shows it as text.

    Attributes:
        num_samples: Number of samples.
        num_steps: Steps of a simulation.
        encoding: What drove the network.
        populations: Errors by population, from input to output.
    """

    num_samples: int
    num_steps: int
    encoding: Encoding
    populations: tuple[PopulationErrors, ...]

    def __getitem__(self, name: str) -> PopulationErrors:
        """Return the errors of the population of a name.

        Raises:
            KeyError: There is none.
        """
        return by_name(self.populations, name, "population")

    def to_dict(self) -> dict[str, Any]:
        """Return everything but what is per channel, ready for JSON."""
        return {
            "num_samples": self.num_samples,
            "num_steps": self.num_steps,
            "encoding": self.encoding,
            "populations": [population.to_dict() for population in self.populations],
        }

    def to_json(self) -> str:
        """Return `to_dict` as JSON text."""
        return json.dumps(self.to_dict(), indent=2, allow_nan=False)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the mean sizes of all parts by population, in per cent of the mean activation.

        Args:
            ax: Axes to draw into; new ones if None.

        Returns:
            The axes.

        Raises:
            ImportError: matplotlib is not installed.
        """
        shown = self._shown()
        sizes = {each.name: each.relative(each.mean_absolute) for each in self.populations}
        return plot_error_parts(
            {part: [100 * size[part] for size in sizes.values()] for part in shown},
            list(sizes),
            ax=ax,
        )

    def __str__(self) -> str:
        """Show mean sizes and means of all parts, and what mends the largest."""
        title = (
            f"Conversion errors: {self.num_samples:,} samples, {self.num_steps} steps, "
            f"{self.encoding} input"
        )
        rows = [(each.name, each.relative(each.mean_absolute)) for each in self.populations]
        sizes = self._table("mean size, % of activation", rows, "")
        rows = [(each.name, each.relative(each.mean)) for each in self.populations]
        means = self._table("mean, % of activation", rows, "+")
        advice = sentences(self.populations, self.encoding) or ["Nothing stands out."]
        lines = "\n".join(f"- {sentence}" for sentence in advice)
        return "\n\n".join([title, sizes, means, lines])

    __repr__ = __str__

    def _shown(self) -> list[str]:
        """Return the parts that are not 0 everywhere."""
        return [
            part for part in PARTS if any(each.mean_absolute[part] > 0 for each in self.populations)
        ]

    def _table(self, what: str, rows: Sequence[tuple[str, dict[str, float]]], sign: str) -> str:
        columns = [ERROR, *self._shown()]
        cells = [
            (name, *(f"{100 * sizes[column]:{sign}.2f}" for column in columns))
            for name, sizes in rows
        ]
        return text_table((what, *columns), cells)
