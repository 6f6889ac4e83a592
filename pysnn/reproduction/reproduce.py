"""The main experiment: accuracy of converted networks over simulated time, from raw MNIST."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .._base.environment import describe_environment
from .._base.files import make_folder
from .._base.numbers import as_path, as_positive_int
from .._base.progress import check_progress
from ..datasets import Mnist, load_mnist
from ..importers import from_matlab
from ..network import Network
from ..spiking import SimulationResult, SpikingNetwork
from .case import run_case
from .choices import command_words, describe_sections, section_names
from .clock import Clock
from .origin import describe_origin
from .output import draw_pictures, missing_packages, write_output
from .results import NetworkResult, Published, ReproduceResult
from .sections import SECTIONS, SectionRun
from .settings import NetworkSettings, ReproduceSettings, SectionSettings, default_settings
from .shipped import compared_with_published, digest, take_shipped
from .trained_models import train_or_reuse

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["run"]


def run(
    output: str | os.PathLike[str] = "report",
    *,
    train: bool = False,
    quick: bool = False,
    seed: int | None = 0,
    num_threads: int | None = None,
    progress: bool | None = None,
    sections: Sequence[str] | None = None,
    matlab_convnet: str | os.PathLike[str] | None = None,
    settings: ReproduceSettings | None = None,
    say: Callable[[str], None] | None = None,
) -> ReproduceResult:
    """Convert and simulate the paper's networks on MNIST and write a report.

    Both networks come trained with the package, or are trained, are converted with no, model-based
    and data-based normalization, and simulated on the test images. The further sections follow.
    Conversion and simulation are exact: every machine gets the same numbers from the same network.
    Training depends on NumPy's matrix products.

    Args:
        output: Folder for report, figures, numbers and model files; made where it is missing.
        train: Train the networks, or take those that an earlier such run with the same settings
            left in ``output``.
        quick: Shorter presentation of the images, less in the sections, and fewer epochs.
        seed: Seed of input spikes; with ``train`` also of initial weights and training. None draws
            one, which the settings of the result keep.
        num_threads: Threads of the simulation; None takes what OpenMP would use. Training uses
            the threads of NumPy's matrix product.
        progress: True shows progress bars, False none, None on a terminal.
        sections: Names of the sections beside the core, see `pysnn.reproduction.sections`; None
            takes none but that of ``matlab_convnet`` where this is given, ``["all"]`` all.
        matlab_convnet: The authors' file ``cnn_99.14.mat``.
        settings: Settings of one's own, in place of those that the arguments before it choose.
        say: Takes one line of text when a part of the work begins or is done.

    Returns:
        Every number of the report; ``print`` shows the table of accuracies.

    Raises:
        ImportError: ``progress`` is True and tqdm is not installed, or ``matlab_convnet`` is
            of MATLAB 7.3 and h5py is not.
        OSError: ``output`` cannot be written.
        ValueError: ``settings`` is given together with other choices, a section is unknown, or a
            setting does not fit.
    """
    if settings is None:
        names = section_names(sections, matlab_convnet)
        path = None if matlab_convnet is None else os.fspath(as_path(matlab_convnet))
        settings = default_settings(
            quick=quick, seed=seed, section_names=names, matlab_convnet=path, train=train
        )
        command = command_words(output, settings, sections, num_threads)
    elif train or quick or seed or sections is not None or matlab_convnet is not None:
        raise ValueError(
            "settings is given, so train, quick, seed, sections and matlab_convnet must stay at "
            "their defaults"
        )
    else:
        command = "pysnn.reproduction.reproduce.run(settings=...)"
    check_progress(progress)
    if num_threads is not None:
        num_threads = as_positive_int(num_threads, "num_threads")
    if settings.sections.matlab_convnet is not None:
        # Found now rather than after minutes of training.
        from_matlab(settings.sections.matlab_convnet, output="relu")
    folder = Path(output)
    make_folder(folder)
    tell = say or _say_nothing
    missing = missing_packages()
    for sentence in missing:
        tell(sentence)

    clock = Clock()
    with clock.part("reading MNIST"):
        mnist = _take(load_mnist(), settings)
    networks, trained = [], {}
    spiking: dict[tuple[str, str], SpikingNetwork] = {}
    simulated: dict[tuple[str, str], SimulationResult] = {}
    for network_settings in settings.networks:
        network, trained[network_settings.name] = _run_network(
            network_settings,
            settings,
            mnist,
            spiking,
            simulated,
            folder=folder,
            num_threads=num_threads,
            progress=progress,
            tell=tell,
            clock=clock,
        )
        networks.append(network)
    core = SectionRun(
        settings=settings,
        mnist=mnist,
        networks=trained,
        core={network.name: network for network in networks},
        folder=folder,
        spiking=spiking,
        simulated=simulated,
        num_threads=num_threads,
        progress=progress,
        say=tell,
    )
    published = _compared(settings, simulated)
    if published is not None:
        tell(f"core: {published}")
    measured, pictures = _run_sections(core, clock)
    with clock.part("drawing figures"):
        draw_pictures(networks, folder, pictures, is_possible=not missing)
    environment = describe_environment() | describe_origin()
    result = ReproduceResult(
        settings={
            **asdict(settings),
            "num_train": len(mnist.x_train),
            "num_test": len(mnist.x_test),
            "num_threads": num_threads or environment["default_num_threads"],
            "networks": [_describe(network) for network in settings.networks],
            "sections": describe_sections(settings.sections),
        },
        environment=environment,
        command=command,
        quick=settings.quick,
        checkpoints=settings.checkpoints,
        networks=tuple(networks),
        sections=measured,
        seconds=clock.finish(),
        output=str(folder),
        missing=missing,
        published=published,
    )
    page = write_output(result, folder)
    tell(f"report written to {page} after {result.seconds['whole run']:.0f} s")
    return result


def _run_network(
    network_settings: NetworkSettings,
    settings: ReproduceSettings,
    mnist: Mnist,
    spiking: dict[tuple[str, str], SpikingNetwork],
    simulated: dict[tuple[str, str], SimulationResult],
    *,
    folder: Path,
    num_threads: int | None,
    progress: bool | None,
    tell: Callable[[str], None],
    clock: Clock,
) -> tuple[NetworkResult, Network]:
    """Train, convert and simulate one network; its conversions go to ``spiking``."""
    name = network_settings.name
    with clock.part(f"{name}: training"):
        if settings.train:
            model = train_or_reuse(
                network_settings,
                settings,
                mnist.x_train,
                mnist.y_train,
                folder=folder,
                progress=progress,
                say=tell,
            )
        else:
            model = take_shipped(name, folder)
            tell(f"{name}: trained network that comes with pysnn")
    with clock.part(f"{name}: ReLU network on the test images"):
        ann_accuracy = model.network.accuracy(mnist.x_test, mnist.y_test)
    validation = model.training["history"]["validation_accuracy"]
    validation_accuracy = float(validation[-1]) if validation else None
    held_out = "" if validation_accuracy is None else f", held out {validation_accuracy:.2%}"
    tell(f"{name}: ReLU network classifies {ann_accuracy:.2%} of the test images{held_out}")
    cases = []
    for normalization in settings.normalizations:
        key = name, normalization.name
        case, spiking[key], simulated[key] = run_case(
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
            f"{name}: normalization {normalization.title}: {case.curve.final_accuracy:.2%} after "
            f"{1000 * case.curve.duration:g} ms, simulated in {case.seconds:.1f} s"
        )
        cases.append(case)
    result = NetworkResult(
        name=name,
        title=network_settings.title,
        ann_accuracy=ann_accuracy,
        validation_accuracy=validation_accuracy,
        training=model.training,
        training_seconds=model.seconds,
        reused=model.reused,
        shipped=model.shipped,
        cases=tuple(cases),
    )
    return result, model.network


def _run_sections(
    core: SectionRun, clock: Clock
) -> tuple[dict[str, Any], dict[str, Callable[[], Axes]]]:
    """Return the numbers of every section that was asked for, and the pictures to draw."""
    measured: dict[str, Any] = {}
    pictures: dict[str, Callable[[], Axes]] = {}
    for section in SECTIONS:
        if section.name in core.sections.names:
            core.say(f"{section.name}: {section.summary}")
            with clock.part(f"section {section.name}"):
                outcome = section.measure(core)
            measured[section.name] = outcome.data
            pictures.update(outcome.pictures)
    return measured, pictures


def _compared(
    settings: ReproduceSettings, simulated: dict[tuple[str, str], SimulationResult]
) -> Published | None:
    """Compare with the published simulations; None where the settings are others than theirs."""
    if settings.train or replace(settings, sections=SectionSettings()) != default_settings(
        train=False
    ):
        return None
    return compared_with_published(
        {", ".join(key): digest(result) for key, result in simulated.items()}
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


def _say_nothing(_: str) -> None:
    pass
