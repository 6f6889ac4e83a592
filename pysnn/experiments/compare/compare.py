"""Conversions side by side: accuracy and cost of each after 4, 8, 16 ... steps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Unpack

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..._base.arrays import as_samples
from ..._base.defaults import default, is_given, resolved
from ..._base.foreign import wrong_type
from ..._base.interface.loaders import NO_LABELS, collected_pairs, collected_samples
from ..._base.numbers import as_drawn_seed, as_positive_float, as_positive_int
from ..._base.progress import check_progress, progress_bar
from ..._base.system import as_num_threads
from ...network import Network
from ...parallel import SubmitsWork, Workers
from ...parallel.workers import as_workers
from ...spiking import PoissonOptions, Stimulus
from ...spiking.batches import ReadyMade, Rows, read_labels
from ...spiking.encoding import RANDOM_ENCODINGS
from ...spiking.stimulus import DEFAULT_DT, as_num_steps, as_sample_ids
from ..labelled_samples import classes_of, read_samples
from .candidate import Candidate, RecipeLike, as_candidates
from .comparison import Comparison
from .readings import ClassifiedSamples
from .work import Reading, common_ids, read_networks

_FIRST_READING = 4
DEFAULT_STEPS: int = default(256)


def compare(
    network: Network,
    x: Rows | Iterable[Any],
    y: Rows | None = None,
    *,
    x_calibration: ArrayLike | Iterable[Any] | None = None,
    recipes: Sequence[RecipeLike] | None = None,
    num_steps: int | Sequence[int] = DEFAULT_STEPS,
    duration: float | None = None,
    convert_steps: int | None = None,
    executor: SubmitsWork | Workers | None = None,
    num_threads: int | None = None,
    progress: bool | None = None,
    **stimulus: Unpack[PoissonOptions],
) -> Comparison:
    """Convert a network by several recipes and simulate each, on the same samples.

    Each network is simulated once, under its recipe's encoding, and read off on the way: the
    figures after 8 steps are those of a simulation of 8 steps. A recipe that does not fit the
    network is no error: the result says why.

    Args:
        network: The ReLU network.
        x: Samples, (num_samples, *input_shape) or flat: an array, or a memory map or a function
            ``x(start, stop)``, which are read part by part. Or an iterable of batches, (x, y) or x
            alone, such as a data loader of PyTorch, which is collected, up to 4 GiB.
        y: Integer labels, (num_samples,), or one-hot rows; None where ``x`` gives them.
        x_calibration: Samples for the conversion, such as a part of the training set, or a data
            loader, whose labels are not read; needed unless no recipe reads any. Not those of
            ``x``, or the figures are optimistic.
        recipes: Names of `pysnn.recipes`, recipes, or pairs of one of these and keywords of
            `convert` (or ``encoding``) that override it; None: all of `pysnn.recipes`.
        num_steps: The largest number of steps: read off are 4, 8, 16 ... and it. Or all numbers of
            steps to read off, rising.
        duration: In place of ``num_steps``: the largest simulated time in s.
        convert_steps: Number of steps for conversions that are for one, such as calibrations; None:
            each recipe's own.
        executor: Where parts run, each of one network and some samples: anything with ``submit``
            that gives futures, or `pysnn.parallel.Workers`. None runs everything here.
        num_threads: Threads; None for the default, or with an executor for the share of a worker.
        progress: True shows a progress bar, False none, None one on a terminal or in a notebook.
        stimulus: ``dt``, ``max_rate``, ``seed``, ``sample_ids`` and ``scale``, as for `simulate`;
            ``scale`` is for ``x_calibration`` too, and ``seed`` and ``sample_ids`` for recipes with
            Poisson input.

    Returns:
        Figures of each recipe after each number of steps. They depend on none of ``executor`` and
        ``num_threads``.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: A value is out of its range, shapes do not fit, there is no sample, or no
            recipe fits the network.

    Example:
        >>> network = pysnn.models.mlp((4, 5, 3), seed=0)
        >>> x = np.random.default_rng(0).random((20, 4), dtype=np.float32)
        >>> y = network.classify(x)
        >>> found = pysnn.compare(network, x, y, x_calibration=x, recipes=["robust"], num_steps=32)
        >>> found.steps
        array([ 4,  8, 16, 32])
        >>> found.accuracy.shape
        (1, 4)
    """
    candidates = _for_steps(as_candidates(recipes, "recipes"), convert_steps)
    steps = as_steps(asked_steps(num_steps, duration, stimulus))
    workers = as_workers(executor)
    as_num_threads(num_threads)
    check_progress(progress)
    drives = stimuli(candidates, stimulus)
    samples = classified_samples(network, x, y, stimulus)
    calibration = calibration_samples(network, x_calibration, candidates, stimulus.get("scale"))
    for each in drives:
        each.ids(len(samples))
    networks: dict[str, Reading] = {}
    refusals: list[tuple[str, str]] = []
    for candidate, drive in zip(candidates, drives, strict=True):
        try:
            snn = candidate.convert(network, calibration, num_threads)
            samples.check(snn)
        except ValueError as error:
            refusals.append((candidate.name, str(error)))
        else:
            networks[candidate.name] = Reading(snn, drive, steps)
    if not networks:
        raise ValueError(
            f"recipes has none that fits the network: {refusals[0][0]}: {refusals[0][1]}"
        )
    total = len(samples) * len(networks)
    with progress_bar(total, "compare", progress=progress, unit="sample") as bar:
        ids = common_ids(drives, len(samples))
        readings = dict(
            read_networks(
                networks.items(), len(networks), samples, ids, workers, num_threads, bar.advance
            )
        )
    return Comparison.of(
        readings,
        [reading.stimulus.encoding for reading in networks.values()],
        steps,
        len(samples),
        int((samples.ann == samples.y).sum()),
        refusals,
        seed_of(drives),
    )


def _for_steps(
    candidates: tuple[Candidate, ...], convert_steps: int | None
) -> tuple[Candidate, ...]:
    if convert_steps is None:
        return candidates
    steps = as_positive_int(convert_steps, "convert_steps")
    changed = tuple(each.for_steps(steps) for each in candidates)
    if changed == candidates:
        raise ValueError(
            f"convert_steps is {steps}, but no recipe has a conversion that is for some number of "
            f"steps and has none yet"
        )
    return changed


def asked_steps(
    num_steps: int | Sequence[int], duration: float | None, options: PoissonOptions
) -> int | Sequence[int]:
    """Return the number of steps or the numbers that are asked for, by a time where it is given.

    Raises:
        TypeError: ``duration`` or ``dt`` is not a number.
        ValueError: Both are given, or the time is no number of steps.
    """
    if duration is None:
        return resolved(num_steps)
    if is_given(num_steps):
        raise ValueError(
            f"num_steps is {num_steps} and duration is {duration} s, but only one of them may be "
            f"given"
        )
    return as_num_steps(duration, as_positive_float(options.get("dt", DEFAULT_DT), "dt"))


def as_steps(num_steps: int | Sequence[int]) -> tuple[int, ...]:
    """Return the numbers of steps to read off.

    Raises:
        TypeError: A number is no int.
        ValueError: There is none, one is below 1, or they do not rise.
    """
    if isinstance(num_steps, Sequence | np.ndarray) and not isinstance(num_steps, str):
        steps = tuple(as_positive_int(n, f"num_steps[{i}]") for i, n in enumerate(num_steps))
        if not steps:
            raise ValueError("num_steps is empty, but must have at least one entry")
        for i in range(1, len(steps)):
            if steps[i] <= steps[i - 1]:
                raise ValueError(f"num_steps[{i}] is {steps[i]}, but must be above {steps[i - 1]}")
        return steps
    last = as_positive_int(num_steps, "num_steps")
    powers: list[int] = []
    while (step := _FIRST_READING << len(powers)) < last:
        powers.append(step)
    return (*powers, last)


def stimuli(candidates: Sequence[Candidate], options: PoissonOptions) -> list[Stimulus]:
    """Return how samples drive each candidate's network, of samples that are scaled.

    Raises:
        TypeError: An option has the wrong type.
        ValueError: An option is out of its range or has no effect.
    """
    given = dict(options)
    if "encoding" in given:
        raise TypeError(
            "encoding is given, but every recipe has one; a pair such as "
            "('robust', {'encoding': 'poisson'}) changes it"
        )
    random = [each.encoding in RANDOM_ENCODINGS for each in candidates]
    for name in ("seed", "sample_ids"):
        value = given.get(name)
        if name in given and is_given(value) and value is not None and not any(random):
            raise ValueError(f"{name} is given, but no recipe has an encoding that draws at random")
    if "seed" in given:
        # All candidates get one seed, where it is drawn, too.
        given["seed"] = as_drawn_seed(resolved(given["seed"]))
    found = []
    for candidate, draws in zip(candidates, random, strict=True):
        own = {n: v for n, v in given.items() if draws or n not in ("seed", "sample_ids")}
        stimulus = Stimulus.of(**own, encoding=candidate.encoding)  # type: ignore[arg-type]
        stimulus.check_rate()
        found.append(stimulus.changed(scale=None))
    return found


def seed_of(drives: Sequence[Stimulus]) -> int | None:
    """Return the seed that all Poisson input has; None where there is none."""
    return next((each.seed for each in drives if each.is_random), None)


def classified_samples(
    network: Network,
    x: Rows | Iterable[Any],
    y: Rows | None,
    options: PoissonOptions,
) -> ClassifiedSamples:
    """Check a network with samples and labels, and classify them by it.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: Shapes do not fit, there is no sample, or the network has no classes.
    """
    if not isinstance(network, Network):
        raise wrong_type("network", network, "a pysnn.Network")
    x, y = collected_pairs(x, y)
    if y is None:
        raise ValueError(NO_LABELS)
    ready = ReadyMade(network.input_shape, None, options.get("scale"))
    samples = read_samples(x, ready, y, as_sample_ids(options.get("sample_ids")))
    labels = read_labels(y, len(samples), int(np.prod(network.output_shape)))
    return ClassifiedSamples(samples, labels, classes_of(network, samples))


def calibration_samples(
    network: Network,
    x_calibration: ArrayLike | Iterable[Any] | None,
    candidates: Sequence[Candidate],
    scale: float | None,
) -> NDArray[np.float32] | None:
    """Return the samples for the conversion, checked.

    Raises:
        TypeError: They do not hold real numbers.
        ValueError: They do not fit, are missing, or no candidate reads them.
    """
    readers = [each.name for each in candidates if each.reads_samples]
    if x_calibration is None:
        if readers:
            raise ValueError(
                f"x_calibration is None, but {readers[0]!r} needs samples, such as a part of the "
                f"training set"
            )
        return None
    if not readers:
        raise ValueError("x_calibration is given, but no recipe reads samples")
    found = collected_samples(x_calibration, name="x_calibration")
    samples = as_samples(found, network.input_shape, name="x_calibration", scale=scale)
    if len(samples) == 0:
        raise ValueError("x_calibration has no samples, but must have at least one")
    return samples
