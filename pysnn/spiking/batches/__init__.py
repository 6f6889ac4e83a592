"""Samples that are read block by block, and results that do not keep everything in memory."""

from ..._base.interface.loaders import is_array_like
from .in_parts import simulate_with_workers
from .labels import known_length, read_labels
from .record_reader import RecordFiles
from .run import BatchOptions, kept_of
from .sources import Rows, is_mapped
from .start import simulate_in_batches, simulate_trains_in_batches
from .stored import ReadyMade, StoredSamples, as_stored

__all__ = [
    "BatchOptions",
    "ReadyMade",
    "RecordFiles",
    "Rows",
    "StoredSamples",
    "as_stored",
    "is_array_like",
    "is_mapped",
    "kept_of",
    "known_length",
    "read_labels",
    "simulate_in_batches",
    "simulate_trains_in_batches",
    "simulate_with_workers",
]
