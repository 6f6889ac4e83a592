"""Networks of nodes: structure, forward pass, notation."""

from .network import Network

__all__ = ["Network"]
