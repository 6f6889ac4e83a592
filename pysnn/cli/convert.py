"""`pysnn convert`: from a ReLU network to a spiking network."""

from __future__ import annotations

import argparse

from .arguments import add_json, add_threads, finite_float, not_negative_float, positive_float
from .command import Command, UsageError
from .data import add_data, read_samples
from .files import check_output, load_network
from .output import print_json, say


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("network", metavar="NETWORK", help="model file of a ReLU network")
    parser.add_argument(
        "--output",
        metavar="FILE",
        default="spiking_network.safetensors",
        help="model file to write (default: spiking_network.safetensors)",
    )
    _add_normalization(parser)
    _add_structure(parser)
    _add_neurons(parser)
    add_threads(parser)
    add_json(parser, "a table of the populations")


def _add_normalization(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("normalization of the weights")
    group.add_argument(
        "--method",
        choices=("data", "model", "none"),
        default="data",
        help="by the activations on --data, by the weights alone, or not at all (default: data)",
    )
    add_data(group, "samples that the network was trained on, for --method data", labels=False)
    group.add_argument(
        "--variant",
        choices=("correct", "released"),
        help="how --method data divides: correctly, or as the authors' code does "
        "(default: correct)",
    )
    group.add_argument(
        "--include-last",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="whether the last layer's weights are normalized too (default: yes)",
    )


def _add_structure(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("populations")
    group.add_argument(
        "--readout",
        choices=("potential", "spikes"),
        help="what the output is: membrane potentials or spike counts (default: potentials where "
        "the network ends without a ReLU, spikes otherwise)",
    )
    group.add_argument(
        "--pools",
        choices=("spiking", "folded"),
        default="spiking",
        help="average pools become populations, or parts of the weights behind them "
        "(default: spiking)",
    )
    group.add_argument(
        "--input-scale",
        type=positive_float,
        metavar="X",
        help="largest absolute value of an input (default: 1, or what the data needs)",
    )


def _add_neurons(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("neurons")
    group.add_argument(
        "--threshold",
        type=positive_float,
        default=1.0,
        metavar="V",
        help="membrane potential at which a neuron fires (default: 1)",
    )
    group.add_argument(
        "--reset",
        choices=("zero", "subtract"),
        default="zero",
        help="a spike sets the membrane potential to 0, or takes the threshold off (default: zero)",
    )
    group.add_argument(
        "--refractory-period",
        type=not_negative_float,
        default=0.0,
        metavar="SECONDS",
        help="time after a spike during which input is dropped (default: 0)",
    )
    group.add_argument(
        "--initial-potential",
        type=finite_float,
        default=0.0,
        metavar="V",
        help="membrane potential before the first step (default: 0)",
    )
    group.add_argument(
        "--precision",
        choices=("float32", "int16"),
        default="float32",
        help="weights of 24 bits, or coarser ones of 15 for half the memory traffic "
        "(default: float32)",
    )


def _run(options: argparse.Namespace) -> None:
    _check(options)
    check_output(options.output, (".safetensors",), reads=(options.network, options.data))
    from ..conversion import convert
    from ..spiking.tables import rounding_lines
    from .describe import describe_file, format_file

    network = load_network(options.network)
    samples = read_samples(options) if options.method == "data" else None
    snn = convert(
        network,
        method=options.method,
        x=None if samples is None else samples.x,
        variant=options.variant or "correct",
        include_last=options.include_last,
        threshold=options.threshold,
        reset=options.reset,
        refractory_period=options.refractory_period,
        initial_potential=options.initial_potential,
        precision=options.precision,
        readout=options.readout,
        pools=options.pools,
        input_scale=options.input_scale,
        scale=None if samples is None else samples.scale,
        num_threads=options.threads,
    )
    snn.save(options.output)
    # The file has the rounded weights alone: nobody can tell it later.
    for line in rounding_lines(snn.populations, snn.rounding_loss):
        say(line)
    facts = describe_file(options.output, snn)
    if options.json:
        print_json(facts)
    else:
        print(format_file(facts))


def _check(options: argparse.Namespace) -> None:
    if options.method == "data":
        if options.data is None:
            raise UsageError(
                "--method data needs --data, the samples that the network was trained on, such as "
                "--data mnist:train"
            )
        return
    for name in ("data", "scale", "samples", "variant"):
        if getattr(options, name) is not None:
            raise UsageError(f"--{name} goes with --method data, not {options.method}")
    if options.method == "none" and not options.include_last:
        raise UsageError("--no-include-last is given, but --method none normalizes no layer")


COMMAND = Command(
    name="convert",
    summary="turn a trained ReLU network into a spiking network",
    example=(
        "  pysnn convert network.safetensors --data mnist:train\n"
        "  pysnn convert network.safetensors --method model --output model_based.safetensors\n"
        "  pysnn convert network.safetensors --data train.npz --reset subtract --precision int16"
    ),
    add_arguments=_add_arguments,
    run=_run,
)
