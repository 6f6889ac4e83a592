"""Jobs in parts: handed out, tried again, kept, and put together in order."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable

from .desk import Desk
from .job import Job, Samples
from .kept import KeptParts
from .messages.calls import Arrays
from .plan import Plan
from .workers import Workers


def run_jobs(
    jobs: Iterable[Job],
    samples: Samples,
    workers: Workers,
    num_threads: int | None,
    advance: Callable[[int], None],
    *,
    reuses_rows: bool = True,
) -> Generator[tuple[Job, list[Arrays]]]:
    """Compute jobs in parts, and yield what the parts of each gave, in the order of the jobs.

    Closing the generator takes back what has not begun. What has finished by then is kept, if
    there is a folder.

    Args:
        jobs: The jobs; the next one is asked for when workers have room for it.
        samples: Their samples, at least one.
        workers: Who computes parts, and where they are kept.
        num_threads: Threads of a part; None for the share of a worker.
        advance: Called with numbers of samples that a job is done with.
        reuses_rows: Whether several jobs read the same samples, so that workers keep them.

    Yields:
        Jobs, and what their parts gave in the order of the samples; the same whatever computed
        them.

    Raises:
        PartError: A part has failed too often.
        ExecutorError: The executor accepts no more parts.
        PartsMissing: Parts are missing that were not to be computed.
        OSError: Parts can't be kept.
    """
    kept = None if workers.folder is None else KeptParts(workers.folder)
    plan = Plan(samples, workers, kept, advance)
    pieces = plan.pieces(jobs)
    num_yielded = 0
    with Desk(samples, workers, num_threads, kept, reuses_rows) as desk:
        is_over = False
        while not is_over or len(desk):
            while not is_over and desk.has_room:
                piece = next(pieces, None)
                if piece is None:
                    is_over = True
                else:
                    desk.submit(*piece)
            if len(desk):
                _, (start, stop) = desk.next()
                advance(stop - start)
            while num_yielded < len(plan.states) and plan.states[num_yielded].is_complete:
                state = plan.states[num_yielded]
                num_yielded += 1
                yield state.job, state.parts
                state.forget()
    plan.check_complete()
