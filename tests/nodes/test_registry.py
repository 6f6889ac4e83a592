"""The list of the kinds of nodes."""

from __future__ import annotations

import pysnn
from pysnn import nodes
from pysnn.nodes import NODE_KINDS, PROJECTION_KINDS, Node


def test_every_kind_names_its_layers_differently() -> None:
    assert len({kind.kind for kind in NODE_KINDS}) == len(NODE_KINDS)


def test_projections_are_the_nodes_with_synapses_and_identities() -> None:
    with_synapses = {kind for kind in NODE_KINDS if kind.has_synapses}
    assert set(PROJECTION_KINDS) == {*with_synapses, nodes.Identity}


def test_the_list_holds_every_public_kind() -> None:
    public = [getattr(nodes, name) for name in nodes.__all__ if name in pysnn.__all__]
    assert set(public) == {*NODE_KINDS, *PROJECTION_KINDS}
    assert all(issubclass(kind, Node) for kind in public)
