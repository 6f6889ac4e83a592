"""One conversion of one network, simulated on the test images."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..datasets import Mnist
from ..experiments.accuracy_curve import AccuracyCurve
from ..experiments.first_spike import FirstSpikeResult
from ..experiments.normalizations import NormalizationSettings, convert_case
from ..network import INPUT, Network
from ..nodes import WeightedNode
from ..spiking import SimulationResult, SpikingNetwork, simulate
from .clock import Clock
from .results import CaseResult
from .settings import NetworkSettings, ReproduceSettings


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
) -> tuple[CaseResult, SpikingNetwork, SimulationResult]:
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

    Returns:
        What was measured, the spiking network, and its simulation.
    """
    label = f"{network_settings.name}, {normalization.name}"
    with clock.part(f"{label}: conversion"):
        snn = convert_case(
            network,
            normalization,
            threshold=settings.threshold,
            x=mnist.x_train,
            num_threads=num_threads,
            progress=progress,
        )
    rate = settings.max_rate
    if normalization.method == "none":
        rate = network_settings.unnormalized_max_rate
    with clock.part(f"{label}: simulation"):
        simulated = simulate(
            snn,
            mnist.x_test,
            duration=network_settings.duration,
            dt=settings.dt,
            max_rate=rate,
            seed=settings.seed,
            num_threads=num_threads,
            progress=progress,
        )
    scale_factors, applied_factors = _factors(network, snn)
    first = FirstSpikeResult.of(simulated, mnist.y_test)
    means = {
        "spikes": simulated.num_spikes.mean(axis=0).tolist(),
        "synaptic_operations": simulated.synaptic_operations.mean(axis=0).tolist(),
    }
    result = CaseResult(
        normalization=normalization.name,
        title=normalization.title,
        max_rate=rate,
        curve=AccuracyCurve.of(simulated, mnist.y_test),
        scale_factors=scale_factors,
        applied_factors=applied_factors,
        mean_input_spikes=float(simulated.num_input_spikes.mean()),
        mean_spikes=_by_name(simulated.population_names, means["spikes"]),
        mean_synaptic_operations=_by_name(simulated.population_names, means["synaptic_operations"]),
        first_spike_accuracy=first.accuracy,
        median_first_spike=first.time.median,
        num_silent=first.num_silent,
        seconds=clock.seconds(f"{label}: simulation"),
    )
    return result, snn, simulated


def _factors(network: Network, snn: SpikingNetwork) -> tuple[dict[str, float], dict[str, float]]:
    """Return the scale factor and the applied factor of each layer by name."""
    found = {
        population.name: float(scale)
        for population in snn.populations
        if (scale := population.scale_factor) is not None
    }
    scale_factors, applied_factors = {INPUT: 1.0}, {}
    for place in network.graph.nodes:
        (source,) = place.inputs
        before = scale_factors[source]
        # Flattening makes no population, and passes its source's scale on as pools do.
        scale = found.get(place.name) or before
        scale_factors[place.name] = scale
        is_weighted = isinstance(place.node, WeightedNode)
        applied_factors[place.name] = scale / before if is_weighted else 1.0
    del scale_factors[INPUT]
    return scale_factors, applied_factors


def _by_name(names: Sequence[str], values: Iterable[float]) -> dict[str, float]:
    return {name: float(value) for name, value in zip(names, values, strict=True)}
