"""A recipe: the choices of a conversion, which keywords override."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, get_args

from .._base.numbers import as_choice, as_count, as_positive_int
from ..spiking import Encoding, Reset
from .calibration.names import Calibration
from .folding import Pools
from .scales import (
    DEFAULT_NUM_STEPS,
    DEFAULT_NUM_UPDATES,
    DEFAULT_PERCENTILE,
    SCALE_METHODS,
    Method,
    Per,
)

Rectifier = Literal["if", "signed"]
Readout = Literal["potential", "spikes"]
Delay = int | Literal["latency"]

DEFAULT_CALIBRATION_SAMPLES = 256
"""Samples that calibrations simulate, where no number is given."""

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

        Another method has no use for the recipe's ``per``, ``percentile`` and ``num_updates``.

        Raises:
            TypeError: A choice has the wrong type.
            ValueError: It is unknown or out of its range, or nothing reads it.
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
        """Return the recipe with all that it reads, and numbers of steps and samples there alone.

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
        method = SCALE_METHODS[self.method]
        of_method = {
            "per": method.per,
            "percentile": DEFAULT_PERCENTILE,
            "num_updates": DEFAULT_NUM_UPDATES,
        }
        # What is given and not read by the method is refused where its settings are checked.
        lacking: dict[str, Any] = {
            name: value
            for name, value in of_method.items()
            if name in method.reads and getattr(self, name) is None
        }
        samples = self.calibration_samples or DEFAULT_CALIBRATION_SAMPLES
        return replace(
            self,
            **lacking,
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
