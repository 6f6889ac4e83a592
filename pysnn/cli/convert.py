"""`pysnn convert`: from a ReLU network to a spiking network."""

from __future__ import annotations

import argparse
from typing import get_args

from ..conversion import SCALE_METHODS, Calibration, Method, Per, Recipe, Rectifier, recipes
from ..conversion.named_recipes import DEFAULT_RECIPE, choose
from .arguments import (
    add_json,
    add_threads,
    finite_float,
    not_negative_float,
    not_negative_int,
    positive_float,
    positive_int,
)
from .command import Command, UsageError, values_as_usage
from .data import add_data, read_samples
from .files import check_output, load_network
from .output import say


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "network",
        metavar="NETWORK",
        help="model file of a ReLU network, or a file that 'pysnn import' reads",
    )
    parser.add_argument(
        "--output",
        metavar="FILE",
        default="spiking_network.safetensors",
        help="model file to write (default: spiking_network.safetensors)",
    )
    _add_recipe(parser)
    _add_scales(parser)
    _add_structure(parser)
    _add_neurons(parser)
    add_threads(parser)
    add_json(parser, "a table of the populations")


def _add_recipe(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--recipe",
        choices=tuple(recipes),
        help="named set of choices, which the options below override (default: "
        f"{DEFAULT_RECIPE}; with --method diehl2015 for the paper's, else robust)",
    )


def _add_scales(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("scales of the weights")
    group.add_argument(
        "--method",
        choices=get_args(Method),
        help="data: largest activations on --data; model: weights alone; none: no scaling; "
        "percentile: a percentile of the activations; mmse: least error after --num-steps; "
        "balanced: balances what thresholds cut off; gaussian: mean and variance; clip: ceilings "
        "of the ReLUs",
    )
    group.add_argument(
        "--per",
        choices=get_args(Per),
        help=f"one scale per layer or per channel, for --method {_readers('per')}",
    )
    group.add_argument(
        "--percentile",
        type=positive_float,
        metavar="P",
        help="percentage of the activations that a scale covers, for --method percentile",
    )
    group.add_argument(
        "--num-updates",
        type=positive_int,
        metavar="N",
        help="batches of 100 samples, in order and over again, for --method balanced "
        "(default: 400)",
    )
    add_data(
        group,
        f"samples that the network was trained on, for --method {_readers('x')}",
        labels=False,
    )
    group.add_argument(
        "--variant",
        choices=("correct", "released"),
        help="rule of --method data: the paper's, or that of the authors' released code "
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
        help="read the output from membrane potentials or from spike counts (default: potentials "
        "if the network ends without a ReLU, spikes otherwise)",
    )
    group.add_argument(
        "--delay",
        type=_delay,
        metavar="STEPS",
        help="steps that a readout ignores at first, or 'latency': until the first spikes reach it",
    )
    group.add_argument(
        "--pools",
        choices=("spiking", "folded"),
        help="whether average pools become populations or are folded into the weights behind them",
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
        action="append",
        type=_threshold,
        metavar="V|NAME=V",
        help="membrane potential at which neurons fire, all of them or those of the population "
        "NAME; NAME=V may be given several times (default: 1)",
    )
    group.add_argument(
        "--reset",
        choices=("zero", "subtract"),
        help="a spike sets the membrane potential to 0, or subtracts the threshold",
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
        metavar="V",
        help="membrane potential before the first step",
    )
    group.add_argument(
        "--neuron",
        choices=get_args(Rectifier),
        help="what ReLUs become: integrate-and-fire neurons, or signed ones, which can take spikes "
        "back",
    )
    group.add_argument(
        "--negative-threshold",
        type=not_negative_float,
        metavar="V",
        help="signed neurons take a spike back below minus this potential",
    )
    group.add_argument(
        "--calibration",
        choices=get_args(Calibration),
        help="compensate the mean errors of populations on --data by biases, by initial "
        "potentials, or not at all",
    )
    group.add_argument(
        "--calibration-samples",
        type=positive_int,
        metavar="N",
        help="number of samples of --data that --calibration simulates (default: 256)",
    )
    group.add_argument(
        "--num-steps",
        type=positive_int,
        metavar="N",
        help=f"steps that --method {_readers('num_steps')}, --calibration or --delay latency are "
        f"for (default: the recipe's, else 32)",
    )
    group.add_argument(
        "--precision",
        choices=("float32", "int16"),
        default="float32",
        help="weights of 24 bits, or coarser ones of 15 for half the memory traffic "
        "(default: float32)",
    )


def _readers(argument: str) -> str:
    """Return the methods that read an argument, for a person."""
    *others, last = (name for name, method in SCALE_METHODS.items() if argument in method.reads)
    return f"{', '.join(others)} or {last}" if others else last


def _run(options: argparse.Namespace) -> None:
    with values_as_usage():
        chosen, _ = choose(options.recipe, **{name: getattr(options, name) for name in _CHOICES})
    _check(options, chosen)
    check_output(options.output, (".safetensors",), reads=(options.network, options.data))
    from ..conversion import convert
    from ..spiking.tables import rounding_lines
    from .describe import print_file

    network = load_network(options.network)
    if network.origin is not None:
        for line in str(network.origin).splitlines():
            say(line)
    samples = read_samples(options) if options.data is not None else None
    snn = convert(
        network,
        recipe=options.recipe,
        **{name: getattr(options, name) for name in _CHOICES},
        x=None if samples is None else samples.x,
        variant=options.variant or "correct",
        include_last=options.include_last,
        threshold=_thresholds(options.threshold or []),
        refractory_period=options.refractory_period,
        initial_potential=options.initial_potential,
        negative_threshold=options.negative_threshold,
        precision=options.precision,
        input_scale=options.input_scale,
        scale=None if samples is None else samples.scale,
        num_threads=options.num_threads,
    )
    snn.save(options.output)
    # The file has the rounded weights alone: nobody can tell it later.
    for line in rounding_lines(snn.populations, snn.rounding_loss):
        say(line)
    print_file(options.output, snn, as_json=options.json)


_READ_AS = {
    **dict.fromkeys(("data", "scale", "samples"), "x"),
    **{name: name for name in ("variant", "per", "percentile", "num_updates")},
}
_CHOICES = (
    "method",
    "per",
    "percentile",
    "num_updates",
    "reset",
    "neuron",
    "pools",
    "readout",
    "delay",
    "calibration",
    "calibration_samples",
    "num_steps",
)


def _threshold(text: str) -> tuple[str | None, float]:
    name, found, value = text.rpartition("=")
    return (name if found else None), positive_float(value)


def _thresholds(given: list[tuple[str | None, float]]) -> float | dict[str, float]:
    by_name = {name: value for name, value in given if name is not None}
    if len(by_name) < len(given) and len(given) > 1:
        raise UsageError("--threshold is one number for all neurons, or NAME=V, each NAME once")
    return by_name if by_name else given[0][1] if given else 1.0


def _delay(text: str) -> int | str:
    return text if text == "latency" else not_negative_int(text)


def _check(options: argparse.Namespace, chosen: Recipe) -> None:
    method = chosen.method
    needed_by = chosen.reading_samples
    reads = SCALE_METHODS[method].reads | ({"x"} if needed_by else set())
    of_method = SCALE_METHODS[method].reads - SCALE_METHODS[method].optional
    if options.data is None and ("x" in of_method or needed_by):
        reader = f"--method {method}" if "x" in of_method else f"--{needed_by}"
        raise UsageError(
            f"{reader} needs --data, the samples that the network was trained on, such as "
            f"--data mnist:train"
        )
    for name, read in _READ_AS.items():
        if getattr(options, name) is not None and read not in reads:
            flag = name.replace("_", "-")
            raise UsageError(f"--{flag} goes with --method {_readers(read)}, not {method}")
    if options.data is None:
        for name in ("scale", "samples"):
            if getattr(options, name) is not None:
                raise UsageError(f"--{name} goes with --data, which is not given")
    if not options.include_last and "include_last" not in reads:
        raise UsageError(
            f"--no-include-last is given, but --method {method} "
            + ("normalizes no layer" if method == "none" else "needs the last layer's scale")
        )
    if options.negative_threshold is not None and chosen.neuron != "signed":
        raise UsageError(f"--negative-threshold goes with --neuron signed, not {chosen.neuron}")


COMMAND = Command(
    name="convert",
    summary="turn a trained ReLU network into a spiking network",
    example=(
        "  pysnn convert network.safetensors --data mnist:train\n"
        "  pysnn convert network.safetensors --method model --output model_based.safetensors\n"
        "  pysnn convert net.onnx --recipe robust --data train.npz\n"
        "  pysnn convert network.safetensors --data train.npz --reset subtract --precision int16"
    ),
    add_arguments=_add_arguments,
    run=_run,
)
