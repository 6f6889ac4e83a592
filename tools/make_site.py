"""The documentation site: `python tools/make_site.py` leaves it in `build/site/html`.

Pages are put together in `build/site/pages`, where links hold: `docs/`, this repository's other
documents and the files that they link to, the help of the command line, the notebooks. MkDocs then
builds them by `mkdocs.yml`; its warnings are errors. What it needs is the extra `docs`.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

from website.command_line import write_command_line
from website.notebooks import add_notebooks
from website.pages import assemble
from website.self_contained import fetched

ROOT = Path(__file__).resolve().parents[1]
PAGES = ROOT / "build" / "site" / "pages"
_ASSETS = ("iframe-worker.js", "site.css")


def main() -> int:
    """Build the site and return the exit status."""
    parser = argparse.ArgumentParser(description="Builds the documentation site.")
    parser.add_argument("--pages-only", action="store_true", help="leave the pages as Markdown")
    options = parser.parse_args()
    assemble(ROOT, PAGES)
    write_command_line(PAGES)
    add_notebooks(PAGES)
    (PAGES / "assets").mkdir()
    for name in _ASSETS:
        shutil.copy(ROOT / "tools" / "website" / name, PAGES / "assets")
    if options.pages_only:
        return 0
    # Its notice of MkDocs 2: CONTRIBUTING.md says what comes after the version that is pinned.
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet"]
    status = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    elsewhere = fetched(PAGES.parent / "html")
    for found in elsewhere:
        print(f"loaded from elsewhere: {found}", file=sys.stderr)
    return status or int(bool(elsewhere))


if __name__ == "__main__":
    sys.exit(main())
