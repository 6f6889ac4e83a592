"""`pysnn train`: a ReLU network from samples and labels."""

from __future__ import annotations

import argparse
import dataclasses
import math
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .._base.arrays import as_labels, samples_shape
from ..training.descent_settings import DEFAULT_DESCENT, DESCENTS, FOR_LEVELS, SCHEDULES
from ..training.losses import LOSSES
from ..training.trainable import check_not_pixels
from .arguments import add_json, add_old_name, add_seed, fraction, positive_float, positive_int
from .command import Command, UsageError, values_as_usage
from .data import Samples, add_data, read_samples
from .files import check_output, load_network
from .output import print_json

if TYPE_CHECKING:
    from ..network import Network
    from ..training import DescentSettings, History

_PAPERS = ("diehl2015-fcn", "diehl2015-convnet")
_HELD_OUT = 1 / 12  # 5,000 of the 60,000 images of MNIST


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--output",
        metavar="FILE",
        default="network.safetensors",
        help="model file to write (default: network.safetensors)",
    )
    parser.add_argument(
        "--model",
        metavar="MODEL",
        default=_PAPERS[0],
        help=f"{_PAPERS[0]} (784-1200-1200-10) or {_PAPERS[1]}; any network in that notation, such "
        f"as 28x28-12c5-2s-10o; or a model file, to train it further (default: {_PAPERS[0]})",
    )
    parser.add_argument(
        "--bias", action="store_true", help="biases in all layers of a network in that notation"
    )
    parser.add_argument(
        "--levels",
        type=positive_int,
        metavar="L",
        help="quantize activations to L steps up to a learned maximum, with linear outputs (QCFS), "
        "for spiking networks that run a few steps; the default loss is then "
        "softmax_cross_entropy",
    )
    add_data(parser, "samples to train on", default="mnist:train")
    _add_recipe(parser)
    test_data = parser.add_argument(
        "--test-data",
        metavar="SOURCE",
        help="samples to classify after training, such as mnist:test",
    )
    add_old_name(parser, "--test", test_data)
    parser.add_argument("--test-labels", metavar="SOURCE", help="their classes, as --labels")
    parser.add_argument(
        "--history",
        metavar="FILE",
        help="write loss, accuracies and time of each epoch to FILE.csv or FILE.json",
    )
    add_json(parser, "a table of the epochs")


def _add_recipe(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group(
        "gradient descent", "Each option overrides a part of the recipe."
    )
    group.add_argument(
        "--recipe",
        choices=tuple(DESCENTS),
        help="named settings: diehl2015 is what the paper says about its fully connected network, "
        "diehl2015_fcn and diehl2015_convnet are how 'pysnn reproduce' trains its two networks "
        f"(default: those for the paper's networks, {DEFAULT_DESCENT} for all others)",
    )
    group.add_argument("--epochs", type=positive_int, metavar="N", help="passes over the samples")
    group.add_argument("--batch-size", type=positive_int, metavar="N", help="samples per update")
    group.add_argument(
        "--learning-rate",
        type=positive_float,
        metavar="RATE",
        help="learning rate of the first epoch",
    )
    group.add_argument(
        "--schedule",
        choices=SCHEDULES,
        help="whether the learning rate falls linearly over the epochs or stays constant",
    )
    group.add_argument(
        "--momentum", type=fraction, metavar="M", help="fraction of the last update that is kept"
    )
    group.add_argument(
        "--dropout",
        type=_fractions,
        metavar="P[,P...]",
        help="fraction of units silenced in hidden layers: one for all of them, or one for each",
    )
    group.add_argument("--loss", choices=tuple(LOSSES), help="loss function that is minimized")
    group.add_argument(
        "--max-gradient-norm",
        type=positive_float,
        metavar="NORM",
        help="scale gradients down to this norm if they exceed it",
    )
    group.add_argument(
        "--validation-split",
        type=_number_or_fraction,
        default=_HELD_OUT,
        metavar="N",
        help="samples to hold out from the end, a number or a fraction (default: a twelfth)",
    )
    add_seed(group, "initial weights, the order of samples and dropout")


def _run(options: argparse.Namespace) -> None:
    _check(options)
    network = _build(options)
    recipe, settings = _settings(options)
    samples, labels = _labelled(read_samples(options), "--labels", network)
    test = _read_test(options, network)
    history = _train(options, network, settings, samples, labels)
    network.save(options.output)
    if options.history is not None:
        _write_history(history, Path(options.history))
    accuracy = None if test is None else network.accuracy(test[0].x, test[1], scale=test[0].scale)
    if options.json:
        print_json(_to_dict(options, recipe, settings, history, accuracy))
        return
    print(history)
    if accuracy is not None:
        print(f"accuracy on {options.test_data}: {accuracy:.2%}")
    print(f"network written to {options.output}")


def _check(options: argparse.Namespace) -> None:
    reads = [options.data, options.labels, options.test_data, options.test_labels]
    if _is_file(options.model):
        reads.append(options.model)
    check_output(options.output, (".safetensors",), reads=reads)
    if options.history is not None:
        check_output(options.history, (".csv", ".json"), reads=reads)
    if options.test_labels is not None and options.test_data is None:
        raise UsageError("--test-labels goes with --test-data, which is not given")
    if options.bias and (options.model in _PAPERS or _is_file(options.model)):
        raise UsageError(
            f"--bias is given, but --model {options.model} already says which layers have biases"
        )
    if options.levels is not None and _is_file(options.model):
        raise UsageError(
            f"--levels is given, but --model {options.model} is a model file, which keeps its "
            "levels"
        )


def _build(options: argparse.Namespace) -> Network:
    """Return the network to train."""
    from ..models import diehl2015_convnet, diehl2015_fcn

    if options.model in _PAPERS:
        builder = diehl2015_fcn if options.model == _PAPERS[0] else diehl2015_convnet
        network = builder(options.seed)
    elif _is_file(options.model):
        return load_network(options.model)
    else:
        network = _from_words(options)
    return network if options.levels is None else _quantized(network, options)


def _settings(options: argparse.Namespace) -> tuple[str, DescentSettings]:
    """Return the name of the recipe, and its settings with the options that override them."""
    of_model = options.model.replace("-", "_") if options.model in _PAPERS else DEFAULT_DESCENT
    recipe: str = options.recipe or of_model
    settings = DESCENTS[recipe].overridden(**({} if options.levels is None else FOR_LEVELS))
    return recipe, settings.overridden(
        **{field.name: getattr(options, field.name) for field in dataclasses.fields(settings)}
    )


def _train(
    options: argparse.Namespace,
    network: Network,
    settings: DescentSettings,
    samples: Samples,
    labels: NDArray[np.int64],
) -> History:
    """Train the network in place.

    Raises:
        RuntimeError: The trained network is hardly better than a guess.
    """
    from ..training import TrainingWarning, train

    with warnings.catch_warnings():
        # A file that is no better than a guess should not look like one that was trained.
        warnings.simplefilter("error", TrainingWarning)
        try:
            # What does not fit the network is found before training.
            with values_as_usage():
                return train(
                    network,
                    samples.x,
                    labels,
                    **settings.arguments(),
                    validation_split=options.validation_split,
                    seed=options.seed,
                    scale=samples.scale,
                )
        except (TrainingWarning, FloatingPointError) as error:
            words = str(error).replace("learning_rate", "--learning-rate")
            raise RuntimeError(f"{words}; {options.output} was not written") from error


def _from_words(options: argparse.Namespace) -> Network:
    from ..models import from_notation

    try:
        return from_notation(options.model, bias=options.bias, seed=options.seed)
    except ValueError as error:
        raise UsageError(f"--model: {error}") from error


def _quantized(network: Network, options: argparse.Namespace) -> Network:
    from ..models import quantized

    try:
        return quantized(network, options.levels)
    except ValueError as error:
        raise UsageError(f"--levels: {error}") from error


def _is_file(model: str) -> bool:
    return model.lower().endswith(".safetensors")


def _read_test(
    options: argparse.Namespace, network: Network
) -> tuple[Samples, NDArray[np.int64]] | None:
    if options.test_data is None:
        return None
    words = {"data": options.test_data, "labels": options.test_labels, "scale": options.scale}
    samples = read_samples(argparse.Namespace(**words, samples=None))
    # Found now rather than when the training is over.
    samples_shape(samples.x.shape, network.input_shape, options.test_data)
    return _labelled(samples, "--test-labels", network)


def _labelled(samples: Samples, option: str, network: Network) -> tuple[Samples, NDArray[np.int64]]:
    if samples.y is None:
        raise UsageError(f"{option} must be given, since the samples come without labels")
    if samples.scale is None:
        with values_as_usage():
            check_not_pixels(samples.x, "the samples", "--scale")
    name = option.removeprefix("--")
    with values_as_usage():
        return samples, as_labels(samples.y, len(samples.x), network.output_shape[0], name=name)


def _write_history(history: History, path: Path) -> None:
    from .._base.files import write_json, write_text
    from .._base.tables import csv_text

    columns = history.columns()
    if path.suffix.lower() == ".json":
        write_json(path, columns)
        return
    kept = {name: values for name, values in columns.items() if values}
    rows = zip(range(1, len(history.loss) + 1), *kept.values(), strict=True)
    write_text(path, csv_text(["epoch", *kept], rows))


def _to_dict(
    options: argparse.Namespace,
    recipe: str,
    settings: DescentSettings,
    history: History,
    accuracy: float | None,
) -> dict[str, Any]:
    facts = dataclasses.asdict(settings)
    if math.isinf(settings.max_gradient_norm):  # which JSON does not have
        facts["max_gradient_norm"] = None
    return {
        "file": options.output,
        "data": options.data,
        "network": options.model,
        "recipe": recipe,
        "learning_rate_schedule": facts.pop("schedule"),
        **facts,
        "levels": options.levels,
        "seed": options.seed,
        "validation_split": options.validation_split,
        "history": history.columns(),
        "test_accuracy": accuracy,
    }


def _fractions(text: str) -> float | tuple[float, ...]:
    numbers = tuple(fraction(part) for part in text.split(","))
    return numbers[0] if len(numbers) == 1 else numbers


def _number_or_fraction(text: str) -> int | float:
    return int(text) if text.isdecimal() else fraction(text)


COMMAND = Command(
    name="train",
    summary="train a ReLU network, by default the paper's on MNIST",
    example=(
        "  pysnn train                          the paper's network, as pysnn reproduce trains it\n"
        "  pysnn train --model diehl2015-convnet --output convnet.safetensors \\\n"
        "      --test-data mnist:test\n"
        "  pysnn train --model 784-100-10 --data fashion-images-idx3-ubyte.gz --scale 1/255 \\\n"
        "      --labels fashion-labels-idx1-ubyte.gz --epochs 5 --history history.csv"
    ),
    add_arguments=_add_arguments,
    run=_run,
)
