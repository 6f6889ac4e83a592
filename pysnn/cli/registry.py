"""The commands, in the order of the help."""

from __future__ import annotations

from . import (
    compare,
    convert,
    experiment,
    import_file,
    info,
    inspect,
    merge,
    reproduce,
    simulate,
    sweep,
    train,
    tune,
)

COMMANDS = (
    reproduce.COMMAND,
    train.COMMAND,
    import_file.COMMAND,
    convert.COMMAND,
    compare.COMMAND,
    tune.COMMAND,
    simulate.COMMAND,
    sweep.COMMAND,
    merge.COMMAND,
    experiment.COMMAND,
    inspect.COMMAND,
    info.COMMAND,
)
