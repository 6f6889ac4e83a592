"""Accuracy, sparsity, memory and operations, under the names and definitions of NeuroBench.

``docs/metrics.md`` has every definition as a formula, and says where NeuroBench's own tool counts
otherwise.
"""

from .._base.named import late_submodules
from .cost import CostOverTime, cost_over_time
from .model import connection_sparsity, dense_operations, footprint
from .neurobench import (
    NeuroBenchMetrics,
    classification_accuracy,
    measure_network,
    measure_spiking_network,
)

__all__ = [
    "CostOverTime",
    "NeuroBenchMetrics",
    "classification_accuracy",
    "connection_sparsity",
    "cost_over_time",
    "dense_operations",
    "footprint",
    "measure_network",
    "measure_spiking_network",
]

__getattr__, __dir__ = late_submodules(__name__)
