"""Files of digests, which stand for a build that is not at hand."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from .comparison import Cases


@dataclass(frozen=True)
class Golden:
    """What a file of digests holds.

    Attributes:
        made_by: How the file is made again.
        build: Version and instruction set that gave the digests.
        only: Regular expression that the names of its cases match.
        cases: The digests by case and part.
    """

    made_by: str
    build: str
    only: str
    cases: Cases

    def write(self, path: Path) -> None:
        """Write the file, a line for each digest."""
        path.write_text(json.dumps(asdict(self), indent=1) + "\n")

    @classmethod
    def read(cls, path: Path) -> Golden:
        """Read a file that `write` wrote."""
        return cls(**json.loads(path.read_text()))
