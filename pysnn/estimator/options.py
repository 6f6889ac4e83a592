"""Keywords that an estimator hands on to `train`, `convert` and `simulate`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def handed_on(options: object, name: str, **own: Any) -> dict[str, Any]:
    """Return options together with what the estimator's own parameters say.

    Args:
        options: Keywords by name, or None for none.
        name: The parameter that they come from, such as ``"convert_options"``.
        own: What other parameters decide; those that are None are left out.

    Raises:
        TypeError: ``options`` is no mapping.
        ValueError: It has a keyword that another parameter decides, too, or ``scale``.
    """
    if options is None:
        options = {}
    if not isinstance(options, Mapping):
        raise TypeError(
            f"{name} is a {type(options).__name__}, but must be a dict of keywords, or None"
        )
    if "scale" in options:
        raise ValueError(f"{name} has 'scale', but scaler= says what is done to the features")
    decided = {keyword: value for keyword, value in own.items() if value is not None}
    for keyword in options:
        if keyword in decided:
            raise ValueError(
                f"{name} has {keyword!r}, which another parameter or the estimator itself decides"
            )
    return {**options, **decided}
