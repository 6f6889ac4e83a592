"""Hand-made results, and settings of a small run, for tests of experiments and command line."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

import pysnn
from pysnn.experiments.accuracy_curve import AccuracyCurve
from pysnn.reproduction.results import CaseResult, NetworkResult, ReproduceResult
from pysnn.reproduction.settings import ReproduceSettings, default_settings


def sample_case(normalization: str, accuracy: ArrayLike) -> CaseResult:
    """Return a case of two layers with the given accuracy after each step."""
    data = normalization == "data"
    return CaseResult(
        normalization=normalization,
        title={"none": "none", "model": "model-based", "data": "data-based"}[normalization],
        max_rate=200.0 if normalization == "none" else 1000.0,
        curve=AccuracyCurve(np.asarray(accuracy, dtype=np.float64)[np.newaxis], 1e-3, 10000),
        scale_factors={"linear1": 4.0 if data else 1.0, "linear2": 2.0 if data else 1.0},
        applied_factors={"linear1": 4.0 if data else 1.0, "linear2": 0.5 if data else 1.0},
        mean_input_spikes=1234.5,
        mean_spikes={"linear1": 250.25, "linear2": 3.5},
        mean_synaptic_operations={"linear1": 1_000_000.0, "linear2": 2502.5},
        first_spike_accuracy=0.75,
        median_first_spike=0.007,
        num_silent=12,
        seconds=1.5,
    )


def sample_network(name: str, ann_accuracy: float, *cases: CaseResult) -> NetworkResult:
    """Return a network of the given accuracy and cases."""
    return NetworkResult(
        name=name,
        title=f"Network <{name}>",
        ann_accuracy=ann_accuracy,
        validation_accuracy=0.9802,
        training={
            "recipe": {"epochs": 2, "learning_rate": 0.5},
            "history": {"validation_accuracy": [0.97, 0.9802]},
        },
        training_seconds=61.4,
        reused=False,
        cases=cases,
    )


def sample_result(
    *networks: NetworkResult, quick: bool = False, missing: tuple[str, ...] = ()
) -> ReproduceResult:
    """Return a run of the given networks, or of one network with three cases."""
    return ReproduceResult(
        settings={
            "seed": 3,
            "dt": 1e-3,
            "max_rate": 1000.0,
            "threshold": 1.0,
            "num_validation": 5000,
            "num_train": 60000,
            "num_test": 10000,
            "num_threads": 2,
        },
        environment={
            "pysnn": "0.1.0",
            "python": "3.11.2",
            "numpy": "2.0.0",
            "platform": "Linux",
            "cpu_target": "avx2",
            "PYSNN_CPU": None,
            "openmp": True,
            "default_num_threads": 2,
            "stream_version": 1,
            "install_path": "/somewhere/pysnn",
            "extras": {"report": {"matplotlib": "3.9.0", "tqdm": None}},
        },
        command="pysnn reproduce --seed 3",
        quick=quick,
        checkpoints=(0.02, 0.05, 0.1),
        networks=networks or (_three_cases(),),
        sections={},
        seconds={"fcn: training": 61.4, "whole run": 70.0},
        output="report",
        missing=missing,
    )


def _three_cases() -> NetworkResult:
    rise = 1 - 0.9 * np.exp(-np.arange(100) / 5.0)
    return sample_network(
        "fcn",
        0.987,
        sample_case("none", 0.95 * rise),
        sample_case("model", 0.1 + 0.88 * np.linspace(0, 1, 100) ** 2),
        sample_case("data", 0.986 * rise),
    )


def small_settings(
    *,
    seed: int = 5,
    epochs: int = 1,
    num_train: int = 400,
    num_validation: int = 100,
    num_test: int = 60,
) -> ReproduceSettings:
    """Return settings of a run of a second: small networks, few images, 30 steps."""
    fcn, convnet = default_settings(quick=True).networks
    return ReproduceSettings(
        networks=(
            replace(
                fcn,
                recipe=replace(fcn.recipe.changed(epochs=epochs, dropout=0.5), builder=small_mlp),
                duration=0.03,
            ),
            replace(
                convnet,
                recipe=replace(
                    convnet.recipe.changed(epochs=epochs, dropout=0.0), builder=small_convnet
                ),
                duration=0.03,
            ),
        ),
        seed=seed,
        num_train=num_train,
        num_validation=num_validation,
        num_test=num_test,
    )


def small_mlp(seed: int = 0) -> pysnn.Network:
    """Return an untrained 784-20-10 network."""
    return pysnn.models.mlp((784, 20, 10), seed=seed)


def small_convnet(seed: int = 0) -> pysnn.Network:
    """Return an untrained network of two convolutions of 2 and 4 channels."""
    return pysnn.models.convnet(
        (1, 28, 28), (2, 4), kernel_size=5, pool=2, num_classes=10, seed=seed
    )
