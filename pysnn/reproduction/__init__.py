"""The paper's result from training to report."""

from .._base.named import late_submodules

__getattr__, __dir__ = late_submodules(__name__)
