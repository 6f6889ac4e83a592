"""`pysnn experiment`: one of the paper's experiments on networks from files."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from .arguments import (
    add_json,
    add_old_name,
    add_threads,
    check_margins,
    margin,
    positive_float,
    positive_int,
)
from .command import Command, UsageError
from .data import add_data, read_samples
from .experiment_runs import RUNS, Inputs
from .files import load_network, load_spiking_network
from .output import print_json
from .pictures import check_picture, write_picture
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

_DURATION = 0.5  # s
# Options that belong to one experiment, with their values where they are not given.
_OWN: dict[str, dict[str, Any]] = {
    "over-time": {"network": None, "num_seeds": 5},
    "first-spike": {},
    "stopping": {"margins": (1, 2, 4, 8), "interval": 16},
}


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "experiment",
        choices=tuple(RUNS),
        metavar="EXPERIMENT",
        help="over-time (accuracy over time and its spread over seeds), first-spike "
        "(classification at the first output spike) or stopping (when a prediction is final, and "
        "what stopping at a margin changes)",
    )
    parser.add_argument(
        "networks", nargs="+", metavar="NETWORK", help="model files of spiking networks"
    )
    add_data(parser, "samples in the range of the networks", default="mnist:test")
    add_time(parser, default_duration=_DURATION)
    add_dt(parser)
    add_max_rate(
        parser, kind=_rates, metavar="HZ[,HZ...]", of=", one for all networks or one for each"
    )
    add_encoding(parser)
    add_input_seed(parser)
    figure = parser.add_argument(
        "--figure",
        metavar="FILE",
        help="draw the result to this .png, .svg or .pdf file",
    )
    add_old_name(parser, "--picture", figure)
    _add_own(parser)
    add_threads(parser)
    add_workers(parser, "the samples")
    add_json(parser, "tables")


def _add_own(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("over-time")
    network = group.add_argument(
        "--network",
        metavar="FILE",
        help="model file of the ReLU network that the networks are compared with; required",
    )
    add_old_name(group, "--ann", network)
    num_seeds = group.add_argument(
        "--num-seeds",
        type=positive_int,
        metavar="N",
        help="number of seeds, from --seed on (default: 5)",
    )
    add_old_name(group, "--seeds", num_seeds)
    group = parser.add_argument_group("stopping")
    group.add_argument(
        "--margins",
        type=_margins,
        metavar="N[,N...]",
        help="leads in output spikes, or in outputs of a readout, at which samples stop (default: "
        "1,2,4,8)",
    )
    group.add_argument(
        "--interval",
        type=positive_int,
        metavar="STEPS",
        help="steps between two checks of the lead (default: 16)",
    )


def _run(options: argparse.Namespace) -> None:
    own = _own_options(options)
    rates = options.max_rate or (None,)
    if len(rates) == 1:
        rates *= len(options.networks)
    if len(rates) != len(options.networks):
        raise UsageError(f"--max-rate has {len(rates)} rates for {len(options.networks)} networks")
    if len(set(options.networks)) < len(options.networks):
        raise UsageError("a network is named twice")
    if options.figure is not None:
        read = (*options.networks, options.data, options.labels, options.network)
        check_picture(options.figure, read)
    samples = read_samples(options, may_map=True)
    if samples.y is None:
        raise UsageError(f"--labels must be given, as {options.data} comes without")
    networks = {path: load_spiking_network(path) for path in options.networks}
    for snn in networks.values():
        check_margins(snn, "--margins", *own.get("margins", ()))
    encodings = [options.encoding or snn.encoding for snn in networks.values()]
    if options.experiment == "over-time":
        if options.encoding not in (None, "poisson"):
            raise UsageError(f"over-time draws Poisson input, not {options.encoding} input")
        encodings = [None for _ in networks]
    stimuli = [
        read_stimulus(options, samples, max_rate=rate, of_network=encoding, beside=encodings)
        for rate, encoding in zip(rates, encodings, strict=True)
    ]
    ann = None if options.network is None else load_network(options.network)
    num_steps = read_num_steps(options, stimuli[0], default_duration=_DURATION)
    with workers(options, options.parts) as (executor, num_threads):
        result = RUNS[options.experiment](
            Inputs(
                networks=networks,
                stimuli=stimuli,
                ann=ann,
                samples={"x": samples.x, "y": samples.y},
                num_steps=num_steps,
                executor=executor,
                num_threads=num_threads,
                own=own,
            )
        )
    if options.figure is not None:
        write_picture(result.draw(), Path(options.figure))
    if options.json:
        print_json({"experiment": options.experiment, "data": options.data, **result.values})
    else:
        print(result.text)


def _own_options(options: argparse.Namespace) -> dict[str, Any]:
    """Return the options of this experiment; those of others must not be given."""
    for experiment, defaults in _OWN.items():
        for name in defaults:
            if experiment != options.experiment and getattr(options, name) is not None:
                flag = name.replace("_", "-")
                raise UsageError(f"--{flag} goes with {experiment}, not {options.experiment}")
    if options.experiment == "over-time" and options.network is None:
        raise UsageError("over-time needs --network, the ReLU network to compare to")
    values = {name: getattr(options, name) for name in _OWN[options.experiment]}
    return {
        name: _OWN[options.experiment][name] if value is None else value
        for name, value in values.items()
    }


def _rates(text: str) -> tuple[float, ...]:
    return tuple(positive_float(word) for word in text.split(","))


def _margins(text: str) -> tuple[float, ...]:
    margins = tuple(margin(word) for word in text.split(","))
    if len(set(margins)) < len(margins):
        raise argparse.ArgumentTypeError(f"is {text}, but must have each margin once")
    return margins


COMMAND = Command(
    name="experiment",
    summary="run one of the paper's experiments on spiking networks",
    example=(
        "  pysnn experiment first-spike snn.safetensors --data mnist:test\n"
        "  pysnn experiment stopping snn.safetensors --margins 2,4 --figure margins.png\n"
        "  pysnn experiment over-time none.safetensors data.safetensors \\\n"
        "      --max-rate 200,1000 --network network.safetensors\n"
        "  pysnn experiment stopping snn.safetensors --executor processes:8 --parts parts"
    ),
    add_arguments=_add_arguments,
    run=_run,
)
