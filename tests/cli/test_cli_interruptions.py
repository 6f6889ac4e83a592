"""Commands whose workers are killed, or that are interrupted: real processes, real signals."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from cli_files import run

import pysnn

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/task").is_dir(), reason="needs Linux to find processes"
)

NUM_PARTS = 24
WORDS = ("experiment", "stopping", "snn.safetensors", "--data", "x.npy", "--labels", "y.npy")
WORDS += ("--duration", "0.1", "--margins", "4", "--part-size", "25", "--json")
KEPT = "kept"


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a folder with a network, and samples that are worth some parts."""
    rng = np.random.default_rng(5)
    network = pysnn.models.mlp((100, 400, 400, 10), seed=0)
    pysnn.convert(network, method="model").save(tmp_path / "snn.safetensors")
    np.save(tmp_path / "x.npy", rng.random((25 * NUM_PARTS, 100), dtype=np.float32))
    np.save(tmp_path / "y.npy", rng.integers(0, 10, 25 * NUM_PARTS))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def command() -> Iterator[subprocess.Popen[str]]:
    """Start the command on two processes, in a group of its own as a shell does."""
    words = [*WORDS, "--executor", "processes:2", "--parts", KEPT]
    # Whoever runs the tests in the background has Ctrl-C ignored, which children inherit.
    code = "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    code += "from pysnn.cli import main\nsys.exit(main())\n"
    with subprocess.Popen(
        [sys.executable, "-c", code, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        yield process
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)


def wait_for(is_true: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    while not is_true():
        assert process.poll() is None, process.communicate()
        time.sleep(0.005)


def parts() -> list[Path]:
    return list(Path(KEPT).glob("stopping-*.npz"))


def group(leader: int) -> dict[int, str]:
    """Return the processes of a session by number, with their commands."""
    found = {}
    for path in Path("/proc").iterdir():
        if path.name.isdecimal():
            try:
                fields = (path / "stat").read_text().rpartition(")")[2].split()
                words = (path / "cmdline").read_text()
            except OSError:
                continue
            if int(fields[3]) == leader and fields[0] != "Z":
                found[int(path.name)] = words
    return found


def spawned(leader: int) -> list[int]:
    """Return the workers of a command."""
    return [pid for pid, words in group(leader).items() if "spawn_main" in words]


@pytest.mark.parametrize("whom", ["command", "group"])
@pytest.mark.parametrize("num_done", [0, 3])
def test_ctrl_c_leaves_what_is_finished_and_no_process(
    whom: str, num_done: int, command: subprocess.Popen[str]
) -> None:
    wait_for(lambda: len(spawned(command.pid)) > 0 and len(parts()) >= num_done, command)
    if whom == "command":
        os.kill(command.pid, signal.SIGINT)
    else:
        os.killpg(command.pid, signal.SIGINT)
    out, err = command.communicate()
    assert (command.returncode, out) == (130, ""), err
    assert err.splitlines()[-1] == "pysnn: interrupted"
    assert "Traceback" not in err
    # The tracker of shared resources ends by itself when it has seen its owner go.
    while group(command.pid):
        assert not spawned(command.pid)
        time.sleep(0.01)
    left = len(parts())
    assert left >= num_done
    assert len(list(Path(KEPT).iterdir())) == left
    again = run(*WORDS, "--executor", "processes:1", "--parts", KEPT)
    assert again.out == run(*WORDS).out
    assert f"{NUM_PARTS - left} parts by " in again.err


def test_a_killed_worker_is_replaced_and_its_part_done_again(
    command: subprocess.Popen[str],
) -> None:
    wait_for(lambda: len(parts()) >= 2, command)
    os.kill(spawned(command.pid)[0], signal.SIGKILL)
    out, err = command.communicate()
    assert command.returncode == 0, err
    assert out == run(*WORDS).out
    assert " tried again" in err
    assert len(parts()) == NUM_PARTS


def test_processes_end_when_their_owner_is_killed(command: subprocess.Popen[str]) -> None:
    wait_for(lambda: len(parts()) >= 2, command)
    os.kill(command.pid, signal.SIGKILL)
    command.communicate()
    while group(command.pid):
        time.sleep(0.01)
    again = run(*WORDS, "--part-size", "40", "--executor", "processes:1", "--parts", KEPT)
    assert again.out == run(*WORDS).out
    assert " kept before" in again.err
