"""The table of bad arguments: (call, exception, words that its message must have).

Words name the argument, what came, and where it is short what was expected. Every public function
has its rows, and ``test_bad_arguments.py`` sees to that. Calls get a folder for files.
"""

from __future__ import annotations

from bad_arguments.calls import Row
from bad_arguments.conversion import CONVERSION, SPIKING
from bad_arguments.diagnosis import DIAGNOSIS
from bad_arguments.experiments import EXPERIMENTS
from bad_arguments.files import FILES
from bad_arguments.metrics import METRICS
from bad_arguments.networks import LAYERS, MODELS, NETWORKS, TRAINING
from bad_arguments.simulation import ENCODING, SIMULATION
from bad_arguments.sweeps import SWEEPS

TABLE: list[Row] = [
    *LAYERS,
    *NETWORKS,
    *MODELS,
    *TRAINING,
    *CONVERSION,
    *SPIKING,
    *SIMULATION,
    *ENCODING,
    *DIAGNOSIS,
    *FILES,
    *SWEEPS,
    *METRICS,
    *EXPERIMENTS,
]
