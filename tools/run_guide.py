"""A guide, run: `python tools/run_guide.py docs/guides/plot.md docs/figures/`.

Files that its code writes, such as figures, end up in the folder. What the code prints is printed,
with a mark where the page shows something else.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from website.guides import is_as_shown, run, steps


def main() -> None:
    """Run the guide."""
    parser = argparse.ArgumentParser(description="Runs the code of a guide.")
    parser.add_argument("page", type=Path, help="the guide")
    parser.add_argument("folder", type=Path, help="where its files end up")
    options = parser.parse_args()
    for step, printed in run(steps(options.page.read_text(encoding="utf-8")), options.folder):
        if not is_as_shown(step.shown or "", printed):
            print("--- not as shown:")
        print(printed, end="")


if __name__ == "__main__":
    main()
