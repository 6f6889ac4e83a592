"""`pysnn experiment`: one of the paper's experiments on networks from files."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from .arguments import (
    add_json,
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
    add_duration,
    add_input_seed,
    add_max_rate,
    read_duration,
    read_stimulus,
)

_DURATION = 0.5  # s
# Options that belong to one experiment, with their values where they are not given.
_OWN: dict[str, dict[str, Any]] = {
    "over-time": {"ann": None, "seeds": 5},
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
        "what ending at a margin changes)",
    )
    parser.add_argument(
        "networks", nargs="+", metavar="NETWORK", help="model files of spiking networks"
    )
    add_data(parser, "samples in [0, 1] that drive Poisson input", default="mnist:test")
    add_duration(parser, _DURATION)
    add_dt(parser)
    add_max_rate(
        parser, kind=_rates, metavar="HZ[,HZ...]", of=", one for all networks or one for each"
    )
    add_input_seed(parser)
    parser.add_argument(
        "--picture",
        metavar="FILE",
        help="draw the result into this .png, .svg or .pdf file",
    )
    _add_own(parser)
    add_threads(parser)
    add_json(parser, "tables")


def _add_own(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("over-time")
    group.add_argument(
        "--ann",
        metavar="FILE",
        help="model file of the ReLU network that the networks are compared to; needed",
    )
    group.add_argument(
        "--seeds",
        type=positive_int,
        metavar="N",
        help="number of seeds, from --seed on (default: 5)",
    )
    group = parser.add_argument_group("stopping")
    group.add_argument(
        "--margins",
        type=_margins,
        metavar="N[,N...]",
        help="leads in output spikes, or in outputs of a readout, at which samples end (default: "
        "1,2,4,8)",
    )
    group.add_argument(
        "--interval",
        type=positive_int,
        metavar="STEPS",
        help="steps from one look at the lead to the next (default: 16)",
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
    if options.picture is not None:
        read = (*options.networks, options.data, options.labels, options.ann)
        check_picture(options.picture, read)
    samples = read_samples(options)
    if samples.y is None:
        raise UsageError(f"--labels must be given, as {options.data} comes without")
    networks = {path: load_spiking_network(path) for path in options.networks}
    for snn in networks.values():
        check_margins(snn, "--margins", *own.get("margins", ()))
    stimuli = [
        read_stimulus(options, samples, max_rate=rate, of_network=snn.encoding)
        for rate, snn in zip(rates, networks.values(), strict=True)
    ]
    result = RUNS[options.experiment](
        Inputs(
            networks=networks,
            stimuli=stimuli,
            ann=None if options.ann is None else load_network(options.ann),
            samples={"x": samples.x, "y": samples.y},
            duration=read_duration(options, stimuli[0], _DURATION),
            num_threads=options.threads,
            own=own,
        )
    )
    if options.picture is not None:
        write_picture(result.draw(), Path(options.picture))
    if options.json:
        print_json({"experiment": options.experiment, "data": options.data, **result.values})
    else:
        print(result.text)


def _own_options(options: argparse.Namespace) -> dict[str, Any]:
    """Return the options of this experiment; those of others must not be given."""
    for experiment, defaults in _OWN.items():
        for name in defaults:
            if experiment != options.experiment and getattr(options, name) is not None:
                raise UsageError(f"--{name} goes with {experiment}, not {options.experiment}")
    if options.experiment == "over-time" and options.ann is None:
        raise UsageError("over-time needs --ann, the ReLU network to compare to")
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
        "  pysnn experiment stopping snn.safetensors --margins 2,4 --picture margins.png\n"
        "  pysnn experiment over-time none.safetensors data.safetensors \\\n"
        "      --max-rate 200,1000 --ann network.safetensors"
    ),
    add_arguments=_add_arguments,
    run=_run,
)
