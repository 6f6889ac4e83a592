"""Where an installed pysnn keeps what C++ programs build against."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pysnn

_CMAKE_PACKAGE = "pysnn_cmake"  # installed beside this package; see cmake/Install.cmake


def get_include() -> str:
    """Return the folder of the C++ headers, which are included as ``<pysnn/...>``.

    Raises:
        FileNotFoundError: This installation has no C++ files.
    """
    # An editable install has the modules in one place and what was built in another.
    for place in pysnn.__path__:
        folder = Path(place) / "include"
        if (folder / "pysnn" / "pysnn.hpp").is_file():
            return str(folder)
    raise FileNotFoundError(_missing("C++ headers"))


def get_cmake_dir() -> str:
    """Return the folder of the CMake package, for ``pysnn_DIR`` or ``CMAKE_PREFIX_PATH``.

    ``find_package(pysnn CONFIG REQUIRED)`` then gives the target ``pysnn::core``: the C++ core as a
    static library, with its headers.

    Raises:
        FileNotFoundError: This installation has no C++ files.
    """
    spec = importlib.util.find_spec(_CMAKE_PACKAGE)
    for place in (spec.submodule_search_locations or []) if spec is not None else []:
        if (Path(place) / "pysnnConfig.cmake").is_file():
            return str(Path(place))
    raise FileNotFoundError(_missing("CMake package"))


def _missing(what: str) -> str:
    return (
        f"no {what} was installed with pysnn in {list(pysnn.__path__)}: "
        f"install pysnn from a wheel, or with 'pip install .' in its source tree"
    )
