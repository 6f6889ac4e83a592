"""Samples that are read block by block, and results that do not keep everything in memory."""

from .record_reader import RecordFiles
from .run import BatchOptions
from .sources import Rows, is_array_like, is_mapped
from .start import simulate_in_batches, simulate_trains_in_batches

__all__ = [
    "BatchOptions",
    "RecordFiles",
    "Rows",
    "is_array_like",
    "is_mapped",
    "simulate_in_batches",
    "simulate_trains_in_batches",
]
