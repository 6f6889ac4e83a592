"""The notebooks of guides run from an empty kernel, and print what the guides show."""

from __future__ import annotations

from pathlib import Path

import pytest

nbclient = pytest.importorskip("nbclient", reason="the extra docs is not installed")
from website.guides import is_as_shown, steps  # noqa: E402
from website.notebooks import GUIDES, notebook, write_notebooks  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", GUIDES)
def test_a_notebook_prints_what_its_guide_shows(name: str, tmp_path: Path) -> None:
    if name == "bring_your_network":
        pytest.importorskip("torch")
    page = (ROOT / "docs" / "guides" / f"{name}.md").read_text("utf-8")
    run = nbclient.NotebookClient(
        notebook(page, str), kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    ).execute()
    printed = [
        "".join(o.text for o in cell.outputs if o.output_type == "stream" and o.name == "stdout")
        for cell in run.cells
        if cell.cell_type == "code"
    ]
    coded = [step for step in steps(page) if step.code]
    assert len(coded) == len(printed)
    for step, text in zip(coded, printed, strict=True):
        assert is_as_shown(step.shown or "", text), f"{step.code}{text}"


def test_links_of_a_notebook_lead_to_the_documents(tmp_path: Path) -> None:
    for path in write_notebooks(ROOT, ROOT / "build" / "notebooks"):
        text = path.read_text("utf-8")
        assert "](../../docs/" in text
        assert path.suffix == ".ipynb"


def test_notebooks_are_the_same_each_time() -> None:
    page = (ROOT / "docs" / "guides" / f"{GUIDES[0]}.md").read_text("utf-8")
    assert notebook(page, str) == notebook(page, str)
