"""The page about the classifier runs as it stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytest.importorskip("sklearn", minversion="1.6")

PAGE = Path(__file__).resolve().parents[2] / "docs" / "sklearn_estimator.md"


def test_the_code_of_the_page_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    namespace: dict[str, object] = {}
    for code in re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL):
        exec(code, namespace)
    first, best, operations, *report, last = capsys.readouterr().out.splitlines()
    assert float(first) > 0.93
    assert "'recipe'" in best
    assert "synaptic operations per sample" in operations
    assert any("hidden1" in line for line in report)
    assert float(last) > 0.9
    assert (tmp_path / "digits.safetensors").exists()
