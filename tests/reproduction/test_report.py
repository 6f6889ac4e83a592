"""Tables and page of a report, from hand-made numbers."""

from __future__ import annotations

import numpy as np
import pytest
from report_samples import sample_case, sample_network, sample_result

from pysnn._base.formats import points
from pysnn.reproduction.page import render_report
from pysnn.reproduction.report.goals import check_goals
from pysnn.reproduction.report.tables import format_markdown, summary_csv


def no_picture(_: str) -> None:
    """Stand for a folder without pictures."""


def test_time_to_within_is_the_end_of_the_first_near_enough_step():
    case = sample_case("data", [0.1, 0.97, 0.98, 0.96, 0.99])
    assert case.curve.time_to_within(1.0, 0.99) == pytest.approx(3e-3)
    assert case.curve.time_to_within(2.0, 0.99) == pytest.approx(2e-3)
    assert case.curve.time_to_within(0.1, 0.99) == pytest.approx(5e-3)
    assert case.curve.time_to_within(0.1, 1.0) is None


def test_exactly_one_point_below_is_within_one_point():
    # Neither 0.9871 - 0.01 nor 0.9771 is exact in binary.
    case = sample_case("data", [np.mean(np.arange(10000) < 9771)])
    assert case.curve.time_to_within(1.0, 0.9871) == pytest.approx(1e-3)
    case = sample_case("data", [0.9770])
    assert case.curve.time_to_within(1.0, 0.9871) is None


def test_accuracy_at_a_time_is_that_of_the_last_step_before_it():
    case = sample_case("data", np.arange(1, 31) / 100)
    assert case.curve.accuracy_at(0.001) == pytest.approx(0.01)
    assert case.curve.accuracy_at(0.020) == pytest.approx(0.20)
    assert case.curve.accuracy_at(0.030) == pytest.approx(0.30)
    assert case.curve.accuracy_at(0.031) is None
    assert case.curve.accuracy_at(0.0) is None


def test_unknown_normalization_is_a_key_error():
    network = sample_network("fcn", 0.99, sample_case("data", [0.5]))
    assert network.case("data") is network.cases[0]
    with pytest.raises(KeyError):
        network.case("model")


@pytest.mark.parametrize(
    ("difference", "text"),
    [(0.0, "+0.00"), (-0.00001, "+0.00"), (-0.0012, "-0.12"), (0.0101, "+1.01")],
)
def test_points_have_a_sign_and_no_negative_zero(difference, text):
    assert points(difference) == text


def test_text_table_is_aligned_and_ascii():
    lines = str(sample_result()).splitlines()
    assert lines[0].endswith("ReLU network 98.70 %")
    assert len({len(line) for line in lines[1:]}) == 1
    assert len(lines) == 5
    assert "".join(lines).isascii()


def test_markdown_table_has_one_row_for_each_case():
    lines = format_markdown(sample_result()).splitlines()
    assert len(lines) == 5
    assert {line.count("|") for line in lines} == {lines[0].count("|")}
    assert "| data-based | 1000 Hz | 98.70 % |" in lines[4]


def test_checkpoints_beyond_every_case_are_not_shown():
    result = sample_result(sample_network("fcn", 0.99, sample_case("data", np.full(30, 0.5))))
    for text in (str(result), format_markdown(result), render_report(result, no_picture)):
        text = text.replace("\N{NO-BREAK SPACE}", " ")
        assert "20 ms" in text
        assert "50 ms" not in text
    # The CSV keeps its columns, for programs that read several runs.
    header, row = summary_csv(result).splitlines()
    cells = dict(zip(header.split(","), row.split(","), strict=True))
    assert cells["accuracy_20_ms"] == "0.5"
    assert cells["accuracy_50_ms"] == ""


def test_names_are_escaped_in_the_page():
    page = render_report(sample_result(), no_picture)
    assert "Network <fcn>" not in page
    assert "Network &lt;fcn&gt;" in page


def test_a_missing_figure_is_explained():
    page = render_report(sample_result(missing=("no figure: <why>",)), no_picture)
    assert "no figure: &lt;why&gt;" in page
    assert "<img" not in page
    assert "figures" not in page


def test_a_quick_run_says_so_and_has_no_goals():
    quick, full = sample_result(quick=True), sample_result()
    assert "This was a quick run" in render_report(quick, no_picture)
    assert "This was a quick run" not in render_report(full, no_picture)
    assert check_goals(quick) == []
    assert "Goals of a full run" in render_report(full, no_picture)


def test_goals_are_met_exactly_at_their_limits():
    steps = np.full(500, 0.9830)
    at_limit = sample_network("fcn", 0.9850, sample_case("data", steps))
    assert [goal.met for goal in check_goals(sample_result(at_limit))] == [True, True]
    below = sample_network("fcn", 0.9849, sample_case("data", steps - 0.0002))
    assert [goal.met for goal in check_goals(sample_result(below))] == [False, False]


def test_goals_look_at_the_agreed_times():
    accuracy = np.concatenate([np.full(99, 0.5), np.full(400, 0.99), [0.5]])
    case = sample_case("data", accuracy)
    fcn, convnet = sample_network("fcn", 0.99, case), sample_network("convnet", 0.99, case)
    assert [goal.met for goal in check_goals(sample_result(fcn, convnet))] == [
        True,
        True,
        True,
        False,
    ]
