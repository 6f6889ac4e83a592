"""What the source folder of a checkout does when it is imported in place of the package."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import os
import sys


def hand_over(name: str) -> None:
    """Put the installed package of this name where the source folder's would be.

    Raises:
        ImportError: No built package is installed.
    """
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    elsewhere = [path for path in sys.path if os.path.abspath(path or os.curdir) != here]
    spec = importlib.machinery.PathFinder.find_spec(name, elsewhere)
    if spec is None or spec.loader is None or spec.origin is None:
        raise ImportError(
            f"{name} is not built: this is its source folder {here!r}, and no installed {name} "
            f"was found. Run 'pip install .' there first.",
            name=name,
        )
    for module in [key for key in sys.modules if key == name or key.startswith(f"{name}.")]:
        del sys.modules[module]
    package = importlib.util.module_from_spec(spec)
    # The import system returns what stands here when the source folder's module is done.
    sys.modules[name] = package
    spec.loader.exec_module(package)
