"""What the scripts of all peers share: arguments, threads, the search for the best setting, output.

A peer's script makes a `Peer`, or one for chains and one for graphs, and hands it to `main`. Needs
NumPy only, since every peer lives in an environment of its own.

    python run_<peer>.py PROBLEM [--threads 2] [--rounds 3]

prints one JSON line with images a second at the peer's best setting. With ``--serve`` it prints a
line when it is ready, and then times one run, and prints its seconds, for every line that it reads.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import statistics
import sys
from dataclasses import asdict
from typing import Any, TextIO

from graphs.graph import AnyProblem, GraphProblem, load_any
from peer import Peer, Setting
from search import best_setting
from session import Session

THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
LIMITED = "PYSNN_PEER_THREADS"  # set in a process whose environment holds the limits


def main(*peers: Peer) -> None:
    """Measure the peer that fits the problem, as the command line says."""
    parser = argparse.ArgumentParser(description=f"Measure {peers[0].name} on a problem.")
    parser.add_argument("problem", help="file that compare.py or real_networks.py has written")
    parser.add_argument("--threads", type=int, default=2, help="threads in all (default 2)")
    parser.add_argument("--rounds", type=int, default=3, help="timed runs (default 3)")
    parser.add_argument("--setting", help="JSON; the best one is looked for unless given")
    parser.add_argument("--serve", action="store_true", help="time a run for every line read")
    parser.add_argument("--trial", action="store_true", help="print images a second, unchecked")
    options = parser.parse_args()
    problem = load_any(options.problem)
    peer = fitting(peers, problem)
    if options.setting is None:
        setting = best_setting(peer, options.problem, options.threads)
        restart(setting, options.threads, [*sys.argv[1:], "--setting", setting.to_json()])
    setting = Setting(**json.loads(options.setting))
    if LIMITED not in os.environ:
        restart(setting, options.threads, sys.argv[1:])
    # Packages print what they like; the answer must stay one line.
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as answers:
        os.dup2(2, 1)
        session = Session(peer, problem, setting)
        if options.trial:
            say(answers, {"images_per_second": session.trial()})
        elif options.serve:
            serve(session, answers, options.threads)
        else:
            session.check()
            seconds = [session.run() for _ in range(options.rounds)]
            say(answers, describe(session, options.threads) | summary(session, seconds))


def fitting(peers: tuple[Peer, ...], problem: AnyProblem) -> Peer:
    """Return the peer that is for a kind of problem."""
    for peer in peers:
        if peer.graphs == isinstance(problem, GraphProblem):
            return peer
    raise SystemExit(f"{peers[0].name} does not run {problem.name}")


def restart(setting: Setting, threads: int, arguments: list[str]) -> None:
    """Run this script anew in an environment that allows just so many threads.

    The libraries that matter read these variables when they are loaded, which is before `main`.
    """
    per_stream = max(1, threads // setting.streams)
    environment = dict.fromkeys(THREAD_VARIABLES, str(per_stream))
    environment |= {LIMITED: str(threads), "CUDA_VISIBLE_DEVICES": "", "JAX_PLATFORMS": "cpu"}
    if per_stream == 1:
        environment["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
    # An override of OpenBLAS's kernels would slow a NumPy that chooses better by itself.
    overrides = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
    inherited = {name: value for name, value in os.environ.items() if name not in overrides}
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])
    sys.stdout.flush()
    command = [sys.executable, sys.argv[0], *arguments]
    os.execve(sys.executable, command, {**inherited, **environment})


def say(answers: TextIO, what: dict[str, Any]) -> None:
    """Print a JSON line."""
    print(json.dumps(what), file=answers, flush=True)


def serve(session: Session, answers: TextIO, threads: int) -> None:
    """Time one run for every line of standard input."""
    session.check()
    say(answers, describe(session, threads))
    for _ in sys.stdin:
        say(answers, {"seconds": session.run()})


def describe(session: Session, threads: int) -> dict[str, Any]:
    """Return what was run, and that it was right."""
    peer, problem = session.peer, session.problem
    return {
        "peer": peer.name,
        "case": problem.name,
        "setting": asdict(session.setting),
        "threads": threads,
        "num_images": problem.num_images,
        "accuracy": session.accuracy,
        "pysnn_accuracy": problem.accuracy,
        "equal_spikes": session.equal_spikes,
        "agreement": session.agreement,
        "versions": {name: importlib.metadata.version(name) for name in peer.packages},
    }


def summary(session: Session, seconds: list[float]) -> dict[str, Any]:
    """Return the speed over several runs."""
    median = statistics.median(seconds)
    return {
        "images_per_second": session.problem.num_images / median,
        "spread": (max(seconds) - min(seconds)) / median,
        "seconds": seconds,
    }
