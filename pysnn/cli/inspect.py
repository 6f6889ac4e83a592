"""`pysnn inspect`: what a model file holds, and how well a conversion does on data."""

from __future__ import annotations

import argparse

from ..spiking.stimulus import DEFAULT_NUM_SEEDS
from .arguments import (
    add_json,
    add_old_name,
    add_threads,
    not_negative_int,
    positive_float,
    positive_int,
)
from .command import Command, UsageError
from .data import add_data, read_samples
from .files import load_model, load_network, load_spiking_network
from .output import print_json
from .pictures import check_page
from .stimulus import (
    STIMULUS,
    add_dt,
    add_encoding,
    add_input_seed,
    add_max_rate,
    add_time,
    read_num_steps,
    read_stimulus,
)

_NUM_TRACED = 4
_OF_A_REPORT = (
    *("labels", "scale", "samples", "num_threads", "duration", "num_steps", "num_seeds"),
    *("html", "trace"),
)


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
        help=f"number of seeds of the input spikes, from --seed on (default: {DEFAULT_NUM_SEEDS})",
    )
    add_old_name(group, "--seeds", num_seeds)
    add_encoding(group)
    add_input_seed(group)
    group.add_argument(
        "--html", metavar="FILE", help="write the report as an interactive page as well"
    )
    group.add_argument(
        "--trace",
        type=_sample_list,
        metavar="N[,N...]",
        help="with --html: samples whose steps the page shows, by their numbers from 0 (default: "
        "the first four)",
    )
    add_threads(group)


def _run(options: argparse.Namespace) -> None:
    if options.data is not None or options.network is not None:
        _report(options)
        return
    for name in (*_OF_A_REPORT, *STIMULUS):
        if getattr(options, name, None) is not None:
            raise UsageError(
                f"--{name.replace('_', '-')} goes with --data and --network, which are not given"
            )
    from .describe import print_file

    print_file(options.file, load_model(options.file), as_json=options.json)


def _report(options: argparse.Namespace) -> None:
    if options.data is None or options.network is None:
        raise UsageError("a report needs both --data and --network")
    reads = (options.file, options.network, options.data, options.labels)
    check_page(options.html, reads)
    if options.trace is not None and options.html is None:
        raise UsageError("--trace goes with --html, which is not given")
    from ..diagnosis import diagnose

    snn = load_spiking_network(options.file)
    network = load_network(options.network)
    samples = read_samples(options)
    stimulus = read_stimulus(options, samples, of_network=snn.encoding)
    if options.num_seeds is not None and not stimulus.is_random:
        raise UsageError(f"--num-seeds goes with Poisson input, not {stimulus.encoding} input")
    report = diagnose(
        network,
        snn,
        samples.x,
        y=samples.y,
        num_steps=read_num_steps(options, stimulus),
        **({} if options.num_seeds is None else {"num_seeds": options.num_seeds}),
        num_threads=options.num_threads,
        trace=_traced(options, len(samples.x)),
        **stimulus.options(),
    )
    if options.html is not None:
        report.to_html(options.html)
    if options.json:
        print_json(report.to_dict())
    else:
        print(report)


def _sample_list(text: str) -> tuple[int, ...]:
    numbers = tuple(not_negative_int(word) for word in text.split(","))
    if len(set(numbers)) < len(numbers):
        raise argparse.ArgumentTypeError(f"is {text}, but must have each number once")
    return numbers


def _traced(options: argparse.Namespace, num_samples: int) -> tuple[int, ...]:
    if options.html is None:
        return ()
    if options.trace is None:
        return tuple(range(min(_NUM_TRACED, num_samples)))
    beyond = [number for number in options.trace if number >= num_samples]
    if beyond:
        raise UsageError(f"--trace has {beyond[0]}, but there are {num_samples} samples")
    return tuple(options.trace)


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
