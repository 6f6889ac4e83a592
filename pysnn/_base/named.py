"""Values by name, which say what there is where a name is missing, and submodules by name."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TypeVar

Value = TypeVar("Value")


class MissingNameError(KeyError):
    """A KeyError that shows its text as it stands, not as the repr of a key."""

    def __str__(self) -> str:
        return str(self.args[0])


class NamedValues(dict[str, Value]):
    """A dict that says why a name is missing, and gives a value by a call, too.

    Args:
        values: The values by name.
        reason: Says of a missing name what there is and what to do; goes into pickles.
    """

    def __init__(self, values: dict[str, Value], reason: Callable[[object], str]) -> None:
        super().__init__(values)
        self._reason = reason

    def __call__(self, name: str) -> Value:
        """Return the value of a name.

        Raises:
            KeyError: There is none; gives the reason.
        """
        value: Value = self[name]
        return value

    def __missing__(self, name: object) -> Value:
        """Raise a KeyError that gives the reason."""
        raise MissingNameError(self._reason(name))


def by_name(values: Sequence[Value], name: str, what: str, *, attribute: str = "name") -> Value:
    """Return the first value of a name.

    Args:
        values: Objects that have a name.
        name: The one to look for.
        what: What they are, for the message.
        attribute: Where they have it.

    Raises:
        KeyError: None has it; says which there are.
    """
    names = [getattr(value, attribute) for value in values]
    if name not in names:
        raise MissingNameError(f"there is no {what} {name!r}, but {names}")
    return values[names.index(name)]


def late_submodules(package: str) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """Return ``__getattr__`` and ``__dir__`` of a package whose submodules load late.

    ``__dir__`` gives the submodules and ``__all__``: what a person may complete a name to.

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
        public = getattr(module, "__all__", ())
        return sorted({*public, *(name for name in late if not name.startswith("_"))})

    return get, names


def public_names(module: str) -> Callable[[], list[str]]:
    """Return ``__dir__`` of a module that shows its ``__all__`` alone, for completion.

    Args:
        module: Its dotted name.
    """
    return lambda: sorted(sys.modules[module].__all__)
