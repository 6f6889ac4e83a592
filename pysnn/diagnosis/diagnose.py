"""`pysnn.diagnose`: a conversion that explains itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Unpack

import numpy as np
from numpy.typing import NDArray

from .._base.foreign import wrong_type
from .._base.interface.loaders import collected_pairs
from .._base.memory import check_memory
from .._base.numbers import as_positive_int
from .._base.progress import check_progress, progress_bar
from .._base.system import as_num_threads
from ..network import Network
from ..parallel import SubmitsWork, Workers
from ..parallel.job import Samples
from ..parallel.run import run_jobs
from ..parallel.workers import as_workers
from ..spiking import SpikingNetwork, Stimulus, StimulusOptions
from ..spiking.batches import ReadyMade, Rows, StoredSamples, as_stored, known_length, read_labels
from ..spiking.settings import check_network
from ..spiking.stimulus import DEFAULT_NUM_SEEDS, DEFAULT_NUM_STEPS
from .batches import Batch, Bench, batches_of
from .conversion_report import ConversionReport
from .errors import ConversionErrors
from .findings import find
from .findings.evidence import Evidence
from .matching.belonging import check_weights
from .matching.mapping import Stage, match
from .measurement.accuracies import Accuracies
from .measurement.measuring import Measurement
from .measurement.populations import PopulationReport
from .measurement.setting import Setting
from .traces import as_traced, trace_samples


def diagnose(
    network: Network,
    snn: SpikingNetwork,
    x: Rows | Iterable[Any],
    *,
    y: Rows | None = None,
    num_steps: int = DEFAULT_NUM_STEPS,
    duration: float | None = None,
    num_seeds: int = DEFAULT_NUM_SEEDS,
    batch_size: int = 250,
    trace: Sequence[int] = (),
    executor: SubmitsWork | Workers | None = None,
    num_threads: int | None = None,
    progress: bool | None = None,
    **stimulus: Unpack[StimulusOptions],
) -> ConversionReport:
    """Find out where a converted network loses accuracy, and why.

    The spiking network is simulated beside the ReLU network that it was made from: under its own
    encoding (Poisson input with some seeds, unless it was made for another one), under the same
    rates without chance (evenly spaced spikes, constant current), and with its first populations
    replaced by their ideal rates, one more each time. Every neuron's charge is counted. The causes
    are those of Diehl et al. 2015: too little input to fire at the rate that the activation says,
    so much that more than one spike would be due in a step, and the chance of Poisson input.
    ``docs/diagnosis.md`` has every number as a formula. Of networks that are no chains of the
    paper's kinds, the error of every population is taken apart as well, as by `conversion_errors`.

    Args:
        network: The ReLU network, as it was before normalization.
        snn: What `convert` made of it, or a network of the same layers and weights built by hand
            (whose scale factors are then 1).
        x: Samples, (num_samples, ...), in [0, 1] or what else ``snn`` takes; some hundred are
            enough. An array, or a memory map or a function ``x(start, stop)``, which are read batch
            by batch. Or an iterable of batches, (x, y) or x alone, such as a data loader of
            PyTorch, which is collected, up to 4 GiB.
        y: Integer labels, (num_samples,), or one-hot rows. Without labels, the classes that the
            ReLU network predicts stand for them: its accuracy is then 1, and that of the spiking
            network the share of samples on which both agree.
        num_steps: Number of steps.
        duration: In place of ``num_steps``: simulated time in s.
        num_seeds: Number of seeds of Poisson input, ``seed``, ``seed + 1`` and so on; rates and
            charges are those of the first. 3 unless given.
        batch_size: Samples that are simulated at a time; more take more memory.
        trace: Numbers of up to 20 samples of ``x`` whose steps are kept as well, for
            `ConversionReport.to_html`: the input, the spikes and potentials of up to 48 neurons of
            each population, and the decision so far.
        executor: Where parts run, each of some batches: anything with ``submit`` that gives
            futures, or `pysnn.parallel.Workers`. None runs everything here.
        num_threads: Threads; None for the default, or with an executor for the share of a worker.
        progress: True shows a progress bar, False none, None one on a terminal or in a notebook.
        stimulus: ``dt``, ``max_rate``, ``seed`` (the first one), ``encoding`` (that of the network
            unless given), ``sample_ids`` and ``scale``, as `simulate` explains them.

    Returns:
        The report; printing it shows it as text.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: A value is out of its range, or the two networks do not belong together: their
            structure differs, or weights times scale factors do.
        MemoryError: Rates of so many samples and neurons would not fit in memory.

    Example:
        >>> network = pysnn.Network([pysnn.Linear([[0.5], [0.25]])], input_shape=1)
        >>> snn = pysnn.convert(network, method="none", threshold=30.0)
        >>> report = pysnn.diagnose(network, snn, [[1.0], [0.8]], duration=0.02)
        >>> print(report.findings[0].cause, report.findings[0].population)
        under-activation linear1
    """
    if not isinstance(network, Network):
        raise wrong_type("network", network, "a pysnn.Network")
    check_network(snn)
    stages = match(network.graph, snn)
    given = Stimulus.of(**stimulus, of_network=snn.encoding)
    workers = as_workers(executor)
    as_num_threads(num_threads)
    setting = Setting.of(given, given.num_steps(duration, num_steps), num_seeds, num_threads)
    batch_size = as_positive_int(batch_size, "batch_size")
    check_progress(progress)
    x, y = collected_pairs(x, y)
    ready = ReadyMade(network.input_shape, snn.input_range, given.scale)
    samples = as_stored(x, ready, known_length(y, given.sample_ids))
    if len(samples) == 0:
        raise ValueError("x has no samples, but a report needs at least one")
    labels = None if y is None else read_labels(y, len(samples), snn.num_outputs)
    ids = given.ids(len(samples))
    if ids is None:
        ids = np.arange(len(samples), dtype=np.uint64)
    num_neurons = sum(stage.population.num_neurons for stage in stages)
    check_memory("rates and activations", (2, len(samples), num_neurons), 4)
    check_weights(network, snn, stages)
    numbers = as_traced(trace, len(samples))

    bench = Bench.of(network, snn, stages, setting)
    measured = bench.empty(len(samples))
    done = 0
    with progress_bar(len(samples), "diagnosis", progress=progress, unit="sample") as bar:
        for found, errors in _batches(bench, samples, ids, batch_size, workers, bar.advance):
            rows = slice(done, done + len(found.ideal))
            done = rows.stop
            measured.merge(rows, found)
            for sums in errors:
                assert bench.errors is not None
                bench.errors.merge(sums)
    whole = None if bench.errors is None else bench.errors.finish(len(samples))
    report = _report(stages, setting, measured, labels, whole)
    if not numbers:
        return report
    activations = [each.activation for each in report.populations]
    traces = trace_samples(
        snn, stages, setting, samples, ids, labels, measured.ideal, activations, numbers
    )
    return replace(report, traces=traces)


def _batches(
    bench: Bench,
    x: NDArray[np.float32] | StoredSamples,
    ids: NDArray[np.uint64],
    batch_size: int,
    workers: Workers,
    advance: Callable[[int], None],
) -> Iterator[Batch]:
    """Yield what was found of each batch, in order."""
    if workers.is_plain:
        for start in range(0, len(x), batch_size):
            rows = slice(start, min(start + batch_size, len(x)))
            yield bench.measured(np.asarray(x[rows]), ids[rows], batch_size)
            advance(rows.stop - start)
        return
    samples = Samples((x, ids), workers.cell(len(x), multiple=batch_size), multiple=batch_size)
    job = bench.job(batch_size)
    threads = bench.setting.num_threads
    for _, parts in run_jobs([job], samples, workers, threads, advance, reuses_rows=False):
        for part in parts:
            yield from batches_of(bench, part)


def _report(
    stages: list[Stage],
    setting: Setting,
    measured: Measurement,
    labels: NDArray[np.int64] | None,
    errors: ConversionErrors | None,
) -> ConversionReport:
    accuracies = Accuracies.of(measured, labels)
    populations = tuple(
        PopulationReport.of(stage, sums, setting, lost)
        for stage, sums, lost in zip(
            stages, measured.populations, accuracies.lost_by_population, strict=True
        )
    )
    return ConversionReport(
        num_samples=len(measured.ideal),
        num_steps=setting.num_steps,
        dt=setting.stimulus.dt,
        max_rate=setting.stimulus.max_rate,
        encoding=setting.stimulus.encoding,
        seeds=setting.seeds,
        accuracies=accuracies,
        populations=populations,
        findings=find(Evidence(populations, stages, accuracies, setting)),
        errors=errors,
    )
