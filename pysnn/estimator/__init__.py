"""An estimator for scikit-learn, which the extra ``sklearn`` installs."""

from .classifier import SpikingClassifier

__all__ = ["SpikingClassifier"]
