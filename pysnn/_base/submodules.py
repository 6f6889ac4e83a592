"""Submodules that are imported when they are first asked for, as attributes of their package."""

from __future__ import annotations

import sys
from collections.abc import Callable


def late_submodules(package: str) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """Return ``__getattr__`` and ``__dir__`` of a package whose submodules load late.

    Args:
        package: Its dotted name.

    Example:
        >>> __getattr__, __dir__ = late_submodules("pysnn.experiments")
        >>> __getattr__("sweep").__name__
        'pysnn.experiments.sweep'
    """

    def get(name: str) -> object:
        from importlib import import_module
        from importlib.util import find_spec

        qualified = f"{package}.{name}"
        if name.startswith("_") or find_spec(qualified) is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return import_module(qualified)

    def names() -> list[str]:
        from pkgutil import iter_modules

        module = sys.modules[package]
        late = [each.name for each in iter_modules(module.__path__)]
        return sorted({*vars(module), *(name for name in late if not name.startswith("_"))})

    return get, names
