"""The code of the guides runs as written, and prints what they show."""

from __future__ import annotations

from pathlib import Path

import pytest
from website.guides import Step, is_as_shown, run, steps, with_output

GUIDES = Path(__file__).resolve().parents[2] / "docs" / "guides"
# Run as notebooks, see test_notebooks.py.
NOTEBOOKS = {"bring_your_network", "lost_accuracy", "sweep_and_tune"}


@pytest.mark.parametrize("path", sorted(GUIDES.glob("*.md")), ids=lambda path: path.stem)
def test_a_guide_prints_what_it_shows(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if path.stem in NOTEBOOKS:
        pytest.skip("runs as a notebook")
    monkeypatch.setenv("MPLBACKEND", "Agg")
    for step, printed in run(steps(path.read_text("utf-8")), tmp_path):
        assert is_as_shown(step.shown or "", printed), f"{step.code}{printed}"


def test_a_page_is_taken_apart_at_its_python() -> None:
    page = (
        "# A\n\n```sh\nls\n```\n\n"
        "```python\nprint(1)\n```\n\n```\n1\n```\n"
        "\nB\n\n```python\nx\n```\n"
    )
    assert steps(page) == [
        Step("# A\n\n```sh\nls\n```\n\n", "print(1)\n", "1\n"),
        Step("\nB\n\n", "x\n"),
    ]


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        ("a ... c\n", "a b c\n", True),
        ("a 0.50\n", "a 0.51\n", False),
        ("x  -0.0\n", "x   0.0\n", True),
        ("x  -0.1\n", "x   0.1\n", False),
    ],
)
def test_dots_and_the_sign_of_nothing_are_free(shown: str, printed: str, same: bool) -> None:
    assert is_as_shown(shown, printed) is same


def test_an_output_is_put_below_its_code() -> None:
    page = "A\n\n```python\nprint(2)\n```\n\n```\n1\n```\n\nB\n"
    (step, _) = steps(page)
    new = with_output(page, step, "2\n")
    assert new == page.replace("\n1\n", "\n2\n")
    assert steps(with_output(new, steps(new)[0], ""))[0].shown is None
