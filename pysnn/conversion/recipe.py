"""Published ways of conversion by name, each a set of choices that keywords override."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, get_args

from .._base.numbers import as_choice, as_count, as_positive_int, as_str
from .._base.tables import text_table
from ..spiking import Encoding, Reset
from .calibration.names import Calibration
from .folding import Pools
from .scales import PAPER_METHODS, SCALE_METHODS, Method, Per

Rectifier = Literal["if", "signed"]
Readout = Literal["potential", "spikes"]
Delay = int | Literal["latency"]

DEFAULT_NUM_STEPS = 32
"""Steps of conversions that are for a number of them, where none is given."""

DEFAULT_RECIPE = "calibrated"
"""What `convert` does where it is told neither a recipe nor a method."""

DEFAULT_CALIBRATION_SAMPLES = 256
"""Samples that calibrations simulate, where no number is given."""

DEFAULT_NUM_UPDATES = 400
"""Batches that balance scales, where none is given; the authors take ten times as many."""

READING_STEPS: frozenset[Method] = frozenset(
    name for name, method in SCALE_METHODS.items() if "num_steps" in method.reads
)
"""Methods of scales that depend on the number of steps."""


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
        num_updates: Batches that balance the scales; None where the method has none.
        reset: What a spike does to the membrane potential.
        initial_potential: Membrane potential before the first step, in thresholds.
        neuron: Neuron model of what is cut off at 0.
        negative_threshold: Of ``"signed"`` neurons, in thresholds.
        pools: What becomes of average pools.
        readout: What the output is taken from; None: potentials where the network ends without a
            ReLU, spikes otherwise.
        calibration: What takes up the mean error of each population: its biases, its initial
            potentials, or nothing.
        calibration_samples: Samples that calibrations simulate, the first ones; None where there is
            none.
        delay: Steps that a readout leaves out, or ``"latency"`` for as many as spikes take to it.
        num_steps: Steps that ``"mmse"``, ``"gaussian"``, calibrations and ``"latency"`` are for;
            None where there is none of them.
        encoding: How samples drive the network.
    """

    name: str
    source: str
    method: Method
    reset: Reset
    encoding: Encoding
    per: Per | None = None
    percentile: float | None = None
    num_updates: int | None = None
    initial_potential: float = 0.0
    neuron: Rectifier = "if"
    negative_threshold: float | None = None
    pools: Pools = "spiking"
    readout: Readout | None = None
    calibration: Calibration = "none"
    calibration_samples: int | None = None
    delay: Delay = 0
    num_steps: int | None = None

    @property
    def reads_num_steps(self) -> bool:
        """Whether the conversion is for a number of steps."""
        return self.method in READING_STEPS or self.calibration != "none" or self.delay == "latency"

    @property
    def reading_samples(self) -> str | None:
        """What needs samples beside the method of finding scales; None: nothing does."""
        if self.calibration != "none":
            return f"calibration {self.calibration!r}"
        return "delay 'latency'" if self.delay == "latency" else None

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
            changes = {"per": None, "percentile": None, "num_updates": None, **changes}
        if isinstance(changes.get("delay", 0), str):
            as_choice(changes["delay"], "delay", ("latency",))
        elif "delay" in changes:
            as_count(changes["delay"], "delay")
        for name in ("num_steps", "num_updates", "calibration_samples"):
            if changes.get(name) is not None:
                as_positive_int(changes[name], name)
        return replace(self, **changes)._completed(changes)

    def _completed(self, given: Mapping[str, object]) -> Recipe:
        """Return the recipe with numbers of steps, updates and samples where it reads them alone.

        Raises:
            ValueError: One is given that nothing reads.
        """
        calibrates = self.calibration != "none"
        if not self.reads_num_steps and given.get("num_steps") is not None:
            methods = " or ".join(map(repr, sorted(READING_STEPS)))
            raise ValueError(
                f"num_steps is {given['num_steps']}, but nothing in the conversion depends on it: "
                f"it goes with method {methods}, a calibration or delay='latency'"
            )
        if not calibrates and given.get("calibration_samples") is not None:
            raise ValueError(
                f"calibration_samples is {given['calibration_samples']}, but goes with a "
                f"calibration, not {self.calibration!r}"
            )
        balances = "num_updates" in SCALE_METHODS[self.method].reads
        samples = self.calibration_samples or DEFAULT_CALIBRATION_SAMPLES
        return replace(
            self,
            # Where nothing balances, a number that is given is refused later.
            num_updates=self.num_updates or (DEFAULT_NUM_UPDATES if balances else None),
            num_steps=(self.num_steps or DEFAULT_NUM_STEPS) if self.reads_num_steps else None,
            calibration_samples=samples if calibrates else None,
        )

    def texts(self) -> dict[str, str]:
        """Return the choices by name, as a network keeps them."""
        return {
            each.name: str(getattr(self, each.name))
            for each in fields(self)
            if each.name not in ("source", "encoding") and getattr(self, each.name) is not None
        }

    def __str__(self) -> str:
        """Return the name, the source and the choices, one a line."""
        choices = "\n".join(
            f"  {each.name} = {getattr(self, each.name)!r}"
            for each in fields(self)
            if each.name not in ("name", "source") and getattr(self, each.name) is not None
        )
        return f"{self.name} ({self.source})\n{choices}"


_CHOICES: dict[str, tuple[str, ...]] = {
    "method": get_args(Method),
    "per": get_args(Per),
    "reset": get_args(Reset),
    "neuron": get_args(Rectifier),
    "pools": get_args(Pools),
    "readout": get_args(Readout),
    "calibration": get_args(Calibration),
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
        "calibration2021",
        "Li et al., ICML 2021, potentials calibrated; half a threshold at the start, not by and by",
        method="mmse",
        per="layer",
        reset="subtract",
        initial_potential=0.5,
        calibration="potential",
        calibration_samples=DEFAULT_CALIBRATION_SAMPLES,
        num_steps=DEFAULT_NUM_STEPS,
        readout="potential",
        encoding="constant",
    ),
    Recipe(
        "qcfs2022",
        "Bu et al., ICLR 2022, for networks trained with ReLU(max, levels)",
        method="clip",
        reset="subtract",
        initial_potential=0.5,
        pools="folded",
        readout="potential",
        encoding="constant",
    ),
    Recipe(
        "ltb2025",
        "Bu et al., CVPR 2025, with exact max pools",
        method="balanced",
        per="channel",
        num_updates=400,
        reset="subtract",
        initial_potential=0.5,
        pools="folded",
        readout="potential",
        delay="latency",
        num_steps=DEFAULT_NUM_STEPS,
        encoding="constant",
    ),
    Recipe(
        "dcgs2025",
        "DCGS 2025, its scales with spikes of one size",
        method="gaussian",
        per="channel",
        reset="subtract",
        initial_potential=0.5,
        num_steps=DEFAULT_NUM_STEPS,
        pools="folded",
        readout="potential",
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
    Recipe(
        "calibrated",
        "pysnn, with calibration by Li et al., ICML 2021",
        method="percentile",
        per="channel",
        percentile=99.9,
        reset="subtract",
        initial_potential=0.5,
        calibration="potential",
        calibration_samples=DEFAULT_CALIBRATION_SAMPLES,
        num_steps=64,
        pools="folded",
        readout="potential",
        encoding="constant",
    ),
    Recipe(
        "signed_calibrated",
        "pysnn, with scales and calibration by Li et al., ICML 2021",
        method="mmse",
        per="channel",
        reset="subtract",
        initial_potential=0.5,
        neuron="signed",
        negative_threshold=0.0,
        calibration="potential",
        calibration_samples=DEFAULT_CALIBRATION_SAMPLES,
        num_steps=DEFAULT_NUM_STEPS,
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
