"""Simulation of samples that are read, and results that are kept, block by block."""

from __future__ import annotations

import itertools
import os
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..._base.memory import check_memory
from ..._base.numbers import as_bool, as_count, as_path, as_positive_int
from ..._base.progress import progress_bar
from ..results import Recorded, SimulationResult
from ..settings import Report, SimulationSettings, report_to
from .gathering import Gathered
from .labels import LabelReader
from .record_writer import RecordWriter, check_folder
from .samples import Drive, TrainDrive
from .sources import Rows

_BATCH_BYTES = 1 << 25
_MOST_SAMPLES = 4096
_LEAST_SAMPLES = 16
_BYTES_PER_NEURON = {"spikes": 1, "potentials": 4}  # of each step
_BYTES_PER_COUNT = {"counts": 4, "balance": 52}


@dataclass(frozen=True, eq=False)
class BatchOptions:
    """What `simulate` is asked about blocks of samples, checked as far as it goes alone.

    Attributes:
        y: Labels.
        batch_size: Samples of a block; None: as many as fit some memory.
        num_samples: Samples there are, where ``x`` can't tell.
        keep_trains: Whether to keep what the outputs did in each step.
        record_to: Folder of what is recorded; None: it is kept in memory.
    """

    y: Rows | None
    batch_size: int | None
    num_samples: int | None
    keep_trains: bool
    record_to: Path | None

    @classmethod
    def of(
        cls,
        y: Rows | None,
        batch_size: int | None,
        num_samples: int | None,
        keep_trains: bool,
        record_to: str | os.PathLike[str] | None,
    ) -> BatchOptions:
        """Check the arguments that `simulate` explains.

        Raises:
            TypeError: One has the wrong type.
            ValueError: One is out of its range.
        """
        return cls(
            y=y,
            batch_size=None if batch_size is None else as_positive_int(batch_size, "batch_size"),
            num_samples=None if num_samples is None else as_count(num_samples, "num_samples"),
            keep_trains=as_bool(keep_trains, "keep_trains"),
            record_to=None if record_to is None else Path(as_path(record_to, "record_to")),
        )

    def check_record_to(self, recorded: Recorded) -> None:
        """Raise a ValueError where a folder for records is given, but nothing is recorded."""
        if self.record_to is not None and not any(recorded.values()):
            raise ValueError("record_to is given, but record says nothing to keep")

    @property
    def is_asked(self) -> bool:
        """Whether any of them is given."""
        things = (self.y, self.batch_size, self.num_samples, self.record_to)
        return not self.keep_trains or any(each is not None for each in things)


def simulate_batches(
    drive: Drive, settings: SimulationSettings, options: BatchOptions, labels: LabelReader | None
) -> SimulationResult:
    """Simulate blocks of samples one after the other.

    Args:
        drive: What drives the network.
        settings: Arguments of `simulate`; the stimulus has the numbers of all samples, or none.
        options: Those about blocks.
        labels: Labels of the samples.

    Returns:
        The result of all samples, to the bit that of one block.

    Raises:
        TypeError: Samples or labels are of the wrong type.
        ValueError: Shapes, numbers or lengths do not fit.
        MemoryError: What is to be kept would not fit.
        OSError: The folder for records holds something, or can't be written.
    """
    recorded, total = settings.recorded, drive.num_samples
    if options.record_to is not None:
        options.check_record_to(recorded)
        check_folder(options.record_to)
    drive.check()
    kept_in_memory = recorded if options.record_to is None else {}
    if total is not None:
        _check_memory(drive, settings, kept_in_memory, total, options.keep_trains)
    size = options.batch_size or _batch_size(drive, settings)
    blocks = drive.blocks(size)
    first = next(blocks)
    first_labels = None if labels is None else labels.take(drive.num_samples_of(first))
    writer = None
    if options.record_to is not None:
        writer = RecordWriter(
            options.record_to,
            recorded,
            settings.populations,
            drive.num_steps,
            settings.stimulus.dt,
        )
        writer.begin()
    gathered, start = Gathered(total), 0
    with progress_bar(total, "simulation", progress=settings.progress, unit="sample") as bar:
        for block in itertools.chain([first], blocks):
            count = drive.num_samples_of(block)
            of_block = first_labels if start == 0 else None
            if labels is not None and of_block is None:
                of_block = labels.take(count)
            part = _run(drive, block, settings, start, total, report_to(bar, count))
            if writer is not None:
                writer.write(part, start)
                part = part.without_records()
            num_correct = None if of_block is None else num_correct_of(part, of_block)
            gathered.add(part if options.keep_trains else part.without_trains(), num_correct)
            start += count
    if labels is not None:
        labels.finish()
    if writer is not None:
        writer.finish(start)
    return gathered.result()


def kept_of(
    result: SimulationResult, options: BatchOptions, labels: NDArray[np.int64] | None
) -> SimulationResult:
    """Return what is asked for of a result that is there as a whole.

    Args:
        result: The result.
        options: What is asked for.
        labels: Labels of its samples, (num_samples,).
    """
    if labels is None:
        return result if options.keep_trains else result.without_trains()
    num_correct = num_correct_of(result, labels)
    gathered = Gathered(result.num_samples)
    gathered.add(result if options.keep_trains else result.without_trains(), num_correct)
    return gathered.result()


def _run(
    drive: Drive,
    block: NDArray[np.generic],
    settings: SimulationSettings,
    start: int,
    total: int | None,
    report: Report,
) -> SimulationResult:
    count, stimulus = drive.num_samples_of(block), settings.stimulus
    # Samples keep the numbers that they have among all: a block must not draw as the first one did.
    part = replace(
        settings, stimulus=stimulus.part(slice(start, start + count), total or start + count)
    )
    result = drive.run(block, part.core_options(count), report)
    return settings.result(result, drawn=not isinstance(drive, TrainDrive))


def num_correct_of(part: SimulationResult, labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many samples are right after each step, (num_steps,)."""
    correct: NDArray[np.int64] = (part.predictions_over_time == labels).sum(axis=1)
    return correct


def _batch_size(drive: Drive, settings: SimulationSettings) -> int:
    """Return how many samples take some memory, with what is made and kept of them."""
    of_sample = drive.sample_bytes + 8 * drive.num_steps
    of_sample += _output_bytes(drive, settings) + _record_bytes(drive, settings, settings.recorded)
    return max(_LEAST_SAMPLES, min(_MOST_SAMPLES, _BATCH_BYTES // of_sample))


def _check_memory(
    drive: Drive, settings: SimulationSettings, recorded: Recorded, total: int, keep_trains: bool
) -> None:
    of_sample = _record_bytes(drive, settings, recorded)
    of_sample += _output_bytes(drive, settings) if keep_trains else 0
    of_sample += 16 * len(settings.populations) + 8 * settings.populations[-1].num_neurons
    check_memory("what is kept of the samples, in bytes,", (total, of_sample), 1)


def _output_bytes(drive: Drive, settings: SimulationSettings) -> int:
    """Return what the outputs of a sample take in all steps."""
    output = settings.populations[-1]
    bits = (output.num_neurons + 7) // 8 * (1 + output.sends_negative)
    of_step = 4 * output.num_neurons if output.neuron == "readout" else bits
    return drive.num_steps * of_step


def _record_bytes(drive: Drive, settings: SimulationSettings, recorded: Recorded) -> int:
    """Return what is recorded of a sample in all steps."""
    neurons = {each.name: each.num_neurons for each in settings.populations}
    found = 0
    for what, names in recorded.items():
        of_neuron = drive.num_steps * _BYTES_PER_NEURON.get(what, 0) + _BYTES_PER_COUNT.get(what, 0)
        found += of_neuron * sum(neurons[name] for name in names)
    return found
