"""The pages of the site: nothing is missing from its reference and its navigation, links hold."""

from __future__ import annotations

import importlib
import re
import types
from pathlib import Path
from typing import Any

import pytest
import yaml
from document_links import dead_links
from website.links import with_targets
from website.pages import assemble
from website.self_contained import fetched

import pysnn

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
# Rooms whose names are all public; of others the reference has what users are told of.
PUBLIC_MODULES = (
    "datasets",
    "diagnosis",
    "importers",
    "exporters",
    "metrics",
    "parallel",
    "plotting",
)


class _Loader(yaml.SafeLoader):
    """Reads mkdocs.yml, whose tags name functions."""


_Loader.add_multi_constructor("tag:yaml.org,2002:python/", lambda *_: None)


def site_settings() -> dict[str, Any]:
    """Return what mkdocs.yml says."""
    settings: dict[str, Any] = yaml.load((ROOT / "mkdocs.yml").read_text("utf-8"), _Loader)
    return settings


def referenced() -> set[str]:
    """Return the dotted names that the reference has an entry for."""
    return {
        name
        for page in (DOCS / "reference").glob("*.md")
        for name in re.findall(r"^::: (\S+)$", page.read_text("utf-8"), re.MULTILINE)
    }


def resolved(name: str) -> object:
    """Return what a dotted name stands for."""
    value: object = pysnn
    path = "pysnn"
    for part in name.split(".")[1:]:
        path = f"{path}.{part}"
        if not hasattr(value, part):
            importlib.import_module(path)
        value = getattr(value, part)
    return value


def test_every_public_name_is_in_the_reference() -> None:
    modules = {name for name in pysnn.__all__ if isinstance(getattr(pysnn, name), types.ModuleType)}
    missing = {f"pysnn.{name}" for name in pysnn.__all__ if name not in modules} - referenced()
    assert missing == set()


@pytest.mark.parametrize("room", PUBLIC_MODULES)
def test_every_function_and_class_of_a_public_module_is_in_the_reference(room: str) -> None:
    module = importlib.import_module(f"pysnn.{room}")
    entries = {id(resolved(name)) for name in referenced()}
    hidden = {"IMPORTERS", "PICKLES", "Importer", "find", "suffix_of", "require_matplotlib"}
    missing = [
        name
        for name in module.__all__
        if name not in hidden and id(getattr(module, name)) not in entries
    ]
    assert missing == []


def test_every_entry_of_the_reference_stands_for_something() -> None:
    for name in referenced():
        resolved(name)


def test_every_page_is_in_the_navigation_once() -> None:
    def paths(entry: Any) -> list[str]:
        if isinstance(entry, str):
            return [entry]
        entries = entry.values() if isinstance(entry, dict) else entry
        return [path for each in entries for path in paths(each)]

    listed = sorted(paths(site_settings()["nav"]))
    made = ["index.md", "contributing.md", "changelog.md", "reference/command_line.md"]
    pages = [path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")]
    assert listed == sorted([*pages, *made])


def test_links_hold_among_the_pages(tmp_path: Path) -> None:
    assemble(ROOT, tmp_path / "docs")
    assert (tmp_path / "docs" / "files" / "cpp" / "examples" / "classify.cpp.md").exists()
    assert dead_links(tmp_path) == []


def test_a_link_to_nothing_is_refused(tmp_path: Path) -> None:
    root = tmp_path / "repository"
    (root / "docs").mkdir(parents=True)
    for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"):
        (root / name).write_text("# A\n")
    (root / "docs" / "page.md").write_text("[B](../../outside.md)\n")
    (tmp_path / "outside.md").write_text("# B\n")
    with pytest.raises(ValueError, match=r"page\.md links to \.\./\.\./outside\.md"):
        assemble(root, tmp_path / "pages")


def test_links_outside_of_code_get_other_targets() -> None:
    page = (
        "[a](b.md#c) ![d](e.png) [f](https://g.h/i.md) [j](#k)\n"
        "```\n[a](b.md)\n```\n"
        '<img src="e.png" width="50">\n'
    )
    assert with_targets(page, lambda target: f"x/{target}") == (
        "[a](x/b.md#c) ![d](x/e.png) [f](https://g.h/i.md) [j](#k)\n"
        "```\n[a](b.md)\n```\n"
        '<img src="x/e.png" width="50">\n'
    )


def test_what_pages_load_from_elsewhere_is_found(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(
        '<a href="https://a.b/c">d</a><img src="e.png"><script async src="https://f.g/h.js"></script>'
        '<link rel="stylesheet" href="//i.j/k.css"><img alt="" src=https://l.m/n.png>'
    )
    assert fetched(tmp_path) == [
        "page.html: https://f.g/h.js",
        "page.html: //i.j/k.css",
        "page.html: https://l.m/n.png",
    ]


def test_fonts_styles_and_sizes_of_images_from_elsewhere_are_found(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(
        "<style>@import 'https://a.b/c.css'; p { background: url(d.png) }</style>"
        '<p style="background: url(//e.f/g.png)">url(https://in.a/text)</p>'
        '<img src="h.png" srcset="h.png 1x, https://i.j/k.png 2x,//l.m/n.png 3x">'
        '<svg xmlns="http://www.w3.org/2000/svg"><use xlink:href="#o"/></svg>'
        '<a href="https://p.q/r" style="background:url(\'https://s.t/u.png\')">v</a>'
    )
    (tmp_path / "styles.css").write_text(
        '@import url("https://w.x/y.css");\n@font-face { src: url( https://z.a/b.woff2 ) }\n'
        "i { mask: url('data:image/svg+xml,<svg xmlns=\"http://www.w3.org/2000/svg\"/>') }\n"
    )
    assert fetched(tmp_path) == [
        "page.html: https://a.b/c.css",
        "page.html: //e.f/g.png",
        "page.html: https://i.j/k.png",
        "page.html: //l.m/n.png",
        "page.html: https://s.t/u.png",
        "styles.css: https://w.x/y.css",
        "styles.css: https://z.a/b.woff2",
    ]
