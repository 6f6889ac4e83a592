"""What it cost to have parts computed elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, field

from .messages.calls import Reply


@dataclass
class WorkReport:
    """Counts over all calls that a `Workers` was given to.

    Attributes:
        num_parts: Parts that were computed.
        num_kept: Parts that were found in the folder.
        num_retried: Failures after which a part was tried again.
        workers: Machines and processes that computed parts, with the number of parts of each.
        bytes_sent: Bytes of all messages to workers: rows that one part reads, and settings.
        bytes_of_values: Of these, values that parts share.
        bytes_read: Bytes of shared values that workers read from files.
        bytes_received: Bytes of the replies.
        part_seconds: Time that parts took on their workers, summed.
        seconds: Time from the first part to the last.
    """

    num_parts: int = 0
    num_kept: int = 0
    num_retried: int = 0
    workers: dict[str, int] = field(default_factory=dict)
    bytes_sent: int = 0
    bytes_of_values: int = 0
    bytes_read: int = 0
    bytes_received: int = 0
    part_seconds: float = 0.0
    seconds: float = 0.0

    def add_reply(self, reply: Reply, size: int) -> None:
        """Count a reply of some bytes."""
        self.bytes_received += size
        self.bytes_read += reply.bytes_read
        if not reply.missing:
            self.num_parts += 1
            self.part_seconds += reply.seconds
            self.workers[reply.worker] = self.workers.get(reply.worker, 0) + 1

    def __str__(self) -> str:
        """Show the counts in one line."""
        words = [f"{self.num_parts:,} parts by {len(self.workers):,} workers"]
        if self.num_kept:
            words.append(f"{self.num_kept:,} kept before")
        if self.num_retried:
            words.append(f"{self.num_retried:,} tried again")
        words.append(f"{_bytes(self.bytes_sent)} sent")
        words.append(f"{_bytes(self.bytes_read)} read from files by workers")
        words.append(f"{_bytes(self.bytes_received)} received")
        words.append(f"{self.part_seconds:.1f} s of work in {self.seconds:.1f} s")
        return ", ".join(words)


def _bytes(number: float) -> str:
    for unit in ("B", "kB", "MB"):
        if number < 1000:
            return f"{number:.3g} {unit}"
        number /= 1000
    return f"{number:.3g} GB"
