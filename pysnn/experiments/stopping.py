"""Early stopping: when predictions are final, and what stopping at a margin changes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Unpack

import numpy as np

from .._base.named import public_names
from .._base.numbers import as_positive_float, as_positive_int
from ..parallel import SubmitsWork, Workers
from ..parallel.messages.calls import Arrays, Part
from ..parallel.workers import as_workers
from ..spiking import SimulationResult, SpikingNetwork, Stimulus, StimulusOptions, simulate
from ..spiking.batches import Rows
from ..spiking.parts import part_stimulus
from ..spiking.settings import check_network
from .labelled_samples import DEFAULT_DURATION, measure
from .step_distribution import StepDistribution
from .stopping_result import MarginResult, StoppingResult
from .stopping_rules import (
    Steps,
    decided_step,
    settled_step,
    stopped_step,
    stopped_step_of_potentials,
)

__all__ = ["MarginResult", "StoppingResult", "stopping"]

__dir__ = public_names(__name__)


def stopping(
    snn: SpikingNetwork,
    x: Rows,
    y: Rows | None = None,
    margins: Sequence[float] = (1, 2, 4, 8),
    interval: int = 16,
    *,
    num_steps: int | None = None,
    duration: float = DEFAULT_DURATION,
    executor: SubmitsWork | Workers | None = None,
    num_threads: int | None = None,
    progress: bool | None = None,
    **stimulus: Unpack[StimulusOptions],
) -> StoppingResult:
    """Simulate samples to their end and with each margin, and say when predictions are final.

    All simulations have the same input. Each one with a margin is compared to the output spikes,
    or the potentials of the readout, of the whole one, sample by sample: where it ends, and what it
    says.

    Args:
        snn: The spiking network.
        x: Samples, (num_samples, *input_shape) or flat, in the range of the network: an array, or a
            memory map or a function ``x(start, stop)``, which are read part by part; without an
            executor also an iterable of batches, x alone or pairs (x, y).
        y: Integer labels, (num_samples,), or one-hot rows; None where ``x`` gives them.
        margins: Leads at which samples end, different from each other, as ``stop_margin`` of
            `simulate`: output spikes, at least 1, or differences in outputs of a readout, above 0.
        interval: Steps from one look at the lead to the next, as ``stop_interval`` of `simulate`.
        num_steps: Number of steps of a sample that does not end early.
        duration: In place of ``num_steps``: the same in s.
        executor: Where parts run: anything with ``submit`` that gives futures, or
            `pysnn.parallel.Workers`. None runs everything here.
        num_threads: Threads; None for the default, or with an executor for the share of a worker.
        progress: True shows a progress bar, False none, None one on a terminal or in a notebook.
        stimulus: ``dt``, ``max_rate``, ``seed``, ``encoding``, ``sample_ids`` and ``scale``, as
            for `simulate`.

    Returns:
        Times, accuracies and costs.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: A value is out of its range, or there is no sample.
        RuntimeError: A part has failed too often; or a simulation with a margin is not the whole
            one cut off: never, unless the simulator is wrong.

    Example:
        >>> snn = pysnn.SpikingNetwork(2)
        >>> snn.add_population("output", 2)
        >>> snn.connect("input", "output", pysnn.Linear(np.eye(2)))
        >>> result = stopping(snn, [[1.0, 0.0]], [0], margins=[4], interval=1, duration=0.01)
        >>> result.decided.steps, result.margins[0].mean_steps
        (array([4]), 4.0)
    """
    check_network(snn)
    has_readout = snn.populations[-1].neuron == "readout"
    leads = _as_margins(margins, has_readout)
    looks = as_positive_int(interval, "interval")
    given = Stimulus.of(**stimulus, of_network=snn.encoding)
    steps = given.num_steps(duration, num_steps)
    parts, labels = measure(
        "stopping",
        stop_at_margins,
        {"num_steps": steps, "margins": leads, "interval": looks},
        snn,
        x,
        y,
        given,
        workers=as_workers(executor),
        num_threads=num_threads,
        progress=progress,
    )
    sums = np.sum([part["sums"] for part in parts], axis=0)
    whole, *ended = (
        _margin_result(margin, row, len(labels))
        for margin, row in zip((None, *leads), sums, strict=True)
    )
    settled, decided = (
        StepDistribution(np.concatenate([part[name] for part in parts]), steps, given.dt)
        for name in ("settled", "decided")
    )
    return StoppingResult(
        num_samples=len(labels),
        num_steps=steps,
        dt=given.dt,
        interval=looks,
        settled=settled,
        decided=decided,
        whole=whole,
        margins=tuple(ended),
        seed=given.drawn_seed,
    )


def stop_at_margins(part: Part) -> Arrays:
    """Simulate the samples of a part to their end and with each margin."""
    (snn,) = part.values
    x, y, ids = part.rows
    settings = part.settings
    run = partial(
        simulate,
        snn,
        x,
        num_steps=settings["num_steps"],
        num_threads=part.num_threads,
        progress=False,
        **part_stimulus(settings["stimulus"], ids).options(),
    )
    whole = run()
    sums = [_sums(whole, whole, y)]
    for margin in settings["margins"]:
        result = run(stop_margin=margin, stop_interval=settings["interval"])
        _check_cut_off(result, whole, _expected_ends(whole, margin, settings["interval"]), margin)
        sums.append(_sums(result, whole, y))
    return {
        "settled": settled_step(whole.predictions_over_time, _first_answer_step(whole)),
        "decided": _decided_step(whole),
        "sums": np.array(sums, dtype=np.int64),
    }


def _as_margins(margins: Sequence[float], has_readout: bool) -> list[float]:
    if isinstance(margins, str) or not isinstance(margins, Sequence | np.ndarray):
        raise TypeError(f"margins is a {type(margins).__name__}, but must be a sequence of numbers")
    as_lead = as_positive_float if has_readout else as_positive_int
    leads = [as_lead(margin, f"margins[{i}]") for i, margin in enumerate(margins)]
    if not leads or len(set(leads)) < len(leads):
        raise ValueError(f"margins is {leads}, but must have at least one, each of them once")
    return leads


def _sums(result: SimulationResult, whole: SimulationResult, labels: Steps) -> tuple[int, ...]:
    """Return whole numbers over samples, so that their order does not matter."""
    predictions = whole.predictions
    right, right_at_end = result.predictions == labels, predictions == labels
    return (
        int(np.count_nonzero(right)),
        int(result.stopped_step.sum()),
        int(result.num_spikes.sum()),
        int(result.synaptic_operations.sum()),
        int(np.count_nonzero(result.stopped_step < result.num_steps)),
        int(np.count_nonzero(result.predictions != predictions)),
        int(np.count_nonzero(right & ~right_at_end)),
        int(np.count_nonzero(~right & right_at_end)),
    )


def _margin_result(margin: float | None, sums: Steps, num_samples: int) -> MarginResult:
    right, steps, spikes, operations, *counts = (int(each) for each in sums)
    return MarginResult(
        margin,
        right / num_samples,
        steps / num_samples,
        spikes / num_samples,
        operations / num_samples,
        *counts,
    )


def _first_answer_step(whole: SimulationResult) -> Steps:
    """Return the step of the first output spike, -1 for none, or in which a readout begins."""
    if not whole.has_readout:
        return whole.first_spike_step
    begins = whole.readout_delay if whole.readout_delay < whole.num_steps else -1
    return np.full(whole.num_samples, begins, dtype=np.int64)


def _decided_step(whole: SimulationResult) -> Steps:
    """Return the step after which nothing can change the prediction: of a readout, the last one."""
    if not whole.has_readout:
        return decided_step(whole.output_spikes)
    return np.full(whole.num_samples, whole.num_steps - 1, dtype=np.int64)


def _expected_ends(whole: SimulationResult, margin: float, interval: int) -> Steps:
    """Return where samples end by a margin, as the outputs of the whole simulation say."""
    if not whole.has_readout:
        return stopped_step(whole.output_spikes, margin=int(margin), interval=interval)
    return stopped_step_of_potentials(
        whole.output_potentials,
        scale=whole.output_scale,
        delay=whole.readout_delay,
        margin=margin,
        interval=interval,
    )


def _check_cut_off(
    result: SimulationResult, whole: SimulationResult, expected: Steps, margin: float
) -> None:
    at_end = whole.predictions_over_time[expected - 1, np.arange(len(expected))]
    wrong = (result.stopped_step != expected) | (result.predictions != at_end)
    if wrong.any():
        first = int(np.argmax(wrong))
        what = "potentials" if whole.has_readout else "output spikes"
        raise RuntimeError(
            f"with stop_margin {margin}, sample {first} ended as class "
            f"{result.predictions[first]} after {result.stopped_step[first]} steps, but its "
            f"{what} say class {at_end[first]} after {expected[first]}"
        )
