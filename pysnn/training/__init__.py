"""Training of ReLU networks."""

from .._base.named import late_submodules
from .descent_settings import DESCENTS, DescentSettings
from .outcome import TrainingWarning
from .training import History, LearningRate, train

__all__ = ["DESCENTS", "DescentSettings", "History", "LearningRate", "TrainingWarning", "train"]

__getattr__, __dir__ = late_submodules(__name__)
