"""What docs/large_data.md shows runs as written."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

import pysnn

PAGE = Path(__file__).resolve().parents[2] / "docs" / "large_data.md"


def test_the_code_of_the_page_runs_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(0)
    x, y = rng.random((1200, 20), dtype=np.float32), rng.integers(0, 3, 1200)
    np.save("x.npy", x)
    np.save("y.npy", y)
    snn = pysnn.convert(pysnn.models.mlp((20, 30, 3), seed=0), method="data", x=x)
    snn.save("snn.safetensors")
    code = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert len(code) == 5
    namespace: dict[str, object] = {}
    for block in code:
        exec(block, namespace)
    expected = pysnn.simulate(snn, x, num_steps=16)
    printed = capsys.readouterr().out
    assert str(expected.accuracy(y)) in printed
    assert "(16, 20, 30)" in printed
