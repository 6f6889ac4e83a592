"""A peer at work on a problem: running it, timing it, and checking what it says."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any

import numpy as np
from graphs.graph import AnyProblem, GraphProblem
from numpy.typing import NDArray
from peer import Peer, Setting, Simulator

ACCURACY_TOLERANCE = 0.015
IMAGES_TOLERANCE = 3  # where few images make a smaller share than that meaningless


class Session:
    """A peer that has prepared a problem under a setting.

    Args:
        peer: The peer.
        problem: The problem; batches of the setting's size must divide its images.
        setting: How to run it.
    """

    def __init__(self, peer: Peer, problem: AnyProblem, setting: Setting) -> None:
        if problem.num_images % setting.batch_size:
            raise SystemExit(
                f"{problem.num_images} images do not divide into batches of {setting.batch_size}"
            )
        self.peer = peer
        self.problem = problem
        self.setting = setting
        self.accuracy = float("nan")
        self.equal_spikes = False
        # Share of the images for which it predicts what pysnn does; None where it draws its spikes.
        self.agreement: float | None = None
        self._simulators = [
            peer.prepare(problem, setting, stream) for stream in range(setting.streams)
        ]

    def check(self) -> None:
        """Assert that the peer simulates our network.

        Raises:
            SystemExit: Its spikes or its accuracy are not ours.
        """
        problem = self.problem
        if self.peer.equal_spikes:
            outputs = self._simulators[0].replay(problem.trains)
            wrong = problem.wrong(outputs)
            if wrong:
                raise SystemExit(
                    f"{self.peer.name}: {wrong} of {outputs.size} outputs are not pysnn's"
                )
            self.equal_spikes = True
        self._warm_up()
        counts, _ = self._timed(problem.num_images)
        predictions = counts.argmax(axis=1)
        self.accuracy = float((predictions == problem.labels).mean())
        if isinstance(problem, GraphProblem):
            self.agreement = float((predictions == problem.predictions).mean())
        if not self.peer.same_network:
            return
        tolerance = max(ACCURACY_TOLERANCE, IMAGES_TOLERANCE / problem.num_images)
        if abs(self.accuracy - problem.accuracy) > tolerance:
            raise SystemExit(
                f"{self.peer.name}: {self.accuracy:.2%} of {problem.num_images} images right, "
                f"but pysnn has {problem.accuracy:.2%}"
            )

    def run(self) -> float:
        """Simulate all images and return the seconds it took."""
        return self._timed(self.problem.num_images)[1]

    def trial(self) -> float:
        """Return images a second over a few batches, the better of two tries."""
        self._warm_up()
        size = self.setting.batch_size * self.setting.streams
        num_images = min(self.problem.num_images, size * max(1, self.peer.trial_images // size))
        return max(num_images / self._timed(num_images)[1] for _ in range(2))

    def _warm_up(self) -> None:
        # One after the other: compilers that run at the first call are not all safe in threads.
        part = slice(self.setting.batch_size)
        for simulator in self._simulators:
            simulator.counts(simulator.batch(self.problem, part))

    def _timed(self, num_images: int) -> tuple[NDArray[Any], float]:
        """Return output spikes (num_images, num_classes), and seconds."""
        size = self.setting.batch_size
        counts: NDArray[Any] = np.zeros((num_images, self.problem.num_classes))
        parts = iter([slice(first, first + size) for first in range(0, num_images, size)])
        lock = Lock()
        start = time.perf_counter()
        if len(self._simulators) == 1:
            self._work(self._simulators[0], parts, lock, counts)
        else:
            with ThreadPoolExecutor(len(self._simulators)) as pool:
                jobs = [
                    pool.submit(self._work, simulator, parts, lock, counts)
                    for simulator in self._simulators
                ]
                for job in jobs:
                    job.result()
        seconds = time.perf_counter() - start
        own = self._simulators[0].own_seconds
        return counts, seconds if own is None else own

    def _work(
        self, simulator: Simulator, parts: Iterator[slice], lock: Lock, counts: NDArray[Any]
    ) -> None:
        while True:
            with lock:
                part = next(parts, None)
            if part is None:
                return
            counts[part] = simulator.counts(simulator.batch(self.problem, part))
