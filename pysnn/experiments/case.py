"""One conversion of one network, simulated on the test images."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

import pysnn

from ..datasets import Mnist
from ..network import Network
from .clock import Clock
from .results import CaseResult
from .settings import NetworkSettings, NormalizationSettings, ReproduceSettings


def run_case(
    network: Network,
    normalization: NormalizationSettings,
    network_settings: NetworkSettings,
    settings: ReproduceSettings,
    mnist: Mnist,
    *,
    num_threads: int | None,
    progress: bool | None,
    clock: Clock,
) -> CaseResult:
    """Convert a trained network in one way and simulate it on the test images.

    Args:
        network: The trained ReLU network.
        normalization: The way of conversion.
        network_settings: Duration and rate for this network.
        settings: Settings of the whole run.
        mnist: Training images for data-based normalization, and test images.
        num_threads: Threads; None takes what OpenMP would use.
        progress: As for :func:`pysnn.simulate`.
        clock: Takes the time of conversion and simulation.
    """
    label = f"{network_settings.name}, {normalization.name}"
    with clock.part(f"{label}: conversion"):
        normalized, factors = pysnn.normalize(
            network,
            method=normalization.method,
            x=mnist.x_train if normalization.method == "data" else None,
            include_last=normalization.include_last,
            num_threads=num_threads,
            progress=progress,
        )
        # Normalized once, with the factors at hand; `convert` with that method is the same.
        snn = pysnn.convert(normalized, method="none", threshold=settings.threshold)
    rate = settings.max_rate
    if normalization.method == "none":
        rate = network_settings.unnormalized_max_rate
    with clock.part(f"{label}: simulation"):
        simulated = pysnn.simulate(
            snn,
            mnist.x_test,
            duration=network_settings.duration,
            dt=settings.dt,
            max_rate=rate,
            seed=settings.seed,
            num_threads=num_threads,
            progress=progress,
        )
    accuracy = simulated.accuracy(mnist.y_test)
    first_spike_accuracy, median_first_spike = _first_spikes(simulated, mnist.y_test)
    means = {
        "spikes": simulated.spikes.mean(axis=0).tolist(),
        "synaptic_operations": simulated.synaptic_operations.mean(axis=0).tolist(),
    }
    return CaseResult(
        normalization=normalization.name,
        title=normalization.title,
        max_rate=rate,
        dt=settings.dt,
        accuracy=accuracy,
        scale_factors=_by_name(factors.layer_names, factors.scale_factor),
        applied_factors=_by_name(factors.layer_names, factors.applied_factor),
        mean_input_spikes=float(simulated.input_spikes.mean()),
        mean_spikes=_by_name(simulated.population_names, means["spikes"]),
        mean_synaptic_operations=_by_name(simulated.population_names, means["synaptic_operations"]),
        first_spike_accuracy=first_spike_accuracy,
        median_first_spike=median_first_spike,
        num_silent=int((simulated.first_spike_step < 0).sum()),
        seconds=clock.seconds(f"{label}: simulation"),
    )


def _first_spikes(
    simulated: pysnn.SimulationResult, labels: NDArray[Any]
) -> tuple[float, float | None]:
    """Return the accuracy at each image's first output spike and the median of its time in s."""
    step = simulated.first_spike_step
    # Without a spike the prediction is class 0 in every step, so any step will do.
    predicted = simulated.predictions_over_time[np.maximum(step, 0), np.arange(len(step))]
    accuracy = float((predicted == labels).mean())
    times = np.where(step < 0, np.inf, (step + 1) * simulated.dt)
    median = float(np.median(times))
    return accuracy, median if np.isfinite(median) else None


def _by_name(names: Sequence[str], values: Iterable[float]) -> dict[str, float]:
    return {name: float(value) for name, value in zip(names, values, strict=True)}
