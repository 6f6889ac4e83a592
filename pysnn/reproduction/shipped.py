"""The trained networks that come with the package, and the simulations that they must give."""

from __future__ import annotations

import hashlib
import importlib.resources
import json
from pathlib import Path

import numpy as np

from .._base.files import replacing, write_json
from ..io import from_bytes
from ..network import Network
from ..spiking import SimulationResult
from .results import Published
from .trained_models import SHIPPED, TrainedModel

_FOLDER = "networks"
_DIGESTS = "digests.json"


def take_shipped(name: str, folder: Path) -> TrainedModel:
    """Return a trained network of the package, and leave it and its record in a folder.

    Args:
        name: Its short name, such as ``"fcn"``.
        folder: Where the model file is put, in place of what is there.

    Raises:
        ValueError: The package's file is damaged.
        OSError: A file can't be written.
    """
    data, record = _read(f"{name}.safetensors"), json.loads(_read(f"{name}.json"))
    if hashlib.sha256(data).hexdigest() != record["model_sha256"]:
        raise ValueError(f"pysnn/data/{_FOLDER}/{name}.safetensors is damaged: reinstall pysnn")
    network = from_bytes(data)
    assert isinstance(network, Network)
    with replacing(folder / f"{name}.safetensors") as temporary:
        temporary.write_bytes(data)
    write_json(folder / f"{name}.json", {SHIPPED: True, **record})
    return TrainedModel(network, record["training"], record["seconds"], reused=True, shipped=True)


def digest(simulated: SimulationResult) -> str:
    """Return the SHA-256 of predictions after each step and of all counts of a simulation."""
    found = hashlib.sha256()
    for array, kind in (
        (simulated.predictions_over_time, "<i4"),
        (simulated.spike_counts, "<i4"),
        (simulated.num_input_spikes, "<i8"),
        (simulated.num_spikes, "<i8"),
        (simulated.synaptic_operations, "<i8"),
    ):
        found.update(np.ascontiguousarray(array, dtype=kind).tobytes())
    return found.hexdigest()


def compared_with_published(digests: dict[str, str]) -> Published:
    """Compare digests of simulations with the published ones.

    Args:
        digests: Digest by network and normalization, ``"fcn, data"``, of shipped networks under
            the settings of a full run with seed 0.
    """
    published: dict[str, str] = json.loads(_read(_DIGESTS))
    compared = {name: each for name, each in digests.items() if name in published}
    different = (name for name, each in compared.items() if published[name] != each)
    return Published(compared, tuple(different))


def _read(name: str) -> bytes:
    # Read through resources: the package may lie in a zip file.
    return (importlib.resources.files("pysnn") / "data" / _FOLDER / name).read_bytes()
