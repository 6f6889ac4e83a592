"""An estimator for scikit-learn, which the extra ``sklearn`` installs."""

from .._base.named import late_submodules
from .classifier import SpikingClassifier

__all__ = ["SpikingClassifier"]

__getattr__, __dir__ = late_submodules(__name__)
