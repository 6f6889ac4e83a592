"""Long jobs in parts, on whatever runs them: knows parts and executors, and no network."""

from .._base.named import late_submodules
from .errors import ExecutorError, PartError, PartsMissing
from .executor import PoolExecutor, SubmitsWork
from .processes import LocalProcesses
from .report import WorkReport
from .workers import Workers

__getattr__, __dir__ = late_submodules(__name__)

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
