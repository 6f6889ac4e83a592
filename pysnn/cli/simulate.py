"""`pysnn simulate`: spikes, predictions and accuracy of a spiking network."""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .._base.arrays import as_labels
from ..spiking.given_spikes import as_spikes
from ..spiking.results.record import RECORDABLES, PopulationOutline
from .arguments import (
    add_json,
    add_threads,
    check_margins,
    fraction_or_one,
    margin,
    positive_int,
)
from .arrays import read_array, shown
from .command import Command, UsageError
from .data import add_data, read_labels, read_samples
from .files import check_output, load_spiking_network
from .output import print_json
from .stimulus import (
    add_dt,
    add_encoding,
    add_input_seed,
    add_max_rate,
    add_time,
    read_num_steps,
    read_stimulus,
)
from .workers import add_workers, workers

if TYPE_CHECKING:
    from ..spiking import SpikingNetwork


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("network", metavar="NETWORK", help="model file of a spiking network")
    add_data(parser, "samples that drive the inputs, in [0, 1] or the network's range")
    parser.add_argument(
        "--spikes",
        metavar="SOURCE",
        help="instead of --data: spike trains of 0 and 1, (num_steps, num_samples, ...)",
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
        help=f"what to keep of a population, or of all, in FILE.npz: {', '.join(RECORDABLES)}; may "
        "be given several times",
    )
    parser.add_argument(
        "--record-to",
        metavar="FOLDER",
        help="new or empty folder for what is recorded, instead of FILE.npz: .npy files of some "
        "samples each",
    )
    parser.add_argument(
        "--batch-size",
        type=positive_int,
        metavar="N",
        help="samples that are read, simulated and recorded at a time (default: as many as fit in "
        "about 32 MB); results do not depend on it",
    )
    add_threads(parser)
    add_workers(parser, "the samples")
    add_json(parser, "a summary")


def _add_time(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("time and chance")
    add_time(group)
    add_dt(group)
    add_max_rate(group)
    add_encoding(group)
    add_input_seed(group)
    group.add_argument(
        "--bias-scale",
        type=fraction_or_one,
        metavar="FACTOR",
        help="factor on biases, with --spikes (default: 1)",
    )
    group.add_argument(
        "--stop-margin",
        type=margin,
        metavar="K",
        help="early stopping: end a sample when its leading class is K spikes (or outputs of a "
        "readout) ahead; "
        "faster, but predictions may differ",
    )
    group.add_argument(
        "--stop-interval",
        type=positive_int,
        metavar="STEPS",
        help="steps between two checks of the lead, with --stop-margin (default: 16)",
    )


def _run(options: argparse.Namespace) -> None:
    _check(options)
    from ..spiking import simulate
    from .outcome import Outcome, write_outcome

    snn = load_spiking_network(options.network)
    if options.stop_margin is not None:
        check_margins(snn, "--stop-margin", options.stop_margin)
    source = _read_samples(options, snn) if options.spikes is None else _read_spikes(options)
    y = source.labels
    if y is not None:
        # Checked by `accuracy` too, but only when the simulation is over.
        y = as_labels(y, len(source.ids), snn.num_outputs, name="labels")
    labels: dict[str, Any] = {} if y is None else {"y": y}
    interval = {} if options.stop_interval is None else {"stop_interval": options.stop_interval}
    start = time.perf_counter()
    with workers(options, options.parts) as (executor, num_threads):
        result = simulate(
            snn,
            **source.arguments,
            **labels,
            **interval,
            keep_trains=False,
            batch_size=options.batch_size,
            record_to=options.record_to,
            stop_margin=options.stop_margin,
            record=_records(options.record, snn),
            executor=executor,
            num_threads=num_threads,
        )
    outcome = Outcome(
        files={"network": options.network, **source.files},
        settings={
            "dt": result.dt,
            "stop_margin": options.stop_margin,
            "stop_interval": options.stop_interval or 16,
            **source.settings,
        },
        result=result,
        labels=y,
        sample_ids=source.ids,
        seconds=time.perf_counter() - start,
    )
    if options.output is not None:
        write_outcome(outcome, options.output)
    if options.json:
        print_json(outcome.to_dict())
    else:
        print(outcome)


@dataclass(frozen=True, eq=False)
class _Source:
    """Input of the simulation: arguments of `simulate`, and what is written down of them."""

    files: dict[str, str]
    arguments: dict[str, Any]
    settings: dict[str, Any]
    labels: NDArray[Any] | None
    ids: NDArray[np.uint64]


def _read_samples(options: argparse.Namespace, snn: SpikingNetwork) -> _Source:
    samples = read_samples(options, may_map=True)
    stimulus = read_stimulus(options, samples, of_network=snn.encoding)
    num_steps = read_num_steps(options, stimulus)
    return _Source(
        files={"data": options.data},
        arguments={"x": samples.x, "num_steps": num_steps, **stimulus.options()},
        settings={
            "scale": stimulus.scale,
            "duration": num_steps * stimulus.dt if options.duration is None else options.duration,
            "encoding": stimulus.encoding,
            "max_rate": stimulus.max_rate,
            "seed": stimulus.seed,
        },
        labels=samples.y,
        ids=samples.ids,
    )


def _read_spikes(options: argparse.Namespace) -> _Source:
    spikes = read_array(options.spikes, "spikes", may_map=True)
    name = shown(options.spikes, "spikes")
    if spikes.dtype.kind not in "biuf":
        raise ValueError(f"{name} has dtype {spikes.dtype}, but must hold 0 and 1")
    spikes = as_spikes(spikes, name)
    if spikes.ndim < 3:
        raise ValueError(
            f"{name} has shape {spikes.shape}, but must be (num_steps, num_samples, ...)"
        )
    num_samples = spikes.shape[1]
    names = ("dt", "bias_scale")
    given = {name: getattr(options, name) for name in names if getattr(options, name) is not None}
    return _Source(
        files={"spikes": options.spikes},
        arguments={"spikes": spikes, **given},
        settings={"bias_scale": given.get("bias_scale", 1.0)},
        labels=None if options.labels is None else read_labels(options.labels, num_samples),
        ids=np.arange(num_samples, dtype=np.uint64),
    )


def _check(options: argparse.Namespace) -> None:
    if (options.data is None) == (options.spikes is None):
        raise UsageError("--data or --spikes must be given, and not both")
    for name, other in (
        ("duration", "data"),
        ("num_steps", "data"),
        ("max_rate", "data"),
        ("encoding", "data"),
        ("seed", "data"),
        ("scale", "data"),
        ("samples", "data"),
        ("bias_scale", "spikes"),
        ("stop_interval", "stop_margin"),
    ):
        if getattr(options, name) is not None and getattr(options, other) is None:
            raise UsageError(f"{_option(name)} goes with {_option(other)}, which is not given")
    if options.record_to is not None:
        if not options.record:
            raise UsageError("--record-to goes with --record, which is not given")
    elif options.record and not (options.output or "").lower().endswith(".npz"):
        raise UsageError(
            "--record needs --output FILE.npz or --record-to FOLDER, where the records are kept"
        )
    if options.output is not None:
        files = (options.network, options.data, options.labels, options.spikes)
        check_output(options.output, (".npz", ".json", ".csv"), reads=files)


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _record(text: str) -> tuple[str, str | None]:
    what, _, population = text.partition(":")
    if what not in RECORDABLES:
        raise argparse.ArgumentTypeError(
            f"is {text!r}, but must begin with one of {', '.join(RECORDABLES)}"
        )
    return what, population or None


def _records(asked: list[tuple[str, str | None]], snn: SpikingNetwork) -> dict[str, list[str]]:
    """Return populations by what is kept of them."""
    outlines = [PopulationOutline.of(population) for population in snn.populations]
    names = [population.name for population in outlines]
    records: dict[str, list[str]] = {}
    for what, population in asked:
        if population is not None and population not in names:
            raise UsageError(f"--record names {population!r}, but the populations are {names}")
        every = [each.name for each in outlines if each.has(what)]
        records.setdefault(what, []).extend(every if population is None else [population])
    return records


COMMAND = Command(
    name="simulate",
    summary="simulate a spiking network on samples or on given spike trains",
    example=(
        "  pysnn simulate spiking_network.safetensors --data mnist:test\n"
        "  pysnn simulate snn.safetensors --data t10k-images-idx3-ubyte.gz --scale 1/255 \\\n"
        "      --labels t10k-labels-idx1-ubyte.gz --duration 0.5 --output results.csv\n"
        "  pysnn simulate snn.safetensors --data test.npz --samples 10 --record spikes:linear1 \\\n"
        "      --output trains.npz\n"
        "  pysnn simulate snn.safetensors --data million.npy --labels labels.npy \\\n"
        "      --num-steps 16 --record spikes --record-to trains/\n"
        "  pysnn simulate snn.safetensors --data mnist:test --executor processes:8 --parts parts"
    ),
    add_arguments=_add_arguments,
    run=_run,
)
