"""The recipes by name, and which one a conversion takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, get_args

from .._base.named import NamedValues
from .._base.numbers import as_choice, as_str
from .._base.tables import text_table
from .recipe import Recipe
from .scales import PAPER_METHODS, Method

DEFAULT_RECIPE = "calibrated"
"""What `convert` does where it is told neither a recipe nor a method."""


class Recipes(Mapping[str, Recipe]):
    """The recipes by name; printing them shows a table."""

    def __init__(self, *recipes: Recipe) -> None:
        self._by_name = NamedValues(
            {each.name: each for each in recipes},
            lambda name: f"there is no recipe {name!r}, but {', '.join(self)}",
        )

    def __getitem__(self, name: str) -> Recipe:
        """Return the recipe of a name.

        Raises:
            KeyError: There is none.
        """
        return self._by_name[name]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names."""
        return iter(self._by_name)

    def __len__(self) -> int:
        """Return the number of recipes."""
        return len(self._by_name)

    def __repr__(self) -> str:
        """Show their choices as a table."""
        header = ("recipe", "scales", "reset", "start", "neuron", "pools", "encoding", "source")
        rows = [
            (
                each.name,
                _scales_text(each),
                each.reset,
                f"{each.initial_potential:g}",
                each.neuron,
                each.pools,
                each.encoding,
                each.source,
            )
            for each in self._by_name.values()
        ]
        return text_table(header, rows)


def _scales_text(recipe: Recipe) -> str:
    percentile = "" if recipe.percentile is None else f" {recipe.percentile:g}"
    per = "" if recipe.per is None else f" per {recipe.per}"
    return f"{recipe.method}{percentile}{per}"


_PERCENTILE = Recipe(
    "rueckauer2017",
    "Rueckauer et al., Frontiers in Neuroscience 2017",
    method="percentile",
    per="layer",
    percentile=99.9,
    reset="subtract",
    encoding="constant",
)
_ROBUST = replace(
    _PERCENTILE,
    name="robust",
    source="pysnn",
    per="channel",
    initial_potential=0.5,
    pools="folded",
    readout="potential",
)
_SIGNED = replace(_ROBUST, name="signed", neuron="signed", negative_threshold=0.0)


def _like(base: Recipe, name: str, source: str, **choices: Any) -> Recipe:
    """Return a recipe like another one, completed as `convert` would."""
    return replace(base, name=name, source=source).overridden(**choices)


recipes = Recipes(
    Recipe(
        "diehl2015",
        "Diehl et al., IJCNN 2015",
        method="data",
        reset="zero",
        encoding="poisson",
    ),
    _PERCENTILE,
    replace(
        _PERCENTILE,
        name="opi2022",
        source="Bu et al., AAAI 2022, optimized initial potentials",
        initial_potential=0.5,
    ),
    replace(
        _PERCENTILE,
        name="snm2022",
        source="Wang et al., IJCAI 2022, scales by channel instead of by neuron",
        per="channel",
        percentile=100.0,
        neuron="signed",
        negative_threshold=1.0,
    ),
    _like(
        _ROBUST,
        "calibration2021",
        "Li et al., ICML 2021, potentials calibrated; half a threshold at the start, not by and by",
        method="mmse",
        per="layer",
        pools="spiking",
        calibration="potential",
    ),
    _like(
        _ROBUST,
        "qcfs2022",
        "Bu et al., ICLR 2022, for networks trained with ReLU(max, levels)",
        method="clip",
    ),
    _like(
        _ROBUST,
        "ltb2025",
        "Bu et al., CVPR 2025, with exact max pools",
        method="balanced",
        per="channel",
        delay="latency",
    ),
    _like(
        _ROBUST,
        "dcgs2025",
        "DCGS 2025, its scales with spikes of one size",
        method="gaussian",
        per="channel",
    ),
    _ROBUST,
    _SIGNED,
    _like(
        _ROBUST,
        "calibrated",
        "pysnn, with calibration by Li et al., ICML 2021",
        calibration="potential",
        num_steps=64,
    ),
    _like(
        _SIGNED,
        "signed_calibrated",
        "pysnn, with scales and calibration by Li et al., ICML 2021",
        method="mmse",
        per="channel",
        calibration="potential",
    ),
)


def as_recipe(value: object) -> Recipe:
    """Return a recipe, or the one of a name.

    Raises:
        TypeError: ``value`` is neither a Recipe nor a str.
        ValueError: No recipe has the name.
    """
    if isinstance(value, Recipe):
        return value
    name = as_str(value, "recipe")
    if name not in recipes:
        raise ValueError(f"recipe is {name!r}, but must be one of {', '.join(map(repr, recipes))}")
    return recipes[name]


def choose(
    recipe: str | Recipe | None, *, method: Method | None = None, **choices: object
) -> tuple[Recipe, bool]:
    """Return the choices of a conversion, and whether its network is to remember them.

    Without a recipe those are the paper's under its methods, whose networks stay what they were to
    the byte of their files, and those of ``"robust"`` under the others; without a method, too,
    those of `DEFAULT_RECIPE`.

    Args:
        recipe: As for `convert`.
        method: See there.
        choices: What overrides a recipe, see `Recipe.overridden`.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: One is unknown, or has no effect.
    """
    if recipe is not None:
        return as_recipe(recipe).overridden(method=method, **choices), True
    if method is None:
        return recipes[DEFAULT_RECIPE].overridden(**choices), True
    if as_choice(method, "method", get_args(Method)) in PAPER_METHODS:
        return recipes["diehl2015"].overridden(method=method, **choices), False
    return recipes["robust"].overridden(method=method, **choices), True
