"""`pysnn compare`: conversions of a network side by side."""

from __future__ import annotations

import argparse
from pathlib import Path

from .arguments import add_json, positive_int
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
from .output import print_json
from .pictures import check_page, check_picture, write_picture
from .workers import workers

_STEPS = 256


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    add_conversions(parser, "samples that the networks classify")
    group = parser.add_argument_group("what is compared")
    group.add_argument(
        "--recipes",
        type=recipe_list,
        metavar="NAME[:KEYWORD=VALUE...][,NAME...]",
        help="recipes, with keywords of pysnn.convert that override them (default: all)",
    )
    add_step_list(
        group,
        f"figures after 4, 8, 16 ... and N steps, or after those of a list such as 1,2,4 "
        f"(default: {_STEPS})",
    )
    group.add_argument(
        "--convert-steps",
        type=positive_int,
        metavar="N",
        help="number of steps to calibrate for (default: each recipe's own)",
    )
    add_drive(group)
    _add_outputs(parser)
    add_work(parser, "recipes and samples")
    add_json(parser, "tables")


def _add_outputs(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("files")
    group.add_argument(
        "--csv", metavar="FILE", help="write a line for each recipe and number of steps"
    )
    group.add_argument("--html", metavar="FILE", help="write an interactive page with all of it")
    group.add_argument(
        "--figure",
        metavar="FILE",
        help="write a figure of accuracy against steps: .png, .svg or .pdf",
    )


def _run(options: argparse.Namespace) -> None:
    reads = (options.network, options.data, options.labels, options.calibration_data)
    if options.csv is not None:
        check_output(options.csv, (".csv",), reads=reads)
    check_page(options.html, reads)
    check_picture(options.figure, reads)
    from ..experiments.compare import compare

    network = load_network(options.network)
    arguments = read_conversions(options, options.recipes)
    with workers(options, options.parts) as (executor, num_threads):
        found = compare(
            network,
            recipes=options.recipes,
            convert_steps=options.convert_steps,
            executor=executor,
            num_threads=num_threads,
            **arguments,
        )
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


COMMAND = Command(
    name="compare",
    summary="convert a network by several recipes and show accuracy and cost side by side",
    example=(
        "  pysnn compare ann.safetensors --calibration-data mnist:train \\\n"
        "      --calibration-data-samples 1000\n"
        "  pysnn compare net.onnx --data test.npz --calibration-data train.npz \\\n"
        "      --recipes robust,signed --num-steps 64 --csv recipes.csv --figure recipes.svg\n"
        "  pysnn compare net.onnx --data test.npz --calibration-data train.npz \\\n"
        "      --recipes robust,robust:percentile=99.99:neuron=signed --num-steps 1,2,4,8,16"
    ),
    add_arguments=_add_arguments,
    run=_run,
)
