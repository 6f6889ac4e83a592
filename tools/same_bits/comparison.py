"""Runs workers in interpreters, and tells what differs between what they print."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

Cases = dict[str, dict[str, str]]  # digests by case and part

TOOLS = Path(__file__).resolve().parents[1]
RAISED = "raised"  # stands for the digests of a case that ended with an error
LACKING = "this CPU does not have"  # in the message of a build that can't run an instruction set


class WorkerError(Exception):
    """A worker ended with an error; the text is the end of what it said."""


def start(
    python: str, module: str, *arguments: str, cpu: str | None = None
) -> subprocess.Popen[str]:
    """Start a worker in an interpreter; ``cpu`` forces an instruction set."""
    environment = dict(os.environ)
    if cpu is not None:
        environment["PYSNN_CPU"] = cpu
    return subprocess.Popen(
        [python, "-m", f"same_bits.{module}", *arguments],
        cwd=TOOLS,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def outputs(workers: Sequence[subprocess.Popen[str]]) -> list[str]:
    """Wait for workers that run at the same time, and return what each printed.

    Raises:
        WorkerError: One ended with an error.
    """
    with ThreadPoolExecutor(len(workers)) as threads:
        pairs = list(threads.map(lambda worker: worker.communicate(), workers))
    for worker, (printed, said) in zip(workers, pairs, strict=True):
        if worker.returncode != 0:
            last = printed.splitlines()[-1:] or ["nothing"]
            raise WorkerError(f"exit code {worker.returncode} after {last[0][:80]}\n{said[-2000:]}")
    return [printed for printed, _ in pairs]


def parse(printed: str) -> tuple[str, Cases]:
    """Return the worker's own line in words, and the digests that followed."""
    first, *lines = map(json.loads, printed.splitlines())
    cases = {line["case"]: line["digests"] for line in lines}
    return f"pysnn {first['version']}, {first['cpu']}", cases


def differences(old: Cases, new: Cases) -> Iterator[str]:
    """Yield a line for each case whose digests differ, with the parts that do."""
    for name in sorted(old.keys() | new.keys()):
        if name not in old or name not in new:
            yield f"{name}: only in the {'old' if name in old else 'new'}"
            continue
        if RAISED in new[name]:
            yield f"{name}: {new[name][RAISED]}"
            continue
        parts = _differing(old[name], new[name])
        if parts:
            total = len(old[name].keys() | new[name].keys())
            yield f"{name}: {len(parts)} of {total} parts differ: {'; '.join(parts)}"


def _differing(old: Mapping[str, str], new: Mapping[str, str]) -> Sequence[str]:
    return [part for part in sorted(old.keys() | new.keys()) if old.get(part) != new.get(part)]
