"""Many callers, a running interpreter, forks and Ctrl-C."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import numpy as np
import pytest
from fingerprints import fingerprint
from numpy.typing import NDArray

import pysnn

FORK_TIMEOUT = 60.0  # s


@pytest.fixture(scope="module")
def snn() -> pysnn.SpikingNetwork:
    """Return a network that is large enough to keep a thread busy."""
    rng = np.random.default_rng(0)
    network = pysnn.SpikingNetwork((200,))
    source, width = "input", 200
    for name, size in (("a", 600), ("b", 600), ("out", 10)):
        network.add_population(name, (size,))
        weight = rng.normal(0.01, 1.5 / np.sqrt(width), (size, width))
        network.connect(source, name, pysnn.Linear(weight))
        source, width = name, size
    return network


@pytest.fixture(scope="module")
def x() -> NDArray[np.float32]:
    """Return 32 inputs for it."""
    return np.random.default_rng(1).random((32, 200), dtype=np.float32)


@pytest.fixture(scope="module")
def long_run(snn: pysnn.SpikingNetwork, x: NDArray[np.float32]) -> int:
    """Return the number of steps that keep one thread of this machine busy for about a second."""
    num_steps = 100
    while True:
        start = time.perf_counter()
        pysnn.simulate(snn, x, num_steps=num_steps, num_threads=1)
        if (seconds := time.perf_counter() - start) > 0.2:
            return round(num_steps / seconds)
        num_steps *= 2


@pytest.mark.parametrize("num_threads", [1, 2, None])
def test_python_threads_simulate_at_once_with_the_right_results(
    snn: pysnn.SpikingNetwork, x: NDArray[np.float32], num_threads: int | None
) -> None:
    def run(seed: int) -> str:
        result = pysnn.simulate(snn, x, duration=0.05, seed=seed, num_threads=num_threads)
        return fingerprint(result)

    expected = [run(seed) for seed in range(12)]
    assert len(set(expected)) == 12
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(run, range(12))) == expected


def test_python_threads_draw_and_normalize_at_once(x: NDArray[np.float32]) -> None:
    network = pysnn.models.mlp((200, 50, 10), seed=0)

    def run(seed: int) -> tuple[bytes, bytes]:
        spikes = pysnn.poisson_spikes(x, duration=0.05, seed=seed)
        _, found = pysnn.normalize(network, method="data", x=x)
        return spikes.tobytes(), found.scale_factor.tobytes()

    expected = [run(seed) for seed in range(8)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(run, range(8))) == expected


@contextmanager
def ticker(seconds: float) -> Iterator[list[float]]:
    """Run a Python thread that notes the time every few milliseconds."""
    ticks: list[float] = []
    stop = threading.Event()

    def tick() -> None:
        while not stop.wait(seconds):
            ticks.append(time.perf_counter())

    thread = threading.Thread(target=tick)
    thread.start()
    try:
        yield ticks
    finally:
        stop.set()
        thread.join()


def test_other_python_threads_keep_running_during_a_long_call(
    snn: pysnn.SpikingNetwork, x: NDArray[np.float32], long_run: int
) -> None:
    # Where the call held the interpreter, the ticker would run a few times in a second, whenever
    # the call looks for Ctrl-C; free it runs a few hundred times.
    with ticker(0.003) as ticks:
        start = time.perf_counter()
        pysnn.simulate(snn, x, num_steps=long_run, num_threads=1)
        end = time.perf_counter()
    during = sum(start < tick < end for tick in ticks)
    assert during > (end - start) / 0.003 / 5


@contextmanager
def ctrl_c_after(seconds: float) -> Iterator[list[float]]:
    """Send this process the signal of Ctrl-C once, and note when."""
    sent: list[float] = []

    def send() -> None:
        sent.append(time.perf_counter())
        os.kill(os.getpid(), signal.SIGINT)

    timer = threading.Timer(seconds, send)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    timer.start()
    try:
        yield sent
    finally:
        timer.cancel()
        timer.join()
        signal.signal(signal.SIGINT, before)


def interrupt(call: Callable[[], object], *, after: float = 0.2) -> float:
    """Return how long a call goes on after Ctrl-C, in s, which comes ``after`` it began."""
    with ctrl_c_after(after) as sent, pytest.raises(KeyboardInterrupt):
        call()
    return time.perf_counter() - sent[0]


def test_a_simulation_that_runs_refuses_a_second_thread(
    snn: pysnn.SpikingNetwork, x: NDArray[np.float32], long_run: int
) -> None:
    simulation = pysnn.Simulation(snn, len(x), num_threads=1)
    refused: list[str] = []

    def disturb() -> None:
        for use in (lambda: simulation.next_step, simulation.reset):
            try:
                use()
            except RuntimeError as error:
                refused.append(str(error))

    timer = threading.Timer(0.1, disturb)
    timer.start()
    simulation.run(x, num_steps=long_run)
    timer.join()
    assert refused == ["the simulation is running in another thread"] * 2
    assert simulation.next_step == long_run


@pytest.mark.parametrize("num_threads", [1, 2])
@pytest.mark.parametrize("shape", ["many samples", "many steps"])
def test_ctrl_c_stops_a_long_call_soon(
    snn: pysnn.SpikingNetwork,
    x: NDArray[np.float32],
    long_run: int,
    num_threads: int,
    shape: str,
) -> None:
    if shape == "many samples":
        images, num_steps = np.tile(x, (20, 1)), long_run
    else:
        images, num_steps = x[:2], 200 * long_run
    expected = fingerprint(pysnn.simulate(snn, x, duration=0.05))
    seconds = interrupt(
        lambda: pysnn.simulate(snn, images, num_steps=num_steps, num_threads=num_threads)
    )
    # Promised is a quarter of a second; a busy machine may take twice that.
    assert seconds < 0.5
    assert fingerprint(pysnn.simulate(snn, x, duration=0.05)) == expected


def test_ctrl_c_stops_a_long_draw_soon(x: NDArray[np.float32]) -> None:
    images = np.tile(x, (-(-400 // len(x)), 1))
    # A third of a second for a fast thread; more would need more memory than a machine may have.
    seconds = interrupt(
        lambda: pysnn.poisson_spikes(images, duration=5.0, num_threads=1), after=0.05
    )
    assert seconds < 0.5


def test_ctrl_c_leaves_the_state_as_it_was_before_the_call(
    snn: pysnn.SpikingNetwork, x: NDArray[np.float32], long_run: int
) -> None:
    undisturbed = pysnn.Simulation(snn, len(x), seed=4)
    simulation = pysnn.Simulation(snn, len(x), seed=4)
    for each in (undisturbed, simulation):
        each.run(x, duration=0.03)
    potential = simulation.membrane_potential("b")
    counts = simulation.spike_counts.copy()

    interrupt(lambda: simulation.run(x, num_steps=20 * long_run))
    assert simulation.next_step == 30
    np.testing.assert_array_equal(simulation.membrane_potential("b"), potential)
    np.testing.assert_array_equal(simulation.spike_counts, counts)
    assert fingerprint(simulation.run(x, duration=0.03)) == fingerprint(
        undisturbed.run(x, duration=0.03)
    )


def test_a_refused_call_leaves_the_state_as_it_was(
    snn: pysnn.SpikingNetwork, x: NDArray[np.float32]
) -> None:
    undisturbed = pysnn.Simulation(snn, len(x), seed=4)
    simulation = pysnn.Simulation(snn, len(x), seed=4)
    for each in (undisturbed, simulation):
        each.run(x, duration=0.02)
    bad = x.copy()
    bad[-1, -1] = 1.5
    with pytest.raises(ValueError, match="x"):
        simulation.run(bad, duration=0.02)
    assert simulation.next_step == 20
    assert fingerprint(simulation.run(x, duration=0.02)) == fingerprint(
        undisturbed.run(x, duration=0.02)
    )


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.parametrize("num_threads", [1, 2, 3])
def test_a_forked_child_simulates_the_same_spikes(
    snn: pysnn.SpikingNetwork, x: NDArray[np.float32], num_threads: int
) -> None:
    # The first call starts threads; a child has none of them, and must not wait for them.
    expected = fingerprint(pysnn.simulate(snn, x, duration=0.05, num_threads=num_threads))
    child = os.fork()
    if child == 0:
        status = 1
        try:
            result = pysnn.simulate(snn, x, duration=0.05, num_threads=num_threads)
            status = 0 if fingerprint(result) == expected else 2
        finally:
            os._exit(status)
    assert exit_status(child) == 0
    assert fingerprint(pysnn.simulate(snn, x, duration=0.05, num_threads=num_threads)) == expected


@pytest.fixture(scope="module")
def large_weight() -> NDArray[np.float32]:
    """Return weights that take some tenths of a second to pack."""
    return np.random.default_rng(2).random((6000, 6000), dtype=np.float32)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.parametrize("seconds", [0.0, 0.03, 0.1, 0.3, 1.0])
def test_a_child_forked_during_the_first_simulation_of_a_network_simulates_it(
    large_weight: NDArray[np.float32], seconds: float
) -> None:
    # The thread that packs the weights, and whatever it has locked, is the parent's alone.
    snn = pysnn.SpikingNetwork((6000,))
    snn.add_population("out", (6000,))
    snn.connect("input", "out", pysnn.Linear(large_weight))
    x = np.full((1, 6000), 0.5, dtype=np.float32)

    def first_run() -> str:
        return fingerprint(pysnn.simulate(snn, x, duration=0.003, num_threads=2))

    with ThreadPoolExecutor(1) as executor:
        in_parent = executor.submit(first_run)
        time.sleep(seconds)
        child = os.fork()
        if child == 0:
            status = 1
            try:
                first_run()
                status = 0
            finally:
                os._exit(status)
        assert exit_status(child) == 0
        assert in_parent.result() == first_run()


def exit_status(child: int) -> int:
    """Wait for a child process, and end it when it hangs."""
    deadline = time.monotonic() + FORK_TIMEOUT
    while time.monotonic() < deadline:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.01)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    raise AssertionError(f"the child was still running after {FORK_TIMEOUT} s")
