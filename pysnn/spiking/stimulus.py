"""How samples drive a network: the arguments that simulations share, checked in one place."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypedDict, Unpack

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .._base.defaults import default, is_given, resolved
from .._base.numbers import (
    as_choice,
    as_drawn_seed,
    as_positive_float,
    as_positive_int,
    as_rate,
    as_seed,
)
from ..nodes import Shape
from .encoding import ENCODINGS, RANDOM_ENCODINGS, Encoding
from .input_range import InputRange

# A duration in ms, taken for s, is both; nobody shows a sample for so long by oversight.
_LONG = 10.0  # s
_MANY_STEPS = 10_000

MAX_STEPS = 1 << 34  # what the generator's counter can tell apart

# Defaults of every function with these arguments, which hands them on to `Stimulus.of`.
DEFAULT_NUM_STEPS: int = default(100)
DEFAULT_DT = 1e-3
DEFAULT_MAX_RATE: float = default(1000.0)
DEFAULT_SEED: int | None = default(0)
DEFAULT_NUM_SEEDS: int = default(3)
DEFAULT_ENCODING: Encoding = default("poisson")


class SampleOptions(TypedDict, total=False):
    """Keywords of functions that set rate and seed themselves, as `simulate` explains them."""

    dt: float
    sample_ids: ArrayLike | None
    scale: float | None


class PoissonOptions(SampleOptions, total=False):
    """Keywords of functions that draw Poisson input, as `simulate` explains them."""

    max_rate: float
    seed: int | None


class StimulusOptions(PoissonOptions, total=False):
    """Keywords that say how samples drive a network, as `simulate` explains them.

    A function takes them by ``**stimulus: Unpack[StimulusOptions]``, makes one `Stimulus` of them,
    and hands that on.
    """

    encoding: Encoding


@dataclass(frozen=True, eq=False)
class Stimulus:
    """How samples drive a network, checked.

    Made by `of`, and given to a function of the package by ``**stimulus.options()``.

    Attributes:
        dt: Length of a step in s.
        max_rate: Firing rate in Hz that an intensity of 1 stands for.
        seed: Seed of what is drawn, and never None; 0 where nothing is.
        encoding: What intensities become.
        sample_ids: Number of each sample for the generator, (num_samples,); None: row numbers.
        scale: Factor for the numbers of the samples; None: they are as they stand.
    """

    dt: float
    max_rate: float
    seed: int
    encoding: Encoding
    sample_ids: NDArray[np.uint64] | None
    scale: float | None

    @classmethod
    def of(
        cls,
        *,
        dt: float = DEFAULT_DT,
        max_rate: float = DEFAULT_MAX_RATE,
        seed: int | None = DEFAULT_SEED,
        encoding: Encoding = DEFAULT_ENCODING,
        sample_ids: ArrayLike | None = None,
        scale: float | None = None,
        of_network: Encoding | None = None,
    ) -> Stimulus:
        """Check the arguments that `simulate` explains.

        Args:
            dt: As for `simulate`, like those that follow.
            max_rate: See there.
            seed: See there.
            encoding: See there.
            sample_ids: See there.
            scale: See there.
            of_network: Encoding that the network was made for, which stands where none is given.

        Raises:
            TypeError: An argument has the wrong type.
            ValueError: A value is out of its range, or an argument has no effect: a seed or
                sample ids under an encoding that draws nothing.
        """
        if of_network is not None and not is_given(encoding):
            encoding = of_network
        kind = as_choice(resolved(encoding), "encoding", ENCODINGS)
        draws = kind in RANDOM_ENCODINGS
        if seed is None and not draws:
            seed = DEFAULT_SEED
        number = as_drawn_seed(resolved(seed))
        ids = as_sample_ids(sample_ids)
        if not draws:
            for name, is_used in (("seed", is_given(seed)), ("sample_ids", ids is not None)):
                if is_used:
                    raise ValueError(
                        f"{name} is given, but the encoding {kind!r} draws nothing at random; "
                        f"leave it out"
                    )
        return cls(
            dt=as_positive_float(dt, "dt"),
            max_rate=as_rate(resolved(max_rate), "max_rate"),
            seed=number,
            encoding=kind,
            sample_ids=ids,
            scale=None if scale is None else as_positive_float(scale, "scale"),
        )

    @classmethod
    def poisson(cls, **options: Unpack[PoissonOptions]) -> Stimulus:
        """Check the arguments of a function that draws Poisson input, whatever else it does.

        Raises:
            TypeError: As `of`, or an encoding is given.
            ValueError: As `of`.
        """
        given: Mapping[str, object] = options
        if "encoding" in given:
            raise TypeError(
                f"encoding is {given['encoding']!r}, but this function draws Poisson input; "
                f"leave it out"
            )
        return cls.of(**options)

    @property
    def is_random(self) -> bool:
        """Whether the encoding draws, and so reads the seed and the sample ids."""
        return self.encoding in RANDOM_ENCODINGS

    @property
    def drawn_seed(self) -> int | None:
        """The seed, where the encoding draws."""
        return self.seed if self.is_random else None

    def options(self) -> StimulusOptions:
        """Return the keywords that make it: those alone that have an effect."""
        options = StimulusOptions(dt=self.dt, max_rate=self.max_rate, encoding=self.encoding)
        if self.is_random:
            options["seed"] = self.seed
            options["sample_ids"] = self.sample_ids
        if self.scale is not None:
            options["scale"] = self.scale
        return options

    def changed(self, **changes: Unpack[StimulusOptions]) -> Stimulus:
        """Return it with some arguments replaced.

        A change to an encoding that draws nothing drops the seed and the sample ids.

        Raises:
            TypeError: As `of`.
            ValueError: As `of`.
        """
        options = self.options()
        if changes.get("encoding", self.encoding) not in RANDOM_ENCODINGS:
            options.pop("seed", None)
            options.pop("sample_ids", None)
        options.update(changes)
        return Stimulus.of(**options)

    def num_steps(self, duration: float | None, num_steps: int | None = None) -> int:
        """Return the number of steps, as given or that of a simulated time in s.

        Args:
            duration: Simulated time in s, which is ``duration / dt`` steps, rounded.
            num_steps: Number of steps, in place of ``duration``. A default of either gives way to
                what a caller gave of the other.

        Raises:
            TypeError: ``duration`` is not a number, or ``num_steps`` is not an int.
            ValueError: Both are given or neither is; or the number of steps is not at least 1 and
                at most 2^34.
        """
        if num_steps is None or (not is_given(num_steps) and duration is not None):
            if duration is None:
                raise ValueError("num_steps or duration must be given with x")
            return as_num_steps(resolved(duration), self.dt)
        num_steps = resolved(num_steps)
        if duration is not None and is_given(duration):
            raise ValueError(
                f"num_steps is {num_steps} and duration is {duration} s, but only one of them may "
                f"be given"
            )
        steps = as_positive_int(num_steps, "num_steps")
        if steps > MAX_STEPS:
            raise ValueError(f"num_steps is {steps}, but must be at most 2^34")
        return steps

    def ids(self, num_samples: int) -> NDArray[np.uint64] | None:
        """Return the sample ids, None for row numbers.

        Raises:
            ValueError: There are not ``num_samples`` of them.
        """
        if self.sample_ids is not None and self.sample_ids.shape != (num_samples,):
            raise ValueError(
                f"sample_ids has shape {self.sample_ids.shape}, but must be ({num_samples},)"
            )
        return self.sample_ids

    def part(self, rows: slice, num_samples: int) -> Stimulus:
        """Return the stimulus of some rows of a batch, which keep the spikes that they had in it.

        Args:
            rows: The part.
            num_samples: Samples of the whole batch.

        Raises:
            ValueError: There are not ``num_samples`` sample ids.
        """
        if not self.is_random:
            return self
        ids = self.ids(num_samples)
        return self.changed(
            sample_ids=np.arange(*rows.indices(num_samples), dtype=np.uint64)
            if ids is None
            else ids[rows]
        )

    def intensities(
        self, x: ArrayLike, input_shape: Shape, input_range: InputRange | None = None
    ) -> NDArray[np.float32]:
        """Return samples as the core takes them, (num_samples, num_inputs).

        Args:
            x: The samples.
            input_shape: Shape of one of them.
            input_range: Which numbers they may be; None: those in [0, 1].

        Raises:
            TypeError: ``x`` does not hold real numbers, or integers without ``scale``.
            ValueError: Its shape does not fit, a number is out of the range, or an intensity of 1
                would be more than one spike in a step.
        """
        self.check_rate()
        samples = (input_range or InputRange()).samples(x, input_shape, scale=self.scale)
        return samples.reshape(len(samples), math.prod(input_shape))

    def check_rate(self) -> None:
        """Raise a ValueError where an intensity of 1 would be more than one spike in a step."""
        spikes_per_step = self.max_rate * self.dt
        if spikes_per_step > 1:
            # A dt that was rounded to float32 may be too long by that alone.
            shortest = float(str(np.float32(self.dt)))
            is_rounded = float(np.float32(shortest)) == self.dt != shortest
            advice = (
                f"dt={shortest} as a Python float"
                if is_rounded and self.max_rate * shortest <= 1
                else f"a max_rate of at most {1 / self.dt} Hz"
            )
            raise ValueError(
                f"max_rate * dt is {spikes_per_step}, with dt={self.dt} s, but must be at most 1 "
                f"spike in a step; take {advice}"
            )


def as_num_steps(duration: float, dt: float) -> int:
    """Return ``duration / dt`` rounded half to even, at least 1.

    Args:
        duration: Time in s.
        dt: Length of a step in s.

    Raises:
        TypeError: ``duration`` is not a number.
        ValueError: It is not above 0, or rounds to no step at all.
    """
    steps = round(as_positive_float(duration, "duration") / dt)
    if steps < 1:
        raise ValueError(f"duration is {duration} s, but must be at least one step of {dt} s")
    if steps > MAX_STEPS:
        raise ValueError(f"duration is {steps} steps of {dt} s, but must be at most 2^34")
    if duration >= _LONG and steps >= _MANY_STEPS:
        warnings.warn(
            f"duration is {duration:g} s, which is {steps:,} steps of {dt:g} s; {duration:g} ms "
            f"would be duration={duration / 1000:g}, and num_steps={steps} asks for so many steps "
            f"without this warning",
            UserWarning,
            stacklevel=4,
        )
    return steps


def as_sample_ids(sample_ids: ArrayLike | None) -> NDArray[np.uint64] | None:
    """Return sample ids as the core takes them, in any number.

    Raises:
        TypeError: They are not integers.
        ValueError: They are no vector, or one is negative.
    """
    if sample_ids is None:
        return None
    if not isinstance(sample_ids, np.ndarray):
        if not isinstance(sample_ids, Sequence):
            raise TypeError(f"sample_ids is a {type(sample_ids).__name__}, but must be an array")
        # NumPy would take a list that reaches beyond int64 for floats.
        numbers = [as_seed(value, f"sample_ids[{i}]") for i, value in enumerate(sample_ids)]
        ids = np.array(numbers, dtype=np.uint64)
    else:
        ids = sample_ids
    if ids.dtype.kind not in "iu":
        raise TypeError(f"sample_ids has dtype {ids.dtype}, but must hold integers")
    if ids.ndim != 1:
        raise ValueError(f"sample_ids has shape {ids.shape}, but must be (num_samples,)")
    if ids.dtype.kind == "i" and (ids < 0).any():
        first = int(np.argmax(ids < 0))
        raise ValueError(f"sample_ids is {ids[first]} at {first}, but must be at least 0")
    return np.ascontiguousarray(ids, dtype=np.uint64)
