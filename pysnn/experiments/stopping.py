"""How early a simulation may end: when answers stand, and what ending at a margin changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .._base.arrays import as_labels, as_samples
from .._base.formats import milliseconds, percent
from .._base.numbers import as_positive_int
from .._base.progress import check_progress, progress_bar
from .._base.tables import Table, text_table
from ..spiking import SimulationResult, SpikingNetwork, simulate
from ..spiking.settings import check_network
from .step_distribution import StepDistribution
from .stopping_rules import Spikes, decided_step, settled_step, stopped_step

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["MarginResult", "StoppingResult", "stopping"]


@dataclass(frozen=True)
class MarginResult:
    """What a simulation with one margin gives; means are per sample.

    Attributes:
        margin: Lead in output spikes that ends a sample; None: every sample runs to its end.
        accuracy: Share of samples classified rightly where they end.
        mean_steps: Steps simulated.
        mean_spikes: Spikes of all populations, without the input's.
        mean_synaptic_operations: Synaptic operations.
        num_early: Samples that ended before the last step.
        num_changed: Samples whose prediction is another than after all steps.
        num_gained: Samples that are right, and would be wrong after all steps.
        num_lost: Samples that are wrong, and would be right after all steps.
    """

    margin: int | None
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
        interval: Steps from one look at the lead to the next.
        settled: Step from which on the prediction is the last one, that of the first output spike
            at the earliest; never in silent samples. It is known afterwards only: no rule can
            stop there.
        decided: Step after which no other class can catch up in the steps that are left, as a
            class spikes at most once a step. A rule that looks after every step can stop there,
            and changes no prediction.
        whole: Every sample to its end.
        margins: Samples that end at a margin, in the order asked for.
    """

    num_samples: int
    num_steps: int
    dt: float
    interval: int
    settled: StepDistribution
    decided: StepDistribution
    whole: MarginResult
    margins: tuple[MarginResult, ...]

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
            "right (%)",
            "mean time (ms)",
            "synaptic operations",
            "times fewer",
        )
        header += ("ended early (%)", "predictions changed", "of them mended", "spoilt")
        return header, [self._row(each) for each in (self.whole, *self.margins)]

    def times_table(self) -> Table:
        """Return a header, and a row for each sense in which an answer stands."""
        header = ("the answer", "mean", "half by", "three quarters by", "99 % by", "all by")
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
        label = f"ended at a margin, a look every {1000 * self.interval * self.dt:g} ms"
        return plot_early_stop(
            {label: [each.accuracy for each in results]},
            cost={label: [1000 * self.dt * each.mean_steps for each in results]},
            names=["no end" if each.margin is None else str(each.margin) for each in results],
            xlabel="mean simulated time (ms)",
            title=title,
            ax=ax,
        )

    def plot_times(self, *, title: str | None = None, ax: Axes | None = None) -> Axes:
        """Plot the share of answers that stand by a time, in both senses.

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
            ylabel="samples whose answer stands (%)",
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


def stopping(
    snn: SpikingNetwork,
    x: ArrayLike,
    y: ArrayLike,
    margins: Sequence[int] = (1, 2, 4, 8),
    interval: int = 16,
    *,
    duration: float = 0.5,
    dt: float = 1e-3,
    max_rate: float = 1000.0,
    seed: int = 0,
    sample_ids: ArrayLike | None = None,
    scale: float | None = None,
    num_threads: int | None = None,
    progress: bool | None = None,
) -> StoppingResult:
    """Simulate samples to their end and with each margin, and say when their answers stand.

    All simulations have the same input. Each one with a margin is compared to the output spikes
    of the whole one, sample by sample: where it ends, and what it says.

    Args:
        snn: The spiking network.
        x: Samples, (num_samples, *input_shape) or flat, in [0, 1].
        y: Integer labels, (num_samples,).
        margins: Leads in output spikes at which samples end, different from each other and at
            least 1, as ``stop_margin`` of `simulate`.
        interval: Steps from one look at the lead to the next, as ``stop_interval`` of `simulate`.
        duration: Simulated time in s of a sample that does not end early.
        dt: Length of a step in s.
        max_rate: Firing rate in Hz that an intensity of 1 stands for; ``max_rate * dt`` <= 1.
        seed: Seed of the input.
        sample_ids: Number of each sample for the generator; row numbers unless given.
        scale: Factor for the numbers of ``x``, such as 1/255; needed for integer images.
        num_threads: Threads; None for the default.
        progress: True shows a progress bar, False none, None one on a terminal.

    Returns:
        Times, accuracies and costs.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: A value is out of its range, or there is no sample.
        RuntimeError: A simulation with a margin is not the whole one cut off; never, unless the
            simulator is wrong.

    Example:
        >>> snn = pysnn.SpikingNetwork(2)
        >>> snn.add_population("output", 2)
        >>> snn.connect("input", "output", pysnn.Linear(np.eye(2)))
        >>> result = stopping(snn, [[1.0, 0.0]], [0], margins=[4], interval=1, duration=0.01)
        >>> result.decided.steps, result.margins[0].mean_steps
        (array([4]), 4.0)
    """
    check_network(snn)
    leads = _as_margins(margins)
    looks = as_positive_int(interval, "interval")
    samples = as_samples(x, snn.input_shape, scale=scale)
    if len(samples) == 0:
        raise ValueError("x has no samples, but an accuracy needs at least one")
    labels = as_labels(y, len(samples), snn.num_outputs)
    check_progress(progress)
    run = partial(
        simulate,
        snn,
        samples,
        duration=duration,
        dt=dt,
        max_rate=max_rate,
        seed=seed,
        sample_ids=sample_ids,
        num_threads=num_threads,
        progress=False,
    )
    with progress_bar(1 + len(leads), "early stop", progress=progress, unit="run") as bar:
        whole = run()
        bar.advance()
        spikes = whole.output_spikes
        results = []
        for margin in leads:
            result = run(stop_margin=margin, stop_interval=looks)
            _check_cut_off(result, whole, spikes, margin, looks)
            results.append(_margin_result(margin, result, whole.predictions, labels))
            bar.advance()
    return StoppingResult(
        num_samples=len(samples),
        num_steps=whole.num_steps,
        dt=whole.dt,
        interval=looks,
        settled=StepDistribution(
            settled_step(whole.predictions_over_time, whole.first_spike_step),
            whole.num_steps,
            whole.dt,
        ),
        decided=StepDistribution(decided_step(spikes), whole.num_steps, whole.dt),
        whole=_margin_result(None, whole, whole.predictions, labels),
        margins=tuple(results),
    )


def _as_margins(margins: Sequence[int]) -> list[int]:
    if isinstance(margins, str) or not isinstance(margins, Sequence | np.ndarray):
        raise TypeError(f"margins is a {type(margins).__name__}, but must be a sequence of ints")
    leads = [as_positive_int(margin, f"margins[{i}]") for i, margin in enumerate(margins)]
    if not leads or len(set(leads)) < len(leads):
        raise ValueError(f"margins is {leads}, but must have at least one, each of them once")
    return leads


def _margin_result(
    margin: int | None,
    result: SimulationResult,
    predictions: NDArray[np.int64],
    labels: NDArray[np.int64],
) -> MarginResult:
    right, right_at_end = result.predictions == labels, predictions == labels
    return MarginResult(
        margin=margin,
        accuracy=float(right.mean()),
        mean_steps=float(result.stopped_step.mean()),
        mean_spikes=float(result.spikes.sum(axis=1).mean()),
        mean_synaptic_operations=float(result.synaptic_operations.sum(axis=1).mean()),
        num_early=int(np.count_nonzero(result.stopped_step < result.num_steps)),
        num_changed=int(np.count_nonzero(result.predictions != predictions)),
        num_gained=int(np.count_nonzero(right & ~right_at_end)),
        num_lost=int(np.count_nonzero(~right & right_at_end)),
    )


def _check_cut_off(
    result: SimulationResult, whole: SimulationResult, spikes: Spikes, margin: int, interval: int
) -> None:
    expected = stopped_step(spikes, margin=margin, interval=interval)
    at_end = whole.predictions_over_time[expected - 1, np.arange(len(expected))]
    wrong = (result.stopped_step != expected) | (result.predictions != at_end)
    if wrong.any():
        first = int(np.argmax(wrong))
        raise RuntimeError(
            f"with stop_margin {margin}, sample {first} ended as class "
            f"{result.predictions[first]} after {result.stopped_step[first]} steps, but its "
            f"output spikes say class {at_end[first]} after {expected[first]}"
        )
