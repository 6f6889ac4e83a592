"""Classification at the first output spike: how soon, and how well.

Diehl et al. (IJCNN 2015) report that many networks are accurate already then.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .._base.arrays import as_labels
from .._base.formats import milliseconds, percent
from .._base.named import public_names
from .._base.tables import Table, text_table
from ..parallel import SubmitsWork, Workers
from ..parallel.messages.calls import Arrays, Part
from ..parallel.workers import as_workers
from ..spiking import SimulationResult, SpikingNetwork, Stimulus, StimulusOptions, simulate
from ..spiking.batches import Rows
from ..spiking.parts import part_stimulus
from ..spiking.settings import check_network
from .labelled_samples import DEFAULT_DURATION, measure
from .step_distribution import StepDistribution

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["FirstSpikeResult", "first_spike"]

__dir__ = public_names(__name__)

_MARGIN = 1  # output spikes
_INTERVAL = 16  # steps


@dataclass(frozen=True, eq=False)
class FirstSpikeResult:
    """What samples are taken for at their first output spike.

    Where several output neurons fire in that step the lowest class is taken, and class 0 where
    none ever fires: the rule of every prediction, see ``docs/semantics.md``.

    Attributes:
        time: When the first output spike comes; never in silent samples.
        predictions: Class at that spike, (num_samples,).
        is_tied: Whether several output neurons lead in the step of the first, (num_samples,).
        labels: Labels, (num_samples,).
        seed: Seed of Poisson input, given or drawn; None where nothing was drawn.
    """

    time: StepDistribution
    predictions: NDArray[np.int64]
    is_tied: NDArray[np.bool_]
    labels: NDArray[np.int64]
    seed: int | None = None

    @classmethod
    def of(cls, result: SimulationResult, y: ArrayLike) -> FirstSpikeResult:
        """Read the first output spikes of a simulation that began at step 0.

        Args:
            result: The simulation, at least one sample.
            y: Integer labels, (num_samples,), or one-hot rows.

        Raises:
            TypeError: ``result`` is none, or ``y`` does not hold integers.
            ValueError: ``y`` does not fit, the result does not begin at step 0, or the output is a
                readout, which does not fire.
        """
        if not isinstance(result, SimulationResult):
            raise TypeError(
                f"result is a {type(result).__name__}, but must be a pysnn.SimulationResult"
            )
        if result.first_step != 0 or result.num_samples == 0:
            raise ValueError(
                f"result has {result.num_samples} samples from step {result.first_step} on, but "
                f"must have at least one, and begin at step 0"
            )
        labels = as_labels(y, result.num_samples, result.num_classes)
        steps = result.first_spike_step
        # Without a spike the prediction is class 0 in every step, so any step will do.
        spikes = result.output_spikes[np.maximum(steps, 0), np.arange(len(steps))]
        leads = spikes == spikes.max(axis=1, keepdims=True)
        return cls(
            time=StepDistribution(steps, result.num_steps, result.dt),
            predictions=spikes.argmax(axis=1),
            is_tied=(steps >= 0) & (leads.sum(axis=1) > 1),
            labels=labels,
            seed=result.seed,
        )

    @property
    def num_samples(self) -> int:
        """Number of samples."""
        return self.time.num_samples

    @property
    def num_silent(self) -> int:
        """Samples without any output spike."""
        return self.time.num_never

    @property
    def share_silent(self) -> float:
        """Share of samples without any output spike."""
        return self.time.share_never

    @property
    def is_right(self) -> NDArray[np.bool_]:
        """Whether the class at the first output spike is the label, (num_samples,)."""
        right: NDArray[np.bool_] = self.predictions == self.labels
        return right

    @property
    def accuracy(self) -> float:
        """Share of all samples classified rightly; silent ones count as class 0."""
        return float(self.is_right.mean())

    @property
    def accuracy_of_spiking(self) -> float | None:
        """Share of the samples with an output spike that are right; None where all are silent."""
        return _mean(self.is_right[self.time.steps >= 0])

    @property
    def share_tied(self) -> float:
        """Share of all samples in which the tie rule chose the class."""
        return float(self.is_tied.mean())

    @property
    def accuracy_of_tied(self) -> float | None:
        """Share of the tied samples that are right; None where none is tied."""
        return _mean(self.is_right[self.is_tied])

    def to_dict(self) -> dict[str, Any]:
        """Return all numbers that are not per sample, ready for JSON."""
        by_step = np.bincount(
            self.time.steps[self.is_right & (self.time.steps >= 0)], minlength=self.time.num_steps
        )
        return {
            "accuracy": self.accuracy,
            "accuracy_of_spiking": self.accuracy_of_spiking,
            "accuracy_of_tied": self.accuracy_of_tied,
            "share_silent": self.share_silent,
            "share_tied": self.share_tied,
            "time": self.time.to_dict(),
            "right_by_step": by_step.tolist(),
        }

    def table(self) -> Table:
        """Return a header and one row; accuracies and shares in percent."""
        time = self.time
        header: tuple[str, ...] = (
            "at the first output spike",
            "right",
            "of those that spike",
            "silent",
            "tied",
        )
        header += ("first quarter by", "half by", "three quarters by", "99 % by")
        row = (
            f"{self.num_samples:,} samples",
            percent(self.accuracy),
            percent(self.accuracy_of_spiking),
            percent(self.share_silent),
            percent(self.share_tied),
            *(milliseconds(time.quantile(share)) for share in (0.25, 0.5, 0.75, 0.99)),
        )
        return header, [row]

    def plot(self, *, title: str | None = None, ax: Axes | None = None) -> Axes:
        """Plot the histogram of the time of the first output spike.

        Raises:
            ImportError: matplotlib is not installed.
        """
        from ..plotting import plot_time_histogram

        label = f"{100 * self.accuracy:.2f} % correct at it"
        return plot_time_histogram({label: self.time.steps}, dt=self.time.dt, title=title, ax=ax)

    def __str__(self) -> str:
        """Show the table."""
        return text_table(*self.table())


def first_spike(
    snn: SpikingNetwork,
    x: Rows,
    y: Rows | None = None,
    *,
    num_steps: int | None = None,
    duration: float = DEFAULT_DURATION,
    executor: SubmitsWork | Workers | None = None,
    num_threads: int | None = None,
    progress: bool | None = None,
    **stimulus: Unpack[StimulusOptions],
) -> FirstSpikeResult:
    """Classify each sample at its first output spike.

    Samples are those of `simulate` with the same arguments, spike for spike. They are simulated
    until a class leads, and not to their end.

    Args:
        snn: The spiking network.
        x: Samples, (num_samples, *input_shape) or flat, in [0, 1]: an array, or a memory map or a
            function ``x(start, stop)``, which are read part by part; without an executor also an
            iterable of batches, x alone or pairs (x, y).
        y: Integer labels, (num_samples,), or one-hot rows; None where ``x`` gives them.
        num_steps: Number of steps that a sample has for its first output spike.
        duration: In place of ``num_steps``: the same in s.
        executor: Where parts run: anything with ``submit`` that gives futures, or
            `pysnn.parallel.Workers`. None runs everything here.
        num_threads: Threads; None for the default, or with an executor for the share of a worker.
        progress: True shows a progress bar, False none, None one on a terminal or in a notebook.
        stimulus: ``dt``, ``max_rate``, ``seed``, ``encoding``, ``sample_ids`` and ``scale``, as
            for `simulate`.

    Returns:
        Classes and times, and their summary.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: A value is out of its range, there is no sample, or the output is a readout,
            which does not fire.

    Example:
        >>> snn = pysnn.SpikingNetwork(2)
        >>> snn.add_population("output", 2)
        >>> snn.connect("input", "output", pysnn.Linear([[0.25, 0.0], [0.0, 0.5]]))
        >>> result = first_spike(snn, [[1.0, 0.0], [1.0, 1.0]], [0, 1], duration=0.01)
        >>> result.time.steps, result.accuracy
        (array([3, 1]), 1.0)
    """
    check_network(snn)
    given = Stimulus.of(**stimulus, of_network=snn.encoding)
    output = snn.populations[-1]
    if output.neuron == "readout":
        raise ValueError(f"snn has the readout {output.name!r}, which sends no first spike")
    steps = given.num_steps(duration, num_steps)
    parts, labels = measure(
        "first_spike",
        see_first_spikes,
        {"num_steps": steps},
        snn,
        x,
        y,
        given,
        workers=as_workers(executor),
        num_threads=num_threads,
        progress=progress,
    )
    seen = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return FirstSpikeResult(
        time=StepDistribution(seen["steps"], steps, given.dt),
        predictions=seen["predictions"],
        is_tied=seen["tied"],
        labels=labels,
        seed=given.drawn_seed,
    )


def see_first_spikes(part: Part) -> Arrays:
    """Simulate the samples of a part until each has its first output spike."""
    (snn,) = part.values
    x, y, ids = part.rows
    result = simulate(
        snn,
        x,
        num_steps=part.settings["num_steps"],
        # A sample that ends leads by a spike: its first one is over, and is what it would be.
        stop_margin=_MARGIN,
        stop_interval=_INTERVAL,
        num_threads=part.num_threads,
        progress=False,
        **part_stimulus(part.settings["stimulus"], ids).options(),
    )
    seen = FirstSpikeResult.of(result, y)
    return {"steps": seen.time.steps, "predictions": seen.predictions, "tied": seen.is_tied}


def _mean(values: NDArray[np.bool_]) -> float | None:
    return float(values.mean()) if len(values) else None
