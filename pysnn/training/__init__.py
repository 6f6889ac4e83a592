"""Training of ReLU networks."""

from .descent_settings import DESCENTS, DescentSettings
from .outcome import TrainingWarning
from .training import History, LearningRate, train

__all__ = ["DESCENTS", "DescentSettings", "History", "LearningRate", "TrainingWarning", "train"]
