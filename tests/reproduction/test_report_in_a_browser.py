"""The report in headless Chromium: it fits, is quiet, and its chapters open."""

from __future__ import annotations

from pathlib import Path

import pytest
from pages.browser import ask, check_quiet
from report_samples import sample_case, sample_network, sample_result

from pysnn.reproduction.output import FIGURES, draw_pictures
from pysnn.reproduction.page import render_report

pytest.importorskip("matplotlib", reason="matplotlib is not installed")

_LOOK = """
const chapters = [...document.querySelectorAll("details.chapter")];
const folded = chapters.filter((chapter) => !chapter.open).length;
const first = document.querySelector("main .card").getBoundingClientRect();
const nav = document.querySelector("nav");
location.hash = document.querySelector("nav .parts a:last-child").hash;
await new Promise((done) => setTimeout(done, 100));
const opened = chapters.filter((chapter) => chapter.open).length;
const target = document.getElementById(location.hash.slice(1)).getBoundingClientRect();
document.getElementById("fold").click();
const tables = [...document.querySelectorAll("table")].map((table) => {
  const box = table.closest(".card");
  box.scrollLeft = 1e6;
  const cell = table.querySelector("tbody tr > *").getBoundingClientRect();
  return cell.right > box.getBoundingClientRect().left + 20;
});
await new Promise((done) => setTimeout(done, 50));
return {
  count: chapters.length, folded, opened, all: chapters.filter((each) => each.open).length,
  firstTable: first.top, navTop: nav.getBoundingClientRect().top, target: target.top,
  firstColumnsStay: tables.every(Boolean), current: !!nav.querySelector("[aria-current]"),
};
"""


def test_the_report_fits_every_width_and_its_chapters_open(tmp_path: Path) -> None:
    cases = [sample_case(name, [0.1] * 19 + [0.9713] * 81) for name in ("none", "model", "data")]
    result = sample_result(
        sample_network("fcn", 0.9871, *cases), sample_network("convnet", 0.9923, *cases)
    )
    draw_pictures(result.networks, tmp_path, {}, is_possible=True)
    page = render_report(result, lambda name: (tmp_path / FIGURES / f"{name}.svg").read_bytes())
    answers = ask(page, _LOOK, tmp_path)
    check_quiet(answers)
    for answer in answers.values():
        found = answer["value"]
        assert found["count"] == found["folded"] == found["all"] > 3
        assert found["opened"] == 1  # that of the part that the link leads to
        assert found["firstColumnsStay"]
        assert found["current"]
        assert found["firstTable"] < 900  # the paper's numbers are on the first screen
        assert 0 <= found["navTop"] < 5  # the index stays in sight
        assert 0 <= found["target"] < 200


def test_a_wide_page_and_a_request_are_noticed(tmp_path: Path) -> None:
    page = render_report(sample_result(), lambda _: None)
    bad = page.replace(
        "<main>", '<main><div style="width:3000px">a</div><img src="https://example.invalid/a.png">'
    )
    for answer in ask(bad, "return null;", tmp_path).values():
        assert answer["overflow"] > 1000
        assert any("blocked: https://example.invalid" in each for each in answer["complaints"])
