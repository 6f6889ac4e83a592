"""`pysnn.diagnose`: a conversion that explains itself."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .._base.arrays import as_labels, as_samples
from .._base.memory import check_memory
from .._base.numbers import as_positive_float, as_positive_int, as_rate, as_seed
from .._base.progress import check_progress, progress_bar
from .._base.system import as_num_threads
from ..network import Network
from ..spiking import SpikingNetwork, Stimulus
from ..spiking.settings import check_network
from ..spiking.stimulus import as_num_steps
from .accuracies import Accuracies
from .conversion_report import ConversionReport
from .findings import find
from .mapping import Stage, match
from .measuring import Measurement, PopulationSums, Setting
from .populations import NeuronCharges, PopulationReport, correlation


def diagnose(
    network: Network,
    snn: SpikingNetwork,
    x: ArrayLike,
    *,
    y: ArrayLike | None = None,
    duration: float,
    dt: float = 1e-3,
    max_rate: float = 1000.0,
    seed: int = 0,
    num_seeds: int = 3,
    sample_ids: ArrayLike | None = None,
    scale: float | None = None,
    batch_size: int = 250,
    num_threads: int | None = None,
    progress: bool | None = None,
) -> ConversionReport:
    """Find out where a converted network loses accuracy, and why.

    The spiking network is simulated beside the ReLU network that it was made from: under Poisson
    input with some seeds, under the same rates without chance (evenly spaced spikes, constant
    current), and with its first populations replaced by their ideal rates, one more each time.
    Every neuron's charge is counted. The causes are those of Diehl et al. 2015: too
    little input to fire at the rate that the activation says, so much that more than one spike
    would be due in a step, and the chance of Poisson input. ``docs/diagnosis.md`` has every number
    as a formula.

    Args:
        network: The ReLU network, as it was before normalization.
        snn: What `convert` made of it, or a chain of the same layers built by hand (whose scale
            factors are then 1).
        x: Samples, (num_samples, ...), with intensities in [0, 1]; some hundred are enough.
        y: Integer labels, (num_samples,). Without labels, the classes that the ReLU network
            predicts stand for them: its accuracy is then 1, and that of the spiking network the
            share of samples on which both agree.
        duration: Simulated time in s.
        dt: Length of a step in s.
        max_rate: Firing rate in Hz that an intensity of 1 stands for; ``max_rate * dt`` <= 1.
        seed: First seed of the Poisson input.
        num_seeds: Number of seeds, ``seed``, ``seed + 1`` and so on; rates and charges are those
            of the first.
        sample_ids: Number of each sample for the generator of the Poisson input, (num_samples,);
            row numbers unless given, as in `simulate`.
        scale: Factor for the numbers of ``x``, such as 1/255; needed for integer images.
        batch_size: Samples that are simulated at a time; more take more memory.
        num_threads: Threads; None for the default.
        progress: True shows a progress bar, False none, None one on a terminal.

    Returns:
        The report; printing it shows it as text.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: A value is out of its range, or the two networks do not belong together.
        MemoryError: Rates of so many samples and neurons would not fit in memory.

    Example:
        >>> network = pysnn.Network([pysnn.Linear([[0.5], [0.25]])], input_shape=1)
        >>> snn = pysnn.convert(network, method="none", threshold=30.0)
        >>> report = pysnn.diagnose(network, snn, [[1.0], [0.8]], duration=0.02)
        >>> print(report.findings[0].cause, report.findings[0].population)
        under-activation linear1
    """
    if not isinstance(network, Network):
        raise TypeError(f"network is a {type(network).__name__}, but must be a pysnn.Network")
    check_network(snn)
    stages = match(network, snn)
    setting = _as_setting(duration, dt, max_rate, seed, num_seeds, num_threads)
    batch_size = as_positive_int(batch_size, "batch_size")
    check_progress(progress)
    samples = as_samples(x, network.input_shape, scale=scale)
    if len(samples) == 0:
        raise ValueError("x has no samples, but a report needs at least one")
    _check_intensities(samples)
    labels = None if y is None else as_labels(y, len(samples), snn.num_outputs)
    ids = Stimulus.of(sample_ids=sample_ids).ids(len(samples))
    if ids is None:
        ids = np.arange(len(samples), dtype=np.uint64)
    num_neurons = sum(stage.population.num_neurons for stage in stages)
    check_memory("rates and activations", (2, len(samples), num_neurons), 4)

    measured = Measurement(snn, stages, setting, len(samples))
    with progress_bar(len(samples), "diagnosis", progress=progress, unit="sample") as bar:
        for start in range(0, len(samples), batch_size):
            rows = slice(start, min(start + batch_size, len(samples)))
            part = samples[rows]
            activations = network.activations(part, batch_size=batch_size)
            measured.add(rows, part, ids[rows], activations)
            bar.advance(len(part))
    return _report(network, stages, setting, measured, labels)


def _check_intensities(samples: NDArray[np.float32]) -> None:
    low, high = float(samples.min()), float(samples.max())
    if low < 0 or high > 1:
        worst = low if low < 0 else high
        raise ValueError(f"x has the value {worst:g}, but must be in [0, 1]; see scale")


def _as_setting(
    duration: float,
    dt: float,
    max_rate: float,
    seed: int,
    num_seeds: int,
    num_threads: int | None,
) -> Setting:
    dt = as_positive_float(dt, "dt")
    rate = as_rate(max_rate, "max_rate")
    if rate == 0 or rate * dt > 1:
        raise ValueError(
            f"max_rate is {rate} Hz, but must be above 0 and, with dt {dt} s, at most {1 / dt:g}"
        )
    first = as_seed(seed)
    count = as_positive_int(num_seeds, "num_seeds")
    if first + count > 1 << 64:
        raise ValueError(f"seed is {first}, but seed + num_seeds must be at most 2^64")
    as_num_threads(num_threads)
    return Setting(
        num_steps=as_num_steps(duration, dt),
        dt=dt,
        max_rate=rate,
        seeds=tuple(range(first, first + count)),
        num_threads=num_threads,
    )


def _report(
    network: Network,
    stages: list[Stage],
    setting: Setting,
    measured: Measurement,
    labels: NDArray[np.int64] | None,
) -> ConversionReport:
    accuracies = Accuracies.of(measured, labels)
    populations = tuple(
        _population(stage, network.layer_names[stage.layer], sums, setting, lost)
        for stage, sums, lost in zip(
            stages, measured.populations, accuracies.lost_by_population, strict=True
        )
    )
    return ConversionReport(
        num_samples=len(measured.ideal),
        num_steps=setting.num_steps,
        dt=setting.dt,
        max_rate=setting.max_rate,
        seeds=setting.seeds,
        accuracies=accuracies,
        populations=populations,
        findings=find(populations, accuracies, stages, setting),
    )


def _population(
    stage: Stage, layer: str, sums: PopulationSums, setting: Setting, lost: float
) -> PopulationReport:
    rate, activation = sums.rate, sums.activation
    num_samples = len(rate)
    error = rate.astype(np.float64) - activation
    largest = activation.max(axis=0).astype(np.float64)
    due = largest * setting.spikes_per_unit >= 1
    total = float(activation.sum(dtype=np.float64))
    # Above one spike per step there is nothing that a neuron could show.
    limit = 1.0 / (setting.max_rate * setting.dt)
    above = float(np.maximum(activation - limit, 0.0).sum(dtype=np.float64))
    return PopulationReport(
        name=stage.population.name,
        layer=layer,
        activation=activation,
        rate=rate,
        correlation=correlation(rate, activation),
        mean_error=float(error.mean()),
        rms_error=float(np.sqrt((error**2).mean())),
        seed_variance=sums.seed_variance / num_samples if len(setting.seeds) > 1 else None,
        charges=NeuronCharges(**sums.charges),
        dead=(rate.max(axis=0) == 0) & due,
        dead_alone=(sums.spikes_alone == 0) & due,
        saturated=largest > limit,
        inactive=largest == 0,
        clipped=above / total if total > 0 else 0.0,
        in_network=sums.in_network.finish(),
        alone=sums.alone.finish(),
        accuracy_lost=lost,
    )
