"""`pysnn simulate`: spikes, predictions and accuracy of a spiking network."""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .._base.arrays import as_labels
from ..spiking.encoding import ENCODINGS, RANDOM_ENCODINGS
from .arguments import (
    add_json,
    add_seed,
    add_threads,
    fraction_or_one,
    not_negative_float,
    positive_float,
    positive_int,
)
from .arrays import read_array, shown
from .command import Command, UsageError
from .data import add_data, read_labels, read_samples
from .files import check_output, load_spiking_network
from .output import print_json


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("network", metavar="NETWORK", help="model file of a spiking network")
    add_data(parser, "samples in [0, 1] that drive the inputs")
    parser.add_argument(
        "--spikes",
        metavar="SOURCE",
        help="in place of --data, spike trains of 0 and 1, (num_steps, num_samples, ...)",
    )
    _add_time(parser)
    parser.add_argument(
        "--output",
        metavar="FILE",
        help="write the results: FILE.npz has all arrays, FILE.csv a line per sample, FILE.json "
        "what --json prints",
    )
    parser.add_argument(
        "--record",
        action="append",
        type=_record,
        default=[],
        metavar="WHAT[:POPULATION]",
        help="keep spikes, potentials, counts or the balance of charge of a population, or of "
        "all, in FILE.npz; may be given several times",
    )
    add_threads(parser)
    add_json(parser, "a summary")


def _add_time(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("time and chance")
    group.add_argument(
        "--duration",
        type=positive_float,
        metavar="SECONDS",
        help="simulated time (default: 0.1)",
    )
    group.add_argument(
        "--dt",
        type=positive_float,
        default=1e-3,
        metavar="SECONDS",
        help="length of a step (default: 0.001)",
    )
    group.add_argument(
        "--max-rate",
        type=not_negative_float,
        metavar="HZ",
        help="firing rate of an input of 1; times --dt at most 1 (default: 1000)",
    )
    group.add_argument(
        "--encoding",
        choices=ENCODINGS,
        help="what samples become: Poisson spikes, evenly spaced spikes, or constant currents "
        "(default: poisson)",
    )
    add_seed(group, "Poisson spikes")
    group.add_argument(
        "--bias-scale",
        type=fraction_or_one,
        metavar="FACTOR",
        help="factor on biases, with --spikes (default: 1)",
    )
    group.add_argument(
        "--stop-margin",
        type=positive_int,
        metavar="K",
        help="end a sample when its leading class is K spikes ahead: faster, but predictions may "
        "differ",
    )
    group.add_argument(
        "--stop-interval",
        type=positive_int,
        metavar="STEPS",
        help="steps from one look at the lead to the next, with --stop-margin (default: 16)",
    )


def _run(options: argparse.Namespace) -> None:
    _check(options)
    from ..spiking import simulate
    from .outcome import Outcome, write_outcome

    snn = load_spiking_network(options.network)
    source = _read_samples(options) if options.spikes is None else _read_spikes(options)
    if source.labels is not None:
        # Checked by `accuracy` too, but only when the simulation is over.
        as_labels(source.labels, len(source.ids), snn.num_outputs, name="labels")
    settings = {
        "dt": options.dt,
        "stop_margin": options.stop_margin,
        "stop_interval": options.stop_interval or 16,
        **source.settings,
    }
    start = time.perf_counter()
    result = simulate(
        snn,
        **source.arrays,
        **{name: value for name, value in settings.items() if name not in _without_effect(options)},
        record=_records(options.record, [population.name for population in snn.populations]),
        num_threads=options.threads,
    )
    outcome = Outcome(
        files={"network": options.network, **source.files},
        settings=settings,
        result=result,
        labels=source.labels,
        sample_ids=source.ids,
        seconds=time.perf_counter() - start,
    )
    if options.output is not None:
        write_outcome(outcome, options.output)
    if options.json:
        print_json(outcome.to_dict())
    else:
        print(outcome)


def _without_effect(options: argparse.Namespace) -> set[str]:
    """Return the settings that `simulate` refuses in this call, as it does not read them."""
    unread = set() if options.stop_margin else {"stop_interval"}
    return unread if _draws(options) else {*unread, "seed"}


def _draws(options: argparse.Namespace) -> bool:
    return (options.encoding or "poisson") in RANDOM_ENCODINGS


@dataclass(frozen=True, eq=False)
class _Source:
    """Input of the simulation: arrays and settings as `simulate` takes them."""

    files: dict[str, str]
    arrays: dict[str, Any]
    settings: dict[str, Any]
    labels: NDArray[Any] | None
    ids: NDArray[np.uint64]


def _read_samples(options: argparse.Namespace) -> _Source:
    samples = read_samples(options)
    return _Source(
        files={"data": options.data},
        arrays={"x": samples.x, **({"sample_ids": samples.ids} if _draws(options) else {})},
        settings={
            "scale": samples.scale,
            "duration": options.duration or 0.1,
            "encoding": options.encoding or "poisson",
            "max_rate": 1000.0 if options.max_rate is None else options.max_rate,
            "seed": options.seed,
        },
        labels=samples.y,
        ids=samples.ids,
    )


def _read_spikes(options: argparse.Namespace) -> _Source:
    spikes = read_array(options.spikes, "spikes")
    name = shown(options.spikes, "spikes")
    if spikes.dtype.kind != "b" and spikes.dtype != np.uint8:
        raise ValueError(f"{name} has dtype {spikes.dtype}, but must be bool or uint8")
    if spikes.ndim < 3:
        raise ValueError(
            f"{name} has shape {spikes.shape}, but must be (num_steps, num_samples, ...)"
        )
    num_samples = spikes.shape[1]
    return _Source(
        files={"spikes": options.spikes},
        arrays={"spikes": spikes},
        settings={"bias_scale": 1.0 if options.bias_scale is None else options.bias_scale},
        labels=None if options.labels is None else read_labels(options.labels, num_samples),
        ids=np.arange(num_samples, dtype=np.uint64),
    )


def _check(options: argparse.Namespace) -> None:
    if (options.data is None) == (options.spikes is None):
        raise UsageError("--data or --spikes must be given, and not both")
    for name, other in (
        ("duration", "data"),
        ("max_rate", "data"),
        ("encoding", "data"),
        ("scale", "data"),
        ("samples", "data"),
        ("bias_scale", "spikes"),
        ("stop_interval", "stop_margin"),
    ):
        if getattr(options, name) is not None and getattr(options, other) is None:
            raise UsageError(f"{_option(name)} goes with {_option(other)}, which is not given")
    if options.record and not (options.output or "").lower().endswith(".npz"):
        raise UsageError("--record needs --output FILE.npz, where the records are kept")
    if options.output is not None:
        files = (options.network, options.data, options.labels, options.spikes)
        check_output(options.output, (".npz", ".json", ".csv"), reads=files)


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _record(text: str) -> tuple[str, str | None]:
    what, _, population = text.partition(":")
    if what not in ("spikes", "potentials", "counts", "balance"):
        raise argparse.ArgumentTypeError(
            f"is {text!r}, but must begin with spikes, potentials, counts or balance"
        )
    return what, population or None


def _records(asked: list[tuple[str, str | None]], names: list[str]) -> dict[str, list[str]]:
    """Return populations by what is kept of them."""
    records: dict[str, list[str]] = {}
    for what, population in asked:
        records.setdefault(what, []).extend(names if population is None else [population])
    return records


COMMAND = Command(
    name="simulate",
    summary="simulate a spiking network on samples or on given spike trains",
    example=(
        "  pysnn simulate spiking_network.safetensors --data mnist:test\n"
        "  pysnn simulate snn.safetensors --data t10k-images-idx3-ubyte.gz --scale 1/255 \\\n"
        "      --labels t10k-labels-idx1-ubyte.gz --duration 0.5 --output results.csv\n"
        "  pysnn simulate snn.safetensors --data test.npz --samples 10 --record spikes:linear1 \\\n"
        "      --output trains.npz"
    ),
    add_arguments=_add_arguments,
    run=_run,
)
