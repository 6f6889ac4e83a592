"""Guides as notebooks: text and code in cells, outputs left to who runs them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import nbformat

from website.guides import steps
from website.links import with_targets

GUIDES = ("bring_your_network", "lost_accuracy", "sweep_and_tune")


def notebook(page: str, change: Callable[[str], str]) -> nbformat.NotebookNode:
    """Return a guide as a notebook.

    Args:
        page: The guide's Markdown.
        change: Gives the target of a link in the notebook for that in the guide.
    """
    cells = []
    for step in steps(page):
        text = with_targets(step.text.strip(), change)
        if text:
            cells.append(nbformat.v4.new_markdown_cell(text))
        if step.code:
            cells.append(nbformat.v4.new_code_cell(step.code.rstrip()))
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"  # drawn at random otherwise
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


def write_notebooks(root: Path, folder: Path) -> list[Path]:
    """Write the notebooks into a folder, with links to the repository's documents.

    Args:
        root: Root of the repository.
        folder: Where they are put; made where it is missing.

    Returns:
        Their paths.
    """
    guides = root / "docs" / "guides"
    folder.mkdir(parents=True, exist_ok=True)

    def change(target: str) -> str:
        return Path(os.path.relpath((guides / target).resolve(), folder.resolve())).as_posix()

    written = []
    for name in GUIDES:
        page = (guides / f"{name}.md").read_text(encoding="utf-8")
        written.append(folder / f"{name}.ipynb")
        nbformat.write(notebook(page, change), written[-1])
    return written


def add_notebooks(pages: Path) -> None:
    """Put the notebooks beside their pages in the site, and a link to them below the title.

    Args:
        pages: The folder of the site's pages.
    """
    for name in GUIDES:
        path = pages / "guides" / f"{name}.md"
        page = path.read_text(encoding="utf-8")
        made = notebook(page, lambda target: target.replace(".md", ".html"))
        nbformat.write(made, path.with_suffix(".ipynb"))
        title, rest = page.split("\n", 1)
        path.write_text(f"{title}\n\n[As a notebook]({name}.ipynb)\n{rest}", encoding="utf-8")
