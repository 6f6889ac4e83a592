"""One way of conversion among several: a recipe, and keywords that override it."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..._base.numbers import as_choice
from ...conversion import SCALE_METHODS, Recipe, convert, recipes
from ...conversion.named_recipes import as_recipe
from ...network import Network
from ...spiking import SpikingNetwork
from ...spiking.encoding import ENCODINGS, Encoding

RecipeLike = str | Recipe | tuple[str | Recipe, Mapping[str, Any]]
"""Name of a recipe, a recipe, or one of these with keywords of `convert`, or ``encoding``."""

_KEYWORDS = frozenset(inspect.signature(convert).parameters)
# Potentials are in other units as keywords than in recipes.
_CHOICES = _KEYWORDS & {each.name for each in fields(Recipe)} - {
    "initial_potential",
    "negative_threshold",
}
# What the caller of all conversions says once.
_COMMON = frozenset({"network", "recipe", "x", "scale", "batch_size", "num_threads", "progress"})


@dataclass(frozen=True)
class Candidate:
    """A way of conversion.

    Attributes:
        name: What tables call it: the recipe's name, with the keywords in parentheses.
        recipe: The recipe with the encoding that samples are given in.
        keywords: What `convert` gets besides, by name.
    """

    name: str
    recipe: Recipe
    keywords: tuple[tuple[str, Any], ...] = ()

    @classmethod
    def of(cls, value: RecipeLike, where: str) -> Candidate:
        """Return the candidate that an entry of a list stands for.

        Args:
            value: Entry of the list.
            where: What messages call it.

        Raises:
            TypeError: It is no recipe, nor a pair of one and keywords.
            ValueError: There is no such recipe or keyword.
        """
        if isinstance(value, str | Recipe):
            recipe = as_recipe(value)
            return cls(recipe.name, recipe)
        if not isinstance(value, tuple) or len(value) != 2 or not isinstance(value[1], Mapping):
            raise TypeError(
                f"{where} is {_shown(value)}, but must be a recipe, its name, or a pair of one of "
                f"these and a mapping of keywords"
            )
        recipe = as_recipe(value[0])
        for keyword in value[1]:
            if keyword not in (_KEYWORDS | {"encoding"}) - _COMMON:
                raise ValueError(
                    f"{where} has the keyword {keyword!r}, but must have keywords of convert other "
                    f"than {', '.join(sorted(_COMMON))}; or 'encoding'"
                )
        words = ", ".join(f"{name}={text_of(word)}" for name, word in value[1].items())
        keywords = dict(value[1])
        if "encoding" in keywords:
            encoding = as_choice(keywords.pop("encoding"), f"{where}: encoding", ENCODINGS)
            recipe = replace(recipe, encoding=encoding)
        candidate = cls(
            f"{recipe.name} ({words})" if words else recipe.name, recipe, tuple(keywords.items())
        )
        _ = candidate.chosen  # where a choice that is none is found
        return candidate

    @property
    def chosen(self) -> Recipe:
        """The recipe with those of the keywords that are choices of recipes."""
        keywords = dict(self.keywords)
        return self.recipe.overridden(**{name: keywords.get(name) for name in _CHOICES})

    @property
    def reads_samples(self) -> bool:
        """Whether the conversion needs samples."""
        chosen = self.chosen
        return "x" in SCALE_METHODS[chosen.method].reads or chosen.reading_samples is not None

    def for_steps(self, num_steps: int) -> Candidate:
        """Return it with a number of steps where its conversion is for one and none is given."""
        keywords = dict(self.keywords)
        if not self.chosen.reads_num_steps or "num_steps" in keywords:
            return self
        return Candidate.of((self.recipe, keywords | {"num_steps": num_steps}), "recipes")

    @property
    def encoding(self) -> Encoding:
        """How samples drive the network."""
        return self.recipe.encoding

    def convert(
        self, network: Network, x: NDArray[np.float32] | None, num_threads: int | None
    ) -> SpikingNetwork:
        """Convert a network.

        Args:
            network: The network.
            x: Samples for the calibration; of no effect where the way reads none.
            num_threads: Threads; None for the default.

        Raises:
            TypeError: As `convert`.
            ValueError: As `convert`.
        """
        return convert(
            network,
            recipe=self.recipe,
            x=x if self.reads_samples else None,
            num_threads=num_threads,
            progress=False,
            **dict(self.keywords),
        )


def as_candidates(values: Iterable[RecipeLike] | None, name: str) -> tuple[Candidate, ...]:
    """Return the candidates of a list; None stands for all recipes.

    Args:
        values: The list.
        name: What messages call it.

    Raises:
        TypeError: It is no list of recipes.
        ValueError: It is empty, has a way twice, or an entry is no way.
    """
    if values is None:
        values = tuple(recipes)
    if isinstance(values, str | Recipe) or not isinstance(values, Sequence):
        raise TypeError(f"{name} is a {type(values).__name__}, but must be a sequence of recipes")
    candidates = tuple(Candidate.of(each, f"{name}[{i}]") for i, each in enumerate(values))
    if not candidates:
        raise ValueError(f"{name} is empty, but must have at least one entry")
    names = [each.name for each in candidates]
    for i, each in enumerate(names):
        if each in names[:i]:
            raise ValueError(f"{name}[{i}] is {each!r}, which {name}[{names.index(each)}] is too")
    return candidates


def text_of(value: object) -> str:
    """Return a keyword's value as the names of candidates show it."""
    return f"{value:g}" if isinstance(value, float) else str(value)


def _shown(value: object) -> str:
    return repr(value) if isinstance(value, tuple) else f"a {type(value).__name__}"
