"""Parts in files: each named by the hash of what it depends on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np

from .._base.digests import sha256
from .._base.files import make_folder, replacing
from .cover import Range
from .job import Job, Samples
from .messages.calls import Arrays

_NAME = re.compile(r"(?P<prefix>\w+-[0-9a-f]{16})-(?P<start>\d+)-(?P<stop>\d+)-[0-9a-f]{16}\.npz")
_FACTS = "part"  # the array that says what the others are


class KeptParts:
    """A folder of parts, which may be those of many jobs, networks and data.

    A file is taken for a part if it says that it depends on the same job and rows, and the hash
    of its arrays is the one that it names. Any other file is passed over, and the part is made
    again.

    Args:
        folder: Made where it is missing.

    Raises:
        OSError: Nothing can be written there.
    """

    def __init__(self, folder: Path) -> None:
        make_folder(folder)
        self._folder = folder
        self._ranges: dict[str, list[Range]] = {}
        self.refresh()

    def refresh(self) -> None:
        """Look for parts that others have made meanwhile."""
        self._ranges.clear()
        for path in self._folder.iterdir():
            match = _NAME.fullmatch(path.name)
            if match is not None:
                rows = int(match["start"]), int(match["stop"])
                self._ranges.setdefault(match["prefix"], []).append(rows)

    def load(self, job: Job, samples: Samples) -> Iterator[tuple[Range, Arrays]]:
        """Yield the parts of a job that are kept, each with its samples."""
        for start, stop in sorted(set(self._ranges.get(_prefix(job), ()))):
            if samples.can_have(start, stop):
                arrays = self._read(job, samples, (start, stop))
                if arrays is not None:
                    yield (start, stop), arrays

    def save(self, job: Job, samples: Samples, part: Range, arrays: Arrays) -> None:
        """Keep a part; an interruption leaves the whole file or none.

        Raises:
            OSError: The file can't be written.
        """
        facts = json.dumps(_facts(job, samples, part, arrays))
        with replacing(self._path(job, samples, part)) as temporary, temporary.open("wb") as file:
            np.savez(file, **{_FACTS: np.array(facts)}, **arrays)  # type: ignore[arg-type]

    def _read(self, job: Job, samples: Samples, part: Range) -> Arrays | None:
        # Whatever is wrong with a file, the part is made again.
        with suppress(Exception):
            with self._path(job, samples, part).open("rb") as file:
                stored = np.load(file, allow_pickle=False)
                arrays = {name: stored[name] for name in stored.files}
            facts = json.loads(str(arrays.pop(_FACTS)))
            is_there = job.is_there is None or job.is_there(arrays)
            if is_there and facts == _facts(job, samples, part, arrays):
                return arrays
        return None

    def _path(self, job: Job, samples: Samples, part: Range) -> Path:
        rows = samples.key(*part)[:16]
        return self._folder / f"{_prefix(job)}-{part[0]:08d}-{part[1]:08d}-{rows}.npz"


def _prefix(job: Job) -> str:
    return f"{job.kind}-{job.key[:16]}"


def _facts(job: Job, samples: Samples, part: Range, arrays: Arrays) -> dict[str, object]:
    contents = [each for name in sorted(arrays) for each in (name.encode(), arrays[name])]
    return {
        "job": job.key,
        "rows": samples.key(*part),
        "range": list(part),
        "content": sha256(*contents),
    }
