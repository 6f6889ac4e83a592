"""`pysnn tune`: the cheapest conversion of a network within a loss of accuracy."""

from __future__ import annotations

import argparse
from pathlib import Path

from .arguments import add_json, fraction, positive_float, seed
from .command import Command
from .conversions import (
    add_conversions,
    add_drive,
    add_step_list,
    add_work,
    read_conversions,
    recipe_list,
)
from .files import check_output, load_network
from .output import print_json, say
from .pictures import check_page, check_picture, write_picture
from .workers import workers

_STEPS = 128
_MAX_LOSS = 0.005


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    add_conversions(parser, "samples for the choice and for its final figure")
    parser.add_argument(
        "--output",
        metavar="FILE",
        default="tuned.safetensors",
        help="model file of the chosen spiking network (default: tuned.safetensors)",
    )
    group = parser.add_argument_group("goal of the search")
    group.add_argument(
        "--max-loss",
        type=fraction,
        default=_MAX_LOSS,
        metavar="SHARE",
        help=f"largest loss of accuracy; 0.005 is half a point (default: {_MAX_LOSS})",
    )
    group.add_argument(
        "--cost",
        choices=("operations", "steps"),
        default="operations",
        help="what to minimize (default: operations)",
    )
    add_step_list(
        group, f"4, 6, 8, 12 ... and N steps are tried, or those of a list (default: {_STEPS})"
    )
    add_drive(group)
    _add_search(parser)
    add_work(parser, "candidates and samples")
    add_json(parser, "tables")


def _add_search(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("the search")
    group.add_argument(
        "--recipes",
        type=recipe_list,
        metavar="NAME[:KEYWORD=VALUE...][,NAME...]",
        help="recipes to try as they are and varied (default: all as they are, and robust varied)",
    )
    group.add_argument(
        "--candidates",
        type=recipe_list,
        default=(),
        metavar="NAME[:KEYWORD=VALUE...][,NAME...]",
        help="further candidates",
    )
    group.add_argument(
        "--budget",
        type=positive_float,
        metavar="SECONDS",
        help="time after which no new candidate is started",
    )
    group.add_argument(
        "--split-seed",
        type=seed,
        default=0,
        metavar="N",
        help="seed of the split of the samples into those for the choice and those for the final "
        "figure (default: 0)",
    )
    group.add_argument(
        "--checkpoint",
        metavar="FILE",
        help="file (.json) that keeps what was measured; the same command continues from there",
    )
    group.add_argument("--csv", metavar="FILE", help="write a line for each candidate and reading")
    group.add_argument("--html", metavar="FILE", help="write an interactive page of the search")
    group.add_argument(
        "--figure", metavar="FILE", help="write a figure of the Pareto front: .png, .svg or .pdf"
    )


def _run(options: argparse.Namespace) -> None:
    reads = (options.network, options.data, options.labels, options.calibration_data)
    check_output(options.output, (".safetensors",), reads=reads)
    if options.csv is not None:
        check_output(options.csv, (".csv",), reads=reads)
    check_page(options.html, reads)
    if options.checkpoint is not None:
        check_output(options.checkpoint, (".json",), reads=reads)
    check_picture(options.figure, reads)
    from ..experiments.tune import tune

    network = load_network(options.network)
    ways = None if options.recipes is None else (*options.recipes, *options.candidates)
    arguments = read_conversions(options, ways)
    with workers(options, options.parts) as (executor, num_threads):
        found = tune(
            network,
            max_loss=options.max_loss,
            cost=options.cost,
            recipes=options.recipes,
            candidates=options.candidates,
            budget=options.budget,
            split_seed=options.split_seed,
            checkpoint=options.checkpoint,
            executor=executor,
            num_threads=num_threads,
            **arguments,
        )
    found.network.save(options.output)
    if options.csv is not None:
        found.to_csv(options.csv)
    if options.html is not None:
        found.to_html(options.html)
    if options.figure is not None:
        write_picture(found.plot(), Path(options.figure))
    if options.json:
        print_json({"network": options.network, "data": options.data, **found.to_dict()})
    else:
        print(found)
    say(f"written to {options.output}")


COMMAND = Command(
    name="tune",
    summary="find the cheapest conversion of a network within a loss of accuracy",
    example=(
        "  pysnn tune ann.safetensors --data mnist:train --samples 50000:60000 \\\n"
        "      --calibration-data mnist:train --calibration-data-samples 1000 \\\n"
        "      --output snn.safetensors\n"
        "  pysnn tune net.onnx --data held_out.npz --calibration-data train.npz \\\n"
        "      --max-loss 0.01 --cost steps --budget 600 --checkpoint tune.json \\\n"
        "      --figure front.svg\n"
        "  pysnn tune net.onnx --data held_out.npz --calibration-data train.npz \\\n"
        "      --recipes signed --candidates robust:initial_potential=0.25"
    ),
    add_arguments=_add_arguments,
    run=_run,
)
