"""What a search has measured, kept in a file from one call to the next."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..._base.digests import sha256
from ..._base.files import write_json
from ..._base.system import STREAM_VERSION, VERSION
from ...io import to_bytes
from ...network import Network
from ...spiking import Stimulus
from ..compare import Candidate
from ..compare.readings import ClassifiedSamples, Readings

_KIND = "tune"

Kept = Readings | str
"""Readings of a candidate, or why the network can't be converted so."""


class Checkpoint:
    """Results by what they depend on: network, data, candidate, steps and stimulus.

    A file may serve several searches: none takes what another one measured on something else.

    Args:
        path: The file, made at the first result; None keeps results for this call alone.
        network: The network that is converted.
        calibration: Samples for the conversion.

    Raises:
        ValueError: The file is none that a search has written.
        OSError: It can't be read.
    """

    def __init__(
        self, path: Path | None, network: Network, calibration: NDArray[np.float32] | None
    ) -> None:
        self._path = path
        self._results: dict[str, Any] = {}
        if path is None:
            return
        self._common = sha256(
            f"{VERSION} {STREAM_VERSION}".encode(),
            to_bytes(network),
            *(() if calibration is None else (calibration,)),
        )
        if path.exists():
            self._results = _read(path)
        elif not path.parent.is_dir():
            raise FileNotFoundError(f"checkpoint is {path}, but there is no folder {path.parent}")

    def key(
        self,
        candidate: Candidate,
        samples: ClassifiedSamples,
        steps: tuple[int, ...],
        stimulus: Stimulus,
    ) -> str:
        """Return what results of a candidate on some samples are kept under."""
        if self._path is None:
            return ""
        drive = repr({name: _text(value) for name, value in stimulus.options().items()})
        way = repr((candidate.recipe, [(name, _text(v)) for name, v in candidate.keywords]))
        words = f"{self._common} {way} {steps} {drive}"
        return sha256(words.encode(), samples.x, samples.y)

    def load(self, key: str) -> Kept | None:
        """Return what is kept under a key, None for nothing."""
        values = self._results.get(key)
        if values is None or isinstance(values, str):
            return values
        return Readings(
            **{each.name: np.array(values[each.name], np.int64) for each in fields(Readings)}
        )

    def save(self, key: str, result: Kept) -> None:
        """Keep a result; an interruption leaves the file as it was or whole.

        Raises:
            OSError: The file can't be written.
        """
        if self._path is None:
            return
        if isinstance(result, str):
            self._results[key] = result
        else:
            self._results[key] = {name: v.tolist() for name, v in vars(result).items()}
        write_json(self._path, {"kind": _KIND, "results": self._results})


def _read(path: Path) -> dict[str, Any]:
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        results = values["results"] if values["kind"] == _KIND else None
    except (ValueError, KeyError, TypeError):
        results = None
    if not isinstance(results, dict) or not all(_is_result(each) for each in results.values()):
        raise ValueError(f"checkpoint is {path}, which is no file that tune has written")
    return results


def _is_result(value: object) -> bool:
    if isinstance(value, str):
        return True
    names = {each.name for each in fields(Readings)}
    return isinstance(value, Mapping) and value.keys() == names


def _text(value: object) -> str:
    """Return a value as text that tells it from any other, arrays by their hash."""
    return sha256(value) if isinstance(value, np.ndarray) else repr(value)
