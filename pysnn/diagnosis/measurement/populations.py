"""What is known of one population."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...spiking.neuron import WITHOUT_THRESHOLD, Neuron
from ..matching.mapping import Stage
from .setting import Setting
from .shortfall import Shortfall, as_dict
from .sums import PopulationSums


@dataclass(frozen=True, eq=False)
class NeuronCharges:
    """The balance of each neuron, summed over the samples; (num_neurons,) each.

    ``input + initial = spikes + lost + dropped + rounding + left``, in the unit of the potential.

    Attributes:
        input: Charge received.
        initial: Potential before the first step.
        spikes: Threshold times spikes.
        lost: Lost at resets.
        dropped: Dropped while refractory.
        rounding: Taken by rounding to float32.
        left: Left in the membrane.
    """

    input: NDArray[np.float64]
    initial: NDArray[np.float64]
    spikes: NDArray[np.float64]
    lost: NDArray[np.float64]
    dropped: NDArray[np.float64]
    rounding: NDArray[np.float64]
    left: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class PopulationReport:
    """A population beside the layer that it stands for.

    Rates and activations are in the same unit: 1 is ``max_rate`` for a rate, and the scale factor
    for an activation. Of a perfect conversion they are equal.

    Attributes:
        name: Name of the population.
        layer: Name of the layer, or of the node whose value it stands for.
        neuron: Model of its neurons. Max pools and readouts have no charges: theirs are 0.
        activation: Activations of the ReLU network over the scale factor, (num_samples,
            num_neurons).
        rate: Firing rates over ``max_rate``, (num_samples, num_neurons).
        correlation: Pearson's, over all samples and neurons; None where one of the two is the
            same everywhere.
        mean_error: Mean of rate minus activation.
        rms_error: Root of its mean square.
        seed_variance: Variance of the rate over seeds, mean over samples and neurons; None for
            one seed.
        charges: The balance of each neuron.
        dead: Neurons that never fired on these samples, though on some at least one spike was
            due, (num_neurons,).
        dead_alone: Neurons that stay so where the population is driven alone, (num_neurons,).
        saturated: Neurons that on some sample were due more than one spike per step,
            (num_neurons,).
        inactive: Neurons whose activation is 0 on all samples, (num_neurons,).
        clipped: Share of the activation that lies above one spike per step.
        in_network: Shortfall in the network as it is simulated.
        alone: Shortfall of the population driven by evenly spaced spikes of its sources' ideal
            rates: what it loses itself, whatever those before it do.
        accuracy_lost: Accuracy that ideal rates in place of this population's gain, where those
            before it are ideal already.
    """

    name: str
    layer: str
    neuron: Neuron
    activation: NDArray[np.float32]
    rate: NDArray[np.float32]
    correlation: float | None
    mean_error: float
    rms_error: float
    seed_variance: float | None
    charges: NeuronCharges
    dead: NDArray[np.bool_]
    dead_alone: NDArray[np.bool_]
    saturated: NDArray[np.bool_]
    inactive: NDArray[np.bool_]
    clipped: float
    in_network: Shortfall
    alone: Shortfall
    accuracy_lost: float

    @classmethod
    def of(
        cls, stage: Stage, sums: PopulationSums, setting: Setting, accuracy_lost: float
    ) -> PopulationReport:
        """Make the report of a population from what was summed of all samples."""
        rate, activation = sums.rate, sums.activation
        num_samples = len(rate)
        error = rate.astype(np.float64) - activation
        size = np.abs(activation)
        largest = size.max(axis=0).astype(np.float64)
        due = largest * setting.spikes_per_unit >= 1
        total = float(size.sum(dtype=np.float64))
        # Above one spike per step there is nothing that a neuron could show.
        limit = 1.0 / setting.input_spikes_per_step
        above = float(np.maximum(size - limit, 0.0).sum(dtype=np.float64))
        several_seeds = len(setting.seeds) > 1
        return cls(
            name=stage.population.name,
            layer=stage.node.name,
            neuron=stage.population.neuron,
            activation=activation,
            rate=rate,
            correlation=_correlation(rate, activation),
            mean_error=float(error.mean()),
            rms_error=float(np.sqrt((error**2).mean())),
            seed_variance=sums.seed_variance / num_samples if several_seeds else None,
            charges=NeuronCharges(**(sums.charges or _no_charges(rate.shape[1]))),
            dead=(rate == 0).all(axis=0) & due,
            dead_alone=(sums.spikes_alone == 0) & due,
            saturated=largest > limit,
            inactive=largest == 0,
            clipped=above / total if total > 0 else 0.0,
            in_network=sums.in_network.finish(),
            alone=sums.alone.finish(),
            accuracy_lost=accuracy_lost,
        )

    @property
    def has_charges(self) -> bool:
        """Whether there is a balance of charges, which max pools and readouts have none of."""
        return self.neuron not in WITHOUT_THRESHOLD

    @property
    def num_neurons(self) -> int:
        """Number of neurons."""
        return int(self.rate.shape[1])

    @property
    def neuron_correlation(self) -> NDArray[np.float64]:
        """Correlation of each neuron over the samples, (num_neurons,); NaN where undefined."""
        rate = self.rate - self.rate.mean(axis=0, dtype=np.float64)
        activation = self.activation - self.activation.mean(axis=0, dtype=np.float64)
        norm = np.sqrt((rate**2).sum(axis=0) * (activation**2).sum(axis=0))
        product = (rate * activation).sum(axis=0)
        result: NDArray[np.float64] = np.divide(
            product, norm, out=np.full(len(norm), np.nan), where=norm > 0
        )
        return result

    @property
    def neuron_error(self) -> NDArray[np.float64]:
        """Root mean square of rate minus activation of each neuron, (num_neurons,)."""
        difference = self.rate.astype(np.float64) - self.activation
        error: NDArray[np.float64] = np.sqrt((difference**2).mean(axis=0))
        return error

    def to_dict(self) -> dict[str, Any]:
        """Return the numbers of the population as a whole, ready for JSON."""
        return {
            "name": self.name,
            "layer": self.layer,
            "neuron": self.neuron,
            "num_neurons": self.num_neurons,
            "correlation": self.correlation,
            "mean_error": self.mean_error,
            "rms_error": self.rms_error,
            "seed_variance": self.seed_variance,
            "charge": {name: float(values.sum()) for name, values in vars(self.charges).items()},
            "dead": int(self.dead.sum()),
            "dead_alone": int(self.dead_alone.sum()),
            "saturated": int(self.saturated.sum()),
            "inactive": int(self.inactive.sum()),
            "clipped": self.clipped,
            "in_network": as_dict(self.in_network),
            "alone": as_dict(self.alone),
            "accuracy_lost": self.accuracy_lost,
        }


def _no_charges(num_neurons: int) -> dict[str, NDArray[np.float64]]:
    return {each.name: np.zeros(num_neurons) for each in fields(NeuronCharges)}


def _correlation(rate: NDArray[np.float32], activation: NDArray[np.float32]) -> float | None:
    """Return Pearson's correlation, None where one of the two does not vary."""
    a = rate.ravel() - rate.mean(dtype=np.float64)
    b = activation.ravel() - activation.mean(dtype=np.float64)
    norm = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / norm if norm > 0 else None
