"""What a result depends on besides its settings: versions, processor, threads."""

from __future__ import annotations

import importlib.metadata
import os
import platform
from pathlib import Path
from typing import Any

import numpy as np

from .extras import EXTRAS, install_hint
from .system import STREAM_VERSION, VERSION, cpu_target, default_num_threads, has_openmp


def describe_environment() -> dict[str, Any]:
    """Return versions, processor target and threads of this process, ready for JSON.

    Returns:
        A mapping with the keys ``pysnn``, ``python``, ``numpy``, ``platform``, ``cpu_target``
        (the instruction set that the kernels use), ``PYSNN_CPU`` (the value of that environment
        variable or None), ``openmp``, ``default_num_threads``, ``stream_version`` (of the random
        numbers), ``install_path`` and ``extras``: for each extra the version of each of its
        packages, or None where it is not installed.
    """
    return {
        "pysnn": VERSION,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "platform": platform.platform(),
        "cpu_target": cpu_target(),
        "PYSNN_CPU": os.environ.get("PYSNN_CPU"),
        "openmp": has_openmp(),
        "default_num_threads": default_num_threads(),
        "stream_version": STREAM_VERSION,
        "install_path": str(Path(__file__).resolve().parents[1]),
        "extras": {
            extra: {package: _version(package) for package in packages}
            for extra, packages in EXTRAS.items()
        },
    }


def format_environment(environment: dict[str, Any]) -> str:
    """Return what :func:`describe_environment` gave as aligned lines of text."""
    forced = environment["PYSNN_CPU"]
    rows = [
        ("pysnn", environment["pysnn"]),
        ("python", environment["python"]),
        ("numpy", environment["numpy"]),
        ("platform", environment["platform"]),
        (
            "CPU target",
            f"{environment['cpu_target']} (PYSNN_CPU is {forced or 'not set'})",
        ),
        ("OpenMP", "yes" if environment["openmp"] else "no: this build is serial"),
        ("default threads", str(environment["default_num_threads"])),
        ("stream version", str(environment["stream_version"])),
    ]
    for extra, packages in environment["extras"].items():
        missing = [package for package, version in packages.items() if version is None]
        found = ", ".join(
            f"{package} {version}" for package, version in packages.items() if version
        )
        text = found or "nothing"
        if missing:
            text += f"; missing {', '.join(missing)}: {install_hint(extra)}"
        rows.append((f"extra '{extra}'", text))
    rows.append(("installed in", environment["install_path"]))
    width = max(len(name) for name, _ in rows)
    return "\n".join(f"{name:<{width}}  {value}" for name, value in rows)


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None
