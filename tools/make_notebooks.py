"""Guides as notebooks: `python tools/make_notebooks.py notebooks/` writes three of `docs/guides/`.

Their text and code are the guides'. What it needs is the extra `docs`, what the notebooks need
stands in them.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from website.notebooks import write_notebooks


def main() -> None:
    """Write the notebooks, and say where they are."""
    parser = argparse.ArgumentParser(description="Writes guides as notebooks.")
    parser.add_argument("folder", type=Path, help="where they are put")
    root = Path(__file__).resolve().parents[1]
    for path in write_notebooks(root, parser.parse_args().folder):
        print(path)


if __name__ == "__main__":
    main()
