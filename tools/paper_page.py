"""`docs/paper.md` from a recorded run: `python tools/paper_page.py report/ docs/`.

Every number of the page comes from the run's ``results.json``. Beside the page stand the record
(``paper.json``) and the pictures (``figures/``); tables in the README and in ``performance.md``
are replaced between their markers.
"""

from __future__ import annotations

import argparse
import io
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pysnn._base.files import replacing, write_text
from pysnn._base.formats import milliseconds, percent
from pysnn.reproduction.output import FIGURES
from pysnn.reproduction.report.core_parts import (
    accuracy_part,
    factors_part,
    published_part,
    work_part,
)
from pysnn.reproduction.report.document import Figure, Part
from pysnn.reproduction.report.markdown import render_parts, row
from pysnn.reproduction.report.report_run import training_part
from pysnn.reproduction.results import CaseResult, NetworkResult, ReproduceResult
from pysnn.reproduction.sections import SECTIONS

PAGE = "paper.md"
RECORD = "paper.json"
_OVERVIEW = "accuracy_over_time"  # for the README
_README_TIMES = (0.02, 0.05, 0.1, 0.5)  # s
_README_CASES = ("none", "data")  # the page has all of them
_DIGITS = 10  # significant ones that the record keeps of what is no whole number


def write_page(report: Path, docs: Path) -> Path:
    """Write the page, its record and its pictures, and the tables in other documents.

    Args:
        report: Folder of a run of `pysnn reproduce`.
        docs: The documents' folder; README.md is looked for beside it.

    Returns:
        The page's path.

    Raises:
        OSError: A file is missing or can't be written.
        ValueError: ``report`` holds no run.
    """
    record = compact(json.loads((report / "results.json").read_text(encoding="utf-8")))
    result = ReproduceResult.from_dict(record)
    pictures = [_OVERVIEW, *_pictures(_parts(result))]
    missing = [n for n in pictures if not (report / FIGURES / f"{n}.png").exists()]
    if missing:
        raise FileNotFoundError(f"{report / FIGURES} has no {', '.join(missing)}; run it again")
    folder = docs / FIGURES
    folder.mkdir(parents=True, exist_ok=True)
    for name in pictures:
        with replacing(folder / f"{name}.png") as temporary:
            temporary.write_bytes(_smaller((report / FIGURES / f"{name}.png").read_bytes()))
    write_text(docs / RECORD, json.dumps(record, separators=(",", ":"), allow_nan=False) + "\n")
    write_text(docs / PAGE, render_page(result))
    replace_between_markers(docs.parent / "README.md", "paper", readme_table(result))
    replace_between_markers(docs / "performance.md", "paper", time_table(result))
    return docs / PAGE


def compact(record: dict[str, Any]) -> dict[str, Any]:
    """Return a run's numbers without what belongs to one machine, rounded to 10 digits."""
    environment = {k: v for k, v in record["environment"].items() if k != "install_path"}
    rounded: dict[str, Any] = _rounded({**record, "environment": environment})
    return rounded


def render_page(result: ReproduceResult) -> str:
    """Return the page as Markdown."""
    settings, environment = result.settings, result.environment
    head = [
        "# The paper's experiments, as measured",
        "The experiments of Diehl et al. (IJCNN 2015) and some that follow from them: for each, "
        "the question, figures and numbers, and the differences from the paper. **This page is "
        "generated; do not edit it.** Every number comes from one run of",
        f"```sh\n{result.command}\n```",
        f"with pysnn {environment['pysnn']}, NumPy {environment['numpy']}, Python "
        f"{environment['python']}, seed {settings['seed']}, {settings['num_threads']} threads, "
        f"CPU target {environment['cpu_target']}; its record is [{RECORD}]({RECORD}), from "
        "which `python tools/paper_page.py report/ docs/` makes this page. Steps of "
        f"{1000 * settings['dt']:g} ms, reset to zero, threshold {settings['threshold']:g} "
        f"unless said otherwise; {result.num_images:,} test images; every choice was made on "
        f"{settings['num_validation']:,} training images held out of training. The command under "
        "each part runs that part alone, on the trained networks that come with pysnn.",
    ]
    if result.quick:
        head.insert(1, "**From a quick run: fewer epochs, images and cells.**")
    text = "\n\n".join([*head, render_parts(_parts(result))]) + "\n"
    # The page lies among the documents that it names.
    return re.sub(r"`docs/(\w+\.md)`", r"[\1](\1)", text)


def readme_table(result: ReproduceResult) -> str:
    """Return the README's figure and table: accuracy over time with and without normalization."""
    cases = [
        (network, [case for case in network.cases if case.normalization in _README_CASES])
        for network in result.networks
    ]
    times = [
        time
        for time in _README_TIMES
        if any(c.curve.accuracy_at(time) is not None for _, shown in cases for c in shown)
    ]
    header = ["network", "normalization", "input", "ReLU network"]
    header += [*map(milliseconds, times), "within 1 point"]
    lines = [row(header), row(["---"] * len(header))]
    lines += [
        row(_readme_row(network, case, times, is_first=i == 0))
        for network, shown in cases
        for i, case in enumerate(shown)
    ]
    reached = [(n, n.main_case.curve.time_to_within(1.0, n.ann_accuracy)) for n in result.networks]
    alt = "Accuracy over simulated time; within one point of the ReLU network: " + ", ".join(
        f"{network.title} after {milliseconds(time)}" if time else f"{network.title} never"
        for network, time in reached
    )
    picture = f"![{alt}](docs/{FIGURES}/{_OVERVIEW}.png)"
    words = f"Numbers from `{result.command}`; [all results of that run](docs/{PAGE})."
    return "\n".join([picture, "", *lines, "", words])


def time_table(result: ReproduceResult) -> str:
    """Return what takes the time of the run, as Markdown."""
    grouped: dict[str, float] = {}
    for name, seconds in result.seconds.items():
        group = _time_group(name)
        grouped[group] = grouped.get(group, 0.0) + seconds
    whole = grouped.pop("whole run")
    for network in result.networks:
        if network.reused:
            name = f"training, {network.name} (in an earlier run, not in the sum)"
            grouped = {name: network.training_seconds, **grouped}
    lines = [
        f"`{result.command}`, {result.settings['num_threads']} threads, CPU target "
        f"{result.environment['cpu_target']}: {whole:.0f} s; the run of [{PAGE}]({PAGE}).",
        "",
        row(["part", "s"]),
        row(["---", "---:"]),
        *(row([name, f"{seconds:.1f}"]) for name, seconds in grouped.items()),
    ]
    return "\n".join(lines)


def replace_between_markers(path: Path, name: str, text: str) -> bool:
    """Put ``text`` between ``<!-- begin NAME -->`` and ``<!-- end NAME -->``, if both are there.

    Returns:
        Whether the file has them.
    """
    if not path.exists():
        return False
    before = path.read_text(encoding="utf-8")
    begin, end = f"<!-- begin {name} -->", f"<!-- end {name} -->"
    pattern = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    after, count = pattern.subn(lambda _: f"{begin}\n{text}\n{end}", before)
    if count:
        write_text(path, after)
    return count > 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the page from the command line."""
    parser = argparse.ArgumentParser(prog="python tools/paper_page.py")
    parser.add_argument("report", type=Path, help="folder of a run of `pysnn reproduce`")
    parser.add_argument("docs", type=Path, help="folder of the documents")
    options = parser.parse_args(arguments)
    try:
        print(f"page written to {write_page(options.report, options.docs)}")
    except KeyError as error:
        words = f"{options.report} has no {error}: made by another version; run it again"
    except (OSError, ValueError) as error:
        words = str(error)
    else:
        return 0
    print(f"paper_page: error: {words}", file=sys.stderr)
    return 1


def _parts(result: ReproduceResult) -> list[Part]:
    parts = [accuracy_part(result), work_part(result)]
    parts += [part for section in SECTIONS for part in section.parts_of(result)]
    more = [published_part(result), factors_part(result), training_part(result)]
    return [*parts, *(part for part in more if part is not None)]


def _pictures(parts: Sequence[Part]) -> list[str]:
    return [
        panel.name
        for part in parts
        for block in part.blocks
        if isinstance(block, Figure)
        for panel in block.panels
    ]


def _readme_row(
    network: NetworkResult, case: CaseResult, times: Sequence[float], *, is_first: bool
) -> list[str]:
    bold = "**" if case is network.main_case else ""
    accuracies = (case.curve.accuracy_at(time) for time in times)
    return [
        network.title if is_first else "",
        f"{bold}{case.title}{bold}",
        f"{case.max_rate:.0f} Hz",
        f"{percent(network.ann_accuracy)} %" if is_first else "",
        *(
            "" if accuracy is None else f"{bold}{percent(accuracy)} %{bold}"
            for accuracy in accuracies
        ),
        f"{bold}{milliseconds(case.curve.time_to_within(1.0, network.ann_accuracy))}{bold}",
    ]


def _time_group(name: str) -> str:
    """Return what a part of the clock counts for: "fcn, data: simulation" for the simulations."""
    who, _, what = name.partition(": ")
    network = who.partition(",")[0]
    if what == "training":
        return f"training, {network}"
    return f"core, {network}" if what else name


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.{_DIGITS}g}")
    if isinstance(value, dict):
        return {key: _rounded(each) for key, each in value.items()}
    return [_rounded(each) for each in value] if isinstance(value, list) else value


def _smaller(png: bytes) -> bytes:
    """Return a picture with at most 64 colours, which is enough for all of them."""
    from PIL import Image  # comes with matplotlib

    data = io.BytesIO()
    with Image.open(io.BytesIO(png)) as image:
        image.convert("RGB").quantize(64).save(data, format="png", optimize=True)
    return data.getvalue()


if __name__ == "__main__":
    sys.exit(main())
