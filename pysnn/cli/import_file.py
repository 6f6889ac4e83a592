"""`pysnn import`: a network of another program as a model file."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .arguments import add_json, positive_float
from .command import Command, UsageError
from .files import check_no_pickle, check_output

if TYPE_CHECKING:
    from ..importers import Importer

# Names in a namespace, None where an option is not given.
_OF_SOME_FORMATS = ("output_node", "output_activation", "reset", "dt")


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", metavar="FILE", help="file of another program, recognized by its extension"
    )
    parser.add_argument(
        "--output",
        metavar="FILE",
        help="model file to write (default: the same name in this folder, in .safetensors)",
    )
    add_json(parser, "a table")
    group = parser.add_argument_group("what some formats leave open")
    group.add_argument("--output-node", metavar="NAME", help="the output, if the file has several")
    group.add_argument(
        "--output-activation",
        choices=("relu", "none"),
        help="what follows the last layer (default: what the file says)",
    )
    group.add_argument(
        "--reset",
        choices=("zero", "subtract"),
        help="what a spike does to the membrane potential",
    )
    group.add_argument(
        "--dt", type=positive_float, metavar="SECONDS", help="length of a step, for leaks"
    )


def _run(options: argparse.Namespace) -> None:
    importer = _importer(options.file)
    keywords = _keywords(importer, options)
    output = options.output or f"{Path(options.file).stem}.safetensors"
    check_output(output, (".safetensors",), reads=(options.file,))
    from ..io import save
    from .describe import print_file

    model = importer.load(options.file, **keywords)
    save(model, output)
    print_file(output, model, as_json=options.json)


def _importer(path: str) -> Importer:
    from ..importers.registry import IMPORTERS, find, suffix_of

    check_no_pickle(path)
    importer = find(path)
    if importer is not None:
        return importer
    if suffix_of(path) == ".safetensors":
        raise UsageError(
            f"{path} is a model file, which every command reads; weights of PyTorch go into a "
            f"network by pysnn.load_torch_weights(network, path)"
        )
    known = [suffix for each in IMPORTERS for suffix in each.suffixes]
    raise UsageError(f"file is {path}, but its name must end in {' or '.join(known)}")


def _keywords(importer: Importer, options: argparse.Namespace) -> dict[str, Any]:
    """Return what the options of some formats say, as keywords of the importer's function."""
    keywords = {}
    for name in _OF_SOME_FORMATS:
        value = getattr(options, name)
        if value is None:
            continue
        if name not in importer.options:
            raise UsageError(
                f"--{name.replace('_', '-')} is given, but does not apply to {importer.format} "
                f"files"
            )
        keywords[importer.options[name]] = value
    return keywords


COMMAND = Command(
    name="import",
    summary="make a model file of a network of another program",
    example=(
        "  pysnn import net.onnx                                   net.safetensors, and a table\n"
        "  pysnn import net.h5 --output digits.safetensors --json\n"
        "  pysnn import net.mat --output-activation relu           an output that spikes"
    ),
    add_arguments=_add_arguments,
    run=_run,
)
