"""What can go wrong with parts."""

from __future__ import annotations


class PartError(RuntimeError):
    """A part failed as often as it may; names the part, and carries what it failed with.

    Attributes:
        job: What the part belongs to, such as ``"compare: robust"``.
        rows: First sample of the part, and the one behind its last.
    """

    def __init__(self, message: str, job: str = "", rows: tuple[int, int] = (0, 0)) -> None:
        super().__init__(message)
        self.job = job
        self.rows = rows


class ExecutorError(RuntimeError):
    """The executor accepts no more parts: it is broken or shut down."""


class PartsMissing(RuntimeError):  # noqa: N818  (no failure: others are still at work)
    """Parts are missing that this call was not to compute.

    Attributes:
        num_parts: Parts of the job.
        num_missing: How many of them are missing.
    """

    def __init__(self, message: str, num_parts: int = 0, num_missing: int = 0) -> None:
        super().__init__(message)
        self.num_parts = num_parts
        self.num_missing = num_missing
