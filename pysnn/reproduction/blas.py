"""The matrix products of NumPy: which library, which of its kernels, how many threads."""

from __future__ import annotations

import importlib
import os
from typing import Any

import numpy as np


def describe_blas() -> dict[str, Any]:
    """Return what decides how a matrix product of this process rounds, ready for JSON.

    Returns:
        A mapping with the keys ``numpy`` (its version), ``blas`` and ``version`` (of the library
        that NumPy was built with), ``kernel`` (the library's name for the instruction set it
        chose) and ``threads``, both None where threadpoolctl is not installed or finds none, and
        ``OPENBLAS_CORETYPE`` (the environment variable that forces a kernel, or None).
    """
    config: Any = np.show_config(mode="dicts")
    built = config.get("Build Dependencies", {}).get("blas", {})
    loaded = _loaded()
    return {
        "numpy": np.__version__,
        "blas": built.get("name"),
        "version": loaded.get("version") or built.get("version"),
        "kernel": loaded.get("architecture"),
        "threads": loaded.get("num_threads"),
        "OPENBLAS_CORETYPE": os.environ.get("OPENBLAS_CORETYPE"),
    }


def blas_words(described: dict[str, Any]) -> str:
    """Return what `describe_blas` gave in a line."""
    kernel, threads = described.get("kernel"), described.get("threads")
    library = " ".join(described[name] for name in ("blas", "version") if described[name])
    return (
        f"NumPy {described['numpy']}, {library or 'unknown BLAS'}, "
        f"{'unknown kernel' if kernel is None else f'kernel {kernel}'}, "
        f"{'unknown number of threads' if threads is None else f'{threads} threads'}"
    )


def _loaded() -> dict[str, Any]:
    """Return what threadpoolctl finds of NumPy's library, nothing without it."""
    try:
        threadpoolctl: Any = importlib.import_module("threadpoolctl")
    except ImportError:
        return {}
    info: list[dict[str, Any]] = threadpoolctl.threadpool_info()
    found = [each for each in info if each["user_api"] == "blas"]
    # Other packages may bring a library of their own.
    of_numpy = [each for each in found if "numpy" in each["filepath"]]
    return (of_numpy or found or [{}])[0]
