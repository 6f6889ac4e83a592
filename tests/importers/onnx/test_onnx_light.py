"""Graphs of well-known networks that the onnx wheel ships, with the outputs that they must give."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("onnx")
import onnx_light_graphs
from importing.tables import first_column


def test_the_table_has_a_row_for_every_graph_of_the_wheel() -> None:
    rows = first_column("onnx.md", "The graphs of the onnx wheel")
    assert rows == onnx_light_graphs.names()
    assert len(rows) == 9


@pytest.mark.parametrize("name", ["squeezenet", "shufflenet"])
def test_a_graph_gives_the_outputs_of_the_wheel_and_others_with_random_weights(
    name: str, tmp_path: Path
) -> None:
    outcome = onnx_light_graphs.outcome(name, tmp_path)
    assert outcome.refusal is None
    assert outcome.expected < 1e-5
    assert outcome.random is None or outcome.random < 1e-5
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["bvlc_alexnet", "inception_v1", "zfnet512"])
def test_a_graph_with_local_response_normalization_is_refused_by_name(
    name: str, tmp_path: Path
) -> None:
    refusal = onnx_light_graphs.outcome(name, tmp_path).refusal
    assert refusal is not None
    assert "(LRN) is not supported; use a BatchNormalization and train again" in refusal
