"""When a run was made, of which commit, and on what processor."""

from __future__ import annotations

import platform
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .blas import describe_blas

_ROOT = Path(__file__).resolve().parents[2]


def describe_origin() -> dict[str, Any]:
    """Return what tells this run from others of the same version, ready for JSON.

    Returns:
        A mapping with the keys ``date`` (of UTC, such as ``"2026-11-27"``), ``commit`` (of the
        checkout that pysnn runs from, with ``-dirty`` where files differ from it, or None
        elsewhere), ``cpu`` (its name) and ``blas``, see `describe_blas`.
    """
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "commit": _commit(),
        "cpu": _cpu(),
        "blas": describe_blas(),
    }


def _commit() -> str | None:
    if not (_ROOT / ".git").exists():
        return None
    command = ["git", "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"]
    try:
        done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() or None


def _cpu() -> str:
    try:
        found = re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    except OSError:
        found = None
    return found[1].strip() if found else platform.processor() or platform.machine()
