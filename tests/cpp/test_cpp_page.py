"""The program of docs/embedding.md, built as it says, in an empty folder, against the wheel."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest
from cpp_fixtures import ROOT, need
from processes import run

import pysnn
from pysnn.datasets import Mnist


def block(section: str, language: str) -> str:
    """Return the one code block of a language."""
    (code,) = re.findall(rf"```{language}\n(.*?)```", section, re.DOTALL)
    assert isinstance(code, str)
    return code


@pytest.mark.skipif(sys.platform == "win32", reason="the page's commands are for a Unix shell")
def test_the_program_of_the_page_prints_what_python_finds(
    wheel_python: Path, trained_mlp: pysnn.Network, mnist: Mnist, tmp_path: Path
) -> None:
    need("cmake", "ninja")
    page = (ROOT / "docs" / "embedding.md").read_text("utf-8")
    section = page.split("## A complete program")[1].split("\n## ")[0]
    (tmp_path / "CMakeLists.txt").write_text(block(section, "cmake"))
    (tmp_path / "main.cpp").write_text(block(section, "cpp"))
    snn = pysnn.convert(trained_mlp, method="data", x=mnist.x_train[:500])
    snn.save(tmp_path / "digits.safetensors")
    (statement,) = re.findall(r"`(mnist\..*?tofile.*?)`", section)
    code = f"import pysnn\nmnist = pysnn.datasets.load_mnist()\n{statement}"
    run(wheel_python, "-c", code, cwd=tmp_path)

    path = f"{wheel_python.parent}{os.pathsep}{os.environ['PATH']}"
    environment = {"PATH": path, "CMAKE_GENERATOR": "Ninja"}
    said = run("sh", "-ec", block(section, "sh"), cwd=tmp_path, env=environment)

    result = pysnn.simulate(snn, mnist.x_test[:10], duration=0.1, seed=0)
    assert result.spike_counts.max() > 10
    assert said.splitlines()[-10:] == [
        f"{prediction}: {' '.join(map(str, counts))}"
        for prediction, counts in zip(result.predictions, result.spike_counts, strict=True)
    ]
