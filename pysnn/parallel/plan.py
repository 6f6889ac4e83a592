"""What is left to compute of jobs whose parts are kept in a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from .cover import Range, cells, cover
from .errors import PartsMissing
from .job import Job, Samples
from .kept import KeptParts
from .messages.calls import Arrays
from .workers import Workers


@dataclass(eq=False)
class JobState:
    """A job with what is there of it.

    Attributes:
        job: The job.
        pieces: Samples of the parts to compute in this call.
        num_missing: Parts that are neither there nor to be computed in this call.
        done: What parts gave, by their samples.
    """

    job: Job
    pieces: list[Range] = field(default_factory=list)
    num_missing: int = 0
    done: dict[Range, Arrays] = field(default_factory=dict)

    @property
    def is_complete(self) -> bool:
        """Whether all parts are there."""
        return not self.num_missing and len(self.done) == self.num_parts

    @property
    def num_parts(self) -> int:
        """Number of its parts; those that are kept count as they are."""
        return self._num_kept + len(self.pieces) + self.num_missing

    @property
    def parts(self) -> list[Arrays]:
        """What parts gave, in the order of their samples."""
        return [self.done[rows] for rows in sorted(self.done)]

    def forget(self) -> None:
        """Drop what parts gave, which nobody needs any more."""
        self.done = {rows: {} for rows in self.done}

    _num_kept: int = 0


class Plan:
    """Which parts a call computes, of the jobs that it is given one after the other.

    Args:
        samples: The samples of all jobs.
        workers: Which share of the parts is to be computed, where parts are kept.
        kept: Parts that are there; None where none are kept.
        advance: Called with numbers of samples that kept parts make up for.
    """

    def __init__(
        self,
        samples: Samples,
        workers: Workers,
        kept: KeptParts | None,
        advance: Callable[[int], None],
    ) -> None:
        self._samples = samples
        self._workers = workers
        self._kept = kept
        self._advance = advance
        self._num_cells = 0
        self.states: list[JobState] = []

    def pieces(self, jobs: Iterable[Job]) -> Iterator[tuple[JobState, Range]]:
        """Yield the parts to compute, job after job; a job is asked for when its turn comes."""
        for job in jobs:
            state = self._state(job)
            self.states.append(state)
            for piece in state.pieces:
                yield state, piece

    def _state(self, job: Job) -> JobState:
        state = JobState(job)
        num_samples = len(self._samples)
        kept = {} if self._kept is None else dict(self._kept.load(job, self._samples))
        chosen, gaps = cover(kept, num_samples)
        state.done = {rows: kept[rows] for rows in chosen}
        state._num_kept = len(chosen)
        self._workers.report.num_kept += len(chosen)
        self._advance(sum(stop - start for start, stop in chosen))
        for cell, piece in cells(gaps, self._samples.cell):
            if self._is_ours(self._num_cells + cell):
                state.pieces.append(piece)
            else:
                state.num_missing += 1
        self._num_cells += -(-num_samples // self._samples.cell)
        return state

    def _is_ours(self, cell: int) -> bool:
        """Return whether a cell is of this call's share, whatever is kept at the time."""
        if self._workers.only_kept:
            return False
        if self._workers.share is None:
            return True
        number, num_shares = self._workers.share
        return cell % num_shares == number - 1

    def check_complete(self) -> None:
        """Raise `PartsMissing` unless all parts of all jobs are there."""
        missing = [state for state in self.states if not state.is_complete]
        if missing:
            num_parts = sum(state.num_parts for state in self.states)
            num_missing = sum(state.num_parts - len(state.done) for state in missing)
            raise PartsMissing(
                f"{num_parts - num_missing} of {num_parts} parts are in {self._workers.folder}; "
                f"missing are parts of {missing[0].job.title}"
                + (f" and {len(missing) - 1} others" if len(missing) > 1 else ""),
                num_parts,
                num_missing,
            )
