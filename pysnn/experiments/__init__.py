"""Experiments on networks: accuracy over time, first spikes, early stop, sweeps."""

from .._base.named import late_submodules

__getattr__, __dir__ = late_submodules(__name__)
