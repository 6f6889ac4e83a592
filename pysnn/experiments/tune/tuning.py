"""What a search for the cheapest conversion gives."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from numpy.typing import ArrayLike

from ..._base.files import write_text
from ..._base.formats import points
from ..._base.interface.html import html_view
from ..._base.numbers import as_choice, as_path
from ..._base.tables import Table, csv_text, text_table
from ...pages.curves import CurvesPage, columns_of
from ...pages.interactive import finish
from ...spiking import SpikingNetwork
from ..compare import Candidate, Comparison
from .halving import Cost, Goal, best_reading, costs

if TYPE_CHECKING:
    from matplotlib.axes import Axes


_FRONTS: dict[str, Cost] = {"steps": "steps", "mean_synaptic_operations": "operations"}


@dataclass(frozen=True)
class FrontPoint:
    """A conversion and a number of steps that no other one beats in accuracy and cost.

    Attributes:
        name: The candidate.
        num_steps: Number of steps.
        accuracy: Share of the selection samples that are classified as labelled.
        cost: Steps, or synaptic operations per sample.
    """

    name: str
    num_steps: int
    accuracy: float
    cost: float


@dataclass(frozen=True, eq=False)
class Tuning:
    """The cheapest conversion that was found, and how it was found.

    Attributes:
        network: The spiking network that was chosen.
        candidate: How it was converted.
        num_steps: Number of steps that was chosen.
        goal: What was looked for.
        trials: Figures of each candidate on the selection samples that it has seen, the best
            candidate first: one recipe each, as `compare` gives it.
        final: Figures of the choice on samples that no choice has seen.
        refusals: Candidates that the network can't be converted by, each with the reason.
        was_cut: Whether the budget ended the search before its end.
        seed: Seed of Poisson input, given or drawn; None where no candidate had any.
        split_seed: Seed of the split of the samples, given or drawn.
    """

    network: SpikingNetwork
    candidate: Candidate
    num_steps: int
    goal: Goal
    trials: tuple[Comparison, ...]
    final: Comparison
    refusals: tuple[tuple[str, str], ...]
    was_cut: bool
    seed: int | None = None
    split_seed: int | None = None

    @property
    def choice(self) -> Comparison:
        """Figures of the chosen candidate on the selection samples, which are optimistic."""
        return self.trials[0]

    @property
    def is_within(self) -> bool:
        """Whether the choice loses no more than allowed on the samples that it was made on."""
        return best_reading(self.choice, self.goal)[1]

    def front(self, cost: Cost | None = None) -> tuple[FrontPoint, ...]:
        """Return what no other candidate and number of steps beats, the cheapest first.

        Of the candidates that have seen as many samples as the chosen one.

        Args:
            cost: ``"operations"`` or ``"steps"``; None for that of the search.

        Raises:
            ValueError: ``cost`` is neither.
        """
        kind = self._cost(cost)
        found = [
            FrontPoint(trial.names[0], int(steps), float(accuracy), float(price))
            for trial in self._finalists()
            for steps, accuracy, price in zip(
                trial.steps, trial.accuracy[0], costs(trial, kind), strict=True
            )
        ]
        front: list[FrontPoint] = []
        for each in sorted(found, key=lambda point: (point.cost, -point.accuracy)):
            if not front or each.accuracy > front[-1].accuracy:
                front.append(each)
        return tuple(front)

    def table(self) -> Table:
        """Return a header and a row per candidate: its cheapest figures within the loss."""
        header = ("candidate", "samples", "steps", "points lost", "+- at 95 %", "operations", "")
        rows: list[tuple[str, ...]] = []
        for trial in self.trials:
            i, is_within = best_reading(trial, self.goal)
            low, high = trial.loss_interval[:, 0, i]
            rows.append(
                (
                    trial.names[0],
                    f"{trial.num_samples:,}",
                    f"{trial.steps[i]}",
                    points(float(trial.loss[0, i])),
                    f"{50 * (high - low):.2f}",
                    f"{trial.mean_synaptic_operations[0, i]:,.0f}",
                    "" if is_within else "loses more",
                )
            )
        return header, rows

    def to_dict(self) -> dict[str, Any]:
        """Return everything but the network, ready for JSON."""
        return {
            "candidate": self.candidate.name,
            "encoding": self.candidate.encoding,
            "num_steps": self.num_steps,
            "max_loss": self.goal.max_loss,
            "cost": self.goal.cost,
            "is_within": self.is_within,
            "was_cut": self.was_cut,
            "seed": self.seed,
            "split_seed": self.split_seed,
            "final": self.final.to_dict(),
            "trials": [trial.to_dict() for trial in self.trials],
            "front": {
                kind: [vars(point) for point in self.front(kind)]
                for kind in ("operations", "steps")
            },
            "refusals": dict(self.refusals),
        }

    def to_csv(self, path: str | os.PathLike[str]) -> None:
        """Write a line for each candidate and number of steps, with the samples it has seen.

        Raises:
            OSError: The file can't be written.
        """
        rows = [
            {**row, "num_samples": trial.num_samples}
            for trial in self.trials
            for row in trial.rows()
        ]
        write_text(Path(as_path(path)), csv_text(rows[0], (row.values() for row in rows)))

    def plot(
        self, cost: Cost | None = None, *, title: str | None = None, ax: Axes | None = None
    ) -> Axes:
        """Plot accuracy against cost of the best candidates, and the front.

        Args:
            cost: ``"operations"`` or ``"steps"``; None for that of the search.
            title: Title of the axes.
            ax: Axes to draw into; new ones if None.

        Raises:
            ImportError: matplotlib is not installed.
            ValueError: ``cost`` is neither.
        """
        from ...plotting import plot_accuracy_against_cost

        kind = self._cost(cost)
        front = self.front(kind)
        curves: dict[str, dict[str, ArrayLike]] = {
            "front": {
                "cost": [each.cost for each in front],
                "accuracy": [each.accuracy for each in front],
            }
        }
        for trial in self._finalists():
            curves[trial.names[0]] = {"cost": costs(trial, kind), "accuracy": trial.accuracy[0]}
        return plot_accuracy_against_cost(
            curves,
            xlabel="steps" if kind == "steps" else "synaptic operations per sample",
            ann_accuracy=self.choice.ann_accuracy,
            num_samples=self.choice.num_samples,
            title=title,
            ax=ax,
        )

    def to_html(self, path: str | os.PathLike[str] | None = None) -> str:
        """Return an interactive page, one file of some 5 MB that needs no network.

        The candidates that have seen as many samples as the chosen one, the front, and the choice.

        Args:
            path: File to write it to as well.

        Raises:
            ImportError: plotly is not installed.
            OSError: The file can't be written.
        """
        lines = str(self).split("\n\n", 1)[0].splitlines()
        rows = {trial.names[0]: list(trial.rows()) for trial in self._finalists()}
        fronts = {
            key: columns_of(
                [
                    next(row for row in rows[point.name] if row["steps"] == point.num_steps)
                    for point in self.front(kind)
                ]
            )
            for key, kind in _FRONTS.items()
        }
        chosen = [row for row in rows[self.candidate.name] if row["steps"] == self.num_steps]
        ann = self.choice.ann_accuracy
        page = CurvesPage(
            title="The cheapest conversion within the loss",
            summary=[line.strip() for line in lines],
            curves={name: columns_of(each) for name, each in rows.items()},
            levels={"accuracy": 100 * ann, "loss": 0.0},
            tables={"Candidates, each at its cheapest within the loss": self.table()},
            notes=[f"Not converted: {name}: {reason}" for name, reason in self.refusals],
            chosen=columns_of(chosen),
            fronts=fronts,
            cost=next(key for key, kind in _FRONTS.items() if kind == self.goal.cost),
        )
        return finish(page.render(), path)

    def __str__(self) -> str:
        """Show the choice, its figures on both parts of the samples, and the candidates."""
        lines = [*self._lines(), "", text_table(*self.table()), *self._refusal_lines()]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        """Show in a notebook what `str` shows."""
        title, *lines = self._lines()
        return html_view(title, self.table(), notes=[*lines, *self._refusal_lines()])

    def _refusal_lines(self) -> list[str]:
        return [f"not converted: {name}: {reason}" for name, reason in self.refusals]

    def _lines(self) -> list[str]:
        i = self.choice.steps.tolist().index(self.num_steps)
        lines = [
            f"{self.candidate.name}, {self.num_steps} steps, {self.candidate.encoding} input",
            f"  selection samples: {_figures(self.choice, i)}",
            f"  held-out samples:  {_figures(self.final, 0)}",
            f"Candidates compared: {len(self.trials)}, each at up to "
            f"{max(len(trial.steps) for trial in self.trials)} numbers of steps. The best of "
            f"many looks better than it is on the selection samples, not on the held-out ones.",
        ]
        if not self.is_within:
            lines.append(
                f"No candidate loses at most {100 * self.goal.max_loss:g} points: this one loses "
                f"least."
            )
        if self.was_cut:
            lines.append(
                "The budget ended the search: with more time, or another machine, the choice may "
                "be another one."
            )
        return lines

    def _cost(self, cost: Cost | None) -> Cost:
        kinds: tuple[Cost, ...] = ("operations", "steps")
        return self.goal.cost if cost is None else as_choice(cost, "cost", kinds)

    def _finalists(self) -> list[Comparison]:
        return [each for each in self.trials if each.num_samples == self.choice.num_samples]


def _figures(figures: Comparison, reading: int) -> str:
    low, high = figures.loss_interval[:, 0, reading]
    operations = figures.mean_synaptic_operations[0, reading]
    return (
        f"{figures.accuracy[0, reading]:.2%} correct of {figures.num_samples:,}, "
        f"{points(float(figures.loss[0, reading]))} points lost ({points(float(low))} to "
        f"{points(float(high))}), {operations:,.0f} operations"
    )
