"""Importing pysnn is quick, for it loads nothing that only some calls need.

How long it takes shows ``python -X importtime -c "import pysnn"``.
"""

from __future__ import annotations

import sys

from processes import run

# Extras, and parts of the standard library that cost more than they are needed.
LATE = {
    *("matplotlib", "tqdm", "scipy", "neurobench", "torch"),
    *("argparse", "asyncio", "importlib.resources", "multiprocessing.pool", "unittest", "xml"),
    *("concurrent.futures.process", "email", "http", "pysnn.cli", "pysnn.plotting"),
    *("pysnn.diagnosis", "pysnn.experiments", "pysnn.metrics"),
}


def test_importing_pysnn_loads_numpy_and_little_else() -> None:
    code = "import sys, numpy; old = set(sys.modules); import pysnn; print(*set(sys.modules) - old)"
    loaded = set(run(sys.executable, "-c", code).split())
    assert "pysnn.spiking.simulation" in loaded
    assert not loaded & LATE
