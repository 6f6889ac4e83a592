"""Libraries that only some importers need."""

from __future__ import annotations

import importlib
from typing import Any

from .._base.extras import install_hint


def load_library(module: str, extra: str, purpose: str) -> Any:
    """Return a module of a library that an extra of this package installs.

    Args:
        module: Name of the module, such as ``"scipy.io"``.
        extra: The extra.
        purpose: What needs it, such as ``"ONNX files"``.

    Raises:
        ImportError: The library is not installed.
    """
    try:
        return importlib.import_module(module)
    except ImportError:
        library = module.partition(".")[0]
        raise ImportError(
            f"{purpose} need {library}, which is not installed: {install_hint(extra)}"
        ) from None
