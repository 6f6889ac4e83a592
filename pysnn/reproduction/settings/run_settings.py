"""Settings of the accuracy-over-time experiment: full, quick, or a user's own."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..._base.numbers import as_drawn_seed, as_int, as_positive_float, as_positive_int, as_seed
from ...experiments.normalizations import NORMALIZATIONS, NormalizationSettings
from ...training.recipes import CONVNET_RECIPE, FCN_RECIPE, Recipe
from .section_settings import SectionSettings


@dataclass(frozen=True)
class NetworkSettings:
    """One network of the experiment.

    Attributes:
        name: Short name; the model file is ``<name>.safetensors``.
        title: Name for people.
        recipe: How the network is built and trained.
        duration: Simulated time per image in s.
        unnormalized_max_rate: Input rate of a white pixel without normalization, in Hz. The
            paper lowers it there, since large weights meet too many input spikes otherwise.
    """

    name: str
    title: str
    recipe: Recipe
    duration: float
    unnormalized_max_rate: float


@dataclass(frozen=True)
class ReproduceSettings:
    """Everything that decides what the experiment measures.

    Attributes:
        networks: The networks, in the order of the report.
        seed: Seed of initial weights, training and input spikes.
        normalizations: Ways of conversion, in the order of the report.
        dt: Time step in s.
        max_rate: Input rate of a white pixel with normalization, in Hz.
        threshold: Firing threshold of every neuron.
        checkpoints: Times in s at which tables show the accuracy.
        num_validation: Training images held out of training.
        num_train: Training images used, the held-out ones included; None takes all.
        num_test: Test images used; None takes all.
        quick: Whether the report says that this was the short version.
        sections: The further sections.
        train: Whether networks are trained, or else taken from the package.
    """

    networks: tuple[NetworkSettings, ...]
    seed: int = 0
    normalizations: tuple[NormalizationSettings, ...] = NORMALIZATIONS
    dt: float = 1e-3
    max_rate: float = 1000.0
    threshold: float = 1.0
    checkpoints: tuple[float, ...] = (0.02, 0.05, 0.1, 0.2, 0.5)
    num_validation: int = 5000
    num_train: int | None = None
    num_test: int | None = None
    quick: bool = False
    sections: SectionSettings = field(default_factory=SectionSettings)
    train: bool = True

    def __post_init__(self) -> None:
        if as_int(self.num_validation, "num_validation") < 0:
            raise ValueError(f"num_validation is {self.num_validation}, but must be at least 0")
        if not self.networks or not self.normalizations:
            empty = "normalizations" if self.networks else "networks"
            raise ValueError(f"{empty} is empty, but must have at least one entry")
        for what in ("networks", "normalizations"):
            names = [entry.name for entry in getattr(self, what)]
            if len(set(names)) != len(names):
                raise ValueError(f"{what} has the names {names}, but each must be unique")
        as_seed(self.seed)
        as_positive_float(self.dt, "dt")
        as_positive_float(self.max_rate, "max_rate")
        as_positive_float(self.threshold, "threshold")
        # Found now rather than by simulate, which runs after minutes of training.
        rates = [self.max_rate, *(network.unnormalized_max_rate for network in self.networks)]
        if max(rates) * self.dt > 1:
            raise ValueError(
                f"max_rate * dt is {max(rates) * self.dt}, but must be at most 1: "
                f"{max(rates)} Hz with steps of {self.dt} s"
            )
        for network in self.networks:
            if round(network.duration / self.dt) < 1:
                raise ValueError(
                    f"duration of {network.name} is {network.duration} s, but must be at least "
                    f"one step of {self.dt} s"
                )
        for name in ("num_train", "num_test"):
            if getattr(self, name) is not None:
                as_positive_int(getattr(self, name), name)


def default_settings(
    *,
    quick: bool = False,
    seed: int | None = 0,
    section_names: tuple[str, ...] = (),
    matlab_convnet: str | None = None,
    train: bool = True,
) -> ReproduceSettings:
    """Return the settings of the paper's experiment.

    Args:
        quick: Train for fewer epochs and show each image for a shorter time.
        seed: Seed of input spikes; with ``train`` also of initial weights and training.
        section_names: Sections beside the core, with less of everything where ``quick``.
        matlab_convnet: File of the authors' own ConvNet.
        train: Train networks; False takes those of the package, which the full recipes gave.

    Raises:
        TypeError: ``seed`` is not an int.
        ValueError: ``seed`` is outside [0, 2^64).
    """
    fcn = NetworkSettings(
        name="fcn",
        title="Fully connected (784-1200-1200-10)",
        recipe=FCN_RECIPE.quick() if quick and train else FCN_RECIPE,
        duration=0.1 if quick else 0.5,
        unnormalized_max_rate=200.0,
    )
    convnet = NetworkSettings(
        name="convnet",
        title="ConvNet (28x28-12c5-2s-64c5-2s-10o)",
        recipe=CONVNET_RECIPE.quick() if quick and train else CONVNET_RECIPE,
        duration=0.1 if quick else 0.5,
        unnormalized_max_rate=400.0,
    )
    sections = SectionSettings(names=section_names, matlab_convnet=matlab_convnet)
    if quick:
        sections = sections.quick()
    return ReproduceSettings(
        networks=(fcn, convnet),
        seed=as_drawn_seed(seed),
        quick=quick,
        sections=sections,
        train=train,
    )
