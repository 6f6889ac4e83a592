"""Spiking networks and their simulation."""

from ..network import INPUT
from .balance import Balance
from .encoding import Encoding, poisson_spikes, regular_spikes
from .population import Population, Projection, Reset
from .result import SimulationResult
from .rounding_loss import RoundingLoss
from .settings import Record
from .simulate import simulate
from .simulation import Simulation
from .spiking_network import Precision, SpikingNetwork

__all__ = [
    "INPUT",
    "Balance",
    "Encoding",
    "Population",
    "Precision",
    "Projection",
    "Record",
    "Reset",
    "RoundingLoss",
    "Simulation",
    "SimulationResult",
    "SpikingNetwork",
    "poisson_spikes",
    "regular_spikes",
    "simulate",
]
