"""The cheapest conversion within a loss of accuracy, found by measurement."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Unpack

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..._base.defaults import default
from ..._base.numbers import as_choice, as_drawn_seed, as_finite_float, as_path, as_positive_float
from ..._base.progress import check_progress, progress_bar
from ..._base.system import as_num_threads
from ...conversion import Readout, Rectifier
from ...network import Network
from ...parallel import SubmitsWork, Workers
from ...parallel.workers import as_workers
from ...spiking import PoissonOptions, Stimulus
from ...spiking.batches import Rows
from ..compare import Comparison, RecipeLike
from ..compare.compare import (
    as_steps,
    asked_steps,
    calibration_samples,
    classified_samples,
    seed_of,
    stimuli,
)
from ..compare.readings import ClassifiedSamples
from .bench import Bench, Task, measure
from .checkpoint import Checkpoint
from .grid import search_candidates
from .halving import Cost, Goal, best_reading, num_kept, rung_sizes
from .search import Found, Search
from .tuning import Tuning

DEFAULT_STEPS: int = default(128)


def tune(
    network: Network,
    x: Rows | Iterable[Any],
    y: Rows | None = None,
    *,
    x_calibration: ArrayLike | Iterable[Any] | None = None,
    max_loss: float = 0.005,
    cost: Cost = "operations",
    num_steps: int | Sequence[int] = DEFAULT_STEPS,
    duration: float | None = None,
    recipes: Sequence[RecipeLike] | None = None,
    percentiles: Sequence[float] | None = None,
    neurons: Sequence[Rectifier] | None = None,
    readouts: Sequence[Readout] | None = None,
    candidates: Sequence[RecipeLike] = (),
    final_share: float = 0.5,
    split_seed: int | None = 0,
    budget: float | None = None,
    checkpoint: str | os.PathLike[str] | None = None,
    executor: SubmitsWork | Workers | None = None,
    num_threads: int | None = None,
    progress: bool | None = None,
    **stimulus: Unpack[PoissonOptions],
) -> Tuning:
    """Find the conversion and the number of steps that cost least within a loss of accuracy.

    The samples are split at random. On one part candidates are compared by successive halving: all
    on a few samples, the best third on four times as many, and so on; what a candidate loses is
    the ReLU network's accuracy on the same samples less its own. The other part is simulated once,
    with what was chosen. The best of many candidates looks better than it is on the first part,
    not on the other.

    Args:
        network: The ReLU network.
        x: Samples that neither training nor calibration has seen, (num_samples, *input_shape) or
            flat, at least two: an array, or a memory map or a function ``x(start, stop)``, of which
            single rows are read; or a data loader, as for `compare`.
        y: Integer labels, (num_samples,), or one-hot rows; None where ``x`` gives them.
        x_calibration: Samples for the conversion, such as a part of the training set, or a data
            loader; needed unless no candidate reads any.
        max_loss: Largest loss of accuracy, in shares of samples: 0.005 is half a point.
        cost: What is to be small: synaptic ``"operations"`` per sample, or ``"steps"``.
        num_steps: The largest number of steps: tried are 4, 6, 8, 12, 16, 24 ... and it. Or all
            numbers of steps that are tried, rising.
        duration: In place of ``num_steps``: the largest simulated time in s.
        recipes: Recipes that are tried as they are and that the grid is around, as for `compare`;
            None: all of `pysnn.recipes` as they are, and the grid around ``"robust"``.
        percentiles: Percentiles of the grid; None for 99, 99.9, 99.99 and 100.
        neurons: Neuron models of the grid; None for ``"if"`` and ``"signed"``.
        readouts: Readouts of the grid; None for ``"potential"`` and ``"spikes"``.
        candidates: Ways of conversion that are tried besides, as ``recipes`` of `compare`, such as
            ``("robust", {"initial_potential": 0.25})``.
        final_share: Share of the samples that the choice does not see, in (0, 1).
        split_seed: Seed of the split; None draws one, which `Tuning.split_seed` keeps.
        budget: Time in s after which no further candidate is begun; the measurement of the choice
            comes on top. None for as long as it takes. What it cuts short is said in the result.
        checkpoint: File that keeps what was measured, made where it is missing: a later call on
            the same network and data goes on from there, so that ``seed`` and ``split_seed`` must
            not be None.
        executor: Where simulations run, as for `compare`.
        num_threads: Threads; None for the default, or with an executor for the share of a worker.
        progress: True shows a progress bar, False none, None one on a terminal or in a notebook.
        stimulus: ``dt``, ``max_rate``, ``seed``, ``sample_ids`` and ``scale``, as for `compare`.

    Returns:
        The network, its number of steps, figures of all candidates and of the choice. Without
        ``budget`` they depend on none of ``checkpoint``, ``executor`` and ``num_threads``.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: A value is out of its range or has no effect, shapes do not fit, ``checkpoint``
            is another file, or no candidate fits the network.
        OSError: ``checkpoint`` can't be read or written.

    Example:
        >>> network = pysnn.models.mlp((4, 5, 3), seed=0)
        >>> x = np.random.default_rng(0).random((200, 4), dtype=np.float32)
        >>> found = pysnn.tune(
        ...     network, x, network.classify(x), x_calibration=x, max_loss=0.1, recipes=["robust"]
        ... )
        >>> found.final.num_samples
        100
    """
    begun = time.monotonic()
    goal = Goal(_as_loss(max_loss), as_choice(cost, "cost", ("operations", "steps")))
    steps = _as_tried_steps(asked_steps(num_steps, duration, stimulus))
    ways = search_candidates(recipes, percentiles, neurons, readouts, candidates)
    end = None if budget is None else begun + as_positive_float(budget, "budget")
    workers = as_workers(executor)
    as_num_threads(num_threads)
    check_progress(progress)
    if checkpoint is not None:
        for name, value in (("split_seed", split_seed), ("seed", stimulus.get("seed", 0))):
            if value is None:
                raise ValueError(
                    f"{name} is None, which draws another in each call, but checkpoint is given, "
                    f"from which a later call goes on; give a seed"
                )
    drives = stimuli(ways, stimulus)
    samples = classified_samples(network, x, y, stimulus)
    calibration = calibration_samples(network, x_calibration, ways, stimulus.get("scale"))
    split_seed = as_drawn_seed(split_seed, "split_seed")
    split = _split(len(samples), final_share, split_seed)
    for drive in drives:
        drive.ids(len(samples))
    path = None if checkpoint is None else Path(as_path(checkpoint, "checkpoint"))
    kept = Checkpoint(path, network, calibration)
    total = _num_simulated(len(ways), len(split[0])) + len(split[1])
    with progress_bar(total, "tune", progress=progress, unit="sample") as bar:
        bench = Bench(network, calibration, samples, kept, workers, num_threads, bar.advance)
        search = Search(
            bench,
            samples[split[0]],
            {
                way.name: _of_rows(drive, split[0], len(samples))
                for way, drive in zip(ways, drives, strict=True)
            },
            steps,
            goal,
            lambda: end is not None and time.monotonic() >= end,
        )
        found = search.run(ways)
        if not found.candidates:
            name, reason = found.refusals[0]
            raise ValueError(f"recipes has none that fits the network: {name}: {reason}")
        drive = drives[ways.index(found.candidates[0])]
        drive = _of_rows(drive, split[1], len(samples))
        tuning = _finished(bench, found, goal, samples[split[1]], drive)
        return replace(tuning, seed=seed_of(drives), split_seed=split_seed)


def _finished(
    bench: Bench, found: Found, goal: Goal, samples: ClassifiedSamples, drive: Stimulus
) -> Tuning:
    """Measure what was chosen on samples that the choice has not seen."""
    choice, trial = found.candidates[0], found.trials[0]
    num_steps = int(trial.steps[best_reading(trial, goal)[0]])
    task = Task(choice, drive, (num_steps,))
    ((_, readings),) = measure(bench, [task], samples, lambda: False)
    if isinstance(readings, str):
        raise ValueError(readings)
    final = Comparison.of(
        {choice.name: readings},
        [choice.encoding],
        task.steps,
        len(samples),
        int((samples.ann == samples.y).sum()),
        seed=seed_of([drive]),
    )
    return Tuning(
        network=bench.convert(choice),
        candidate=choice,
        num_steps=num_steps,
        goal=goal,
        trials=found.trials,
        final=final,
        refusals=found.refusals,
        was_cut=found.was_cut,
    )


def _split(
    num_samples: int, final_share: float, split_seed: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the rows of the choice, in the order in which they are taken, and the others."""
    share = as_finite_float(final_share, "final_share")
    if not 0 < share < 1:
        raise ValueError(f"final_share is {final_share}, but must be above 0 and below 1")
    order = np.random.default_rng(split_seed).permutation(num_samples)
    if num_samples < 2:
        raise ValueError(f"x has {num_samples} samples, but must have one for each part at least")
    num_final = min(max(1, round(share * num_samples)), num_samples - 1)
    return order[num_final:], np.sort(order[:num_final])


def _of_rows(stimulus: Stimulus, rows: NDArray[np.int64], num_samples: int) -> Stimulus:
    """Return the stimulus of some rows, which keep the spikes that they have among all."""
    if not stimulus.is_random:
        return stimulus
    ids = stimulus.ids(num_samples)
    return stimulus.changed(sample_ids=rows if ids is None else ids[rows])


def _num_simulated(num_candidates: int, num_samples: int) -> int:
    """Return how many samples a search simulates that nothing cuts short."""
    total, before = 0, 0
    for size in rung_sizes(num_samples):
        total += num_candidates * (size - before)
        num_candidates, before = num_kept(num_candidates), size
    return total


def _as_tried_steps(num_steps: int | Sequence[int]) -> tuple[int, ...]:
    steps = as_steps(num_steps)
    if isinstance(num_steps, Sequence | np.ndarray):
        return steps
    return tuple(sorted({*steps, *(3 * each // 2 for each in steps if 3 * each // 2 < steps[-1])}))


def _as_loss(value: float) -> float:
    number = as_finite_float(value, "max_loss")
    if not 0 <= number < 1:
        raise ValueError(f"max_loss is {value}, but must be in [0, 1): 0.005 is half a point")
    return number
