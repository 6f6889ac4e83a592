"""Arrays of a file that torch.save wrote before version 1.6, read without PyTorch.

Such a file is a row of pickles (a magic number, a version, sizes of numbers, the object, the names
of its storages) and behind them the numbers of each storage. Nothing but tensors, dictionaries and
plain values is unpickled: any other class is refused by name.
"""

from __future__ import annotations

import collections
import pickle
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

MAGIC = 0x1950A86A20F9469CFC6C
_DTYPES = {"FloatStorage": "<f4", "DoubleStorage": "<f8", "LongStorage": "<i8", "IntStorage": "<i4"}


@dataclass(frozen=True)
class _Storage:
    """Numbers that the file has behind the pickles."""

    key: str
    dtype: str
    size: int


@dataclass(frozen=True)
class _Tensor:
    """A view of a storage."""

    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]

    def array(self, storages: dict[str, NDArray[Any]]) -> NDArray[Any]:
        """Return a copy of the numbers."""
        numbers = storages[self.storage.key]
        steps = [step * numbers.itemsize for step in self.strides]
        last = self.offset + sum((n - 1) * s for n, s in zip(self.shape, self.strides, strict=True))
        if min([self.offset, *self.strides]) < 0 or last >= max(len(numbers), 1):
            raise ValueError(f"a tensor of shape {self.shape} reaches beyond its storage")
        view = np.lib.stride_tricks.as_strided(numbers[self.offset :], self.shape, steps)
        return view.copy()


def _tensor(storage: _Storage, offset: int, shape: Any, strides: Any, *_: Any) -> _Tensor:
    return _Tensor(storage, offset, tuple(shape), tuple(strides))


def _parameter(data: _Tensor, *_: Any) -> _Tensor:
    return data


class _Unpickler(pickle.Unpickler):
    """Makes tensors and dictionaries, and nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return collections.OrderedDict
        if module == "torch._utils" and name.startswith("_rebuild_tensor"):
            return _tensor
        if (module, name) == ("torch._utils", "_rebuild_parameter"):
            return _parameter
        if module == "torch" and name in _DTYPES:
            return _DTYPES[name]
        raise ValueError(f"the file holds a {module}.{name}, which is not read")

    def persistent_load(self, pid: Any) -> _Storage:
        kind, dtype, key, _, size, *_ = pid
        if kind != "storage":
            raise ValueError(f"the file holds a {kind!r} behind its pickles, which is not read")
        return _Storage(str(key), dtype, int(size))


def load_tensors(path: Path) -> dict[str, NDArray[Any]]:
    """Return the tensors of a state dictionary, also of one that is under ``"state_dict"``.

    Raises:
        OSError: The file can't be read.
        ValueError: It is no such file, or holds something else.
    """
    with path.open("rb") as file:
        if _Unpickler(file).load() != MAGIC:
            raise ValueError(f"{path} is no file of torch.save before version 1.6")
        _Unpickler(file).load()
        _Unpickler(file).load()
        saved = _Unpickler(file).load()
        keys = [str(key) for key in _Unpickler(file).load()]
        tensors = {
            name: value
            for name, value in saved.get("state_dict", saved).items()
            if isinstance(value, _Tensor)
        }
        known = {tensor.storage.key: tensor.storage for tensor in tensors.values()}
        storages = {key: _numbers(file, known[key]) for key in keys}
    return {name: tensor.array(storages) for name, tensor in tensors.items()}


def _numbers(file: BinaryIO, storage: _Storage) -> NDArray[Any]:
    (size,) = struct.unpack("<q", file.read(8))
    if size != storage.size:
        raise ValueError(
            f"storage {storage.key} has {size} numbers, but should have {storage.size}"
        )
    dtype = np.dtype(storage.dtype)
    return np.frombuffer(file.read(size * dtype.itemsize), dtype)
