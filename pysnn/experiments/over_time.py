"""Accuracy over simulated time under each normalization, over several seeds of the input.

The main experiment of Diehl et al. (IJCNN 2015), with the spread that its single runs leave open.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Unpack

import numpy as np
from numpy.typing import ArrayLike

from .._base.foreign import wrong_type
from .._base.named import public_names
from .._base.numbers import as_positive_float, as_seed
from .._base.progress import check_progress, progress_bar
from .._base.system import as_num_threads
from ..network import Network
from ..parallel import SubmitsWork, Workers
from ..parallel.job import Samples
from ..parallel.run import run_jobs
from ..parallel.workers import as_workers
from ..spiking import SampleOptions, Stimulus
from ..spiking.batches import Rows
from ..spiking.parts import sample_ids
from ..spiking.settings import check_network
from .accuracy_curve import AccuracyCurve, TimeWithin, plot_curves
from .labelled_samples import DEFAULT_DURATION, classes_of, labelled_samples, part_cell
from .normalizations import NORMALIZATIONS, NormalizationSettings, convert_case
from .over_time_parts import Run, over_time_job
from .over_time_result import AccuracyOverTime, CaseOverTime, OverTimeCase

__all__ = [
    "AccuracyCurve",
    "AccuracyOverTime",
    "CaseOverTime",
    "OverTimeCase",
    "TimeWithin",
    "accuracy_over_time",
    "convert_cases",
    "plot_curves",
]

__dir__ = public_names(__name__)


def convert_cases(
    network: Network,
    x: ArrayLike,
    *,
    normalizations: Sequence[NormalizationSettings] = NORMALIZATIONS,
    max_rate: float = 1000.0,
    unnormalized_max_rate: float = 200.0,
    threshold: float = 1.0,
    num_threads: int | None = None,
    progress: bool | None = None,
) -> tuple[OverTimeCase, ...]:
    """Convert a network with each normalization, for `accuracy_over_time`.

    Args:
        network: The trained network.
        x: Samples for data-based normalization, such as the training set.
        normalizations: Ways of conversion.
        max_rate: Input rate in Hz of the normalized networks.
        unnormalized_max_rate: Input rate in Hz of the network as trained; the paper's best are
            200 Hz for its fully connected network and 400 Hz for its ConvNet.
        threshold: Firing threshold of every neuron.
        num_threads: Threads; None for the default.
        progress: True shows a progress bar, False none, None one on a terminal or in a notebook.

    Returns:
        The spiking networks with their rates.

    Raises:
        TypeError: As `convert`.
        ValueError: As `convert`.
    """
    if not normalizations:
        raise ValueError("normalizations is empty, but must have at least one entry")
    rates = {
        "normalized": as_positive_float(max_rate, "max_rate"),
        "none": as_positive_float(unnormalized_max_rate, "unnormalized_max_rate"),
    }
    return tuple(
        OverTimeCase(
            name=each.name,
            title=each.title,
            snn=convert_case(
                network,
                each,
                threshold=threshold,
                x=x,
                num_threads=num_threads,
                progress=progress,
            ),
            max_rate=rates["none" if each.method == "none" else "normalized"],
        )
        for each in normalizations
    )


def accuracy_over_time(
    network: Network,
    cases: Sequence[OverTimeCase],
    x: Rows,
    y: Rows,
    *,
    num_steps: int | None = None,
    duration: float = DEFAULT_DURATION,
    seeds: Sequence[int] = (0, 1, 2, 3, 4),
    executor: SubmitsWork | Workers | None = None,
    num_threads: int | None = None,
    progress: bool | None = None,
    **stimulus: Unpack[SampleOptions],
) -> AccuracyOverTime:
    """Simulate each case with each seed of Poisson input, and keep its accuracy after each step.

    Args:
        network: The ReLU network, whose accuracy the others are compared to.
        cases: Spiking networks with their rates, such as `convert_cases` makes them.
        x: Samples, (num_samples, *input_shape) or flat, in [0, 1]: an array, or a memory map or a
            function ``x(start, stop)``, which are read part by part.
        y: Integer labels, (num_samples,), or one-hot rows.
        num_steps: Number of steps.
        duration: In place of ``num_steps``: simulated time in s.
        seeds: Seeds of the input, each of them once.
        executor: Where parts run: anything with ``submit`` that gives futures, or
            `pysnn.parallel.Workers`. None runs everything here.
        num_threads: Threads; None for the default, or with an executor for the share of a worker.
        progress: True shows a progress bar, False none, None one on a terminal or in a notebook.
        stimulus: ``dt``, ``sample_ids`` and ``scale``, as for `simulate`.

    Returns:
        Accuracies, their spread, and the times to come and stay near the ReLU network's.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: A value is out of its range, there is no sample, or a case does not fit the
            network.

    Example:
        >>> network = pysnn.Network([pysnn.Linear([[1.0, 0.0], [0.0, 0.5]])], input_shape=2)
        >>> cases = [OverTimeCase("none", "as trained", pysnn.convert(network, method="none"))]
        >>> result = accuracy_over_time(
        ...     network, cases, [[0.0, 1.0]], [1], duration=0.004, seeds=[0]
        ... )
        >>> result.cases[0].accuracy
        array([[0., 1., 1., 1.]])
    """
    if not isinstance(network, Network):
        raise wrong_type("network", network, "a pysnn.Network")
    _check_cases(cases, network)
    numbers = _as_seeds(seeds)
    # The highest rate is refused here, and not when its case comes.
    highest = max(cases, key=lambda case: case.max_rate)
    common = Stimulus.poisson(**stimulus, max_rate=highest.max_rate)
    samples, labels, common = labelled_samples(highest.snn, x, y, common)
    steps = common.num_steps(duration, num_steps)
    workers = as_workers(executor)
    as_num_threads(num_threads)
    check_progress(progress)
    ann_right = classes_of(network, samples) == labels
    jobs = [over_time_job(case, seed, common, steps) for case in cases for seed in numbers]
    batch = Samples(
        (samples, labels, ann_right, sample_ids(common, len(samples))),
        part_cell(workers, samples, len(jobs)),
    )
    total = len(samples) * len(jobs)
    with progress_bar(total, "accuracy over time", progress=progress, unit="sample") as bar:
        runs = [
            Run.total(parts, len(samples), common.dt)
            for _, parts in run_jobs(jobs, batch, workers, num_threads, bar.advance)
        ]
    ann_accuracy = float(ann_right.mean())
    return AccuracyOverTime(
        ann_accuracy=ann_accuracy,
        seeds=numbers,
        num_samples=len(samples),
        cases=tuple(
            _case_result(case, runs[i * len(numbers) : (i + 1) * len(numbers)], ann_accuracy)
            for i, case in enumerate(cases)
        ),
    )


def _case_result(case: OverTimeCase, runs: Sequence[Run], ann_accuracy: float) -> CaseOverTime:
    curve = AccuracyCurve.stack([run.curve for run in runs])
    return CaseOverTime(
        accuracy=curve.accuracy,
        dt=curve.dt,
        num_samples=curve.num_samples,
        name=case.name,
        title=case.title,
        max_rate=case.max_rate,
        ann_accuracy=ann_accuracy,
        num_lost=tuple(run.num_lost for run in runs),
        num_gained=tuple(run.num_gained for run in runs),
    )


def _check_cases(cases: Sequence[OverTimeCase], network: Network) -> None:
    if not isinstance(cases, Sequence):
        raise TypeError(f"cases is a {type(cases).__name__}, but must be a sequence")
    if not cases:
        raise ValueError("cases is empty, but must have at least one entry")
    for i, case in enumerate(cases):
        if not isinstance(case, OverTimeCase):
            raise TypeError(f"cases[{i}] is a {type(case).__name__}, but must be an OverTimeCase")
        check_network(case.snn)
        num_outputs = int(np.prod(network.output_shape))
        if (case.snn.input_shape, case.snn.num_outputs) != (network.input_shape, num_outputs):
            raise ValueError(
                f"cases[{i}] has inputs {case.snn.input_shape} and {case.snn.num_outputs} classes, "
                f"but the network has {network.input_shape} and {num_outputs}"
            )
    names = [case.name for case in cases]
    if len(set(names)) < len(names):
        raise ValueError(f"cases has the names {names}, but each must be unique")


def _as_seeds(seeds: Sequence[int]) -> tuple[int, ...]:
    if isinstance(seeds, str) or not isinstance(seeds, Sequence | np.ndarray):
        raise TypeError(f"seeds is a {type(seeds).__name__}, but must be a sequence of ints")
    numbers = tuple(as_seed(seed, f"seeds[{i}]") for i, seed in enumerate(seeds))
    if not numbers or len(set(numbers)) < len(numbers):
        raise ValueError(f"seeds is {list(numbers)}, but must have at least one, each of them once")
    return numbers
