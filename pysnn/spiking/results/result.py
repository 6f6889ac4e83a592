"""What a simulation gives back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ... import _core
from ..._base.interface.html import html_view
from ..._base.interface.old_names import warn_old_name
from .joining import check_joinable
from .output_totals import OutputTotals
from .record import PopulationOutline, Recorded, Records
from .result_arrays import ResultArrays, ResultSource
from .scores import Scores


class SimulationResult(Scores, Records):
    """Spikes of a batch over some steps.

    The output population's spikes are kept bit-packed; what follows from them is computed on
    access. Everything is about the steps of this result: ``first_step`` and the ``num_steps - 1``
    after it. Steps count from 0. Arrays are read-only views of the core's memory or fresh.

    Of a sample that ``stop_margin`` ended early, everything is about the steps before
    ``stopped_step``: later spikes and recorded potentials are 0, nothing is counted, and its
    prediction stays what it was.
    """

    def __init__(
        self,
        source: ResultSource,
        populations: Sequence[PopulationOutline],
        dt: float,
        recorded: Recorded,
        totals: OutputTotals | None = None,
        num_correct: NDArray[np.int64] | None = None,
        seed: int | None = None,
    ) -> None:
        self._source: ResultSource = source
        self._populations = populations
        self._dt = dt
        self._recorded = recorded
        self._totals = totals
        self._num_correct = num_correct
        self._seed = seed

    @property
    def first_step(self) -> int:
        """Step of the simulation that this result begins with; 0 except in `Simulation`."""
        return self._source.first_step

    @property
    def num_steps(self) -> int:
        """Number of steps."""
        return self._source.num_steps

    @property
    def num_samples(self) -> int:
        """Number of samples."""
        return self._source.num_samples

    @property
    def num_classes(self) -> int:
        """Number of output neurons."""
        return self._source.num_outputs

    @property
    def dt(self) -> float:
        """Length of a step in s."""
        return self._dt

    @property
    def seed(self) -> int | None:
        """Seed of the Poisson input, given or drawn; None where nothing was drawn.

        None, too, where parts of other seeds were put side by side.
        """
        return self._seed

    @property
    def population_names(self) -> tuple[str, ...]:
        """Names of the populations, from input to output."""
        return tuple(population.name for population in self._populations)

    @property
    def output_spikes(self) -> NDArray[np.bool_] | NDArray[np.int8]:
        """Spikes of the output neurons, (num_steps, num_samples, num_classes).

        Bools, or -1, 0 and 1 (int8) where the outputs can send negative spikes; none of a readout.

        Raises:
            ValueError: They were not kept.
        """
        self._check_trains("output_spikes")
        spikes = self._unpacked(self._source.output_spikes)
        if not self._populations[-1].sends_negative:
            return spikes.view(np.bool_)
        negative = self._unpacked(self._source.output_negative_spikes)
        return spikes.view(np.int8) - negative.view(np.int8)

    @property
    def output_potentials(self) -> NDArray[np.float32]:
        """Membrane potentials of a readout, (num_steps, num_samples, num_classes).

        Raises:
            ValueError: The output population is no readout, or they were not kept.
        """
        self._check_readout("output_potentials")
        self._check_trains("output_potentials")
        return np.ascontiguousarray(self._source.output_potentials.swapaxes(0, 1))

    @cached_property
    def outputs(self) -> NDArray[np.float64]:
        """What a readout says, (num_samples, num_classes), in the units of the ReLU network.

        The potential after a sample's last step, times the scale of the output, by the number of
        steps that it was added up over: an estimate of the logits, or of the values of a
        regression. 0 before a readout's delay is over.

        Raises:
            ValueError: The output population is no readout.
        """
        self._check_readout("outputs")
        if self._totals is not None and self._totals.outputs is not None:
            return self._totals.outputs
        source = self._source
        return _core.outputs_of_potentials(
            source.output_potentials,
            source.stopped_step,
            source.first_step,
            source.readout_delay,
            source.output_scale,
        )

    @cached_property
    def spike_counts(self) -> NDArray[np.int32]:
        """Spikes of each output neuron, less negative ones, (num_samples, num_classes)."""
        if self._totals is not None:
            return self._totals.spike_counts
        source = self._source
        return _core.spike_counts(
            source.output_spikes, source.output_negative_spikes, self.num_classes
        )

    @cached_property
    def predictions(self) -> NDArray[np.int64]:
        """Class with most spikes, or the largest potential of a readout, (num_samples,).

        Ties go to the lowest class.
        """
        if self._totals is not None:
            return self._totals.predictions
        if self._source.is_readout:
            last: NDArray[np.int64] = self.predictions_over_time[-1].astype(np.int64)
            return last
        classes: NDArray[np.int64] = self.spike_counts.argmax(axis=1).astype(np.int64, copy=False)
        return classes

    @cached_property
    def predictions_over_time(self) -> NDArray[np.int32]:
        """Class with most spikes so far, after each step, (num_steps, num_samples).

        Of a readout, the class of the largest potential; 0 before its delay is over.

        Raises:
            ValueError: What the outputs did in each step was not kept.
        """
        self._check_trains("predictions_over_time")
        source = self._source
        if source.is_readout:
            return _core.predictions_of_potentials(
                source.output_potentials,
                source.stopped_step,
                source.first_step,
                source.readout_delay,
            )
        return _core.predictions_over_time(
            source.output_spikes, source.output_negative_spikes, self.num_classes
        )

    @cached_property
    def first_spike_step(self) -> NDArray[np.int64]:
        """Step of the first output spike of either sign, (num_samples,); -1 where there is none.

        Raises:
            ValueError: The output population is a readout, which does not fire.
        """
        if self._source.is_readout:
            name = self._populations[-1].name
            raise ValueError(
                f"first_spike_step is of output spikes, but the output {name!r} is a readout"
            )
        if self._totals is not None and self._totals.first_spike_step is not None:
            return self._totals.first_spike_step
        source = self._source
        return _core.first_spike_step(
            source.output_spikes,
            source.output_negative_spikes,
            self.num_classes,
            self.first_step,
        )

    @property
    def stopped_step(self) -> NDArray[np.int64]:
        """First step that was not simulated, (num_samples,).

        ``first_step + num_steps`` for a sample that ran to its end; less where ``stop_margin``
        ended it early. Its mean is the mean number of steps of `simulate`.
        """
        return self._source.stopped_step

    @property
    def num_input_spikes(self) -> NDArray[np.int64]:
        """Spikes of all inputs together, negative ones too, (num_samples,)."""
        return self._source.input_spikes

    @property
    def input_spikes(self) -> NDArray[np.int64]:
        """The name of `num_input_spikes` in version 0.1, which warns."""
        warn_old_name("result.input_spikes", "result.num_input_spikes")
        return self.num_input_spikes

    @property
    def num_spikes(self) -> NDArray[np.int64]:
        """Spikes of each population, negative ones too, (num_samples, num_populations)."""
        return self._source.spikes

    @property
    def synaptic_operations(self) -> NDArray[np.int64]:
        """For every spike, the synapses that it reaches, (num_samples, num_populations).

        They are booked on the population that the synapses belong to. Synapses of weight 0 count;
        what lies beyond a border is no synapse.
        """
        return self._source.synaptic_operations

    @property
    def has_trains(self) -> bool:
        """Whether what the outputs did in each step is kept."""
        return self._totals is None

    def without_trains(self) -> SimulationResult:
        """Return the result without what the outputs did in each step, which takes most memory.

        Counts, predictions, outputs, first spikes, activity and what was recorded are left, and
        accuracies where `simulate` was given labels.
        """
        if self._totals is not None:
            return self
        readout = self.has_readout
        totals = OutputTotals(
            spike_counts=self.spike_counts,
            predictions=self.predictions,
            first_spike_step=None if readout else self.first_spike_step,
            outputs=self.outputs if readout else None,
        )
        return self._of_arrays(self._arrays().without_trains(), totals, self._num_correct)

    def without_records(self) -> SimulationResult:
        """Return the result without what was recorded."""
        recorded: Recorded = dict.fromkeys(self._recorded, ())
        arrays = ResultArrays.of(self._source, recorded, self.population_names)
        return SimulationResult(
            arrays,
            self._populations,
            self._dt,
            recorded,
            self._totals,
            self._num_correct,
            self._seed,
        )

    def _of_arrays(
        self,
        arrays: ResultArrays,
        totals: OutputTotals | None,
        num_correct: NDArray[np.int64] | None,
    ) -> SimulationResult:
        return SimulationResult(
            arrays, self._populations, self._dt, self._recorded, totals, num_correct, self._seed
        )

    @staticmethod
    def concatenate(parts: Sequence[SimulationResult]) -> SimulationResult:
        """Return the samples of several results side by side, in the order of the parts.

        Parts of a batch that keep its sample ids give the bits of the whole batch, records
        included, wherever and in whatever order they were simulated.

        Args:
            parts: Results of one network over the same steps, with the same things recorded.

        Returns:
            A result of its own, whose samples are those of the first part, the second, and so on.

        Raises:
            TypeError: ``parts`` is no sequence, or holds something else than results.
            ValueError: There is none, or two of them differ in more than their samples.

        Example:
            >>> snn = pysnn.SpikingNetwork(1)
            >>> snn.add_population("output", 1)
            >>> snn.connect("input", "output", pysnn.Linear([[0.5]]))
            >>> parts = [pysnn.simulate(snn, [[x]], duration=0.01) for x in (0.0, 1.0)]
            >>> pysnn.SimulationResult.concatenate(parts).spike_counts
            array([[0],
                   [5]], dtype=int32)
        """
        check_joinable(parts, SimulationResult, SimulationResult._shared)
        first = parts[0]
        arrays = ResultArrays.joined([part._arrays() for part in parts])
        totals = OutputTotals.joined([part._totals for part in parts if part._totals is not None])
        counts = [part._num_correct for part in parts if part._num_correct is not None]
        num_correct: NDArray[np.int64] | None = np.sum(counts, axis=0) if counts else None
        joined = first._of_arrays(arrays, totals, num_correct)
        joined._seed = first.seed if len({part.seed for part in parts}) == 1 else None
        return joined

    @property
    def has_readout(self) -> bool:
        """Whether the output population is a readout, whose potentials are the outputs."""
        return self._source.is_readout

    @property
    def output_scale(self) -> float:
        """What potentials of a readout are multiplied by to be outputs of the ReLU network."""
        return self._source.output_scale

    @property
    def readout_delay(self) -> int:
        """Steps before a readout begins to add its input; 0 without one."""
        return self._source.readout_delay

    def _shared(self) -> dict[str, object]:
        """Return what results must have alike to be put side by side, by name."""
        return {
            "first_step": self.first_step,
            "num_steps": self.num_steps,
            "dt": self.dt,
            "output_scale": self.output_scale,
            "populations": self._populations,
            "record": self._recorded,
            "has_trains": self.has_trains,
            "labels": self._num_correct is not None,
        }

    def _unpacked(self, packed: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Return packed spikes as 0 and 1, (num_steps, num_samples, num_classes)."""
        bits = np.unpackbits(packed, axis=2, count=self.num_classes, bitorder="little")
        return np.ascontiguousarray(bits.swapaxes(0, 1))

    def _check_readout(self, name: str) -> None:
        if not self._source.is_readout:
            output = self._populations[-1].name
            raise ValueError(f"{name} is of a readout, but the output {output!r} sends spikes")

    def _check_trains(self, name: str) -> None:
        if self._totals is not None:
            raise ValueError(
                f"{name} is of every step, but what the outputs did in each was not kept: "
                f"keep_trains was False"
            )

    def _arrays(self) -> ResultArrays:
        return ResultArrays.of(self._source, self._recorded, self.population_names)

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        kept = (self._populations, self._dt, self._recorded, self._totals, self._num_correct)
        return SimulationResult, (self._arrays(), *kept, self._seed)

    def __repr__(self) -> str:
        """Show the sizes and the mean activity."""
        return "\n".join([self._title(), *self._activity_lines()])

    def _repr_html_(self) -> str:
        """Show in a notebook what `repr` shows, population by population."""
        rows: list[tuple[str, ...]] = []
        if self.num_samples:
            spikes, operations = self.num_spikes.mean(axis=0), self.synaptic_operations.mean(axis=0)
            rows = [("input", f"{self.num_input_spikes.mean():,.1f}", "")]
            rows += [
                (name, f"{count:,.1f}", f"{each:,.0f}")
                for name, count, each in zip(self.population_names, spikes, operations, strict=True)
            ]
        table = ("mean per sample", "spikes", "synaptic operations"), rows
        return html_view(self._title(), table, notes=self._activity_lines())

    def _title(self) -> str:
        return (
            f"SimulationResult: {self.num_samples} samples, {self.num_steps} steps of "
            f"{self.dt:g} s, {self.num_classes} classes"
        )

    def _activity_lines(self) -> list[str]:
        lines = []
        if self.num_samples:
            spikes = self.num_spikes.sum(axis=1).mean()
            operations = self.synaptic_operations.sum(axis=1).mean()
            lines.append(
                f"mean per sample: {spikes:,.1f} spikes, {operations:,.0f} synaptic operations"
            )
            steps = self.stopped_step - self.first_step
            if (steps < self.num_steps).any():
                lines.append(
                    f"{np.count_nonzero(steps < self.num_steps):,} samples ended early; "
                    f"mean per sample: {steps.mean():,.1f} steps"
                )
        return lines
