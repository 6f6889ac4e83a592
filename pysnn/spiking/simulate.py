"""Simulation of a batch of samples at once."""

from __future__ import annotations

import os
from dataclasses import replace

from numpy.typing import ArrayLike

from .. import _core
from .._base.interface.loaders import in_step
from ..parallel import SubmitsWork, Workers
from ..parallel.workers import as_workers
from .batches import (
    BatchOptions,
    Rows,
    is_array_like,
    is_mapped,
    simulate_in_batches,
    simulate_trains_in_batches,
    simulate_with_workers,
)
from .encoding import Encoding
from .given_spikes import GivenTrains, check_no_time_axis
from .results import Record, SimulationResult
from .settings import (
    DEFAULT_STOP_INTERVAL,
    EarlyStop,
    SimulationSettings,
    check_network,
    check_one_input,
    check_without_effect,
    reporter,
)
from .spiking_network import SpikingNetwork
from .stimulus import (
    DEFAULT_DT,
    DEFAULT_ENCODING,
    DEFAULT_MAX_RATE,
    DEFAULT_NUM_STEPS,
    DEFAULT_SEED,
    Stimulus,
)


def simulate(
    snn: SpikingNetwork,
    x: Rows | None = None,
    *,
    spikes: ArrayLike | None = None,
    time_axis: int | None = None,
    y: Rows | None = None,
    num_steps: int = DEFAULT_NUM_STEPS,
    duration: float | None = None,
    dt: float = DEFAULT_DT,
    max_rate: float = DEFAULT_MAX_RATE,
    seed: int | None = DEFAULT_SEED,
    encoding: Encoding = DEFAULT_ENCODING,
    sample_ids: ArrayLike | None = None,
    bias_scale: float | None = None,
    scale: float | None = None,
    record: Record = (),
    record_to: str | os.PathLike[str] | None = None,
    keep_trains: bool = True,
    num_samples: int | None = None,
    batch_size: int | None = None,
    stop_margin: float | None = None,
    stop_interval: int = DEFAULT_STOP_INTERVAL,
    executor: SubmitsWork | Workers | None = None,
    num_threads: int | None = None,
    progress: bool | None = None,
) -> SimulationResult:
    """Simulate a batch of samples and keep the spikes of every output neuron.

    In each step the populations are updated in order, without delay: a neuron adds the weights of
    its sources' spikes and its bias to the membrane potential, fires when that reaches the
    threshold, at most once per step, and is reset. What else neurons may do is up to their model,
    see `SpikingNetwork.add_population`.

    The result depends on the network, the input, ``seed`` and ``sample_ids`` alone: to the bit,
    whatever the number of threads, the machine, or how a batch is split.

    Samples need not fit in memory: a memory map of a ``.npy`` file, a function of a range and an
    iterable of batches are read block by block, and so is everything where ``batch_size`` or
    another argument about blocks is given. Numbers of arrays in memory are checked before work
    starts, those of all others when their block comes. See ``docs/large_data.md``.

    ``stop_margin`` saves time by an approximation: a sample ends when its leading class is that
    many output spikes ahead of the runner-up; of a readout, when the difference of their potentials
    times the scale of the output is that large. Predictions may differ from those of all steps,
    and the smaller the margin, the more of them do. Choose it on other data than those that you
    report on.

    Args:
        snn: The spiking network.
        x: Intensities in [0, 1], (num_samples, *input_shape) or flat, as a fraction of
            ``max_rate``; they drive the network as ``encoding`` says. Where the network has an
            ``input_scale``, numbers of either sign up to that. Or a function that returns the
            samples from a row to below another one, with ``num_samples``; or an iterable of
            batches of any size (not a sequence, which is an array to NumPy: take ``iter`` of it),
            such as a data loader of PyTorch. Where batches are pairs, (x, y), these are samples
            and labels: tuples or lists of exactly two arrays, the first of at least two axes, the
            second of one, or two as one-hot rows.
        spikes: In place of ``x``: spike trains, (num_steps, num_samples, *input_shape) or flat, of
            0 and 1 in any type, or, where the network has an ``input_scale``, of -1, 0 and 1.
        time_axis: Axis of ``spikes`` that steps are on: 1 takes (num_samples, num_steps, ...).
            None is 0, with a warning where the rates of the spikes look like 1.
        y: Integer labels, (num_samples,), or one-hot rows, in any of the forms of ``x``: the
            result's `accuracy` then needs none.
        num_steps: Number of steps, with ``x``.
        duration: In place of ``num_steps``: simulated time in s, which is ``duration / dt`` steps,
            rounded.
        dt: Length of a step in s.
        max_rate: Firing rate in Hz that an intensity of 1, or of ``input_scale``, stands for;
            ``max_rate * dt`` <= 1.
        seed: Seed of Poisson input in [0, 2^64); None draws one of the system's entropy, which
            `SimulationResult.seed` keeps; nothing where nothing is drawn.
        encoding: What ``x`` becomes: ``"poisson"``, random spikes as `poisson_spikes` draws them;
            ``"regular"``, evenly spaced spikes as `regular_spikes` makes them; ``"constant"``, no
            spikes but their mean current in every step. Spikes have the sign of ``x``. Unless
            given, what the network was made for (`SpikingNetwork.encoding`), else ``"poisson"``.
        sample_ids: Number of each sample for the generator of Poisson input, (num_samples,); row
            numbers unless given.
        bias_scale: Factor in [0, 1] on biases, with ``spikes``; 1 unless given. With ``x`` it is
            ``max_rate * dt``.
        scale: Factor for the numbers of ``x``, such as 1/255; needed for integer images.
        record: What to keep beyond the output's spikes: ``"spikes"``, ``"potentials"``,
            ``"counts"`` or ``"balance"``, several of them (for all populations that have it: max
            pools have no potentials, they and readouts no balance), or a mapping of these to names
            of populations.
        record_to: Folder, new or empty, that is to hold what is recorded, and not the result: a
            ``.npy`` file for each block, which `RecordFiles` reads. With an executor, one that all
            workers share; where parts are kept, it may be that of the same call before.
        keep_trains: False keeps no spikes (of a readout, no potentials) of single steps, but their
            counts, the first spikes and the predictions at the end: a million samples then take
            some hundred MB. Give ``y`` for accuracies after each step.
        num_samples: How many samples there are, where ``x`` is a function; where it is an iterable,
            how many it must give.
        batch_size: Samples of a block; unless given, as many as some 32 MB hold with what is made
            of them, or with an executor all of a part. Results do not depend on it.
        stop_margin: Lead in output spikes, at least 1, or in outputs of a readout, above 0, that
            ends a sample: nothing is simulated, counted or recorded of it after that step, see
            `SimulationResult.stopped_step`. None simulates every sample to the end. (A single
            output neuron leads by its own spikes.)
        stop_interval: Steps from one look at the lead to the next, counted from step 0; with
            ``stop_margin`` only.
        executor: Where parts of the samples are simulated: anything with ``submit`` that gives
            futures, or `pysnn.parallel.Workers`. None simulates all of them here.
        num_threads: Threads; None for the default, or with an executor for the share of a worker.
        progress: True shows a progress bar, False none, None one on a terminal or in a notebook.

    Returns:
        Spikes, predictions and operations; see `SimulationResult`.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: A value is out of its range, shapes do not fit, or an argument has no effect in
            this call: what is about ``x`` alone with ``spikes``, a seed where nothing is drawn.
        MemoryError: The result would not fit in memory; says what it needs.
        OSError: ``record_to`` holds something already, or can't be written.
        RuntimeError: ``executor`` is broken or shut down, or a part has failed on it too often.

    Example:
        >>> snn = SpikingNetwork(1)
        >>> snn.add_population("output", 1)
        >>> snn.connect("input", "output", pysnn.Linear([[0.5]]))
        >>> simulate(snn, [[1.0]], num_steps=10).spike_counts
        array([[5]], dtype=int32)
        >>> simulate(snn, [[1.0]], duration=0.01, stop_margin=2, stop_interval=1).stopped_step
        array([4])
    """
    check_network(snn)
    check_one_input(x, spikes)
    workers = as_workers(executor)
    if spikes is not None:
        check_without_effect(
            num_steps=num_steps,
            duration=duration,
            max_rate=max_rate,
            seed=seed,
            encoding=encoding,
            sample_ids=sample_ids,
            scale=scale,
            num_samples=num_samples,
        )
    elif bias_scale is not None:
        raise ValueError("bias_scale is given, but with x biases are scaled by max_rate * dt")
    stimulus = Stimulus.of(
        dt=dt,
        max_rate=max_rate,
        seed=seed,
        encoding=encoding,
        sample_ids=sample_ids,
        scale=scale,
        of_network=snn.encoding,
    )
    settings = SimulationSettings.of(
        snn,
        stimulus,
        bias_scale=bias_scale,
        record=record,
        num_threads=num_threads,
        progress=progress,
        early_stop=EarlyStop.of(
            stop_margin, stop_interval, has_readout=snn.populations[-1].neuron == "readout"
        ),
    )
    blocks = BatchOptions.of(y, batch_size, num_samples, keep_trains, record_to)
    given = None
    if spikes is None:
        check_no_time_axis(time_axis)
    else:
        given = GivenTrains.of(spikes, snn, time_axis)
    if not workers.is_plain:
        steps = None if given is not None else stimulus.num_steps(duration, num_steps)
        rows = x if given is None else given
        assert rows is not None
        return simulate_with_workers(snn, rows, steps, settings, blocks, workers)
    if given is not None:
        if blocks.is_asked or is_mapped(given.array):
            return simulate_trains_in_batches(snn, given, settings, blocks)
        trains = given.whole()
        num_samples = trains.shape[1]
        options = settings.core_options(num_samples)
        with reporter(num_samples, progress) as report:
            result = _core.simulate_spikes(snn.core, trains, options, report)
    else:
        assert x is not None
        steps = stimulus.num_steps(duration, num_steps)
        if blocks.is_asked or is_mapped(x) or not is_array_like(x):
            rows, labels = in_step(x, blocks.y)
            return simulate_in_batches(snn, rows, steps, settings, replace(blocks, y=labels))
        samples = stimulus.intensities(x, snn.input_shape, snn.input_range)
        options = settings.core_options(len(samples))
        with reporter(len(samples), progress) as report:
            result = _core.simulate(snn.core, samples, steps, options, report)
    return settings.result(result, drawn=given is None)
