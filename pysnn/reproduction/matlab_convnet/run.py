"""The authors' own ConvNet, read from their MATLAB file, as a spiking network."""

from __future__ import annotations

import os

from numpy.typing import ArrayLike

from ..._base.arrays import as_samples
from ..._base.numbers import as_positive_float
from ...conversion import convert, normalize
from ...experiments.accuracy_curve import AccuracyCurve
from ...experiments.normalizations import NORMALIZATIONS, NormalizationSettings
from ...importers import from_matlab
from ...network import Network
from ...nodes import WeightedNode
from ...spiking import SpikingNetwork, Stimulus, simulate
from .result import MatlabCase, MatlabConvnetResult


def run(
    path: str | os.PathLike[str],
    x: ArrayLike,
    y: ArrayLike,
    x_normalization: ArrayLike,
    *,
    duration: float = 0.5,
    dt: float = 1e-3,
    max_rate: float = 1000.0,
    unnormalized_max_rate: float = 400.0,
    seed: int = 0,
    num_threads: int | None = None,
    progress: bool | None = None,
) -> MatlabConvnetResult:
    """Convert and simulate a network of the authors' MATLAB code under each normalization.

    Args:
        path: File as `pysnn.from_matlab` reads it, such as ``cnn_99.14.mat``.
        x: Test samples.
        y: Their labels.
        x_normalization: Samples for data-based normalization: the training set.
        duration: Simulated time per sample in s.
        dt: Time step in s.
        max_rate: Input rate of a white pixel with normalization, in Hz.
        unnormalized_max_rate: The same without; the paper's best for its ConvNet is 400 Hz.
        seed: Seed of the input.
        num_threads: Threads; None for the default.
        progress: True shows progress bars, False none, None on a terminal.

    Returns:
        Accuracies of the ReLU network, and over time of the spiking networks.

    Raises:
        ImportError: The file is of MATLAB 7.3, and h5py is not installed.
        TypeError: An argument has the wrong type.
        ModelFileError: The file is no such network.
        OSError: The file can't be read.
        ValueError: Samples do not fit the network, or a number is out of its range.
    """
    for name, rate in (("max_rate", max_rate), ("unnormalized_max_rate", unnormalized_max_rate)):
        if as_positive_float(rate, name) * as_positive_float(dt, "dt") > 1:
            raise ValueError(f"{name} * dt is {rate * dt}, but must be at most 1")
    network = from_matlab(path, output="relu")
    samples = as_samples(x, network.input_shape)
    num_correct = round(network.accuracy(samples, y) * len(samples))
    _, factors = normalize(network, method="model", num_threads=num_threads)
    sums = {
        name: float(applied)
        for name, layer, applied in zip(
            factors.layer_names, network.layers, factors.applied_factor, strict=True
        )
        if isinstance(layer, WeightedNode)
    }
    cases = []
    for normalization in NORMALIZATIONS:
        snn, applied_factors = _converted(network, normalization, x_normalization, num_threads)
        rate = unnormalized_max_rate if normalization.method == "none" else max_rate
        stimulus = Stimulus.of(dt=dt, max_rate=rate, seed=seed)
        result = simulate(
            snn,
            samples,
            duration=duration,
            num_threads=num_threads,
            progress=progress,
            **stimulus.options(),
        )
        cases.append(
            MatlabCase(
                normalization=normalization.name,
                title=normalization.title,
                max_rate=rate,
                curve=AccuracyCurve.of(result, y),
                applied_factors=applied_factors,
                mean_spikes=float(result.num_spikes.sum(axis=1).mean()),
                mean_synaptic_operations=float(result.synaptic_operations.sum(axis=1).mean()),
            )
        )
    return MatlabConvnetResult(len(samples), num_correct, sums, tuple(cases))


def _converted(
    network: Network,
    normalization: NormalizationSettings,
    x: ArrayLike,
    num_threads: int | None,
) -> tuple[SpikingNetwork, dict[str, float]]:
    normalized, factors = normalize(
        network,
        method=normalization.method,
        x=x if normalization.method == "data" else None,
        include_last=normalization.include_last,
        num_threads=num_threads,
        progress=False,
    )
    applied = zip(factors.layer_names, factors.applied_factor, strict=True)
    # Normalized once, with the factors at hand; `convert` with that method is the same.
    return convert(normalized, method="none"), {name: float(value) for name, value in applied}
