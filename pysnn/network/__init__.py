"""Networks of nodes: structure, forward pass, notation."""

from .graph import INPUT, Graph, GraphNode
from .network import Network

__all__ = ["INPUT", "Graph", "GraphNode", "Network"]
