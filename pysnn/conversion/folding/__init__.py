"""Networks as what becomes of them: populations, and linear maps between them."""

from .fold import POOLS, Pools, fold, fold_graph, input_affine
from .folded_network import FoldedNetwork, FoldedPopulation, FoldedProjection, InputAffine

__all__ = [
    "POOLS",
    "FoldedNetwork",
    "FoldedPopulation",
    "FoldedProjection",
    "InputAffine",
    "Pools",
    "fold",
    "fold_graph",
    "input_affine",
]
