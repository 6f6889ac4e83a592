"""Arrays of a safetensors file of any program, read strictly and one by one."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

_MOST_HEADER = 32 << 20  # bytes; 200,000 tensors need less
_ITEM_SIZES = {
    **dict.fromkeys(("BOOL", "U8", "I8", "F8_E4M3", "F8_E5M2"), 1),
    **dict.fromkeys(("U16", "I16", "F16", "BF16"), 2),
    **dict.fromkeys(("U32", "I32", "F32"), 4),
    **dict.fromkeys(("U64", "I64", "F64"), 8),
}
_FLOATS = {"F16": "<f2", "F32": "<f4", "F64": "<f8"}


class DamagedError(Exception):
    """Says what of a file is not as the format demands, as the end of "<path>: "."""


@dataclass(frozen=True)
class Tensor:
    """Where an array stands in its file.

    Attributes:
        dtype: The format's name of the type, such as ``"BF16"``.
        shape: Its shape.
        start: First byte in the file.
        num_bytes: Number of bytes.
    """

    dtype: str
    shape: tuple[int, ...]
    start: int
    num_bytes: int

    @property
    def holds_floats(self) -> bool:
        """Whether `read` gives it."""
        return self.dtype in (*_FLOATS, "BF16")

    def read(self, file: BinaryIO) -> NDArray[np.floating]:
        """Return the numbers of an array of floats; those of bfloat16 as float32, which is exact.

        Raises:
            DamagedError: The file has become shorter.
        """
        file.seek(self.start)
        data = file.read(self.num_bytes)
        if len(data) != self.num_bytes:
            raise DamagedError("ends within a tensor")
        if self.dtype == "BF16":
            bits = np.frombuffer(data, dtype="<u2").astype(np.uint32) << 16
            return bits.view(np.float32).reshape(self.shape)
        return np.frombuffer(data, dtype=_FLOATS[self.dtype]).reshape(self.shape)


def read_header(file: BinaryIO) -> tuple[dict[str, Tensor], Mapping[str, Any]]:
    """Return the tensors of a file by name, and its metadata; no number is read.

    Raises:
        DamagedError: The file is no safetensors file, or is damaged.
    """
    size = os.fstat(file.fileno()).st_size
    start = file.read(8)
    if start[:4] == b"PK\x03\x04" or start[:2] in (b"\x80\x02", b"\x80\x04"):
        raise DamagedError(
            "holds a pickle, which pysnn never runs; write the state_dict by "
            "safetensors.torch.save_file"
        )
    length = int.from_bytes(start, "little")
    if len(start) < 8 or not 2 <= length <= min(size - 8, _MOST_HEADER):
        raise DamagedError("is no safetensors file, or is cut off")
    header = _parsed(file.read(length))
    metadata = header.pop("__metadata__", {})
    if not isinstance(metadata, dict):
        raise DamagedError("has metadata that is no object")
    tensors = {name: _tensor(name, entry, 8 + length) for name, entry in header.items()}
    end = 8 + length
    for each in sorted(tensors.values(), key=lambda each: (each.start, each.num_bytes)):
        if each.start != end:
            raise DamagedError("has tensors with gaps between them, or on top of each other")
        end += each.num_bytes
    if end != size:
        raise DamagedError(f"has {size} bytes, but its tensors need {end}")
    return tensors, metadata


def _parsed(text: bytes) -> dict[str, Any]:
    try:
        header = json.loads(text, object_pairs_hook=_distinct)
    except (ValueError, RecursionError):
        raise DamagedError("is no safetensors file: its header is no JSON") from None
    if not isinstance(header, dict):
        raise DamagedError("is no safetensors file: its header is no object")
    return header


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is there twice")
    return found


def _tensor(name: str, entry: Any, base: int) -> Tensor:
    if not isinstance(entry, dict) or entry.keys() != {"dtype", "shape", "data_offsets"}:
        raise DamagedError(f"has no dtype, shape and data_offsets for tensor {name!r}")
    dtype, shape, offsets = entry["dtype"], entry["shape"], entry["data_offsets"]
    if not isinstance(dtype, str) or dtype not in _ITEM_SIZES:
        raise DamagedError(f"has the unknown dtype {dtype!r} for tensor {name!r}")
    if not _are_sizes(shape) or not _are_sizes(offsets) or len(offsets) != 2:
        raise DamagedError(f"has sizes that are none for tensor {name!r}")
    begin, end = offsets
    if end - begin != math.prod(shape) * _ITEM_SIZES[dtype]:
        raise DamagedError(f"has {end - begin} bytes for tensor {name!r} of shape {shape}")
    return Tensor(dtype, tuple(shape), base + begin, end - begin)


def _are_sizes(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) <= np.iinfo(np.int8).max
        and all(type(each) is int and 0 <= each < 1 << 63 for each in value)
    )
