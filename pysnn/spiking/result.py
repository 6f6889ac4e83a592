"""What a simulation gives back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _core
from .._base.arrays import as_labels
from .balance import Balance
from .spiking_network import SpikingNetwork


def population_sizes(snn: SpikingNetwork) -> dict[str, int]:
    """Return the number of neurons of each population, by name."""
    return {population.name: population.num_neurons for population in snn.populations}


class SimulationResult:
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
        core: _core.SimulationResult,
        sizes: Mapping[str, int],
        dt: float,
        record: Mapping[str, Sequence[str]],
    ) -> None:
        self._core = core
        self._dt = dt
        self._sizes = sizes  # neurons by population
        self._record = record

    @property
    def first_step(self) -> int:
        """Step of the simulation that this result begins with; 0 except in `Simulation`."""
        return self._core.first_step

    @property
    def num_steps(self) -> int:
        """Number of steps."""
        return self._core.num_steps

    @property
    def num_samples(self) -> int:
        """Number of samples."""
        return self._core.num_samples

    @property
    def num_classes(self) -> int:
        """Number of output neurons."""
        return self._core.num_outputs

    @property
    def dt(self) -> float:
        """Length of a step in s."""
        return self._dt

    @property
    def population_names(self) -> tuple[str, ...]:
        """Names of the populations, from input to output."""
        return tuple(self._sizes)

    @property
    def output_spikes(self) -> NDArray[np.bool_]:
        """Spikes of the output neurons, (num_steps, num_samples, num_classes)."""
        packed = self._core.output_spikes
        bits = np.unpackbits(packed, axis=2, count=self.num_classes, bitorder="little")
        return np.ascontiguousarray(bits.swapaxes(0, 1)).view(np.bool_)

    @cached_property
    def spike_counts(self) -> NDArray[np.uint32]:
        """Spikes of each output neuron, (num_samples, num_classes)."""
        return self._core.spike_counts()

    @cached_property
    def predictions(self) -> NDArray[np.int64]:
        """Class with most spikes, (num_samples,); ties go to the lowest class."""
        classes: NDArray[np.int64] = self.spike_counts.argmax(axis=1).astype(np.int64, copy=False)
        return classes

    @cached_property
    def predictions_over_time(self) -> NDArray[np.int32]:
        """Class with most spikes so far, after each step, (num_steps, num_samples)."""
        return self._core.predictions_over_time()

    def accuracy(self, y: ArrayLike) -> NDArray[np.float64]:
        """Return the fraction of samples that are classified as labelled, after each step.

        Args:
            y: Integer labels, (num_samples,).

        Returns:
            Accuracies in [0, 1], (num_steps,).

        Raises:
            TypeError: ``y`` does not hold integers.
            ValueError: ``y`` has another size, a label is no class, or there is no sample.
        """
        if self.num_samples == 0:
            raise ValueError("the result has no samples, but an accuracy needs at least one")
        labels = as_labels(y, self.num_samples, self.num_classes)
        correct: NDArray[np.float64] = (self.predictions_over_time == labels).mean(axis=1)
        return correct

    @cached_property
    def first_spike_step(self) -> NDArray[np.int64]:
        """Step of the first output spike, (num_samples,); -1 where there is none."""
        return self._core.first_spike_step()

    @property
    def stopped_step(self) -> NDArray[np.int64]:
        """First step that was not simulated, (num_samples,).

        ``first_step + num_steps`` for a sample that ran to its end; less where ``stop_margin``
        ended it early. Its mean is the mean number of steps of `simulate`.
        """
        return self._core.stopped_step

    @property
    def input_spikes(self) -> NDArray[np.int64]:
        """Spikes of all inputs together, (num_samples,)."""
        return self._core.input_spikes

    @property
    def spikes(self) -> NDArray[np.int64]:
        """Spikes of each population, (num_samples, num_populations)."""
        return self._core.spikes

    @property
    def synaptic_operations(self) -> NDArray[np.int64]:
        """For every spike, the synapses that it reaches, (num_samples, num_populations).

        They are booked on the population that the synapses belong to. Synapses of weight 0 count;
        what lies beyond a border is no synapse.
        """
        return self._core.synaptic_operations

    @cached_property
    def spike_trains(self) -> dict[str, NDArray[np.bool_]]:
        """Recorded spike trains by population, (num_steps, num_samples, num_neurons)."""
        return {
            name: self._core.records[i][0].view(np.bool_).reshape(self._train_shape(name))
            for i, name in self._recorded("spikes")
        }

    @cached_property
    def potentials(self) -> dict[str, NDArray[np.float32]]:
        """Recorded membrane potentials by population, (num_steps, num_samples, num_neurons).

        Values are those at the end of each step, after the reset.
        """
        return {
            name: self._core.records[i][1].reshape(self._train_shape(name))
            for i, name in self._recorded("potentials")
        }

    @cached_property
    def counts(self) -> dict[str, NDArray[np.uint32]]:
        """Recorded spikes per neuron by population, (num_samples, num_neurons)."""
        return {
            name: self._core.records[i][2].reshape(self.num_samples, self._sizes[name])
            for i, name in self._recorded("counts")
        }

    @cached_property
    def balance(self) -> dict[str, Balance]:
        """Recorded charge of every neuron by population, see `Balance`."""
        return {name: self._balance(i, name) for i, name in self._recorded("balance")}

    def _balance(self, position: int, name: str) -> Balance:
        shape = (self.num_samples, self._sizes[name])
        arrays = self._core.balance(position)
        threshold = arrays.pop("threshold")
        return Balance(
            threshold=threshold,
            loses_excess=self._core.loses_excess(position),
            **{field: values.reshape(shape) for field, values in arrays.items()},
        )

    def _recorded(self, what: str) -> list[tuple[int, str]]:
        return [(i, name) for i, name in enumerate(self._sizes) if name in self._record[what]]

    def _train_shape(self, name: str) -> tuple[int, int, int]:
        return self.num_steps, self.num_samples, self._sizes[name]

    def __repr__(self) -> str:
        """Show the sizes and the mean activity."""
        lines = [
            f"SimulationResult: {self.num_samples} samples, {self.num_steps} steps of "
            f"{self.dt:g} s, {self.num_classes} classes"
        ]
        if self.num_samples:
            spikes = self.spikes.sum(axis=1).mean()
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
        return "\n".join(lines)
