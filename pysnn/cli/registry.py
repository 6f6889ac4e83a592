"""The commands, in the order of the help."""

from __future__ import annotations

from . import convert, experiment, import_file, info, inspect, reproduce, simulate, sweep, train

COMMANDS = (
    reproduce.COMMAND,
    train.COMMAND,
    import_file.COMMAND,
    convert.COMMAND,
    simulate.COMMAND,
    sweep.COMMAND,
    experiment.COMMAND,
    inspect.COMMAND,
    info.COMMAND,
)
