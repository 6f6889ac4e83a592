"""The main experiment: accuracy of converted networks over simulated time, from raw MNIST."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from .._progress import check_progress
from .._validation import as_positive_int
from ..datasets import Mnist, load_mnist
from .case import run_case
from .clock import Clock
from .environment import describe_environment
from .files import make_folder
from .output import missing_packages, write_output
from .results import NetworkResult, ReproduceResult
from .settings import NetworkSettings, ReproduceSettings, default_settings
from .trained_models import train_or_reuse

__all__ = ["run"]


def run(
    output: str | os.PathLike[str] = "report",
    *,
    quick: bool = False,
    seed: int = 0,
    num_threads: int | None = None,
    progress: bool | None = None,
    settings: ReproduceSettings | None = None,
    say: Callable[[str], None] | None = None,
) -> ReproduceResult:
    """Train, convert and simulate the paper's networks on MNIST and write a report.

    Both networks are trained, or taken from ``output`` where an earlier run with the same
    settings left them, converted with no, model-based and data-based normalization, and
    simulated on the test images.

    Args:
        output: Folder for report, figures, numbers and model files; made where it is missing.
        quick: Fewer epochs and shorter presentation of the images.
        seed: Seed of initial weights, training and input spikes.
        num_threads: Threads of the simulation; None takes what OpenMP would use. Training uses
            the threads of NumPy's matrix product.
        progress: True shows progress bars, False none, None on a terminal.
        settings: Settings of one's own, in place of those that ``quick`` and ``seed`` choose.
        say: Takes one line of text when a part of the work begins or is done.

    Returns:
        Every number of the report; ``print`` shows the table of accuracies.

    Raises:
        ImportError: ``progress`` is True and tqdm is not installed.
        OSError: ``output`` cannot be written.
        ValueError: ``settings`` is given together with ``quick`` or ``seed``, or a setting does
            not fit.
    """
    if settings is None:
        settings = default_settings(quick=quick, seed=seed)
        command = _command(output, quick=quick, seed=seed, num_threads=num_threads)
    elif quick or seed:
        raise ValueError("settings is given, so quick and seed must stay at their defaults")
    else:
        command = "pysnn.experiments.reproduce.run(settings=...)"
    check_progress(progress)
    if num_threads is not None:
        num_threads = as_positive_int(num_threads, "num_threads")
    folder = Path(output)
    make_folder(folder)
    tell = say or _say_nothing
    missing = missing_packages()
    for sentence in missing:
        tell(sentence)

    clock = Clock()
    with clock.part("reading MNIST"):
        mnist = _take(load_mnist(), settings)
    networks = tuple(
        _run_network(
            network,
            settings,
            mnist,
            folder=folder,
            num_threads=num_threads,
            progress=progress,
            tell=tell,
            clock=clock,
        )
        for network in settings.networks
    )
    environment = describe_environment()
    result = ReproduceResult(
        settings={
            **asdict(settings),
            "num_train": len(mnist.x_train),
            "num_test": len(mnist.x_test),
            "num_threads": num_threads or environment["default_num_threads"],
            "networks": [_describe(network) for network in settings.networks],
        },
        environment=environment,
        command=command,
        quick=settings.quick,
        checkpoints=settings.checkpoints,
        networks=networks,
        seconds=clock.finish(),
        output=str(folder),
        missing=missing,
    )
    page = write_output(result, folder)
    tell(f"report written to {page} after {result.seconds['whole run']:.0f} s")
    return result


def _run_network(
    network_settings: NetworkSettings,
    settings: ReproduceSettings,
    mnist: Mnist,
    *,
    folder: Path,
    num_threads: int | None,
    progress: bool | None,
    tell: Callable[[str], None],
    clock: Clock,
) -> NetworkResult:
    name = network_settings.name
    with clock.part(f"{name}: training"):
        model = train_or_reuse(
            network_settings,
            settings,
            mnist.x_train,
            mnist.y_train,
            folder=folder,
            progress=progress,
            say=tell,
        )
    with clock.part(f"{name}: ReLU network on the test images"):
        ann_accuracy = model.network.accuracy(mnist.x_test, mnist.y_test)
    validation = model.training["history"]["validation_accuracy"]
    validation_accuracy = float(validation[-1]) if validation else None
    held_out = "" if validation_accuracy is None else f", held out {validation_accuracy:.2%}"
    tell(f"{name}: ReLU network classifies {ann_accuracy:.2%} of the test images{held_out}")
    cases = []
    for normalization in settings.normalizations:
        case = run_case(
            model.network,
            normalization,
            network_settings,
            settings,
            mnist,
            num_threads=num_threads,
            progress=progress,
            clock=clock,
        )
        tell(
            f"{name}: normalization {normalization.title}: {case.final_accuracy:.2%} after "
            f"{1000 * case.duration:g} ms, simulated in {case.seconds:.1f} s"
        )
        cases.append(case)
    return NetworkResult(
        name=name,
        title=network_settings.title,
        ann_accuracy=ann_accuracy,
        validation_accuracy=validation_accuracy,
        training=model.training,
        training_seconds=model.seconds,
        reused=model.reused,
        cases=tuple(cases),
    )


def _take(mnist: Mnist, settings: ReproduceSettings) -> Mnist:
    """Return the leading samples that the settings ask for."""
    for name, count, there in (
        ("num_train", settings.num_train, len(mnist.x_train)),
        ("num_test", settings.num_test, len(mnist.x_test)),
    ):
        if count is not None and count > there:
            raise ValueError(f"{name} is {count}, but MNIST has {there} such images")
    num_train = settings.num_train or len(mnist.x_train)
    if settings.num_validation >= num_train:
        raise ValueError(
            f"num_validation is {settings.num_validation}, but must be below the {num_train} "
            f"training images"
        )
    return replace(
        mnist,
        x_train=mnist.x_train[: settings.num_train],
        y_train=mnist.y_train[: settings.num_train],
        x_test=mnist.x_test[: settings.num_test],
        y_test=mnist.y_test[: settings.num_test],
    )


def _describe(network: NetworkSettings) -> dict[str, Any]:
    return {
        "name": network.name,
        "recipe": network.recipe.to_dict(),
        "duration": network.duration,
        "unnormalized_max_rate": network.unnormalized_max_rate,
    }


def _command(
    output: str | os.PathLike[str], *, quick: bool, seed: int, num_threads: int | None
) -> str:
    words = ["pysnn", "reproduce", "--seed", str(seed)]
    if quick:
        words.append("--quick")
    if num_threads is not None:
        words += ["--threads", str(num_threads)]
    if os.fspath(output) != "report":
        words += ["--output", os.fspath(output)]
    return shlex.join(words)


def _say_nothing(_: str) -> None:
    pass
