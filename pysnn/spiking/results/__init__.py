"""What a simulation keeps and gives back."""

from .balance import Balance
from .record import PopulationOutline, Record, Recorded, as_recorded
from .result import SimulationResult

__all__ = [
    "Balance",
    "PopulationOutline",
    "Record",
    "Recorded",
    "SimulationResult",
    "as_recorded",
]
