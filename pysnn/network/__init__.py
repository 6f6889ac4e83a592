"""Networks of nodes: structure, forward pass, notation."""

from .graph import INPUT, Graph, GraphNode
from .network import Network
from .origin import Origin

__all__ = ["INPUT", "Graph", "GraphNode", "Network", "Origin"]
