"""The pages of the site: `docs/`, and what its documents link to elsewhere in the repository."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from website.links import with_targets

# Documents outside of docs/ that have a place of their own in the site; what else is linked to
# stands below "files/".
TOP = {
    "README.md": "index.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
}
_LANGUAGES = {".cpp": "cpp", ".hpp": "cpp", ".py": "python", ".txt": "cmake", ".cff": "yaml"}


def place(path: str) -> str:
    """Return where the site has a file or folder of the repository.

    Args:
        path: Relative to the root, such as ``"docs/recipes.md"``; folders end in ``"/"``.

    Returns:
        The path among the site's pages.
    """
    if path in TOP:
        return TOP[path]
    path = path.removeprefix("docs/") if path.startswith("docs/") else f"files/{path}"
    if path.endswith("/"):
        return f"{path}index.md"
    return (
        path
        if path.startswith("figures/") or Path(path).suffix in (".md", ".json")
        else f"{path}.md"
    )


def assemble(root: Path, folder: Path) -> None:
    """Write the pages of the site, with links that hold there.

    Args:
        root: Root of the repository.
        folder: Where the pages are put, in place of what is there.

    Raises:
        ValueError: A document links to what is not there, or outside of the repository.
    """
    shutil.rmtree(folder, ignore_errors=True)
    waiting = [
        path.relative_to(root).as_posix() for path in (root / "docs").rglob("*") if path.is_file()
    ]
    waiting += TOP
    known = set(waiting)
    while waiting:
        path = waiting.pop()
        target = folder / place(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.suffix != ".md":
            shutil.copyfile(root / path, target)
            continue
        links: set[str] = set()
        target.write_text(_page(root, path, links), encoding="utf-8")
        waiting += links - known
        known |= links


def _page(root: Path, path: str, links: set[str]) -> str:
    """Return the page of a file or folder, and add what it links to."""
    source = root / path
    if path.endswith("/"):
        text = _listing(source, path)
    elif source.suffix != ".md":
        language = _LANGUAGES.get(source.suffix, "text")
        return f"# {path}\n\n````{language}\n{source.read_text(encoding='utf-8')}````\n"
    else:
        text = source.read_text(encoding="utf-8")
    start = Path(place(path)).parent

    def change(target: str) -> str:
        linked = _linked(root, source, path, target)
        links.add(linked)
        return Path(os.path.relpath(place(linked), start)).as_posix()

    return with_targets(text, change)


def _linked(root: Path, source: Path, path: str, target: str) -> str:
    """Return the path in the repository that a link of a document leads to."""
    base = source if path.endswith("/") else source.parent
    found = (base / target).resolve()
    if not found.exists() or not found.is_relative_to(root):
        raise ValueError(f"{path} links to {target}, which is not in the repository")
    relative = found.relative_to(root).as_posix()
    if not found.is_dir():
        return relative
    return f"{relative}/README.md" if (found / "README.md").exists() else f"{relative}/"


def _listing(folder: Path, path: str) -> str:
    """Return a page with the files of a folder."""
    lines = [f"# {path}", ""]
    for file in sorted(folder.iterdir()):
        if file.is_file():
            lines.append(f"- [{_title(file)}]({file.name})")
    return "\n".join(lines) + "\n"


def _title(file: Path) -> str:
    """Return the title of a document, and the name of another file."""
    if file.suffix == ".md" and (found := re.match(r"# (.+)", file.read_text(encoding="utf-8"))):
        return found[1]
    return file.name
