"""Files that Keras may load for the comparison: those in which nothing can call anything."""

from __future__ import annotations

import importlib
from typing import Any

from .check import UnsafeError
from .config import kind_of
from .layers import HANDLERS

_INITIALIZERS = {
    *("Constant", "Ones", "Zeros", "Identity", "Orthogonal", "VarianceScaling"),
    *("GlorotNormal", "GlorotUniform", "HeNormal", "HeUniform", "LecunNormal", "LecunUniform"),
    *("RandomNormal", "RandomUniform", "TruncatedNormal"),
}
_OTHERS = {
    *("InputLayer", "Functional", "Sequential", "Model"),
    *("L1", "L2", "L1L2", "MaxNorm", "MinMaxNorm", "NonNeg", "UnitNorm"),
    *("DTypePolicy", "Policy", "__keras_tensor__", "__numpy__"),
}
_ALLOWED = {*HANDLERS, *_INITIALIZERS, *_OTHERS}


def loaded(path: str, description: Any) -> tuple[Any, Any]:
    """Return Keras and the model that it makes of a file.

    Keras makes objects of any class that a configuration names, in places, too, that say nothing
    of the network; versions of it have run what they should not. So a file is loaded only if each
    name in it is of a class that does nothing but hold numbers.

    Args:
        path: Name of the file.
        description: Its configuration.

    Raises:
        UnsafeError: It names another.
    """
    # What a model is trained by is not loaded.
    waiting = [{key: each for key, each in description.items() if key != "compile_config"}]
    while waiting:
        found = waiting.pop()
        if isinstance(found, dict):
            if "class_name" in found and kind_of(found) not in _ALLOWED:
                raise UnsafeError(f"its configuration names {kind_of(found)!r}")
            waiting += found.values()
        elif isinstance(found, list):
            waiting += found
    keras = importlib.import_module("keras")
    return keras, keras.saving.load_model(path, compile=False, safe_mode=True)
