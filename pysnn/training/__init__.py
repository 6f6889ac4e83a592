"""Training of ReLU networks."""

from .training import History, LearningRate, train

__all__ = ["History", "LearningRate", "train"]
