"""Spiking networks and their simulation."""

from .._base.named import late_submodules
from ..network import INPUT
from .batches import RecordFiles
from .encoding import Encoding
from .input_range import InputAffine, InputRange
from .neuron import Neuron
from .population import Population, Projection, Reset
from .results import Balance, Record, SimulationResult
from .rounding_loss import RoundingLoss
from .simulate import simulate
from .simulation import Simulation
from .spike_trains import poisson_spikes, regular_spikes
from .spiking_network import Precision, SpikingNetwork
from .stimulus import PoissonOptions, SampleOptions, Stimulus, StimulusOptions

__all__ = [
    "INPUT",
    "Balance",
    "Encoding",
    "InputAffine",
    "InputRange",
    "Neuron",
    "PoissonOptions",
    "Population",
    "Precision",
    "Projection",
    "Record",
    "RecordFiles",
    "Reset",
    "RoundingLoss",
    "SampleOptions",
    "Simulation",
    "SimulationResult",
    "SpikingNetwork",
    "Stimulus",
    "StimulusOptions",
    "poisson_spikes",
    "regular_spikes",
    "simulate",
]

__getattr__, __dir__ = late_submodules(__name__)
