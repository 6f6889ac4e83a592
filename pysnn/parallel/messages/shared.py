"""Values that many parts read, by the hash of what they hold."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from ..._base.digests import sha256


@dataclass(frozen=True, eq=False)
class Shared:
    """A value that travels to a worker once.

    Attributes:
        key: Hash of what it holds.
        make: Gives the value, in the process that hands out parts.
    """

    key: str
    make: Callable[[], Any]

    @property
    def value(self) -> Any:
        """The value."""
        return self.make()

    @cached_property
    def content(self) -> bytes:
        """What travels."""
        return pickle.dumps(self.value, protocol=pickle.HIGHEST_PROTOCOL)


@dataclass(frozen=True)
class Reference:
    """How a part names a value: by its key, and where to find it.

    Attributes:
        key: Hash of what the value holds.
        path: File that has its content; None for none.
        digest: SHA-256 of the file.
        content: The content itself; None where it is not sent along.
        is_kept: Whether the worker keeps the value for other parts.
    """

    key: str
    path: str | None = None
    digest: str = ""
    content: bytes | None = field(default=None, repr=False)
    is_kept: bool = True


class Spool:
    """Where shared values wait for the workers that do not have them.

    A value is written when the first worker asks for it; workers that can't read the file get it
    in a message.

    Args:
        folder: Where files may be made that workers see; None for the system's folder for
            temporary files, which the workers of this machine see.
    """

    def __init__(self, folder: Path | None) -> None:
        self._parent = folder
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._written: dict[str, Reference] = {}

    def reference(self, shared: Shared) -> Reference:
        """Return how the next part names a value."""
        return self._written.get(shared.key) or Reference(shared.key)

    def write(self, shared: Shared) -> None:
        """Write a value for all workers; where that fails, it goes in messages."""
        if shared.key in self._written:
            return
        with suppress(OSError):
            if self._folder is None:
                self._folder = tempfile.TemporaryDirectory(
                    prefix="pysnn-shared-", dir=self._parent, ignore_cleanup_errors=True
                )
            path = Path(self._folder.name) / shared.key
            path.write_bytes(shared.content)
            self._written[shared.key] = Reference(
                shared.key, path=str(path.resolve()), digest=sha256(shared.content)
            )

    def close(self) -> None:
        """Delete what was written."""
        if self._folder is not None:
            self._folder.cleanup()
