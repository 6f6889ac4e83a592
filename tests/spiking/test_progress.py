"""Progress bars: shown where a person looks, and never a reason for work to fail."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import pysnn

X = np.full((64, 4), 0.5)
Y = np.zeros(64, dtype=np.int64)


class Plain:
    """What some programs put in the place of stderr: it has no more than it must have."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> int:
        """Keep the text."""
        self.text += text
        return len(text)

    def flush(self) -> None:
        """Nothing waits."""


class Terminal(io.StringIO):
    """A terminal."""

    def isatty(self) -> bool:
        """Say that it is one."""
        return True


class BrokenTerminal(Terminal):
    """A terminal that was closed on the other side."""

    def write(self, text: str) -> int:
        """Fail as a broken pipe does."""
        raise BrokenPipeError


def closed() -> io.StringIO:
    """Return a closed file."""
    file = io.StringIO()
    file.close()
    return file


def detached() -> io.TextIOWrapper:
    """Return a text file without its buffer."""
    file = io.TextIOWrapper(io.BytesIO())
    file.detach()
    return file


def network() -> pysnn.Network:
    """Return a 4-3-2 network."""
    return pysnn.models.mlp((4, 3, 2), seed=0)


def snn() -> pysnn.SpikingNetwork:
    """Return it with spiking neurons."""
    return pysnn.convert(network(), method="none")


WORK: dict[str, Callable[[bool | None], object]] = {
    "convert": lambda progress: pysnn.convert(network(), method="data", x=X, progress=progress),
    "train": lambda progress: pysnn.train(network(), X, Y, epochs=1, progress=progress),
    "simulate": lambda progress: pysnn.simulate(snn(), X, duration=0.1, progress=progress),
    "Simulation.run": lambda progress: pysnn.Simulation(snn(), 64, progress=progress).run(
        X, duration=0.1
    ),
}


@pytest.mark.parametrize("progress", [None, True])
@pytest.mark.parametrize(
    "stderr",
    [Plain, closed, detached, BrokenTerminal, lambda: None],
    ids=["plain", "closed", "detached", "broken terminal", "none"],
)
@pytest.mark.parametrize("work", WORK)
def test_work_is_done_whatever_stands_for_stderr(
    work: str,
    stderr: Callable[[], object],
    progress: bool | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stderr", stderr())
    assert WORK[work](progress) is not None


@pytest.mark.parametrize("work", WORK)
def test_a_bar_is_shown_on_a_terminal_and_nowhere_else_unasked(
    work: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal, plain = Terminal(), Plain()
    monkeypatch.setattr(sys, "stderr", terminal)
    WORK[work](None)
    assert "100%" in terminal.getvalue()
    monkeypatch.setattr(sys, "stderr", plain)
    WORK[work](None)
    assert plain.text == ""


def test_a_bar_that_is_demanded_is_shown_where_there_is_no_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plain = Plain()
    monkeypatch.setattr(sys, "stderr", plain)
    WORK["simulate"](True)
    assert "simulation: 100%" in plain.text


def test_a_file_that_is_closed_under_the_bar_ends_the_bar_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from pysnn._base.progress import progress_bar

    with (tmp_path / "log").open("w", encoding="utf-8") as file:
        monkeypatch.setattr(sys, "stderr", file)
        with progress_bar(3, "work", progress=True) as bar:
            bar.advance()
            file.close()
            bar.set_note("note")
            bar.advance(2)
