"""Who computes parts, how large they are, and where they are kept."""

from __future__ import annotations

import os
from copy import copy
from pathlib import Path

from .._base.numbers import as_bool, as_count, as_path, as_positive_int
from .executor import SubmitsWork, as_executor, num_workers
from .report import WorkReport

_CELL = 500  # samples
_PARTS_PER_WORKER = 4  # at least, so that a slow one does not keep all waiting
_SMALLEST_CELL = 16
_IN_FLIGHT_PER_WORKER = 3
_IN_FLIGHT = 1024


class Workers:
    """An executor with choices about parts, for the argument ``executor`` of long jobs.

    Results depend on none of them. A folder may be shared by several runs at once, on several
    machines, and by jobs on other networks and data: parts are taken by the hash of all that
    they depend on.

    Args:
        executor: Anything with ``submit`` that gives futures; None for this process.
        part_size: Samples of a part; None for 500, or fewer where the executor says how many
            workers it has and there would be less than four parts for each.
        folder: Where finished parts are kept, and taken from; made where it is missing. None
            keeps none.
        num_retries: How often a part that failed is tried again.
        share: Numbers i and n: compute the i-th of n shares of the parts alone, i from 1, and raise
            `PartsMissing` unless all others are in the folder. For batch systems.
        only_kept: Whether to compute nothing, and raise `PartsMissing` unless all parts are in the
            folder.

    Attributes:
        report: Counts over all calls so far.

    Raises:
        TypeError: An argument has the wrong type; the executor has no ``submit``.
        ValueError: A value is out of its range, or has no effect.

    Example:
        >>> from concurrent.futures import ThreadPoolExecutor
        >>> network = pysnn.models.mlp((4, 5, 3), seed=0)
        >>> x = np.random.default_rng(0).random((20, 4), dtype=np.float32)
        >>> snn = pysnn.convert(network, method="none")
        >>> with ThreadPoolExecutor(2) as executor:
        ...     workers = pysnn.parallel.Workers(executor, part_size=5)
        ...     result = pysnn.simulate(snn, x, num_steps=8, executor=workers)
        >>> workers.report.num_parts
        4
    """

    def __init__(
        self,
        executor: SubmitsWork | None = None,
        *,
        part_size: int | None = None,
        folder: str | os.PathLike[str] | None = None,
        num_retries: int = 2,
        share: tuple[int, int] | None = None,
        only_kept: bool = False,
    ) -> None:
        self.executor = as_executor(executor)
        self.part_size = None if part_size is None else as_positive_int(part_size, "part_size")
        self.folder = None if folder is None else Path(as_path(folder, "folder"))
        self.num_retries = as_count(num_retries, "num_retries")
        self.share = None if share is None else _as_share(share)
        self.only_kept = as_bool(only_kept, "only_kept")
        self.report = WorkReport()
        for name in ("share", "only_kept"):
            if getattr(self, name) and self.folder is None:
                raise ValueError(
                    f"{name} is {getattr(self, name)}, but without a folder nobody has other parts"
                )
        if self.share is not None and self.only_kept:
            raise ValueError("share and only_kept are given, but who computes nothing has no share")

    def keeping_in(self, folder: Path | None) -> Workers:
        """Return the same with a folder, where it has none of its own."""
        if folder is None or self.folder is not None:
            return self
        changed = copy(self)  # which counts into the same report
        changed.folder = folder
        return changed

    @property
    def is_plain(self) -> bool:
        """Whether everything is computed here and nothing kept, so that no parts are needed."""
        return self.executor is None and self.folder is None and self.part_size is None

    @property
    def in_flight(self) -> int:
        """Most parts that an executor has at a time."""
        if self.executor is None:
            return 1
        workers = num_workers(self.executor)
        return _IN_FLIGHT if workers is None else _IN_FLIGHT_PER_WORKER * workers

    def cell(self, num_samples: int, num_jobs: int = 1, multiple: int = 1) -> int:
        """Return the samples of a part.

        Args:
            num_samples: Samples of a job.
            num_jobs: Jobs that have them.
            multiple: What the number must be a multiple of.
        """
        if self.is_plain:
            return max(1, num_samples)
        size = self.part_size
        if size is None:
            workers = None if self.executor is None else num_workers(self.executor)
            size = _CELL
            if workers is not None:
                share = num_samples * num_jobs // (_PARTS_PER_WORKER * workers)
                size = min(size, max(_SMALLEST_CELL, share))
        return -(-size // multiple) * multiple


def _as_share(share: object) -> tuple[int, int]:
    if not isinstance(share, tuple) or len(share) != 2:
        raise TypeError(f"share is {share!r}, but must be a tuple (i, n)")
    number, num_shares = (as_positive_int(each, f"share[{i}]") for i, each in enumerate(share))
    if number > num_shares:
        raise ValueError(f"share is {share}, but must be (i, n) with i of 1 ... n")
    return number, num_shares


def as_workers(executor: object) -> Workers:
    """Return the argument ``executor`` of a long job as `Workers`.

    Raises:
        TypeError: It is neither, and has no method ``submit``.
    """
    return executor if isinstance(executor, Workers) else Workers(as_executor(executor))
