"""Published ways of conversion by name, each a set of choices that keywords override."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, get_args

from .._base.numbers import as_choice, as_str
from .._base.tables import text_table
from ..spiking import Encoding, Reset
from .folding import Pools
from .scales import Method, Per

Rectifier = Literal["if", "signed"]
Readout = Literal["potential", "spikes"]


@dataclass(frozen=True)
class Recipe:
    """Choices of a conversion; each is a keyword of `convert` with the same meaning.

    Attributes:
        name: What `convert` calls it.
        source: Who published it.
        method: How scales are found.
        per: Whether a layer or each of its channels has a scale; None where the method has no
            choice.
        percentile: Percentage of the values that a scale covers; likewise.
        num_steps: Steps that the conversion is meant for; None where nothing depends on them.
        num_updates: Batches that balance the scales; None where the method has none.
        reset: What a spike does to the membrane potential.
        initial_potential: Membrane potential before the first step, in thresholds.
        neuron: Neuron model of what is cut off at 0.
        negative_threshold: Of ``"signed"`` neurons, in thresholds.
        pools: What becomes of average pools.
        readout: What the output is taken from; None: potentials where the network ends without a
            ReLU, spikes otherwise.
        encoding: How samples should drive the network.
    """

    name: str
    source: str
    method: Method
    reset: Reset
    encoding: Encoding
    per: Per | None = None
    percentile: float | None = None
    num_steps: int | None = None
    num_updates: int | None = None
    initial_potential: float = 0.0
    neuron: Rectifier = "if"
    negative_threshold: float | None = None
    pools: Pools = "spiking"
    readout: Readout | None = None

    def overridden(self, **choices: object) -> Recipe:
        """Return the recipe with those of some choices that are not None.

        Another method has no use for the recipe's ``per``, ``percentile``, ``num_steps`` and
        ``num_updates``.

        Raises:
            TypeError: A choice is not a str.
            ValueError: It is unknown.
        """
        changes: dict[str, Any] = {
            name: value for name, value in choices.items() if value is not None
        }
        for name, known in _CHOICES.items():
            if name in changes:
                as_choice(changes[name], name, known)
        if changes.get("method", self.method) != self.method:
            changes = {**dict.fromkeys(_OF_METHOD), **changes}
        return replace(self, **changes)

    def __str__(self) -> str:
        """Return the name, the source and the choices, one a line."""
        choices = "\n".join(
            f"  {each.name} = {getattr(self, each.name)!r}"
            for each in fields(self)
            if each.name not in ("name", "source") and getattr(self, each.name) is not None
        )
        return f"{self.name} ({self.source})\n{choices}"


_OF_METHOD = ("per", "percentile", "num_steps", "num_updates")
_CHOICES: dict[str, tuple[str, ...]] = {
    "method": get_args(Method),
    "per": get_args(Per),
    "reset": get_args(Reset),
    "neuron": get_args(Rectifier),
    "pools": get_args(Pools),
    "readout": get_args(Readout),
}


class Recipes(Mapping[str, Recipe]):
    """The recipes by name; printing them shows a table."""

    def __init__(self, *recipes: Recipe) -> None:
        self._by_name = {each.name: each for each in recipes}

    def __getitem__(self, name: str) -> Recipe:
        """Return the recipe of a name."""
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


recipes = Recipes(
    Recipe(
        "diehl2015",
        "Diehl et al., IJCNN 2015",
        method="data",
        reset="zero",
        encoding="poisson",
    ),
    Recipe(
        "rueckauer2017",
        "Rueckauer et al., Frontiers in Neuroscience 2017",
        method="percentile",
        per="layer",
        percentile=99.9,
        reset="subtract",
        encoding="constant",
    ),
    Recipe(
        "opi2022",
        "Bu et al., AAAI 2022, optimized initial potentials",
        method="percentile",
        per="layer",
        percentile=99.9,
        reset="subtract",
        initial_potential=0.5,
        encoding="constant",
    ),
    Recipe(
        "snm2022",
        "Wang et al., IJCAI 2022, scales by channel instead of by neuron",
        method="percentile",
        per="channel",
        percentile=100.0,
        reset="subtract",
        neuron="signed",
        negative_threshold=1.0,
        encoding="constant",
    ),
    Recipe(
        "robust",
        "pysnn",
        method="percentile",
        per="channel",
        percentile=99.9,
        reset="subtract",
        initial_potential=0.5,
        pools="folded",
        readout="potential",
        encoding="constant",
    ),
    Recipe(
        "signed",
        "pysnn",
        method="percentile",
        per="channel",
        percentile=99.9,
        reset="subtract",
        initial_potential=0.5,
        neuron="signed",
        negative_threshold=0.0,
        pools="folded",
        readout="potential",
        encoding="constant",
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
