"""`pysnn inspect`: what a model file holds, and how well a conversion does on data."""

from __future__ import annotations

import argparse

from .arguments import add_json, add_seed, add_threads, positive_float, positive_int
from .command import Command, UsageError
from .data import add_data, read_samples
from .files import load_model, load_network, load_spiking_network
from .output import print_json

_DEFAULTS = {"duration": 0.1, "dt": 1e-3, "max_rate": 1000.0, "seeds": 3}


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="model file of a ReLU or a spiking network")
    add_json(parser, "a table")
    group = parser.add_argument_group(
        "report on a conversion", "where FILE, a spiking network, loses accuracy, and why"
    )
    group.add_argument(
        "--network",
        metavar="FILE",
        help="model file of the ReLU network that FILE was made from, for the report on --data",
    )
    add_data(group, "samples in [0, 1] for the report; some hundred are enough")
    for name, kind, metavar, what in (
        ("duration", positive_float, "SECONDS", "simulated time"),
        ("dt", positive_float, "SECONDS", "length of a step"),
        ("max-rate", positive_float, "HZ", "firing rate of an input of 1"),
        ("seeds", positive_int, "N", "number of seeds of the input spikes, from --seed on"),
    ):
        default = _DEFAULTS[name.replace("-", "_")]
        group.add_argument(
            f"--{name}", type=kind, metavar=metavar, help=f"{what} (default: {default:g})"
        )
    add_seed(group, "the input spikes")
    add_threads(group)


def _run(options: argparse.Namespace) -> None:
    if options.data is not None or options.network is not None:
        _report(options)
        return
    for name in ("labels", "scale", "samples", "threads", *_DEFAULTS, "seed"):
        if getattr(options, name) not in (None, 0):
            raise UsageError(
                f"--{name.replace('_', '-')} goes with --data and --network, which are not given"
            )
    from .describe import describe_file, format_file

    facts = describe_file(options.file, load_model(options.file))
    if options.json:
        print_json(facts)
    else:
        print(format_file(facts))


def _report(options: argparse.Namespace) -> None:
    if options.data is None or options.network is None:
        raise UsageError("a report needs both --data and --network")
    from ..diagnosis import diagnose

    snn = load_spiking_network(options.file)
    network = load_network(options.network)
    samples = read_samples(options)

    def setting(name: str) -> float:
        value = getattr(options, name)
        return _DEFAULTS[name] if value is None else value

    report = diagnose(
        network,
        snn,
        samples.x,
        y=samples.y,
        duration=setting("duration"),
        dt=setting("dt"),
        max_rate=setting("max_rate"),
        seed=options.seed,
        num_seeds=int(setting("seeds")),
        sample_ids=samples.ids,
        scale=samples.scale,
        num_threads=options.threads,
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
        "  pysnn inspect snn.safetensors --network network.safetensors --data mnist:test \\\n"
        "      --samples 500                          where the conversion loses accuracy, and why"
    ),
    add_arguments=_add_arguments,
    run=_run,
)
