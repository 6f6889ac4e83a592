"""Running the parts of a sweep: here or by an executor, and going on where a run ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, as_completed
from functools import partial
from pathlib import Path
from typing import Any

from .sweep_parts import PartCounts, SweepFolder, SweepPart, run_part


def simulate_parts(
    parts: Sequence[SweepPart],
    executor: Executor | None,
    folder: Path | None,
    manifest: dict[str, Any],
    advance: Callable[[int], None],
) -> list[PartCounts]:
    """Simulate all parts but those that a folder keeps.

    Args:
        parts: The parts.
        executor: Where they run; None: here, one after the other.
        folder: Where they are kept when they are done; None for nowhere.
        manifest: What their numbers depend on, ready for JSON.
        advance: Called with numbers of cells that are done.

    Returns:
        The counts of each part, in their order.

    Raises:
        ValueError: The folder keeps another sweep.
        OSError: It can't be written.
    """
    kept = None if folder is None else SweepFolder(folder, manifest)
    done: dict[int, PartCounts] = {}
    if kept is not None:
        for i, part in enumerate(parts):
            counts = kept.load(i, len(part.max_rates))
            if counts is not None:
                done[i] = counts
                advance(len(part.max_rates))
    missing = {i: part for i, part in enumerate(parts) if i not in done}
    for i, counts in _run(missing, executor, advance):
        done[i] = counts
        if kept is not None:
            kept.save(i, counts)
    return [done[i] for i in range(len(parts))]


def _run(
    parts: Mapping[int, SweepPart], executor: Executor | None, advance: Callable[[int], None]
) -> Iterator[tuple[int, PartCounts]]:
    """Yield each part's index and counts when it is done, in any order."""
    if executor is None:
        for i, part in parts.items():
            yield i, run_part(part, partial(advance, 1))
        return
    futures = {executor.submit(run_part, part): i for i, part in parts.items()}
    try:
        for future in as_completed(futures):
            i = futures[future]
            yield i, future.result()
            advance(len(parts[i].max_rates))
    finally:
        # After a failure or an interruption no worker should go on with what nobody waits for.
        for future in futures:
            future.cancel()
