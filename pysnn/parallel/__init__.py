"""Long jobs in parts, on whatever runs them: knows parts and executors, and no network."""

from .errors import ExecutorError, PartError, PartsMissing
from .executor import PoolExecutor, SubmitsWork
from .processes import LocalProcesses
from .report import WorkReport
from .workers import Workers

__all__ = [
    "ExecutorError",
    "LocalProcesses",
    "PartError",
    "PartsMissing",
    "PoolExecutor",
    "SubmitsWork",
    "WorkReport",
    "Workers",
]
