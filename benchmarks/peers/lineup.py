"""The peers of a table: which are installed, and those that run, at their best settings."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from peers.process import PeerFailedError, PeerProcess
from peers.registry import Entry


class Settings:
    """Best settings of peers, looked for once and kept in a file where one is named.

    Args:
        path: The file, read and written.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._known: dict[str, dict[str, Any]] = {}
        if path is not None and path.exists():
            self._known = json.loads(path.read_text())

    def start(self, entry: Entry, problem: Path, threads: int, case: str) -> PeerProcess:
        """Start a peer at its best setting for a case."""
        key = f"{case}, {entry.name}, {threads} threads"
        peer = PeerProcess(entry, problem, threads, self._known.get(key))
        self._known[key] = peer.info["setting"]
        if self._path is not None:
            self._path.write_text(json.dumps(self._known, indent=2) + "\n")
        return peer


def say(text: str) -> None:
    """Print a line that does not belong to the table."""
    print(text, file=sys.stderr, flush=True)


def installed(entries: Iterable[Entry]) -> list[Entry]:
    """Return the peers that have an environment; the others are left out with a line."""
    found = []
    for entry in entries:
        if entry.python.exists():
            found.append(entry)
        else:
            say(f"{entry.title} skipped; run: python benchmarks/peers/setup.py {entry.name}")
    return found


@contextlib.contextmanager
def running(
    entries: Iterable[Entry], problem: Path, threads: int, case: str, settings: Settings
) -> Iterator[list[PeerProcess]]:
    """Start the peers one after the other; those that fail are left out with a line.

    Args:
        entries: The peers, all installed.
        problem: File of the problem.
        threads: Threads that each may use.
        case: What a setting is best for: the network, its images and steps.
        settings: Settings that are known.
    """
    with contextlib.ExitStack() as stack:
        peers = []
        for entry in entries:
            try:
                peer = settings.start(entry, problem, threads, case)
            except PeerFailedError as error:
                say(f"{entry.title} skipped on {case}: {error}")
                continue
            stack.callback(peer.close)
            say(f"{case}: {entry.title} is ready: {json.dumps(peer.info['setting'])}")
            peers.append(peer)
        yield peers


def details(info: dict[str, Any]) -> str:
    """Return versions and setting of a peer for a table."""
    setting = info["setting"]
    versions = ", ".join(f"{name} {version}" for name, version in info["versions"].items())
    streams = f", {setting['streams']} side by side" if setting["streams"] > 1 else ""
    return f"{versions}; {setting['variant']}, batches of {setting['batch_size']}{streams}"
