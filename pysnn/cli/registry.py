"""The commands, in the order of the help."""

from __future__ import annotations

from . import convert, experiment, info, inspect, reproduce, simulate, sweep, train

COMMANDS = (
    reproduce.COMMAND,
    train.COMMAND,
    convert.COMMAND,
    simulate.COMMAND,
    sweep.COMMAND,
    experiment.COMMAND,
    inspect.COMMAND,
    info.COMMAND,
)
