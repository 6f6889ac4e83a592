"""The reader of PyTorch's files makes tensors and nothing else."""

from __future__ import annotations

import io
import pickle
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from torch_file import MAGIC, load_tensors


class _Class:
    """Pickled as a class of another module."""

    def __init__(self, module: str, name: str) -> None:
        self.__module__, self.__qualname__ = module, name


class _Pickler(pickle._Pickler):  # type: ignore[name-defined, misc]
    """Writes what stands for storages and for classes of PyTorch as torch.save does."""

    def persistent_id(self, obj: Any) -> Any:
        return obj if isinstance(obj, tuple) and obj[:1] == ("storage",) else None

    def save(self, obj: Any, save_persistent_id: bool = True) -> None:
        if isinstance(obj, _Class):
            self.write(f"c{obj.__module__}\n{obj.__qualname__}\n".encode())
            return
        super().save(obj, save_persistent_id)


def saved(path: Path, tensors: dict[str, np.ndarray]) -> Path:
    """Write tensors as torch.save did before version 1.6."""
    with path.open("wb") as file:
        for value in (MAGIC, 1001, {"little_endian": True}):
            pickle.dump(value, file, protocol=2)
        text = io.BytesIO()
        pickler = _Pickler(text, protocol=2)
        state = {
            name: ("storage", _Class("torch", "FloatStorage"), name, "cpu", array.size, None)
            for name, array in tensors.items()
        }
        pickler.write(b"\x80\x02}(")
        for name, array in tensors.items():
            pickler.save(name)
            pickler.write(b"ctorch._utils\n_rebuild_tensor_v2\n(")
            pickler.save(state[name])
            strides = tuple(step // array.itemsize for step in array.strides)
            for part in (0, array.shape, strides, False, {}):
                pickler.save(part)
            pickler.write(b"tR")
        pickler.write(b"u.")
        file.write(text.getvalue())
        pickle.dump(list(tensors), file, protocol=2)
        for array in tensors.values():
            file.write(struct.pack("<q", array.size))
            file.write(array.astype("<f4").tobytes())
    return path


def test_tensors_are_read(tmp_path: Path) -> None:
    tensors = {"a": np.arange(6, dtype=np.float32).reshape(2, 3), "b": np.ones(1, np.float32)}
    found = load_tensors(saved(tmp_path / "weights.th", tensors))
    assert list(found) == ["a", "b"]
    np.testing.assert_array_equal(found["a"], tensors["a"])
    np.testing.assert_array_equal(found["b"], tensors["b"])


def test_nothing_else_is_unpickled(tmp_path: Path) -> None:
    path = tmp_path / "bad.th"
    with path.open("wb") as file:
        for value in (MAGIC, 1001, {}):
            pickle.dump(value, file, protocol=2)
        file.write(b"\x80\x02cposix\nsystem\n(X\x04\x00\x00\x00truetR.")
    with pytest.raises(ValueError, match=r"holds a posix\.system, which is not read"):
        load_tensors(path)


def test_another_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.th"
    path.write_bytes(pickle.dumps(3))
    with pytest.raises(ValueError, match=r"no file of torch\.save"):
        load_tensors(path)
