"""Networks of nodes: structure, forward pass, notation."""

from .._base.named import late_submodules
from .graph import INPUT, Graph, GraphNode
from .network import Network
from .origin import Origin

__all__ = ["INPUT", "Graph", "GraphNode", "Network", "Origin"]

__getattr__, __dir__ = late_submodules(__name__)
