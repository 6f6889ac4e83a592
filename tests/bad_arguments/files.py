"""Bad arguments of whatever reads and writes files."""

# Wrong types are what half of the rows are about.
# mypy: disable-error-code="arg-type, list-item, call-overload"

from __future__ import annotations

import pysnn

from .calls import Row, X, net, snn, written

FILES: list[Row] = [
    (lambda _: pysnn.load(3), TypeError, ("path", "int")),
    (lambda p: pysnn.load(p / "missing"), FileNotFoundError, ("missing",)),
    (lambda p: pysnn.load(p), IsADirectoryError, ("irectory",)),
    (lambda p: pysnn.load(written(p, b"")), pysnn.ModelFileError, ("file",)),
    (lambda p: pysnn.load(written(p, b"PK" + bytes(40))), pysnn.ModelFileError, ("file",)),
    (lambda p: pysnn.save(X, p / "f"), TypeError, ("model", "ndarray")),
    (lambda _: pysnn.save(net(), 3), TypeError, ("path", "int")),
    (lambda p: pysnn.save(net(), p / "no" / "f"), FileNotFoundError, ("no",)),
    (lambda _: net().save(3), TypeError, ("path", "int")),
    (lambda _: snn().save(3), TypeError, ("path", "int")),
    (lambda p: snn().save(p / "no" / "f"), FileNotFoundError, ("no",)),
    (lambda _: pysnn.from_matlab(3), TypeError, ("path", "int")),
    (lambda p: pysnn.from_matlab(p / "f", output="tanh"), ValueError, ("output", "tanh")),
    (lambda p: pysnn.from_matlab(p / "f", output=1), TypeError, ("output", "int")),
    (lambda p: pysnn.from_matlab(p / "missing"), FileNotFoundError, ("missing",)),
    (lambda p: pysnn.from_matlab(written(p, b"ab")), pysnn.ModelFileError, ("file", "MATLAB")),
    (lambda _: pysnn.datasets.load_mnist(flat=1), TypeError, ("flat", "int", "bool")),
    (lambda _: pysnn.datasets.load_idx(3), TypeError, ("path", "int")),
    (lambda p: pysnn.datasets.load_idx(p / "missing"), FileNotFoundError, ("missing",)),
    (lambda p: pysnn.datasets.load_idx(p), pysnn.datasets.DatasetError, ("no IDX",)),
    (lambda p: pysnn.datasets.load_idx(written(p, b"ab")), pysnn.datasets.DatasetError, ("61 62",)),
]
