"""Importing pysnn is quick, for it loads nothing that only some calls need.

How long it takes shows ``python -X importtime -c "import pysnn"``.
"""

from __future__ import annotations

import sys

from processes import run

# Extras, and parts of the standard library that cost more than they are needed.
LATE = {
    *("matplotlib", "tqdm", "scipy", "neurobench", "torch"),
    *("argparse", "asyncio", "importlib.resources", "multiprocessing.pool", "unittest", "xml"),
    *("concurrent.futures.process", "email", "http", "pysnn.cli", "pysnn.plotting"),
    *("pysnn.diagnosis", "pysnn.experiments", "pysnn.metrics"),
}


def test_importing_pysnn_loads_numpy_and_little_else() -> None:
    code = "import sys, numpy; old = set(sys.modules); import pysnn; print(*set(sys.modules) - old)"
    loaded = set(run(sys.executable, "-c", code).split())
    assert "pysnn.spiking.simulation" in loaded
    assert not loaded & LATE


def test_every_module_of_a_room_is_found_without_importing_it_first() -> None:
    code = (
        "import pkgutil, pysnn\n"
        "rooms = [m for m in pkgutil.iter_modules(pysnn.__path__) if m.name[0] != '_']\n"
        "for room in rooms:\n"
        "    package = getattr(pysnn, room.name)\n"
        "    assert room.name in dir(pysnn), room.name\n"
        "    for module in pkgutil.iter_modules(package.__path__) if room.ispkg else ():\n"
        "        if module.name[0] != '_':\n"
        "            getattr(package, module.name)\n"
        "            assert module.name in dir(package), (room.name, module.name)\n"
        "print(len(rooms))"
    )
    assert int(run(sys.executable, "-c", code)) > 12


def test_a_module_is_found_in_a_fresh_process_by_its_dotted_name() -> None:
    for name in ("plotting.plot_raster", "experiments.sweep.sweep", "reproduction.reproduce.run",
                 "training.recipes.FCN_RECIPE", "experiments.first_spike"):  # fmt: skip
        run(sys.executable, "-c", f"import pysnn; pysnn.{name}")


def test_a_name_that_is_nowhere_is_an_attribute_error() -> None:
    code = (
        "import pysnn\n"
        "for room in (pysnn, pysnn.experiments, pysnn.plotting):\n"
        "    assert not hasattr(room, 'nothing') and not hasattr(room, '_nothing')\n"
        "print(sorted(set(pysnn.__all__) - set(dir(pysnn))))"
    )
    assert run(sys.executable, "-c", code).strip() == "[]"
