"""Numbers in messages have points, whatever the locale."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import locale
import numpy as np
import pysnn

locale.setlocale(locale.LC_ALL, "de_DE.UTF-8")
assert locale.localeconv()["decimal_point"] == ","
network = pysnn.models.mlp((1, 1))
above_one = np.nextafter(np.float32(1), np.float32(2))
for call in (
    lambda: pysnn.normalize(network, x=[[float(above_one)]]),
    lambda: pysnn.convert(network, method="none", threshold=-0.5),
    lambda: pysnn.simulate(pysnn.convert(network, method="none"), [[1.0]], duration=1, dt=0.0015),
):
    try:
        call()
    except ValueError as error:
        print(error)
"""


@pytest.fixture
def german(tmp_path: Path) -> dict[str, str]:
    """Return the environment of a program that can set a German locale."""
    compiler = shutil.which("localedef")
    if compiler is None:
        pytest.skip("localedef is not installed")
    target = tmp_path / "de_DE.UTF-8"
    made = subprocess.run(
        [compiler, "-i", "de_DE", "-f", "UTF-8", target], capture_output=True, check=False
    )
    if made.returncode != 0:
        pytest.skip("the sources of the German locale are not installed")
    return {**os.environ, "LOCPATH": str(tmp_path)}


def test_messages_have_points_under_a_german_locale(german: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=german, capture_output=True, text=True, check=True
    )
    sample, threshold, step = done.stdout.splitlines()
    assert "x[0, 0] is 1.0000001, but" in sample
    assert "-0.5" in threshold
    assert "1.5" in step
    assert "1,5" not in step
