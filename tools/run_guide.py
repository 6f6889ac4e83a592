"""A guide, run: `python tools/run_guide.py docs/guides/plot.md docs/figures/`.

Files that its code writes, such as figures, end up in the folder. What the code prints is printed,
with a mark where the page shows something else; `--update` makes the page show it.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from website.guides import is_as_shown, run, steps, with_output


def main() -> None:
    """Run the guide."""
    parser = argparse.ArgumentParser(description="Runs the code of a guide.")
    parser.add_argument("page", type=Path, help="the guide")
    parser.add_argument("folder", type=Path, help="where its files end up")
    parser.add_argument("--update", action="store_true", help="put what is printed into the page")
    options = parser.parse_args()
    page = options.page.read_text(encoding="utf-8")
    path = options.page.resolve()
    for step, printed in run(steps(page), options.folder):
        if not is_as_shown(step.shown or "", printed):
            print("--- not as shown:")
            page = with_output(page, step, printed)
        print(printed, end="")
    if options.update:
        path.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
