"""Scripts as processes that time a run whenever they are asked to."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from peers.registry import Entry


class PeerFailedError(Exception):
    """A process has ended; the reason is on standard error."""


class TimedProcess:
    """A running script that times a run for each line it reads, and prints JSON lines.

    Its packages stay loaded and its code compiled from run to run; between runs it waits.

    Args:
        title: Name in errors.
        command: What is started; its first line says that it is ready.

    Raises:
        PeerFailedError: It does not run, or what it simulates is not our network.
    """

    def __init__(self, title: str, command: list[str]) -> None:
        self._title = title
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        # What it runs and whether it was right.
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
            self.close()
            raise PeerFailedError(f"{self._title} ended with {self._process.returncode}")
        answer: dict[str, Any] = json.loads(line)
        return answer


class PeerProcess(TimedProcess):
    """A running peer that has passed its checks.

    Its `info` has the setting, versions, and how many images it has right.

    Args:
        entry: The peer.
        problem: File of the problem.
        threads: Threads that it may use.
        setting: How it is run, as `info` of an earlier process has it; None looks for the best.
    """

    def __init__(
        self, entry: Entry, problem: Path, threads: int, setting: dict[str, Any] | None
    ) -> None:
        self.entry = entry
        command = [str(entry.python), str(entry.script), str(problem)]
        command += ["--threads", str(threads), "--serve"]
        if setting is not None:
            command += ["--setting", json.dumps(setting)]
        super().__init__(entry.title, command)
