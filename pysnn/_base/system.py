"""What the core is built with and runs on."""

from __future__ import annotations

from .. import _core
from .numbers import as_positive_int

VERSION: str = _core.__version__
"""Of this package."""
STREAM_VERSION: int = _core.STREAM_VERSION
"""Changes whenever the same seed would give other spikes."""


def cpu_target() -> str:
    """Return the instruction set whose kernels run: baseline, avx2, avx512 or neon.

    It is chosen once, by what the CPU has or by the environment variable ``PYSNN_CPU``.

    Raises:
        ValueError: ``PYSNN_CPU`` names no instruction set, or one that this CPU does not have.
    """
    return _core.cpu_target()


def default_num_threads() -> int:
    """Return the number of threads that ``num_threads=None`` stands for.

    It is what OpenMP would use now, at most the processors that the container's quota pays for,
    and 1 in a build without OpenMP.
    """
    return _core.default_num_threads()


def has_openmp() -> bool:
    """Return whether the core was built with OpenMP."""
    return _core.has_openmp()


def as_num_threads(num_threads: int | None) -> int:
    """Return the argument as the core takes it: 0 for the default.

    Raises:
        TypeError: It is neither an int nor None.
        ValueError: It is below 1 or no 32-bit int; the core has a limit of its own below that.
    """
    if num_threads is None:
        return 0
    number = as_positive_int(num_threads, "num_threads")
    if number >= 1 << 31:
        raise ValueError(f"num_threads is {number}, but must be at most 2^31 - 1")
    return number
