"""Compare pysnn with other packages on ResNet-20 and on a VGG-like network, and print tables.

What peers run is pysnn's own spiking network, read from its model file: ResNet-20 on CIFAR-10 by
recipe ``robust``, readout and initial potentials included, or the network of vgg.py with random
weights, to which peers are given the spikes that pysnn draws while it is timed. Before it is timed,
a peer that computes in float32 must have pysnn's outputs for a few images; predictions for all
images are compared, and the share of equal ones is printed. Ours and the peers run in turns, each
peer in an environment of its own (`python benchmarks/peers/setup.py`) at the best of the settings
that it tries; --settings keeps those in a file, and the next run does not look for them again.

Usage:
    python benchmarks/peers/real_networks.py --network resnet20 --weights WEIGHTS.th
        --data IMAGES.npz [--peers torch onnxruntime ...] [--images 200] [--steps 32] [--rounds 3]
        [--threads 2 1] [--precisions float32 int16] [--settings FILE.json] [--json FILE.json]
    python benchmarks/peers/real_networks.py --network vgg --images 2
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).resolve().parents[1]))
sys.path.append(str(Path(__file__).resolve().parents[1] / "conversions"))

from graphs.graph import save_graph
from graphs.networks import Network, resnet, vgg
from peers.lineup import Settings, details, installed, running
from peers.process import PeerProcess
from peers.registry import PEERS
from turns import in_turns, spread, times_as_fast

import pysnn
from pysnn.spiking import Precision

GRAPH_PEERS = {entry.name: entry for entry in PEERS if entry.graphs}


@dataclass(frozen=True)
class Row:
    """What was measured of one simulator on a number of threads.

    Attributes:
        name: Name in the table.
        kind: ``"pysnn"``, ``"spiking"`` for packages for spiking networks, else ``"generic"``.
        accuracy: Share of the images that it has right.
        agreement: Share of the images for which it predicts what pysnn does in float32.
        details: Setting and versions.
        seconds: Of each round.
    """

    name: str
    kind: str
    accuracy: float
    agreement: float
    details: str
    seconds: list[float]


def own_row(network: Network, precision: Precision, threads: int, seconds: list[float]) -> Row:
    """Return the row of pysnn."""
    problem = network.problem
    _, predictions = network.run(precision, threads)
    same = float((predictions == problem.predictions).mean())
    right = float((predictions == problem.labels).mean())
    assert same == 1.0 or precision != "float32"
    build = f"pysnn {pysnn.__version__}, {pysnn.cpu_target()}"
    return Row(f"pysnn {precision}", "pysnn", right, same, build, seconds)


def peer_row(peer: PeerProcess, seconds: list[float]) -> Row:
    """Return the row of a peer."""
    info, entry = peer.info, peer.entry
    kind = "generic" if entry.generic else "spiking"
    title = entry.name.replace("_", " ")
    return Row(title, kind, info["accuracy"], info["agreement"], details(info), seconds)


def measure(network: Network, threads: int, peers: list[PeerProcess], rounds: int) -> list[Row]:
    """Time ours and the peers in turns."""

    def run(precision: Precision) -> float:
        return network.run(precision, threads)[0]

    ours: list[Callable[[], float]] = [partial(run, precision) for precision in network.snns]
    for each in ours:
        each()  # warms up
    seconds = in_turns([*ours, *(peer.run for peer in peers)], rounds)
    own = [
        own_row(network, precision, threads, times)
        for precision, times in zip(network.snns, seconds, strict=False)
    ]
    theirs = [peer_row(peer, times) for peer, times in zip(peers, seconds[len(own) :], strict=True)]
    return [*own, *sorted(theirs, key=lambda row: statistics.median(row.seconds))]


def cells(row: Row, own: Row, num_images: int) -> dict[str, Any]:
    """Return the figures of a row."""
    return {
        "kind": row.kind,
        "images_per_second": num_images / statistics.median(row.seconds),
        "spread": spread(row.seconds),
        "pysnn_is": times_as_fast(own.seconds, row.seconds),
        "accuracy": row.accuracy,
        "agreement": row.agreement,
        "details": row.details,
    }


def print_table(rows: list[Row], network: Network, threads: int) -> dict[str, Any]:
    """Print the table of a number of threads, and return its figures."""
    problem = network.problem
    print(
        f"\n{problem.name}: {problem.num_images} images, {problem.num_steps} steps, threads: "
        f"{threads}, medians of {len(rows[0].seconds)} rounds in turns\n\n"
        "| simulator | images/s | spread | pysnn float32 is | right | as pysnn | setting |\n"
        "|---|---|---|---|---|---|---|"
    )
    figures = {row.name: cells(row, rows[0], problem.num_images) for row in rows}
    for name, each in figures.items():
        print(
            f"| {name} | {each['images_per_second']:.4g} | {each['spread']:.0%} "
            f"| {each['pysnn_is']:.2f}x | {each['accuracy']:.2%} | {each['agreement']:.2%} "
            f"| {each['details']} |",
            flush=True,
        )
    return figures


def parse() -> argparse.Namespace:
    """Return the arguments."""
    assert __doc__ is not None
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    add = parser.add_argument
    add("--network", choices=("resnet20", "vgg"), default="resnet20")
    add("--weights", type=Path, help="file of ResNet-20's weights")
    add("--data", type=Path, help="file of CIFAR-10's images")
    add("--peers", nargs="*", choices=list(GRAPH_PEERS), default=list(GRAPH_PEERS))
    add("--images", type=int, default=200, help="images (default 200)")
    add("--steps", type=int, default=32, help="steps (default 32)")
    add("--rounds", type=int, default=3, help="timed runs of each (default 3)")
    add("--threads", type=int, nargs="+", default=[2, 1], help="tables to make (default 2 1)")
    add("--calibration", type=int, default=1000, help="training images (default 1000)")
    add("--precisions", nargs="+", choices=("float32", "int16"), default=["float32", "int16"])
    add("--settings", type=Path, help="file of best settings, read and written")
    add("--json", type=Path, help="file for the figures")
    options = parser.parse_args()
    if options.network == "resnet20" and None in (options.weights, options.data):
        parser.error("resnet20 needs --weights and --data")
    return options


def make_network(options: argparse.Namespace, folder: Path) -> Network:
    """Return the network that is asked for."""
    common: dict[str, Any] = {
        "num_images": options.images,
        "num_steps": options.steps,
        "precisions": options.precisions,
    }
    if options.network == "vgg":
        return vgg(folder, **common)
    return resnet(options.weights, options.data, folder, calibration=options.calibration, **common)


def main() -> None:
    """Print a table for each number of threads."""
    options, figures = parse(), {}
    settings = Settings(options.settings)
    with tempfile.TemporaryDirectory() as name:
        network = make_network(options, Path(name))
        path = Path(name) / "problem.npz"
        save_graph(network.problem, path)
        problem = network.problem
        case = f"{problem.name}, {problem.num_images} images, {problem.num_steps} steps"
        entries = installed(GRAPH_PEERS[each] for each in options.peers)
        for threads in options.threads:
            with running(entries, path, threads, case, settings) as peers:
                rows = measure(network, threads, peers, options.rounds)
            figures[f"{threads} threads"] = print_table(rows, network, threads)
            if options.json is not None:
                options.json.write_text(json.dumps(figures, indent=2) + "\n")
    for entry in (GRAPH_PEERS[each] for each in options.peers):
        if entry.graph_note:
            print(f"\n{entry.title}: {entry.graph_note}.")


if __name__ == "__main__":
    main()
