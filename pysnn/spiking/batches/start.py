"""From the arguments of `simulate` to samples and labels that are read block by block."""

from __future__ import annotations

from ..given_spikes import GivenTrains
from ..results import SimulationResult
from ..settings import SimulationSettings
from ..spiking_network import SpikingNetwork
from .labels import LabelReader
from .run import BatchOptions, simulate_batches
from .samples import SampleDrive, TrainDrive
from .sources import ArrayRows, Rows, Source, as_source


def simulate_in_batches(
    snn: SpikingNetwork,
    x: Rows,
    num_steps: int,
    settings: SimulationSettings,
    options: BatchOptions,
) -> SimulationResult:
    """Simulate samples block by block.

    Args:
        snn: The network.
        x: The samples.
        num_steps: Steps of each.
        settings: Other arguments of `simulate`.
        options: Those about blocks.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: A value is out of its range, or lengths do not fit.
        MemoryError: The result would not fit in memory.
        OSError: The folder for records can't be written.
    """
    settings.stimulus.check_rate()
    source = as_source(x, "x", options.num_samples)
    if isinstance(source, ArrayRows) and options.num_samples is not None:
        raise ValueError(
            f"num_samples is {options.num_samples}, but x has a length, {source.num_rows}; leave "
            f"it out"
        )
    lengths = _lengths(source, settings, options)
    labels = None
    if options.y is not None:
        labels = LabelReader(
            options.y, lengths[0][0] if lengths else None, snn.populations[-1].num_neurons
        )
        if labels.num_labels is not None:
            lengths.append((labels.num_labels, "y has a length of"))
    if lengths:
        settings.stimulus.ids(lengths[0][0])
    drive = SampleDrive(
        snn, source, num_steps, settings.stimulus.scale, lengths[0] if lengths else None
    )
    return simulate_batches(drive, settings, options, labels)


def simulate_trains_in_batches(
    snn: SpikingNetwork, trains: GivenTrains, settings: SimulationSettings, options: BatchOptions
) -> SimulationResult:
    """Simulate given spike trains block by block.

    Args:
        snn: The network.
        trains: The trains.
        settings: Other arguments of `simulate`.
        options: Those about blocks.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: A value is out of its range, or lengths do not fit.
        MemoryError: The result would not fit in memory.
        OSError: The folder for records can't be written.
    """
    drive = TrainDrive(snn, trains)
    labels = None
    if options.y is not None:
        labels = LabelReader(options.y, drive.num_samples, snn.populations[-1].num_neurons)
    return simulate_batches(drive, settings, options, labels)


def _lengths(
    source: Source, settings: SimulationSettings, options: BatchOptions
) -> list[tuple[int, str]]:
    """Return every number of samples that is known, each with what says so."""
    ids = settings.stimulus.sample_ids
    return [
        (number, reason)
        for number, reason in (
            (source.num_rows, "x has a length of"),
            (options.num_samples, "num_samples is"),
            (None if ids is None else len(ids), "sample_ids has a length of"),
        )
        if number is not None
    ]
