"""Which conversions a search tries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

from ..._base.numbers import as_choice
from ...conversion import PAPER_METHODS, Readout, Rectifier
from ...conversion import recipes as all_recipes
from ...conversion.scale_settings import as_percentile
from ..compare import Candidate, RecipeLike
from ..compare.candidate import as_candidates

PERCENTILES = (99.0, 99.9, 99.99, 100.0)
NEURONS: tuple[Rectifier, ...] = ("if", "signed")
READOUTS: tuple[Readout, ...] = ("potential", "spikes")

_VARIED = ("robust",)
# A search that time cuts short should have seen these.
_FIRST = ("robust", "signed", "calibrated", "signed_calibrated")


def search_candidates(
    recipes: Sequence[RecipeLike] | None,
    percentiles: Sequence[float] | None,
    neurons: Sequence[Rectifier] | None,
    readouts: Sequence[Readout] | None,
    candidates: Sequence[RecipeLike],
) -> tuple[Candidate, ...]:
    """Return recipes as they are, candidates of the user, and the grid around recipes.

    Args:
        recipes: Recipes that the grid is around; None: all of `pysnn.recipes` as they are, and the
            grid around ``"robust"``.
        percentiles: Percentiles of the grid, for recipes that have one; None for the usual ones.
        neurons: Neuron models of the grid, likewise.
        readouts: Readouts of the grid, likewise.
        candidates: What is tried besides.

    Returns:
        Ways of conversion, none of them twice.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: A value is out of its range or has no effect.
    """
    if recipes is None:
        names = sorted(all_recipes, key=lambda name: name not in _FIRST)
        published = as_candidates(names, "recipes")
        bases: tuple[Candidate, ...] = tuple(each for each in published if each.name in _VARIED)
    else:
        bases = published = as_candidates(recipes, "recipes")
    besides = _as_list(candidates, "candidates", ())
    extra = as_candidates(besides, "candidates") if besides else ()
    shares = [as_percentile(each) for each in _as_list(percentiles, "percentiles", PERCENTILES)]
    if percentiles is not None and shares and not any(_has_percentile(each) for each in bases):
        raise ValueError("percentiles is given, but no recipe has scales by percentile")
    grid = _Grid(
        shares,
        _as_choices(neurons, "neurons", NEURONS),
        _as_choices(readouts, "readouts", READOUTS),
    )
    found: dict[tuple[object, ...], Candidate] = {}
    for each in (*published, *extra, *(near for base in bases for near in grid.around(base))):
        found.setdefault(_identity(each), each)
    return tuple(found.values())


class _Grid:
    """Changes of a recipe, in all combinations."""

    def __init__(
        self,
        percentiles: Sequence[float],
        neurons: Sequence[Rectifier],
        readouts: Sequence[Readout],
    ) -> None:
        self._percentiles = percentiles
        self._neurons = neurons
        self._readouts = readouts

    def around(self, base: Candidate) -> Iterator[Candidate]:
        """Yield what the grid makes of a recipe, and nothing of the paper's methods."""
        if base.chosen.method in PAPER_METHODS:
            return
        own = dict(base.keywords)
        percentiles = self._percentiles if _has_percentile(base) else ()
        for percentile, neuron, readout in product(
            percentiles or (None,), self._neurons or (None,), self._readouts or (None,)
        ):
            changes: dict[str, Any] = {
                "percentile": percentile,
                "neuron": neuron,
                "readout": readout,
            }
            given = {name: value for name, value in changes.items() if value is not None}
            yield Candidate.of((base.recipe, own | given), "recipes")


def _has_percentile(candidate: Candidate) -> bool:
    return candidate.chosen.method == "percentile"


def _identity(candidate: Candidate) -> tuple[object, ...]:
    """Return what two ways with the same result have in common."""
    chosen = candidate.chosen
    negative = (chosen.negative_threshold or 0.0) if chosen.neuron == "signed" else None
    choices = replace(chosen, name="", source="", negative_threshold=negative)
    others = sorted(
        (name, repr(value))
        for name, value in candidate.keywords
        if getattr(chosen, name, None) != value
    )
    return choices, *others


def _as_list(values: Sequence[Any] | None, name: str, usual: Sequence[Any]) -> list[Any]:
    if values is None:
        return list(usual)
    if isinstance(values, str) or not isinstance(values, Sequence):
        raise TypeError(f"{name} is a {type(values).__name__}, but must be a sequence")
    return list(values)


def _as_choices(values: Sequence[str] | None, name: str, known: Sequence[Any]) -> list[Any]:
    return [
        as_choice(each, f"{name}[{i}]", known)
        for i, each in enumerate(_as_list(values, name, known))
    ]
