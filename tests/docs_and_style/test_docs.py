"""What the documentation shows works as written."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from document_links import dead_links

import pysnn
from pysnn._base.extras import EXTRAS
from pysnn.datasets import Mnist

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(pysnn.__path__, "pysnn.")
    if module.name not in ("pysnn.__main__", "pysnn._core")
)


def python_blocks(page: str) -> list[str]:
    """Return the Python code of a page, block by block."""
    return re.findall(r"```python\n(.*?)```", (ROOT / page).read_text("utf-8"), re.DOTALL)


@pytest.mark.parametrize("name", ["pysnn", *MODULES])
def test_docstring_examples_run(name: str) -> None:
    module = importlib.import_module(name)
    failures, _ = doctest.testmod(module, extraglobs={"np": np, "pysnn": pysnn})
    assert failures == 0


def test_the_program_of_the_quickstart_runs_in_the_root(tmp_path: Path) -> None:
    (code,) = python_blocks("docs/quickstart.md")
    code = code.replace("digits.safetensors", str(tmp_path / "digits.safetensors"))
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    accuracy = float(done.stdout.split()[-1])
    assert 0.96 < accuracy < 1.0


def test_the_readme_brings_a_network_of_pytorch(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    training, conversion = python_blocks("README.md")
    assert len(conversion.splitlines()) == 4
    (shown,) = re.findall(r"```text\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    (tmp_path / "digits.py").write_text(training + conversion, "utf-8")
    done = subprocess.run(
        [sys.executable, "digits.py"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    numbers = re.compile(r"\d+\.\d*")
    assert numbers.sub("#", done.stdout).split() == numbers.sub("#", shown).split()
    printed, promised = ([float(n) for n in numbers.findall(text)] for text in (done.stdout, shown))
    # Training depends on PyTorch's version and threads; the conversion of what it gives does not.
    assert np.abs(np.subtract(printed, promised)).max() < 0.02


def test_the_example_of_the_experiments_runs(
    trained_mlp: pysnn.Network, mnist: Mnist, capsys: pytest.CaptureFixture[str]
) -> None:
    (code,) = python_blocks("docs/experiments.md")
    few = replace(mnist, x_train=mnist.x_train[:500], y_train=mnist.y_train[:500])
    snn = pysnn.convert(trained_mlp, method="data", x=few.x_train)
    x, y = mnist.x_test[:20], mnist.y_test[:20]
    exec(code, {"network": trained_mlp, "snn": snn, "mnist": few, "x": x, "y": y})
    printed = capsys.readouterr().out
    for words in ("5 seeds", "data-based", "at the first output spike", "can change no more"):
        assert words in printed


def test_the_network_of_the_documentation_folds_as_shown(
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = (ROOT / "docs/network.md").read_text()
    namespace: dict[str, object] = {}
    for code in python_blocks("docs/network.md"):
        exec(code, namespace)
    (table,) = re.findall(r"```\n(FoldedNetwork.*?)\n```", text, re.DOTALL)
    printed = capsys.readouterr().out
    assert table in printed
    assert "Conversion report" in printed


def test_the_comparison_of_the_documentation_is_as_shown(
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = (ROOT / "docs/compare.md").read_text()
    namespace: dict[str, object] = {}
    for code in python_blocks("docs/compare.md"):
        exec(code, namespace)
    printed = capsys.readouterr().out
    blocks = re.findall(r"```(\w*)\n(.*?)\n```", text, re.DOTALL)
    shown = [block for language, block in blocks if not language]
    assert len(shown) == 2
    for block in shown:
        assert block in printed


def test_the_table_of_extras_has_each_with_its_libraries() -> None:
    _, _, section = (ROOT / "docs/importing.md").read_text("utf-8").partition("\n## Extras\n")
    rows = re.findall(r"^\| `(\w+)` \| `([^`]+)` \|", section.partition("\n## ")[0], re.MULTILINE)
    assert dict(rows) == {extra: " ".join(names) for extra, names in EXTRAS.items()}


def test_links_between_documents_lead_somewhere() -> None:
    assert dead_links(ROOT) == []
