"""The sections of the report that say how its numbers were made."""

from __future__ import annotations

from typing import Any

from ..._base.formats import percent
from ..blas import blas_words
from ..results import NetworkResult, ReproduceResult
from .document import Command, Paragraph, Part, Table


def training_part(result: ReproduceResult) -> Part:
    """Return how the ReLU networks were trained, and how well."""
    rows = [
        [
            network.title,
            f"{percent(network.validation_accuracy)} %"
            if network.validation_accuracy is not None
            else "none held out",
            f"{percent(network.ann_accuracy)} %",
            _recipe_words(network.recipe),
            _training_words(network),
        ]
        for network in result.networks
    ]
    header = ["network", "held-out images", "test images", "recipe", "time"]
    return Part(
        "Training",
        [
            Table(header, rows, text=True),
            Paragraph(
                f"{result.settings['num_validation']:,} training images were held out of "
                "training and used for every choice; the test images were used for none. "
                "Training depends on the library, kernel and threads of NumPy's matrix products; "
                "conversion and simulation do not: with the same networks, every number on this "
                "page is the same on any machine, to the last digit.",
                "note",
            ),
        ],
    )


def settings_part(result: ReproduceResult) -> Part:
    """Return settings, versions and the time that each part took."""
    settings = result.settings
    environment = result.environment
    versions = ", ".join(environment[name] for name in ("pysnn", "python", "numpy"))
    rows = [
        ["time step", f"{1000 * settings['dt']:g} ms"],
        ["threshold, reset", f"{settings['threshold']:g}, to zero; no refractory period"],
        ["seed", str(settings["seed"])],
        ["test images", f"{result.num_images:,}"],
        ["pysnn, Python, NumPy", versions],
        ["platform", environment["platform"]],
        ["CPU target, threads", f"{environment['cpu_target']}, {settings['num_threads']}"],
        ["OpenMP", "yes" if environment["openmp"] else "no"],
        ["random stream", f"version {environment['stream_version']}"],
    ]
    times = [[part, f"{seconds:.1f} s"] for part, seconds in result.seconds.items()]
    return Part(
        "Settings, versions and time",
        [
            Table(["setting", "value"], rows, text=True),
            Table(["part", "wall-clock time"], times),
        ],
    )


def again_part(result: ReproduceResult) -> Part:
    """Return the command that repeats the run, and what each file holds."""
    files = [
        ["results.json", "every number of this page, and the settings"],
        ["table.csv, table.md", "the table of accuracies, times, spikes and operations"],
        ["accuracy_over_time.csv", "accuracy after every step of every case"],
        ["factors.csv", "scale and applied factor of every layer"],
    ]
    if result.sections:
        files.append(["section-<name>.csv", "every number of a further section"])
    if "grids" in result.sections:
        files.append(["grids/", "the cells of the grids; an interrupted run continues there"])
    if not result.missing:
        files.append(["figures/", "every figure as SVG and PNG"])
    files += [
        [f"{network.name}.safetensors, {network.name}.json", f"{network.title}: model, training"]
        for network in result.networks
    ]
    return Part(
        "Reproduce this report",
        [
            Command(result.command),
            Paragraph(
                "With --train, the networks are trained, unless an earlier such run left them in "
                "this folder; without it, the trained networks that come with pysnn are used."
            ),
            Table(["file", "holds"], files, text=True),
        ],
    )


def _training_words(network: NetworkResult) -> str:
    words = f"{network.training_seconds:.0f} s"
    if network.shipped:
        words += ", comes with pysnn"
    elif network.reused:
        words += " in an earlier run"
    blas = network.training.get("blas")
    return words if blas is None else f"{words}; {blas_words(blas)}"


def _recipe_words(recipe: dict[str, Any]) -> str:
    # The builder's name says no more than the row's title.
    return ", ".join(
        f"{name.replace('_', ' ')} {f'{value:g}' if isinstance(value, float) else value}"
        for name, value in recipe.items()
        if name != "network"
    )
