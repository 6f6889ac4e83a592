"""What stopping at a margin gives, and when predictions are final."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from .._base.formats import milliseconds, percent
from .._base.tables import Table, text_table
from .step_distribution import StepDistribution

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True)
class MarginResult:
    """What a simulation with one margin gives; means are per sample.

    Attributes:
        margin: Lead in output spikes, or in outputs of a readout, that ends a sample; None: every
            sample runs to its end.
        accuracy: Share of samples classified correctly where they end.
        mean_steps: Steps simulated.
        mean_spikes: Spikes of all populations, without the input's.
        mean_synaptic_operations: Synaptic operations.
        num_early: Samples that ended before the last step.
        num_changed: Samples whose prediction differs from that after all steps.
        num_gained: Samples that are right, and would be wrong after all steps.
        num_lost: Samples that are wrong, and would be right after all steps.
    """

    margin: float | None
    accuracy: float
    mean_steps: float
    mean_spikes: float
    mean_synaptic_operations: float
    num_early: int
    num_changed: int
    num_gained: int
    num_lost: int


@dataclass(frozen=True, eq=False)
class StoppingResult:
    """How early samples may end.

    Attributes:
        num_samples: Samples that were simulated.
        num_steps: Steps of a whole simulation.
        dt: Length of a step in s.
        interval: Steps from one check of the lead to the next.
        settled: Step from which on the prediction is the last one, that of the first output spike
            or of a readout's beginning at the earliest; never in silent samples. It is known
            afterwards only: no rule can stop there.
        decided: Step after which no other class can catch up in the steps that are left, as a
            class spikes at most once a step. A rule that looks after every step can stop there,
            and changes no prediction. Of a readout the last step: nothing bounds its potentials.
        whole: Every sample to its end.
        margins: Samples that end at a margin, in the order asked for.
        seed: Seed of Poisson input, given or drawn; None where nothing was drawn.
    """

    num_samples: int
    num_steps: int
    dt: float
    interval: int
    settled: StepDistribution
    decided: StepDistribution
    whole: MarginResult
    margins: tuple[MarginResult, ...]
    seed: int | None = None

    def share_changed(self, result: MarginResult) -> float:
        """Return the share of predictions that a margin changes."""
        return result.num_changed / self.num_samples

    def saving(self, result: MarginResult) -> float | None:
        """Return how many times fewer synaptic operations a margin takes; None for no operation."""
        operations = result.mean_synaptic_operations
        return self.whole.mean_synaptic_operations / operations if operations > 0 else None

    def to_dict(self) -> dict[str, Any]:
        """Return all numbers that are not per sample, ready for JSON."""
        return {
            "num_samples": self.num_samples,
            "num_steps": self.num_steps,
            "dt_s": self.dt,
            "interval": self.interval,
            "settled": self.settled.to_dict(),
            "decided": self.decided.to_dict(),
            "whole": asdict(self.whole),
            "margins": [
                {
                    **asdict(each),
                    "mean_time_s": each.mean_steps * self.dt,
                    "share_changed": self.share_changed(each),
                    "operations_of_whole": each.mean_synaptic_operations
                    / self.whole.mean_synaptic_operations
                    if self.whole.mean_synaptic_operations > 0
                    else None,
                }
                for each in self.margins
            ],
        }

    def table(self) -> Table:
        """Return a header, and a row for the whole simulation and for each margin."""
        header: tuple[str, ...] = (
            "margin",
            "accuracy (%)",
            "mean time (ms)",
            "synaptic operations",
            "times fewer",
        )
        header += ("ended early (%)", "predictions changed", "now right", "now wrong")
        return header, [self._row(each) for each in (self.whole, *self.margins)]

    def times_table(self) -> Table:
        """Return a header, and a row for each sense in which a prediction is final."""
        header = ("the prediction", "mean", "half by", "three quarters by", "99 % by", "all by")
        rows = [
            (
                name,
                "-" if times.mean is None else f"{1000 * times.mean:.1f} ms",
                *(milliseconds(times.quantile(share)) for share in (0.5, 0.75, 0.99, 1.0)),
            )
            for name, times in (
                ("changes no more", self.settled),
                ("can change no more", self.decided),
            )
        ]
        return header, rows

    def plot_margins(self, *, title: str | None = None, ax: Axes | None = None) -> Axes:
        """Plot accuracy against mean simulated time, a point for each margin.

        Raises:
            ImportError: matplotlib is not installed.
        """
        from ..plotting import plot_early_stop

        results = (*self.margins, self.whole)
        label = f"stopped at a margin, checked every {1000 * self.interval * self.dt:g} ms"
        return plot_early_stop(
            {label: [each.accuracy for each in results]},
            cost={label: [1000 * self.dt * each.mean_steps for each in results]},
            names=["none" if each.margin is None else str(each.margin) for each in results],
            xlabel="mean simulated time (ms)",
            title=title,
            ax=ax,
        )

    def plot_times(self, *, title: str | None = None, ax: Axes | None = None) -> Axes:
        """Plot the share of predictions that are final by a time, in both senses.

        Raises:
            ImportError: matplotlib is not installed.
        """
        from ..plotting import plot_time_shares

        return plot_time_shares(
            {
                "changes no more (known afterwards)": self.settled.steps,
                "can change no more": self.decided.steps,
            },
            num_steps=self.num_steps,
            dt=self.dt,
            ylabel="samples with a final prediction (%)",
            title=title,
            ax=ax,
        )

    def __str__(self) -> str:
        """Show both tables."""
        return f"{text_table(*self.table())}\n\n{text_table(*self.times_table())}"

    def _row(self, result: MarginResult) -> tuple[str, ...]:
        saving = self.saving(result)
        return (
            "none" if result.margin is None else str(result.margin),
            percent(result.accuracy),
            f"{1000 * result.mean_steps * self.dt:.1f}",
            f"{result.mean_synaptic_operations:,.0f}",
            "-" if saving is None else f"{saving:.2f}",
            percent(result.num_early / self.num_samples),
            f"{result.num_changed:,} ({percent(self.share_changed(result))} %)",
            f"{result.num_gained:,}",
            f"{result.num_lost:,}",
        )
