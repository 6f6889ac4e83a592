"""Numbers of ONNX files: within the file, or in files beside it."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np

from ... import _core
from ..._base.memory import check_memory
from ..building import Array
from .arguments import HALVES

_EXTERNAL = 1  # TensorProto.EXTERNAL
_BFLOAT16 = 16  # TensorProto.BFLOAT16


class Tensors:
    """Reads the tensors of a file.

    Args:
        onnx: The library.
        path: The file, whose folder has the numbers that are not in it.
    """

    def __init__(self, onnx: Any, path: str) -> None:
        self._onnx = onnx
        self._path = path
        self._folder = Path(path).resolve().parent

    def array(self, tensor: Any) -> Array:
        """Return the numbers of a tensor.

        Raises:
            ModelFileError: It is damaged, of a kind that is not read, or its numbers are in a file
                that may not be read.
            MemoryError: It is larger than the machine's memory.
        """
        if any(size < 0 for size in tensor.dims):
            raise self._error(tensor, f"has the sizes {list(tensor.dims)}")
        if tensor.data_location == _EXTERNAL:
            return self._external(tensor)
        try:
            array: Array = self._onnx.numpy_helper.to_array(tensor)
        # The library says by many kinds of exception that sizes and numbers do not fit.
        except Exception as error:
            raise self._error(tensor, f"can't be read: {_line(error)}") from None
        if _as_float(array).dtype.kind not in "fiub":
            raise self._error(tensor, f"has numbers of the type {array.dtype}")
        return _as_float(array)

    def embedded(self, tensor: Any) -> Any:
        """Return a tensor with its numbers in it, for libraries that may open no file.

        Half precision becomes float32.
        """
        if tensor.data_type in HALVES:
            return self._onnx.numpy_helper.from_array(self.array(tensor), tensor.name)
        if tensor.data_location != _EXTERNAL:
            return tensor
        return self._onnx.TensorProto(
            name=tensor.name,
            data_type=tensor.data_type,
            dims=tensor.dims,
            raw_data=self._external_bytes(tensor),
        )

    def num_bytes(self, tensor: Any) -> int:
        """Return about how much memory the numbers take in a file."""
        if tensor.data_location != _EXTERNAL:
            return int(tensor.ByteSize())
        return self._dtype(tensor).itemsize * math.prod(int(size) for size in tensor.dims)

    def _external(self, tensor: Any) -> Array:
        array = np.frombuffer(self._external_bytes(tensor), self._dtype(tensor))
        if tensor.data_type == _BFLOAT16:
            array = (array.astype(np.uint32) << 16).view(np.float32)
        return _as_float(array.reshape(tuple(tensor.dims)))

    def _external_bytes(self, tensor: Any) -> bytes:
        entries = {entry.key: entry.value for entry in tensor.external_data}
        location = entries.get("location", "")
        itemsize = self._dtype(tensor).itemsize
        size = math.prod(tensor.dims) * itemsize
        try:
            offset = int(entries.get("offset", 0))
            length = int(entries.get("length", size))
        except ValueError:
            raise self._error(tensor, f"has external data at {entries}") from None
        file = self._checked_file(tensor, location)
        available = file.stat().st_size
        if length != size or offset < 0 or offset + length > available:
            raise self._error(
                tensor,
                f"has {size} bytes at {offset} of {location!r}, which says {length} and has "
                f"{available}",
            )
        check_memory(f"tensor {tensor.name!r}", tuple(tensor.dims), itemsize)
        with file.open("rb") as opened:
            opened.seek(offset)
            return opened.read(length)

    def _dtype(self, tensor: Any) -> np.dtype[Any]:
        if tensor.data_type == _BFLOAT16:
            return np.dtype("<u2")
        try:
            dtype = np.dtype(self._onnx.helper.tensor_dtype_to_np_dtype(tensor.data_type))
        except (KeyError, TypeError, ValueError):
            raise self._error(tensor, f"has numbers of the type {tensor.data_type}") from None
        if dtype.kind not in "fiub" or not dtype.itemsize:
            raise self._error(tensor, f"has numbers of the type {dtype}")
        little_endian: np.dtype[Any] = dtype.newbyteorder("<")
        return little_endian

    def _checked_file(self, tensor: Any, location: str) -> Path:
        """Return a file of the same folder that no link leads out of."""
        relative = Path(location)
        outside = relative.is_absolute() or ".." in relative.parts or ":" in location
        file = self._folder / relative
        if not location or outside or not file.resolve().is_relative_to(self._folder):
            raise self._error(
                tensor, f"has its numbers in {location!r}, but may read in the file's folder alone"
            )
        if file.is_symlink() or not file.is_file():
            raise self._error(
                tensor, f"has its numbers in {location!r}, which is no file beside the model"
            )
        return file

    def _error(self, tensor: Any, text: str) -> _core.ModelFileError:
        return _core.ModelFileError(f"{self._path}: tensor {tensor.name!r} {text}")


def _as_float(array: Array) -> Array:
    """Return half precision, also the library's own kind of it, as float32."""
    if array.dtype == np.float16 or array.dtype.kind == "V" or "bfloat" in str(array.dtype):
        return array.astype(np.float32)
    return array


def _line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
