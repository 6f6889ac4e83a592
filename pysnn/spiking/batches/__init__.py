"""Samples that are read block by block, and results that do not keep everything in memory."""

from .record_reader import RecordFiles
from .run import BatchOptions, kept_of
from .sources import Rows, is_array_like, is_mapped
from .start import simulate_in_batches, simulate_trains_in_batches

__all__ = [
    "BatchOptions",
    "RecordFiles",
    "Rows",
    "is_array_like",
    "is_mapped",
    "kept_of",
    "simulate_in_batches",
    "simulate_trains_in_batches",
]
