"""A spiking network whose populations are calibrated one after the other."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from ..._base.progress import progress_bar
from ...spiking import SpikingNetwork, simulate
from ...spiking.encoding import RANDOM_ENCODINGS, Encoding
from ..folding import FoldedNetwork, FoldedPopulation
from ..folding.linear_map import Doubles
from ..neuron_settings import NeuronSettings
from ..scales import ScaleSettings
from ..spiking_of_folded import add_population
from .method import CalibrationMethod

_BLOCK = 256  # samples that are simulated at a time


def add_calibrated(
    snn: SpikingNetwork,
    folded: FoldedNetwork,
    scales: Mapping[str, Doubles],
    neurons: NeuronSettings,
    settings: ScaleSettings,
    *,
    method: CalibrationMethod,
    means: Mapping[str, Doubles],
    encoding: Encoding,
    num_steps: int,
) -> None:
    """Add the populations, calibrated.

    Each population is simulated behind those before, corrected by its mean error, and stands so
    for those behind it.

    Args:
        snn: The network without populations, as `empty_network` gives it.
        folded: The populations.
        scales: By population, what a spike in every step stands for.
        neurons: Settings of neurons.
        settings: The samples, and how they are computed.
        method: What is corrected, and how.
        means: Mean activations on the samples of the neurons of populations that are no pools,
            (num_neurons,).
        encoding: What the samples become.
        num_steps: Number of steps.
    """
    assert settings.x is not None, "samples are there where a calibration is"
    with progress_bar(
        len(folded.populations), "calibration", progress=settings.progress, unit="population"
    ) as bar:
        for population in folded.populations:
            if not method.applies(population):
                add_population(snn, population, scales, neurons)
            else:
                scale = scales[population.name]
                tried = snn._copy()
                add_population(tried, population, scales, neurons)
                sent = _mean_sent(tried, population, scale, settings, encoding, num_steps)
                error = means[population.name] - sent
                correction = method.correction(population, error, scale, num_steps)
                add_population(snn, correction.population, scales, neurons, start=correction.start)
            bar.advance(1)


def _mean_sent(
    snn: SpikingNetwork,
    population: FoldedPopulation,
    scale: Doubles,
    settings: ScaleSettings,
    encoding: Encoding,
    num_steps: int,
) -> Doubles:
    """Return the mean over the samples of what the last population's output stands for."""
    samples = settings.x
    assert samples is not None, "samples are there where a calibration is"
    total: Doubles = np.zeros(math.prod(population.shape))
    for first in range(0, len(samples), _BLOCK):
        rows = np.arange(first, min(first + _BLOCK, len(samples)))
        result = simulate(
            snn,
            samples[rows],
            num_steps=num_steps,
            encoding=encoding,
            sample_ids=rows if encoding in RANDOM_ENCODINGS else None,
            num_threads=settings.num_threads or None,
            progress=False,
        )
        if population.neuron == "readout":
            total += result.output_potentials[-1].sum(axis=0, dtype=np.float64)
        else:
            total += result.spike_counts.sum(axis=0, dtype=np.float64)
    by_channel = total.reshape(population.shape[0], -1) * np.reshape(scale, (-1, 1))
    mean: Doubles = by_channel.reshape(-1) / (len(samples) * (num_steps - population.delay))
    return mean
