"""Write the type stub of the built extension: ``python tools/make_stub.py``.

pybind11-stubgen (extra 'test') reads names, arguments and most types off the extension. What
pybind11 can't say, such as the element type of an array argument, stands in the table here; a row
that no longer fits anything is an error.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STUB = ROOT / "pysnn" / "_core.pyi"

HEADER = """\
# Made by tools/make_stub.py from the built extension: change the bindings, not this file.

"""

FLOATS = "numpy.typing.NDArray[numpy.float32]"
SPIKES = "numpy.typing.NDArray[numpy.uint8] | numpy.typing.NDArray[numpy.int8]"
COUNTS = "numpy.typing.NDArray[numpy.int32]"
STATE = f"tuple[int, {COUNTS}, list[tuple[{FLOATS}, {COUNTS}, {COUNTS}, {COUNTS}]]]"

# What the generator writes, as a pattern, and what stands in its place.
REPLACEMENTS = [
    (r'\A""".*?"""\n', ""),
    (r"\n__all__.*", ""),
    # Values change with versions; an attribute's type does not.
    (r"(\n(?:STREAM_VERSION|__version__): \w+) = .*", r"\1"),
    # Bound here, and named after the place where users find it.
    (r"from pysnn import ModelFileError\n", ""),
    (r"(\nclass Linear:)", r"\nclass ModelFileError(ValueError): ...\n\1"),
    # How versions of pybind11 put numbers and pairs.
    (r"typing\.SupportsInt \| typing\.SupportsIndex", "int"),
    (r"typing\.SupportsFloat \| typing\.SupportsIndex", "float"),
    (r'typing\.Annotated\[((?:[^\[\]]|\[[^\]]*\])*), "FixedSize\([24]\)"\]', r"\1"),
    # Element types of arrays, and what may be None.
    (r"\b(weight|bias): typing\.Any", rf"\1: {FLOATS} | None"),
    (r"(def (?:weight|bias)\(self\) ->) typing\.Any", rf"\1 {FLOATS} | None"),
    (r"\b(scale|shift): numpy\.ndarray", r"\1: numpy.typing.NDArray[numpy.float64]"),
    (r"sample_ids: typing\.Any", "sample_ids: numpy.typing.NDArray[numpy.uint64] | None"),
    (r"\b(output_(?:negative_)?spikes): numpy\.ndarray", r"\1: numpy.typing.NDArray[numpy.uint8]"),
    (r"\bspikes: numpy\.ndarray", f"spikes: {SPIKES}"),
    (r"(def spike_trains\((?:.|\n)*?\) ->) numpy\.ndarray", rf"\1 {SPIKES}"),
    (r"\bstopped_step: numpy\.ndarray", "stopped_step: numpy.typing.NDArray[numpy.int64]"),
    (
        r"\b(weight|mean|variance|(?:negative_)?threshold|initial_potential|leak|x|values|"
        r"output_potentials): numpy\.ndarray",
        rf"\1: {FLOATS}",
    ),
    # Containers that are built item by item.
    (r"((?:shape|output_shape)\(.*\) ->) tuple:", r"\1 tuple[int, ...]:"),
    (
        r"(def nodes\(self\) ->) list:",
        r"\1 list[tuple[str, Linear | Conv2d | AvgPool2d | Flatten | MaxPool2d | BatchNorm | "
        r"ReLU | Add | Concat | Pad | Affine, "
        r'typing.Literal["relu", "none"], list[str]]]:',
    ),
    (
        r"(def projections\(self\) ->) list:",
        r"\1 list[tuple[str, Linear | Conv2d | PoolSynapses | IdentitySynapses | "
        r"MaxPoolSynapses]]:",
    ),
    (r"(def state\(self\) ->) tuple:", rf"\1 {STATE}:"),
    (r"(def restore\(self, state:) tuple\)", rf"\1 {STATE})"),
    (r"(def record\(.*\) ->) dict:", r"\1 dict[str, numpy.typing.NDArray[typing.Any]]:"),
    (r"os\.PathLike \| str \| bytes", "os.PathLike[str] | str | bytes"),
    (r"from_bytes\(data: str\)", "from_bytes(data: bytes)"),
    # Python's protocol: any object may be asked about.
    (r"__eq__\(self, arg0: \w+\)", "__eq__(self, arg0: object, /)"),
    (r"(__hash__: typing\.ClassVar\[None\]) = None", r"\1  # type: ignore[assignment]"),
    # The long names are the generator's.
    (r"numpy\.typing\.NDArray", "NDArray"),
    (r"import numpy\.typing", "from numpy.typing import NDArray"),
    (r"\bnumpy\.(?!typing)", "np."),
    (r"import numpy\n", "import numpy as np\n"),
    (r"collections\.abc\.(?=Callable|Mapping|Sequence)", ""),
    (r"import collections\.abc", "from collections.abc import Callable, Mapping, Sequence"),
    (r"from __future__ import annotations\n", ""),
    (r"\n\s+\.\.\.\n", " ...\n"),
]


def make_stub() -> str:
    """Return the text of the stub of the extension that this Python imports."""
    with tempfile.TemporaryDirectory() as folder:
        _run("pybind11_stubgen", "pysnn._core", "-o", folder)
        text = (Path(folder) / "pysnn" / "_core.pyi").read_text("utf-8")
        for pattern, replacement in REPLACEMENTS:
            text, count = re.subn(
                pattern, replacement, text, flags=re.DOTALL if "\\A" in pattern else 0
            )
            if count == 0:
                raise SystemExit(f"nothing in the generated stub fits {pattern!r}")
        path = Path(folder) / "_core.pyi"
        path.write_text(HEADER + text.lstrip("\n"), encoding="utf-8")
        settings = ("--config", str(ROOT / "pyproject.toml"))
        _run("ruff", "check", "--quiet", "--fix", "--select", "I", *settings, str(path))
        _run("ruff", "format", "--quiet", *settings, str(path))
        return path.read_text("utf-8")


def _run(*command: str) -> None:
    # Not in the checkout, where Python finds the source folder first.
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=tempfile.gettempdir(),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise SystemExit(f"{command[0]} failed: {done.stdout}{done.stderr}")


if __name__ == "__main__":
    STUB.write_text(make_stub(), encoding="utf-8")
