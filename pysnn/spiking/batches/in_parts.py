"""A batch simulated in parts: what travels of it, and how results come together."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ... import _core
from ..._base.digests import sha256
from ..._base.interface.loaders import is_array_like
from ..._base.progress import progress_bar
from ...parallel.job import Job, Samples
from ...parallel.messages.calls import Arrays, Part
from ...parallel.run import run_jobs
from ...parallel.workers import Workers
from ..given_spikes import GivenTrains
from ..parts import as_settings, part_stimulus, sample_ids, shared_network
from ..results import Recorded, SimulationResult
from ..settings import EarlyStop, SimulationSettings
from ..spiking_network import SpikingNetwork
from .gathering import Gathered
from .labels import Labels, read_labels
from .part_arrays import arrays_of, result_of
from .record_writer import RecordWriter
from .run import BatchOptions, kept_of, num_correct_of
from .sources import Rows, as_source, ranges
from .stored import ReadyMade, StoredSamples, as_stored

_FILES, _SIZES = "record_files", "record_sizes"

Given = NDArray[Any] | StoredSamples


def simulate_with_workers(
    snn: SpikingNetwork,
    given: Rows | GivenTrains,
    num_steps: int | None,
    settings: SimulationSettings,
    options: BatchOptions,
    workers: Workers,
) -> SimulationResult:
    """Simulate what `simulate` was given, in parts, and keep of it what was asked for.

    Args:
        snn: The network.
        given: Samples, or spike trains.
        num_steps: Number of steps; None where they are spike trains.
        settings: How they are simulated.
        options: What is asked of labels, trains, records and memory.
        workers: Who does it.

    Raises:
        TypeError: What is given, or the labels, are of the wrong type.
        ValueError: They do not fit.
        OSError: The folder for records holds something else, or can't be written.
    """
    samples = _samples(snn, given, settings, options)
    num_samples = len(samples) if num_steps is not None else samples.shape[1]
    settings.stimulus.ids(num_samples)
    labels = None
    if options.y is not None:
        labels = read_labels(options.y, num_samples, snn.populations[-1].num_neurons)
    if options.record_to is not None:
        options.check_record_to(settings.recorded)
    if not num_samples:
        return _of_none(snn, np.asarray(samples), num_steps, labels, settings, options)
    return _in_parts(snn, samples, num_steps, labels, settings, options, workers)


def _samples(
    snn: SpikingNetwork,
    given: Rows | GivenTrains,
    settings: SimulationSettings,
    options: BatchOptions,
) -> Given:
    """Return samples, (num_samples, num_inputs), or trains, with steps in front of these."""
    if isinstance(given, GivenTrains):
        return given.whole()
    stimulus = settings.stimulus
    stimulus.check_rate()
    if not is_array_like(given) and not callable(given):
        raise TypeError(
            f"x is of type {type(given).__name__}, but with an executor it must be an array, a "
            "memory map or a function of a range of samples: parts that fail are read again"
        )
    if is_array_like(given) and options.num_samples is not None:
        raise ValueError(f"num_samples is {options.num_samples}, but x has a length; leave it out")
    ready = ReadyMade(snn.input_shape, snn.input_range, stimulus.scale, is_flat=True)
    as_source(given, "x", options.num_samples)
    return as_stored(given, ready, options.num_samples)


def _in_parts(
    snn: SpikingNetwork,
    samples: Given,
    num_steps: int | None,
    labels: Labels | None,
    settings: SimulationSettings,
    options: BatchOptions,
    workers: Workers,
) -> SimulationResult:
    is_trains = num_steps is None
    num_samples = samples.shape[1] if is_trains else samples.shape[0]
    steps = samples.shape[0] if num_steps is None else num_steps
    ids = None if is_trains else sample_ids(settings.stimulus, num_samples)
    job = _job(snn, num_steps, settings, options)
    cell = workers.cell(num_samples)
    # All arrays of trains have the axis of samples behind that of steps.
    column = labels if labels is None or not is_trains else labels[np.newaxis]
    batch = Samples((samples, ids, column), cell, axis=int(is_trains))
    writer = None
    if options.record_to is not None:
        writer = _writer(options.record_to, settings, steps)
        # A folder is taken up again where parts are kept, by a run that depends on the same.
        contents = (b"none" if each is None else each for each in (samples, ids))
        is_kept = workers.folder is not None
        writer.begin(sha256(job.key.encode(), *contents) if is_kept else None)
    threads = settings.num_threads or None
    with progress_bar(num_samples, "simulation", progress=settings.progress, unit="sample") as bar:
        ((_, parts),) = run_jobs([job], batch, workers, threads, bar.advance, reuses_rows=False)
    recorded: Recorded = dict.fromkeys(settings.recorded, ())
    if writer is None:
        recorded = settings.recorded
    stimulus = settings.stimulus
    seed = None if is_trains else stimulus.drawn_seed
    gathered = Gathered(num_samples)
    for part in parts:
        gathered.add(*result_of(part, settings.populations, stimulus.dt, recorded, seed))
    if writer is not None:
        writer.finish(num_samples, [str(name) for part in parts for name in part[_FILES]])
    return gathered.result()


def _job(
    snn: SpikingNetwork,
    num_steps: int | None,
    settings: SimulationSettings,
    options: BatchOptions,
) -> Job:
    record_to = None if options.record_to is None else options.record_to.resolve()
    return Job(
        kind="simulate",
        name="",
        function=simulate_part,
        settings={
            "num_steps": num_steps,
            "stimulus": as_settings(settings.stimulus),
            "bias_scale": settings.bias_scale,
            "recorded": {what: list(names) for what, names in settings.recorded.items()},
            "early_stop": asdict(settings.early_stop),
            "keep_trains": options.keep_trains,
            "records_in_files": record_to is not None,
        },
        values=(shared_network(snn),),
        hints={
            "batch_size": options.batch_size,
            "record_to": None if record_to is None else str(record_to),
        },
        is_there=None if record_to is None else _RecordsThere(record_to),
    )


class _RecordsThere:
    """Tells whether the files that a kept part has written are still there.

    Args:
        folder: Their folder.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self, arrays: Arrays) -> bool:
        """Return whether all of them are, in their sizes."""
        for name, size in zip(arrays[_FILES], arrays[_SIZES], strict=True):
            path = self._folder / str(name)
            if not path.is_file() or path.stat().st_size != size:
                return False
        return True


def simulate_part(part: Part) -> Arrays:
    """Simulate the samples of a part, some at a time where it is asked for."""
    (snn,) = part.values
    given, ids, labels = part.rows
    num_steps = part.settings["num_steps"]
    axis = int(num_steps is None)
    count = given.shape[axis]
    steps = given.shape[0] if num_steps is None else num_steps
    options = {
        "bias_scale": part.settings["bias_scale"],
        "record": part.settings["recorded"],
        "num_threads": part.num_threads,
        "progress": False,
        "early_stop": EarlyStop(**part.settings["early_stop"]),
    }
    gathered, writer, files = Gathered(count), None, []
    for start, stop in ranges(count, part.hints["batch_size"] or max(1, count)):
        rows = slice(start, stop)
        stimulus = part_stimulus(part.settings["stimulus"], None if ids is None else ids[rows])
        settings = SimulationSettings.of(snn, stimulus, **options)
        block = np.ascontiguousarray(given[:, rows] if axis else given[rows])
        core = _simulated(snn, block, num_steps, settings)
        result = settings.result(core, drawn=num_steps is not None)
        if part.hints["record_to"] is not None:
            writer = writer or _writer(Path(part.hints["record_to"]), settings, steps)
            files += writer.write(result, part.start + start)
            result = result.without_records()
        right = None if labels is None else num_correct_of(result, labels.reshape(-1)[rows])
        kept = result if part.settings["keep_trains"] else result.without_trains()
        gathered.add(kept, right)
    arrays = arrays_of(gathered.result())
    if files:
        arrays[_FILES] = np.array([name for name, _ in files])
        arrays[_SIZES] = np.array([size for _, size in files], dtype=np.int64)
    return arrays


def _of_none(
    snn: SpikingNetwork,
    samples: NDArray[Any],
    num_steps: int | None,
    labels: Labels | None,
    settings: SimulationSettings,
    options: BatchOptions,
) -> SimulationResult:
    """Return the result of no samples, which are no part."""
    core = _simulated(snn, samples, num_steps, settings)
    result = settings.result(core, drawn=num_steps is not None)
    if options.record_to is not None:
        writer = _writer(options.record_to, settings, result.num_steps)
        writer.begin()
        writer.finish(0)
        result = result.without_records()
    return kept_of(result, options, labels)


def _writer(folder: Path, settings: SimulationSettings, num_steps: int) -> RecordWriter:
    return RecordWriter(
        folder, settings.recorded, settings.populations, num_steps, settings.stimulus.dt
    )


def _simulated(
    snn: SpikingNetwork,
    samples: NDArray[Any],
    num_steps: int | None,
    settings: SimulationSettings,
) -> _core.SimulationResult:
    if num_steps is None:
        options = settings.core_options(samples.shape[1])
        return _core.simulate_spikes(snn.core, samples, options, None)
    options = settings.core_options(len(samples))
    return _core.simulate(snn.core, samples, num_steps, options, None)
