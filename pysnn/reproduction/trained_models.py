"""Training a network, or taking the model file that an earlier run with the same settings left."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .._base.files import write_json
from .._base.system import VERSION
from ..io import load
from ..network import Network
from .blas import blas_words, describe_blas
from .settings import NetworkSettings, ReproduceSettings

SHIPPED = "came_with_pysnn"
"""Key of the record of a network that this machine has not trained."""


@dataclass(frozen=True, eq=False)
class TrainedModel:
    """A trained network and how it came to be.

    Attributes:
        network: The ReLU network.
        training: Settings and history of the training, ready for JSON.
        seconds: Wall-clock time of the training.
        reused: Whether it was read from a file of an earlier run, or of the package.
        shipped: Whether it came with the package.
    """

    network: Network
    training: dict[str, Any]
    seconds: float
    reused: bool
    shipped: bool = False


def train_or_reuse(
    network_settings: NetworkSettings,
    settings: ReproduceSettings,
    x: NDArray[np.float32],
    y: NDArray[Any],
    *,
    folder: Path,
    progress: bool | None,
    say: Callable[[str], None],
) -> TrainedModel:
    """Return a trained network, from ``folder`` where it fits, and leave it there.

    ``<name>.json`` beside the model file holds what the model was made with, and the model
    file's SHA-256. Where anything differs, the network is trained again and both are replaced.

    Args:
        network_settings: The network and its recipe.
        settings: Settings of the whole run.
        x: Training images, the held-out ones at the end, (num_samples, ...).
        y: Their labels, (num_samples,).
        folder: Where model files are kept.
        progress: As for :func:`pysnn.train`.
        say: Takes one line about what was done and why.
    """
    name = network_settings.name
    model_path, record_path = folder / f"{name}.safetensors", folder / f"{name}.json"
    wanted = _made_with(network_settings, settings, len(x))
    if model_path.exists():
        try:
            model = _reuse(model_path, record_path, wanted)
        except _NotUsableError as reason:
            say(f"{name}: {model_path} {reason}; training again")
        else:
            say(f"{name}: model of an earlier run with the same settings taken from {model_path}")
            return model
    # Built before the announcement: it imports numpy.random, where a Ctrl-C can get lost.
    network = network_settings.recipe.build(settings.seed)
    say(f"{name}: training {wanted['recipe']['epochs']} epochs")
    start = time.perf_counter()
    history = network_settings.recipe.train(
        network,
        x,
        y,
        validation_split=settings.num_validation,
        seed=settings.seed,
        progress=progress,
    )
    seconds = time.perf_counter() - start
    network.save(model_path)
    training = {**wanted, "history": history.columns(), "blas": describe_blas()}
    say(
        f"{name}: trained with {blas_words(training['blas'])}; with another library, kernel or "
        f"number of threads the weights would be others"
    )
    record = {"model_sha256": _sha256(model_path), "seconds": seconds, "training": training}
    # Written after the model: a run that ends in between leaves a model that no record vouches for.
    write_json(record_path, record)
    return TrainedModel(network, training, seconds, reused=False)


class _NotUsableError(Exception):
    """Says, after the file's name, why a model file cannot be taken."""


def _made_with(
    network_settings: NetworkSettings, settings: ReproduceSettings, num_train: int
) -> dict[str, Any]:
    return {
        "network": network_settings.name,
        "recipe": network_settings.recipe.to_dict(),
        "seed": settings.seed,
        "num_train": num_train,
        "num_validation": settings.num_validation,
        "pysnn_version": VERSION,
    }


def _reuse(model_path: Path, record_path: Path, wanted: dict[str, Any]) -> TrainedModel:
    try:
        record = json.loads(record_path.read_text(encoding="utf-8"))
        training, seconds = dict(record["training"]), float(record["seconds"])
        sha256 = record["model_sha256"]
        shipped = record.get(SHIPPED, False)
    except FileNotFoundError:
        raise _NotUsableError(f"has no {record_path.name} beside it") from None
    except (OSError, ValueError, KeyError, TypeError):
        raise _NotUsableError(f"has an unreadable {record_path.name} beside it") from None
    if shipped:
        raise _NotUsableError("came with pysnn")
    changes = _differences(training, wanted)
    if changes:
        raise _NotUsableError(f"was made with other settings ({'; '.join(changes)})")
    if sha256 != _sha256(model_path):
        raise _NotUsableError("was changed since it was made")
    try:
        network = load(model_path)
    except (OSError, ValueError) as error:
        raise _NotUsableError(f"cannot be read ({error})") from None
    if not isinstance(network, Network):
        raise _NotUsableError("holds no ReLU network")
    return TrainedModel(network, training, seconds, reused=True)


def _differences(made_with: dict[str, Any], wanted: dict[str, Any]) -> list[str]:
    changes = []
    # JSON has lists for tuples, so the wanted settings take the same way.
    for key, value in json.loads(json.dumps(wanted)).items():
        before = made_with.get(key)
        if isinstance(value, dict) and isinstance(before, dict):
            changes += _differences(before, value)
        elif before != value:
            changes.append(f"{key} was {before}, is {value}")
    return changes


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
