"""Model files taken apart and put together again without the package's own code."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray


def join(header: bytes, data: bytes = b"") -> bytes:
    """Return a file with this header, whatever it says."""
    return struct.pack("<Q", len(header)) + header + data


def split(file: bytes) -> tuple[bytes, bytes]:
    """Return header and data of a file."""
    (length,) = struct.unpack("<Q", file[:8])
    return file[8 : 8 + length], file[8 + length :]


def compact(value: object) -> str:
    """Return JSON in the form that files have."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


@dataclass
class Parts:
    """Description and tensors of a model file, to be changed at will."""

    description: dict[str, Any]
    tensors: dict[str, NDArray[np.float32]]

    @classmethod
    def of(cls, file: bytes) -> Self:
        """Take a file apart."""
        header_text, data = split(file)
        header = json.loads(header_text)
        description = json.loads(header.pop("__metadata__")["pysnn"])
        tensors = {}
        for name, entry in header.items():
            begin, end = entry["data_offsets"]
            values = np.frombuffer(data[begin:end], dtype="<f4")
            tensors[name] = values.reshape(entry["shape"])
        return cls(description, tensors)

    def header(self) -> dict[str, Any]:
        """Return the header of the file."""
        header: dict[str, Any] = {"__metadata__": {"pysnn": compact(self.description)}}
        position = 0
        for name, values in sorted(self.tensors.items()):
            end = position + values.nbytes
            header[name] = {
                "data_offsets": [position, end],
                "dtype": "F32",
                "shape": list(values.shape),
            }
            position = end
        return header

    def data(self) -> bytes:
        """Return the bytes of all tensors."""
        return b"".join(
            values.astype("<f4").tobytes() for _, values in sorted(self.tensors.items())
        )

    def file(self) -> bytes:
        """Return the bytes of the file."""
        text = compact(self.header()).encode()
        return join(text + b" " * (-len(text) % 8), self.data())
