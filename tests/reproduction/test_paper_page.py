"""The page of a recorded run: its numbers are the record's."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path

import paper_page
import pytest
from page_numbers import unexplained
from report_samples import sample_case, sample_network, sample_result

from pysnn.reproduction.results import ReproduceResult

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    """Return the folder of a run of two networks, with pictures."""
    folder = tmp_path / "report"
    (folder / "figures").mkdir(parents=True)
    cases = [sample_case(name, [0.1] * 19 + [0.9713] * 81) for name in ("none", "data")]
    result = sample_result(
        sample_network("fcn", 0.9871, *cases), sample_network("convnet", 0.9923, *cases)
    )
    (folder / "results.json").write_text(json.dumps(result.to_dict()))
    from PIL import Image

    for name in ("", "_fcn", "_convnet"):
        Image.new("RGB", (8, 8), "white").save(folder / "figures" / f"accuracy_over_time{name}.png")
    return folder


def test_the_page_stands_beside_its_record_and_pictures(recorded: Path, tmp_path: Path):
    docs = tmp_path / "docs"
    page = paper_page.write_page(recorded, docs)
    text = page.read_text()
    again = ReproduceResult.from_dict(json.loads((docs / "paper.json").read_text()))
    assert paper_page.render_page(again) == text
    for target in re.findall(r"!\[[^]]*\]\(([^)]+)\)", text):
        assert (docs / target).exists()
    assert "pysnn reproduce --seed 3" in text
    assert "pysnn reproduce --sections core --seed 3" in text
    assert "install_path" not in (docs / "paper.json").read_text()


def test_every_number_in_the_tables_is_the_records(recorded: Path, tmp_path: Path):
    page = paper_page.write_page(recorded, tmp_path / "docs").read_text()
    record = json.loads((recorded / "results.json").read_text())
    result = ReproduceResult.from_dict(record)
    assert unexplained(page, result) == []
    # The check can fail: another accuracy makes the page's numbers strangers.
    record["networks"][0]["cases"][1]["accuracy_after_each_step"][19] = 0.123456
    record["networks"][0]["ann_accuracy"] = 0.654321
    record["networks"][1]["ann_accuracy"] = 0.654321
    assert unexplained(page, ReproduceResult.from_dict(record)) != []


def test_another_number_in_the_record_is_another_number_in_the_page():
    case = sample_case("data", [0.5] * 100)
    before = sample_result(sample_network("fcn", 0.99, case))
    after = sample_result(sample_network("fcn", 0.99, dataclasses.replace(case, num_silent=4321)))
    page = paper_page.render_page(before)
    assert paper_page.render_page(after) == page.replace("| 12 |", "| 4,321 |")


def test_tables_of_other_documents_are_replaced_between_their_markers(
    recorded: Path, tmp_path: Path
):
    readme, performance = tmp_path / "README.md", tmp_path / "docs" / "performance.md"
    performance.parent.mkdir()
    for path in (readme, performance):
        path.write_text("before\n<!-- begin paper -->\nold\n<!-- end paper -->\nafter\n")
    paper_page.write_page(recorded, tmp_path / "docs")
    for path in (readme, performance):
        text = path.read_text()
        assert text.startswith("before\n<!-- begin paper -->\n")
        assert text.endswith("\n<!-- end paper -->\nafter\n")
        assert "old" not in text
    assert "| **data-based** | 1000 Hz |" in readme.read_text()
    assert "**97.13 %**" in readme.read_text()
    assert "| training, fcn | 61.4 |" in performance.read_text()
    assert "70 s; the run of [paper.md]" in performance.read_text()


def test_the_documents_have_the_markers():
    for path in (ROOT / "README.md", ROOT / "docs" / "performance.md"):
        text = path.read_text()
        assert text.count("<!-- begin paper -->") == text.count("<!-- end paper -->") == 1


def test_a_folder_without_a_run_is_one_line_of_error(tmp_path: Path, capsys):
    assert paper_page.main([str(tmp_path), str(tmp_path / "docs")]) == 1
    assert "results.json" in capsys.readouterr().err
    (tmp_path / "results.json").write_text("{}")
    assert paper_page.main([str(tmp_path), str(tmp_path / "docs")]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.skipif(
    not (ROOT / "docs" / paper_page.RECORD).exists(), reason="no recorded run is committed"
)
def test_the_committed_page_is_that_of_the_committed_record():
    record = json.loads((ROOT / "docs" / paper_page.RECORD).read_text())
    result = ReproduceResult.from_dict(record)
    page = (ROOT / "docs" / paper_page.PAGE).read_text()
    assert page == paper_page.render_page(result)
    assert unexplained(page, result) == []
    for path, table in (
        (ROOT / "README.md", paper_page.readme_table(result)),
        (ROOT / "docs" / "performance.md", paper_page.time_table(result)),
    ):
        assert table in path.read_text()
