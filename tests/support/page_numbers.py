"""Which numbers of a page come from its record."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pysnn.reproduction.paper import texts
from pysnn.reproduction.paper.published import AUTHORS_SUMS, PAPER, PUBLISHED, SURVEY
from pysnn.reproduction.results import ReproduceResult

_NUMBER = re.compile(r"(?<![\w.])-?\d+(?:,\d{3})*(?:\.\d+)?(?:e[+-]?\d+)?")


def numbers_of(value: Any) -> Iterator[float]:
    """Yield every number of a JSON value, those in its words too."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from numbers_of(key)
            yield from numbers_of(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from numbers_of(each)
    elif isinstance(value, str):
        for text in _NUMBER.findall(value):
            yield float(text.replace(",", ""))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield float(value)


def written(number: float) -> Iterator[str]:
    """Yield the ways in which a page writes a number: itself, in percent, in ms, in MB."""
    for value in map(abs, (number, 100 * number, 1000 * number, number / 1e6)):
        for digits in range(5):
            yield f"{value:.{digits}f}"
            yield f"{value:,.{digits}f}"
        yield f"{value:.4g}"
        yield f"{value:.3g}"
        yield f"{value:g}"


def derived(result: ReproduceResult) -> Iterator[float]:
    """Yield the differences and sums that tables make of numbers of the record."""
    for network in result.networks:
        for case in network.cases:
            yield from (case.curve.mean - network.ann_accuracy).tolist()
            yield from (case.total_spikes, case.total_synaptic_operations)
    authors = result.sections.get("authors-convnet")
    if authors:
        for case in authors["cases"]:
            for accuracy in case["accuracy_after_each_step"]:
                yield accuracy - authors["ann_accuracy"]


def fixed_words() -> list[str]:
    """Return the words that no measurement changes, with the numbers of the literature."""
    words = [PAPER, SURVEY]
    words += [str(value) for value in vars(texts).values()]
    words += [f"{p.ann_accuracy:.2f} {p.snn_accuracy:.2f}" for p in PUBLISHED.values()]
    words += list(AUTHORS_SUMS)
    return words


def unexplained(page: str, result: ReproduceResult) -> list[str]:
    """Return the numbers in a page's tables that are not the record's."""
    record = result.to_dict()
    allowed = {text for number in numbers_of(record) for text in written(number)}
    allowed |= {text for number in derived(result) for text in written(number)}
    allowed |= set(_NUMBER.findall(" ".join(fixed_words())))
    # Names of layers and files are no numbers; those of the survey stand beside their source.
    lines = [
        line
        for line in page.splitlines()
        if line.startswith("| ") and "Table I" not in line and "Diehl et al." not in line
    ]
    found = (text for line in lines for text in _NUMBER.findall(re.sub(r"\*", "", line)))
    return sorted({text for text in found if text.lstrip("-") not in allowed | {"1", "0.1"}})
