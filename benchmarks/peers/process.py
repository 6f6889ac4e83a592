"""A peer's script as a process that times a run whenever it is asked to."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from peers.registry import Entry


class PeerFailedError(Exception):
    """A peer's process has ended; the reason is on standard error."""


class PeerProcess:
    """A running peer that has passed its checks.

    Its packages stay loaded and its code compiled from run to run; between runs it waits.

    Args:
        entry: The peer.
        problem: File of the problem.
        threads: Threads that it may use.
        setting: How it is run, as `info` of an earlier process has it; None looks for the best.

    Raises:
        PeerFailedError: It does not run, or what it simulates is not our network.
    """

    def __init__(
        self, entry: Entry, problem: Path, threads: int, setting: dict[str, Any] | None
    ) -> None:
        self.entry = entry
        command = [str(entry.python), str(entry.script), str(problem)]
        command += ["--threads", str(threads), "--serve"]
        if setting is not None:
            command += ["--setting", json.dumps(setting)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        # What it runs, at which setting, with which versions, and how many it has right.
        self.info = self._answer()

    def run(self) -> float:
        """Simulate all images of the problem and return the seconds it took."""
        assert self._process.stdin is not None
        self._process.stdin.write("run\n")
        self._process.stdin.flush()
        return float(self._answer()["seconds"])

    def close(self) -> None:
        """End the process."""
        self._process.communicate()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise PeerFailedError(f"{self.entry.title} ended with {self._process.wait()}")
        answer: dict[str, Any] = json.loads(line)
        return answer
