"""The commands, in the order of the help."""

from __future__ import annotations

from . import info, reproduce

COMMANDS = (
    reproduce.COMMAND,
    info.COMMAND,
)
