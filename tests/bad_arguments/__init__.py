"""The table of bad arguments: (call, exception, words that its message must have).

Words name the argument, what came, and where it is short what was expected. Every public function
has its rows, and ``test_bad_arguments.py`` sees to that. Calls get a folder for files.
"""

from __future__ import annotations

from .calls import Row
from .comparisons import COMPARISONS
from .conversion import CONVERSION, SPIKING
from .diagnosis import DIAGNOSIS, ERRORS
from .estimator import ESTIMATOR
from .experiments import EXPERIMENTS
from .files import FILES
from .importing import IMPORTING
from .large_data import LARGE_DATA
from .metrics import METRICS
from .networks import LAYERS, MODELS, NETWORKS, TRAINING
from .neurons import NEURONS
from .scales import SCALES
from .simulation import ENCODING, SIMULATION
from .steps import STEPS
from .sweeps import SWEEPS

TABLE: list[Row] = [
    *LAYERS,
    *NETWORKS,
    *MODELS,
    *TRAINING,
    *CONVERSION,
    *SCALES,
    *SPIKING,
    *NEURONS,
    *SIMULATION,
    *LARGE_DATA,
    *STEPS,
    *ENCODING,
    *DIAGNOSIS,
    *ERRORS,
    *FILES,
    *IMPORTING,
    *ESTIMATOR,
    *SWEEPS,
    *METRICS,
    *EXPERIMENTS,
    *COMPARISONS,
]
