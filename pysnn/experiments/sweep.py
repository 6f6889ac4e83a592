"""Accuracy on a grid of input rates and thresholds.

Diehl et al. (IJCNN 2015, section IV) found rate and threshold of the unnormalized networks by such
a search; normalization makes it unnecessary.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Unpack

import numpy as np
from numpy.typing import ArrayLike

from .._base.arrays import as_real_array, check_finite
from .._base.defaults import default, is_given, resolved
from .._base.digests import sha256
from .._base.formats import all_digits
from .._base.named import public_names
from .._base.numbers import as_path, as_positive_float, as_positive_int, as_str
from .._base.progress import check_progress, progress_bar
from .._base.system import STREAM_VERSION, as_num_threads
from ..conversion import PaperMethodName, convert
from ..io import to_bytes
from ..network import Network
from ..parallel import SubmitsWork, Workers
from ..parallel.job import Samples
from ..parallel.run import run_jobs
from ..parallel.workers import as_workers
from ..spiking import SampleOptions, SpikingNetwork, Stimulus
from ..spiking.batches import Rows
from ..spiking.parts import sample_ids, shared_network
from ..spiking.stimulus import DEFAULT_NUM_STEPS
from .labelled_samples import labelled_samples, part_cell
from .sweep_parts import CellCounts, Grid, claim_folder
from .sweep_result import SweepPoint, SweepResult

__all__ = [
    "MAX_RATES",
    "NORMALIZED_THRESHOLDS",
    "THRESHOLDS",
    "SweepCase",
    "SweepPoint",
    "SweepResult",
    "log_range",
    "sweep",
    "sweep_networks",
]

__dir__ = public_names(__name__)


def log_range(low: float, high: float, num_values: int) -> tuple[float, ...]:
    """Return numbers from ``low`` to ``high``, both included, each the same factor apart.

    Args:
        low: First number, above 0.
        high: Last number, at least ``low``.
        num_values: How many; 1 only where ``low`` is ``high``.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: An argument is out of its range.

    Example:
        >>> log_range(25, 1600, 4)
        (25.0, 100.0, 400.0, 1600.0)
    """
    first, last = as_positive_float(low, "low"), as_positive_float(high, "high")
    count = as_positive_int(num_values, "num_values")
    if last < first:
        raise ValueError(f"high is {last}, but must be at least low, {first}")
    if (count == 1) != (first == last):
        limits = f"{all_digits(first)}:{all_digits(last)}"
        raise ValueError(f"num_values is {count}, which does not fit a range of {limits}")
    # Rounded to 12 digits, so that the same words give the same floats on any machine.
    return tuple(float(f"{value:.12g}") for value in np.geomspace(first, last, count))


MAX_RATES = log_range(25, 1000, 12)
"""Input rates in Hz of the paper's grid."""
THRESHOLDS = log_range(0.1, 20, 12)
"""Thresholds for networks whose weights are as training left them."""
NORMALIZED_THRESHOLDS = log_range(0.05, 10, 12)
"""Thresholds for normalized networks, whose weights are made for a threshold of 1."""
_NUM_SAMPLES: int = default(1000)


def sweep(
    snn: SpikingNetwork,
    x: Rows,
    y: Rows,
    *,
    max_rates: Sequence[float] = MAX_RATES,
    thresholds: Sequence[float] = THRESHOLDS,
    num_samples: int | None = _NUM_SAMPLES,
    num_steps: int = DEFAULT_NUM_STEPS,
    duration: float | None = None,
    seed: int | None = 0,
    output: str | os.PathLike[str] | None = None,
    executor: SubmitsWork | Workers | None = None,
    num_threads: int | None = None,
    progress: bool | None = None,
    description: str = "sweep",
    **stimulus: Unpack[SampleOptions],
) -> SweepResult:
    """Simulate a network for every pair of an input rate and a threshold.

    The threshold is that of every neuron, pools included, as in `convert` and the authors' code.
    All cells get the same samples, seed and sample ids.

    With ``output`` each part, some samples at all rates of one threshold, is kept when it is done,
    and a later call with the same arguments goes on from there. Numbers depend on none of
    ``output``, ``executor``, ``num_threads`` and interruptions.

    Args:
        snn: The network; its thresholds are replaced.
        x: Samples, (num_samples, *input_shape) or flat, in [0, 1]: an array, or a memory map or a
            function ``x(start, stop)``, which are read part by part.
        y: Labels, one per sample.
        max_rates: Input rates in Hz, ascending and above 0; ``max_rate * dt`` <= 1.
        thresholds: Thresholds, ascending and above 0.
        num_samples: Leading samples of ``x`` that are simulated; None takes all. Unless given,
            1000, or all where there are fewer.
        num_steps: Steps per sample.
        duration: In place of ``num_steps``: simulated time in s.
        seed: Seed of the input; None, without ``output``, draws one, which ``settings`` of the
            result keep.
        output: Folder for the parts, ``manifest.json``, and at the end ``sweep.json`` and
            ``sweep.csv``; made where it is missing. A folder with a sweep of other settings,
            another network or other data is refused.
        executor: Where the parts run: anything with ``submit`` that gives futures, or
            `pysnn.parallel.Workers`. None runs them here, one after the other.
        num_threads: Threads; None for the default, or with an executor for the share of a worker.
        progress: True shows a progress bar, False none, None one on a terminal or in a notebook.
        description: Words before the bar.
        stimulus: ``dt``, ``sample_ids`` and ``scale``, as for `simulate`.

    Returns:
        Accuracy, spikes and synaptic operations of every cell.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: A value is out of its range, or ``output`` keeps another sweep.
        OSError: ``output`` can't be written.
    """
    rates = _as_ascending(max_rates, "max_rates")
    levels = _as_ascending(thresholds, "thresholds")
    if output is not None and seed is None:
        raise ValueError(
            "seed is None, which draws another in each call, but output is given, from which a "
            "later call goes on; give a seed"
        )
    # The highest rate is refused here, and not when its cell comes.
    driven = Stimulus.poisson(**stimulus, seed=seed, max_rate=rates[-1])
    samples, labels, driven = labelled_samples(snn, x, y, driven)
    rows = slice(_as_num_samples(num_samples, len(samples)))
    num_steps = driven.num_steps(duration, num_steps)
    workers = as_workers(executor)
    as_num_threads(num_threads)
    check_progress(progress)
    as_str(description, "description")
    part = driven.part(rows, len(samples))
    taken = samples[rows]
    ids = sample_ids(part, len(taken))
    assert ids is not None
    grid = Grid(
        snn, rates, levels, taken, labels[rows], ids, part.changed(sample_ids=None), num_steps
    )
    manifest = _manifest(grid)
    folder = None if output is None else Path(as_path(output, "output"))
    if folder is not None:
        claim_folder(folder, manifest)
    counts = _run(grid, workers.keeping_in(folder), num_threads, progress, description)
    result = _assemble(counts, manifest)
    if folder is not None:
        result.write_csv(folder / "sweep.csv")
        result.save(folder / "sweep.json")
    return result


@dataclass(frozen=True)
class SweepCase:
    """One grid of `sweep_networks`.

    Attributes:
        network: Name of the network.
        method: Normalization, as for `convert`.
        result: The grid.
    """

    network: str
    method: PaperMethodName
    result: SweepResult


def sweep_networks(
    networks: Mapping[str, Network],
    x_normalization: ArrayLike,
    x: Rows,
    y: Rows,
    *,
    output: str | os.PathLike[str] | None = None,
    **options: Any,
) -> tuple[SweepCase, ...]:
    """Run the grid for each network as trained, and after data-based normalization.

    Unnormalized networks get the thresholds `THRESHOLDS`, normalized ones
    `NORMALIZED_THRESHOLDS`.

    Args:
        networks: Trained networks by name.
        x_normalization: Samples for the normalization, such as the training set.
        x: Samples of the grid.
        y: Their labels.
        output: Folder for one folder per grid, ``<network>_<method>``.
        options: Further arguments of `sweep`, but ``thresholds`` and ``description``.

    Returns:
        The grids, for each network ``"none"`` and then ``"data"``.

    Raises:
        TypeError: As `convert` and `sweep`.
        ValueError: As `convert` and `sweep`.
        OSError: ``output`` can't be written.
    """
    if not isinstance(networks, Mapping):
        raise TypeError(
            f"networks is a {type(networks).__name__}, but must be a mapping of names to networks"
        )
    folder = None if output is None else Path(as_path(output, "output"))
    # All conversions come first: what does not fit is found before the first grid has run.
    converted: dict[tuple[str, PaperMethodName], SpikingNetwork] = {}
    for name, network in networks.items():
        converted[name, "none"] = convert(network, method="none")
        converted[name, "data"] = convert(network, method="data", x=x_normalization, progress=False)
    return tuple(
        SweepCase(
            name,
            method,
            sweep(
                snn,
                x,
                y,
                thresholds=THRESHOLDS if method == "none" else NORMALIZED_THRESHOLDS,
                output=None if folder is None else folder / f"{name}_{method}",
                description=f"sweep {name}, {method}",
                **options,
            ),
        )
        for (name, method), snn in converted.items()
    )


def _as_ascending(values: Sequence[float], name: str) -> tuple[float, ...]:
    array = as_real_array(values, name)
    if array.ndim != 1 or array.size == 0:
        raise ValueError(
            f"{name} has shape {array.shape}, but must be a row of at least one number"
        )
    check_finite(array, name)
    numbers = tuple(float(value) for value in array)
    for i, number in enumerate(numbers):
        if number <= (numbers[i - 1] if i else 0.0):
            raise ValueError(f"{name}[{i}] is {number}, but must be above 0 and ascending")
    return numbers


def _as_num_samples(num_samples: int | None, there: int) -> int:
    if num_samples is None:
        return there
    if not is_given(num_samples):
        return min(resolved(num_samples), there)
    count = as_positive_int(num_samples, "num_samples")
    if count > there:
        raise ValueError(f"num_samples is {count}, but x has {there} samples")
    return count


def _run(
    grid: Grid,
    workers: Workers,
    num_threads: int | None,
    progress: bool | None,
    description: str,
) -> list[CellCounts]:
    num_samples = len(grid.x)
    cell = part_cell(workers, grid.x, len(grid.thresholds))
    samples = Samples((grid.x, grid.y, grid.ids), cell)
    network = shared_network(grid.snn)
    jobs = [grid.job(threshold, network) for threshold in grid.thresholds]
    total = num_samples * len(jobs)
    with progress_bar(total, description, progress=progress, unit="sample") as bar:
        found = run_jobs(jobs, samples, workers, num_threads, bar.advance)
        return [CellCounts.total(parts) for _, parts in found]


def _manifest(grid: Grid) -> dict[str, Any]:
    return {
        "kind": "sweep",
        "format_version": 1,
        "stream_version": STREAM_VERSION,
        "network_sha256": sha256(to_bytes(grid.snn)),
        "data_sha256": sha256(grid.x, grid.y, grid.ids),
        "num_samples": len(grid.x),
        "num_steps": grid.num_steps,
        "dt": grid.stimulus.dt,
        "seed": grid.stimulus.seed,
        "max_rates": list(grid.max_rates),
        "thresholds": list(grid.thresholds),
    }


def _assemble(counts: Sequence[CellCounts], manifest: dict[str, Any]) -> SweepResult:
    settings = dict(manifest)
    rates, thresholds = settings.pop("max_rates"), settings.pop("thresholds")
    return SweepResult(
        max_rates=np.array(rates),
        thresholds=np.array(thresholds),
        num_correct=np.array([each.num_correct for each in counts]).T,
        spikes=np.array([each.spikes for each in counts]).T,
        synaptic_operations=np.array([each.synaptic_operations for each in counts]).T,
        settings=settings,
    )
