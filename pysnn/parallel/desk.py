"""Where parts go out to an executor and come back: values they need, failures, interruptions."""

from __future__ import annotations

import pickle
import secrets
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import Self

from .cover import Range
from .errors import ExecutorError, PartError
from .executor import Here, part_threads
from .finished import Finished
from .job import Samples
from .kept import KeptParts
from .messages.cache import CACHE, worker_name
from .messages.calls import Call, Reply, run_call
from .messages.deliveries import Deliveries
from .messages.shared import Reference, Shared, Spool
from .plan import JobState
from .workers import Workers

_MOST_BYTES = 1 << 30  # of messages in flight


@dataclass(eq=False)
class _Piece:
    """A part on its way.

    Attributes:
        state: Its job.
        range: Its samples.
        values: What it reads: values of the job, and its rows.
        carried: Keys of shared values that are sent along this time.
        carries_rows: Whether its rows are sent along, as no other part reads them.
        in_files: Its rows for a worker that sees the files that they are in; None without any.
        num_failures: How often it has failed.
        size: Bytes of the message.
    """

    state: JobState
    range: Range
    values: tuple[Shared, ...]
    carried: tuple[str, ...] = ()
    carries_rows: bool = False
    in_files: bytes | None = None
    num_failures: int = 0
    size: int = 0


class Desk:
    """Hands out the parts of one call, a bounded number at a time.

    A message names the values that its part reads by their hashes. A worker that lacks one says
    so, and the part goes out once more: now the value lies in a file, or comes along if that
    worker can't read the file. Rows that no other part reads come along at once, and rows of a
    memory map not at all, unless a worker does not see its file.

    Args:
        samples: The samples.
        workers: The executor, and choices about parts.
        num_threads: Threads of a part; None for the share of a worker.
        kept: Where finished parts are kept; None for nowhere.
        reuses_rows: Whether several parts read the same rows.
    """

    def __init__(
        self,
        samples: Samples,
        workers: Workers,
        num_threads: int | None,
        kept: KeptParts | None,
        reuses_rows: bool,
    ) -> None:
        self._samples = samples
        self._workers = workers
        self._report = workers.report
        self._executor = workers.executor or Here()
        self._num_threads = part_threads(workers.executor, num_threads)
        self._kept = kept
        self._reuses_rows = reuses_rows
        self._name = secrets.token_hex(8)
        self._spool = Spool(workers.folder)
        self._finished = Finished()
        self._pieces: dict[int, _Piece] = {}
        self._waiting: list[_Piece] = []
        self._deliveries = Deliveries()
        self._num_submitted = 0
        self._bytes_in_flight = 0
        self._num_done = 0
        # Threads of this process find all values where they are.
        self._is_here = workers.executor is None
        self._sees_maps = True
        self._begin = 0.0

    def __len__(self) -> int:
        """Return the number of parts in flight."""
        return len(self._pieces) + len(self._waiting)

    def __enter__(self) -> Self:
        self._begin = time.perf_counter()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        # After a failure or an interruption no worker should go on with what nobody waits for;
        # what has come meanwhile is kept.
        try:
            self._finished.cancel()
            self._keep_finished()
        finally:
            for piece in (*self._pieces.values(), *self._waiting):
                CACHE.own(piece.values, -1)
            self._spool.close()
            self._report.seconds += time.perf_counter() - self._begin

    @property
    def has_room(self) -> bool:
        """Whether another part may go out."""
        in_flight = len(self)
        return in_flight < self._workers.in_flight and (
            self._bytes_in_flight < _MOST_BYTES or not in_flight
        )

    def submit(self, state: JobState, rows: Range) -> None:
        """Hand out a part.

        Raises:
            ExecutorError: The executor takes none any more.
        """
        key = (
            self._samples.key(*rows)
            if self._reuses_rows
            # Whatever tells them from all others will do, and takes no time to find.
            else f"{self._name} {rows}"
        )
        read = partial(self._samples.rows, *rows)
        if self._is_here and not self._reuses_rows:
            # Read now: rows that can't be read are no failure of the part.
            taken = read()
            block = Shared(f"rows {key}", lambda: taken)
        else:
            block = Shared(f"rows {key}", read)
        piece = _Piece(state, rows, (*state.job.values, block))
        if not self._is_here:
            self._prepare(piece)
        CACHE.own(piece.values, 1)
        self._submit(piece)

    def next(self) -> tuple[JobState, Range]:
        """Wait for a part to be done, and put its result into the state of its job.

        Raises:
            PartError: A part has failed too often.
            ExecutorError: The executor accepts no more parts.
            OSError: A part can't be kept.
        """
        while True:
            number, future = self._finished.next()
            piece = self._pieces[number]
            failure: Exception | None = None
            try:
                data = future.result()
            except Exception as error:
                failure = error
            del self._pieces[number]
            self._bytes_in_flight -= piece.size
            carried, piece.carried = piece.carried, ()
            self._deliveries.arrived(carried)
            is_done = False
            if failure is not None:
                self._failed(piece, failure)
            else:
                is_done = self._taken(piece, data)
            if carried:
                self._resume()
            if is_done:
                return piece.state, piece.range

    def _prepare(self, piece: _Piece) -> None:
        """Put values where workers find them before they ask."""
        *values, block = piece.values
        for value in values:
            self._spool.write(value)
        rows = self._samples.in_files(*piece.range) if self._sees_maps else None
        if rows is not None:
            piece.in_files = pickle.dumps(rows, protocol=pickle.HIGHEST_PROTOCOL)
        elif not self._reuses_rows:
            piece.carries_rows = True
        elif self._workers.folder is not None:
            # Elsewhere it may be threads of this process that ask, and they never do.
            self._spool.write(block)

    def _submit(self, piece: _Piece) -> None:
        number = self._num_submitted
        self._num_submitted += 1
        payload = self._payload(piece, number)
        piece.size = len(payload)
        self._pieces[number] = piece
        try:
            future = self._executor.submit(run_call, payload)
        except Exception as error:
            where = f" and kept in {self._workers.folder}" if self._kept is not None else ""
            raise ExecutorError(
                f"executor accepts no more parts: {_words(error)}; {self._num_done} parts of "
                f"this call are done{where}"
            ) from error
        self._bytes_in_flight += piece.size
        self._report.bytes_sent += piece.size
        self._deliveries.sent(piece.carried)
        self._finished.add(number, future)

    def _payload(self, piece: _Piece, number: int) -> bytes:
        references = tuple(self._reference(piece, each) for each in piece.values)
        job = piece.state.job
        call = Call(
            job.function,
            job.settings,
            job.hints,
            piece.range[0],
            references,
            self._num_threads,
            f"{self._name} {number}",
        )
        return pickle.dumps(call, protocol=pickle.HIGHEST_PROTOCOL)

    def _reference(self, piece: _Piece, value: Shared) -> Reference:
        if value is piece.values[-1] and piece.carries_rows:
            return Reference(value.key, content=value.content, is_kept=False)
        if value.key in piece.carried:
            self._report.bytes_of_values += len(value.content)
            return Reference(value.key, content=value.content)
        if value is piece.values[-1] and piece.in_files is not None:
            return Reference(value.key, content=piece.in_files, is_kept=self._reuses_rows)
        return self._spool.reference(value)

    def _taken(self, piece: _Piece, data: bytes) -> bool:
        """Take a reply, and return whether the part is done."""
        reply: Reply = pickle.loads(data)
        self._report.add_reply(reply, len(data))
        self._deliveries.has(
            reply.worker, (each.key for each in piece.values if each.key not in reply.missing)
        )
        if reply.missing:
            self._supply(piece, reply)
            return False
        self._is_here = self._is_here or reply.worker == worker_name()
        CACHE.own(piece.values, -1)
        if self._kept is not None:
            self._kept.save(piece.state.job, self._samples, piece.range, reply.arrays)
        piece.state.done[piece.range] = reply.arrays
        self._num_done += 1
        return True

    def _supply(self, piece: _Piece, reply: Reply) -> None:
        """Hand a part out again with what its worker lacked, or when somebody has it."""
        missing, lacking = set(reply.missing), set(reply.unreadable)
        block = piece.values[-1].key
        if piece.in_files is not None and block in lacking:
            # Parts to come do without: asking each time would take a message and an answer more.
            self._sees_maps = False
            piece.in_files = None
            piece.carries_rows = not self._reuses_rows
            if piece.carries_rows:
                missing.discard(block)
                lacking.discard(block)
        for value in piece.values:
            if value.key in missing and value.key not in lacking:
                self._spool.write(value)
                if self._spool.reference(value).path is None:
                    lacking.add(value.key)
        self._deliveries.lacks(reply.worker, lacking)
        if self._deliveries.may_send(lacking):
            piece.carried = tuple(lacking)
            self._submit(piece)
        else:
            self._waiting.append(piece)

    def _resume(self) -> None:
        """Let parts go on that waited for values that a message carried."""
        waiting, self._waiting = self._waiting, []
        while waiting:
            piece = waiting.pop()
            try:
                self._submit(piece)
            except ExecutorError:
                self._waiting += waiting
                raise

    def _failed(self, piece: _Piece, error: Exception) -> None:
        """Hand a part out again, or raise where it has failed too often."""
        piece.num_failures += 1
        if piece.num_failures <= self._workers.num_retries:
            self._report.num_retried += 1
            self._submit(piece)
            return
        CACHE.own(piece.values, -1)
        start, stop = piece.range
        times = "once" if piece.num_failures == 1 else f"{piece.num_failures} times"
        job = piece.state.job
        raise PartError(
            f"{job.title}: the part of samples {start} to {stop - 1} failed {times}, at last with "
            f"{_words(error)}; its settings are {dict(job.settings)}",
            job.title,
            piece.range,
        ) from error

    def _keep_finished(self) -> None:
        for number, future in self._finished.done():
            piece = self._pieces[number]
            with suppress(Exception):
                reply: Reply = pickle.loads(future.result())
                if self._kept is not None and not reply.missing:
                    self._kept.save(piece.state.job, self._samples, piece.range, reply.arrays)


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
