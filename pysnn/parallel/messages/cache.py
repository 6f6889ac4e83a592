"""What a worker keeps of shared values from one part to the next."""

from __future__ import annotations

import hashlib
import os
import pickle
import socket
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from .mapped import RowsInFiles
from .shared import Reference, Shared

_MOST_BYTES = 1 << 30  # of the contents that kept values came from


@dataclass(eq=False)
class Found:
    """What a worker found of the values of a part.

    Attributes:
        values: The values, in order, as far as they were found.
        missing: Keys of those that it does not have.
        unreadable: Those of them that it could not read from the file named.
        bytes_read: Bytes of files that it read.
    """

    values: list[Any] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    bytes_read: int = 0


class Cache:
    """Values by key: the last ones used, and those that this process itself hands out."""

    def __init__(self) -> None:
        # Loading is done under the lock: threads that want the same value must not all load it.
        self._lock = threading.RLock()
        self._kept: OrderedDict[str, tuple[Any, int]] = OrderedDict()
        self._own: dict[str, tuple[Shared, int]] = {}

    def find(self, references: Sequence[Reference]) -> Found:
        """Return the values of a part: kept, sent along, or read from a file."""
        found = Found()
        with self._lock:
            for each in references:
                self._find(each, found)
        return found

    def derived(self, name: str, keys: Sequence[str], make: Callable[[], Any]) -> Any:
        """Return what was made of some values before, or make it and keep it."""
        key = " ".join((name, *keys))
        with self._lock:
            if key not in self._kept:
                # It takes about as much memory as what it is made of.
                size = sum(self._kept[each][1] for each in keys if each in self._kept)
                self._keep(key, make(), size)
            self._kept.move_to_end(key)
            return self._kept[key][0]

    def own(self, values: Sequence[Shared], change: int) -> None:
        """Count one user more, or less, of values that this process hands out."""
        with self._lock:
            for each in values:
                users = self._own.get(each.key, (each, 0))[1] + change
                if users > 0:
                    self._own[each.key] = (each, users)
                else:
                    self._own.pop(each.key, None)

    def _find(self, reference: Reference, found: Found) -> None:
        key = reference.key
        if key in self._own:
            found.values.append(self._own[key][0].value)
        elif key in self._kept:
            self._kept.move_to_end(key)
            found.values.append(self._kept[key][0])
        elif not self._load(reference, found):
            found.missing.append(key)

    def _load(self, reference: Reference, found: Found) -> bool:
        """Find a value that is sent along, or in a file; return whether it was there."""
        content = reference.content
        if content is None:
            content = _read(reference)
            if content is None:
                found.unreadable += [] if reference.path is None else [reference.key]
                return False
            found.bytes_read += len(content)
        value, size = pickle.loads(content), len(content)
        if isinstance(value, RowsInFiles):
            size = value.num_bytes
            rows = _rows(value)
            if rows is None:
                found.unreadable.append(reference.key)
                return False
            found.bytes_read += size
            value = rows
        found.values.append(value)
        if reference.is_kept:
            self._keep(reference.key, value, size)
        return True

    def _keep(self, key: str, value: Any, size: int) -> None:
        self._kept[key] = (value, size)
        while len(self._kept) > 1 and sum(each for _, each in self._kept.values()) > _MOST_BYTES:
            self._kept.popitem(last=False)


def _read(reference: Reference) -> bytes | None:
    """Return the content of a value's file; None where there is none, or another one."""
    if reference.path is None:
        return None
    try:
        content = Path(reference.path).read_bytes()
    except OSError:
        return None
    # Before it is unpickled: whoever can write to the folder must not decide what runs here.
    return content if hashlib.sha256(content).hexdigest() == reference.digest else None


def _rows(rows: RowsInFiles) -> tuple[NDArray[Any] | None, ...] | None:
    """Return rows that are read from files; None where a file can't be read."""
    try:
        return rows.read()
    except OSError:
        return None


def worker_name() -> str:
    """Return what tells this process from all others: its machine and its number there."""
    return f"{socket.gethostname()}:{os.getpid()}"


CACHE = Cache()
"""That of this process."""
