"""Parts that workers of other processes can import, and jobs of them."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import numpy as np

from pysnn.parallel.job import Job, Samples
from pysnn.parallel.messages.calls import Arrays, Function, Part
from pysnn.parallel.messages.shared import Shared
from pysnn.parallel.run import run_jobs
from pysnn.parallel.workers import Workers

NUM_SAMPLES = 40
CELL = 5


def total(part: Part) -> Arrays:
    """Add the rows up, and the shared value."""
    (x,) = part.rows
    return {"sum": np.array([x.sum(), part.values[0].sum()])}


def dying(part: Part) -> Arrays:
    """Kill the process, until it has been killed as often as the settings say."""
    marks = Path(part.settings["folder"])
    if part.rows[0][0] == 10 and len(list(marks.iterdir())) < part.settings["deaths"]:
        (marks / str(os.getpid())).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return total(part)


def failing(part: Part) -> Arrays:
    """Fail on the part that begins with 10, as often as the settings say."""
    marks = Path(part.settings["folder"])
    if part.rows[0][0] == 10 and len(list(marks.iterdir())) < part.settings["failures"]:
        (marks / os.urandom(8).hex()).touch()
        raise ArithmeticError("no sum of these")
    return total(part)


def job(function: Function = total, **settings: object) -> Job:
    """Return a job on a shared value of 80,000 bytes."""
    shared = np.arange(10_000, dtype=np.float64)
    return Job("total", "", function, settings, (Shared("numbers", lambda: shared),))


def run(workers: Workers, *jobs: Job, reuses_rows: bool = True) -> list[float]:
    """Run jobs on the numbers 0 to 39, and return the sums of each."""
    samples = Samples((np.arange(NUM_SAMPLES, dtype=np.float64),), CELL)
    found = run_jobs(jobs, samples, workers, None, lambda _: None, reuses_rows=reuses_rows)
    return [float(sum(part["sum"][0] for part in parts)) for _, parts in found]
