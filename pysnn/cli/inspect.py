"""`pysnn inspect`: what a model file holds, and how well a conversion does on data."""

from __future__ import annotations

import argparse

from .arguments import add_json, add_old_name, add_threads, positive_float, positive_int
from .command import Command, UsageError
from .data import add_data, read_samples
from .files import load_model, load_network, load_spiking_network
from .output import print_json
from .stimulus import (
    STIMULUS,
    add_dt,
    add_input_seed,
    add_max_rate,
    add_time,
    read_num_steps,
    read_stimulus,
    sample_options,
)

_NUM_SEEDS = 3


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", metavar="FILE", help="model file, or a file that 'pysnn import' reads"
    )
    add_json(parser, "a table")
    group = parser.add_argument_group(
        "report on a conversion", "where FILE, a spiking network, loses accuracy, and why"
    )
    group.add_argument(
        "--network",
        metavar="FILE",
        help="model file of the ReLU network that FILE was made from, for the report on --data",
    )
    add_data(group, "samples for the report, in the network's range; a few hundred are enough")
    add_time(group)
    add_dt(group)
    add_max_rate(group, kind=positive_float)
    num_seeds = group.add_argument(
        "--num-seeds",
        type=positive_int,
        metavar="N",
        help=f"number of seeds of the input spikes, from --seed on (default: {_NUM_SEEDS})",
    )
    add_old_name(group, "--seeds", num_seeds)
    add_input_seed(group)
    add_threads(group)


def _run(options: argparse.Namespace) -> None:
    if options.data is not None or options.network is not None:
        _report(options)
        return
    for name in (
        "labels",
        "scale",
        "samples",
        "num_threads",
        "duration",
        "num_steps",
        "num_seeds",
        *STIMULUS,
    ):
        if getattr(options, name, None) is not None:
            raise UsageError(
                f"--{name.replace('_', '-')} goes with --data and --network, which are not given"
            )
    from .describe import print_file

    print_file(options.file, load_model(options.file), as_json=options.json)


def _report(options: argparse.Namespace) -> None:
    if options.data is None or options.network is None:
        raise UsageError("a report needs both --data and --network")
    from ..diagnosis import diagnose

    snn = load_spiking_network(options.file)
    network = load_network(options.network)
    samples = read_samples(options)
    stimulus = read_stimulus(options, samples)
    report = diagnose(
        network,
        snn,
        samples.x,
        y=samples.y,
        num_steps=read_num_steps(options, stimulus),
        max_rate=stimulus.max_rate,
        seed=stimulus.seed,
        num_seeds=options.num_seeds or _NUM_SEEDS,
        num_threads=options.num_threads,
        **sample_options(stimulus),
    )
    if options.json:
        print_json(report.to_dict())
    else:
        print(report)


COMMAND = Command(
    name="inspect",
    summary="show the layers or populations of a model file, or report on a conversion",
    example=(
        "  pysnn inspect digits.safetensors           a table\n"
        "  pysnn inspect digits.safetensors --json    the same for another program\n"
        "  pysnn inspect net.onnx                     what would be imported, and how exactly\n"
        "  pysnn inspect snn.safetensors --network network.safetensors --data mnist:test \\\n"
        "      --samples 500                          where the conversion loses accuracy, and why"
    ),
    add_arguments=_add_arguments,
    run=_run,
)
