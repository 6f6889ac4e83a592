"""A batch simulated in parts: what travels of it, and what comes back as arrays."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import _core
from .._base.digests import sha256
from .._base.progress import progress_bar
from ..parallel.job import Job, Samples
from ..parallel.messages.calls import Arrays, Part
from ..parallel.messages.shared import Shared
from ..parallel.run import run_jobs
from ..parallel.workers import Workers
from .batches import BatchOptions, Rows, is_array_like, kept_of
from .batches.labels import LabelReader
from .given_spikes import GivenTrains
from .results import SimulationResult
from .results.result_arrays import ResultArrays
from .settings import EarlyStop, SimulationSettings
from .spiking_network import SpikingNetwork
from .stimulus import Stimulus


def shared_network(snn: SpikingNetwork) -> Shared:
    """Return a network as parts share it."""
    return Shared(f"network {sha256(_core.to_bytes(snn.core))}", lambda: snn)


def as_settings(stimulus: Stimulus) -> dict[str, Any]:
    """Return what parts need to know of a stimulus besides sample ids, ready for JSON."""
    options = dict(stimulus.options())
    options.pop("sample_ids", None)
    return options


def sample_ids(stimulus: Stimulus, num_samples: int) -> NDArray[np.uint64] | None:
    """Return the number of each sample for the generator, None where nothing is drawn."""
    if not stimulus.is_random:
        return None
    ids = stimulus.ids(num_samples)
    return np.arange(num_samples, dtype=np.uint64) if ids is None else ids


def part_stimulus(settings: dict[str, Any], ids: NDArray[np.uint64] | None) -> Stimulus:
    """Return the stimulus of a part's samples, of `as_settings` and their `sample_ids`."""
    return Stimulus.of(**settings, sample_ids=ids)


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
        options: What is asked of labels and trains.
        workers: Who does it.

    Raises:
        TypeError: What is given, or the labels, are of the wrong type.
        ValueError: They do not fit, or something is asked that goes block by block.
    """
    for name in ("batch_size", "num_samples", "record_to"):
        if getattr(options, name) is not None:
            raise ValueError(
                f"{name} is given, but with an executor the parts are those of "
                "Workers(part_size=, folder=); leave it out"
            )
    if isinstance(given, GivenTrains):
        samples: NDArray[Any] = given.whole()
    elif not is_array_like(given):
        raise TypeError(
            f"x is of type {type(given).__name__}, but with an executor it must be an array or a "
            "memory map"
        )
    else:
        assert num_steps is not None
        samples = settings.stimulus.intensities(given, snn.input_shape, snn.input_range)
    num_samples = samples.shape[-2]
    labels = None
    if options.y is not None:
        reader = LabelReader(options.y, num_samples, snn.populations[-1].num_neurons)
        labels = reader.take(num_samples)
        reader.finish()
    if num_samples:
        result = simulate_in_parts(snn, samples, num_steps, settings, workers)
    else:
        source = _simulated(snn, samples, num_steps, settings)
        result = settings.result(source, drawn=num_steps is not None)
    return kept_of(result, options, labels)


def simulate_in_parts(
    snn: SpikingNetwork,
    samples: NDArray[Any],
    num_steps: int | None,
    settings: SimulationSettings,
    workers: Workers,
) -> SimulationResult:
    """Simulate a batch as `simulate` does, in parts.

    Args:
        snn: The network.
        samples: Intensities, (num_samples, num_inputs), or spike trains, (num_steps, num_samples,
            num_inputs).
        num_steps: Number of steps; None where they are spike trains.
        settings: How they are simulated.
        workers: Who does it.
    """
    num_samples = samples.shape[-2]
    job = Job(
        kind="simulate",
        name="",
        function=simulate_part,
        settings={
            "num_steps": num_steps,
            "stimulus": as_settings(settings.stimulus),
            "bias_scale": settings.bias_scale,
            "recorded": {what: list(names) for what, names in settings.recorded.items()},
            "early_stop": asdict(settings.early_stop),
        },
        values=(shared_network(snn),),
    )
    ids = sample_ids(settings.stimulus, num_samples)
    cell = workers.cell(num_samples)
    if num_steps is None:
        # Sample ids have no effect on trains.
        batch = Samples((samples,), cell, axis=1)
    else:
        batch = Samples((samples, ids), cell)
    threads = settings.num_threads or None
    with progress_bar(num_samples, "simulation", progress=settings.progress, unit="sample") as bar:
        ((_, parts),) = run_jobs([job], batch, workers, threads, bar.advance, reuses_rows=False)
    arrays = ResultArrays.joined([result_of(each) for each in parts])
    return settings.result(arrays, drawn=num_steps is not None)


def simulate_part(part: Part) -> Arrays:
    """Simulate the samples of a part."""
    (snn,) = part.values
    num_steps = part.settings["num_steps"]
    ids = None if num_steps is None else part.rows[1]
    settings = SimulationSettings.of(
        snn,
        part_stimulus(part.settings["stimulus"], ids),
        bias_scale=part.settings["bias_scale"],
        record=part.settings["recorded"],
        num_threads=part.num_threads,
        progress=False,
        early_stop=EarlyStop(**part.settings["early_stop"]),
    )
    result = _simulated(snn, part.rows[0], num_steps, settings)
    names = [each.name for each in settings.populations]
    return arrays_of(ResultArrays.of(result, settings.recorded, names))


def _simulated(
    snn: SpikingNetwork,
    samples: NDArray[Any],
    num_steps: int | None,
    settings: SimulationSettings,
) -> _core.SimulationResult:
    options = settings.core_options(samples.shape[-2])
    if num_steps is None:
        return _core.simulate_spikes(snn.core, samples, options, None)
    return _core.simulate(snn.core, samples, num_steps, options, None)


def arrays_of(result: ResultArrays) -> Arrays:
    """Return a result as arrays by name."""
    arrays = {
        each.name: np.asarray(getattr(result, each.name))
        for each in fields(result)
        if each.name != "records"
    }
    for (what, population), kept in result.records.items():
        arrays |= {f"{what}/{population}/{name}": array for name, array in kept.items()}
    return arrays


def result_of(arrays: Arrays) -> ResultArrays:
    """Return the result that `arrays_of` gave these arrays for."""
    values: dict[str, Any] = {}
    records: dict[tuple[str, int], Arrays] = {}
    for name, array in arrays.items():
        what, _, rest = name.partition("/")
        if rest:
            population, _, each = rest.partition("/")
            records.setdefault((what, int(population)), {})[each] = array
        else:
            values[name] = array if array.ndim else array.item()
    return ResultArrays(**values, records=records)
