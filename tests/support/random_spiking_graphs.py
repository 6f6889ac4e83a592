"""Random spiking networks of every kind: graphs, neuron models, synapses, inputs, settings.

A seed gives a `Description` and a `Setting`, how it is to be simulated. Whatever a seed draws,
the populations fire some of the time, and several of them read the same source.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from random_networks import Description, NetworkMaker

import pysnn
from pysnn.spiking import Encoding, Precision

# 32 and 64 channels are where packed words of spikes of one and of both signs end.
CHANNELS = (1, 2, 3, 4, 5, 8, 17, 31, 32, 33, 64, 65)
MODELS = ("if", "if", "signed", "signed", "bipolar", "leaky")


@dataclass(frozen=True)
class Setting:
    """How a random graph is simulated."""

    encoding: Encoding | None  # None: spikes are given
    rate: float  # max_rate * dt, or bias_scale
    num_steps: int
    num_samples: int
    seed: int

    def inputs(self, description: Description) -> NDArray[np.float32]:
        """Return samples in the range of the input, its ends and 0 frequent."""
        rng = np.random.default_rng(self.seed)
        shape = (self.num_samples, *description.input_shape)
        if description.input_scale is None:
            return np.clip(rng.uniform(-0.3, 1.3, shape), 0.0, 1.0).astype(np.float32)
        unit = np.clip(rng.uniform(-1.2, 1.2, shape), -1.0, 1.0) * (rng.random(shape) < 0.9)
        x = unit * description.input_scale
        if description.input_affine is not None:
            factor, shift = (_by_channel(each, len(shape)) for each in description.input_affine)
            # A hair inside of the range, so that rounding x to float32 does not leave it.
            x = (x * (1 - 2.0**-20) - shift) / factor
        return x.astype(np.float32)

    def spikes(self, description: Description) -> NDArray[np.int8]:
        """Return spike trains of the signs that the input may have."""
        rng = np.random.default_rng(self.seed)
        shape = (self.num_steps, self.num_samples, *description.input_shape)
        trains = (rng.random(shape) < 0.4).astype(np.int8)
        if description.input_scale is None:
            return trains
        return trains * rng.choice(np.array([-1, 1], np.int8), shape, p=[0.3, 0.7])


def _by_channel(values: Any, num_axes: int) -> NDArray[np.float64]:
    array = np.asarray(values, dtype=np.float64)
    return array if array.size == 1 else array.reshape(-1, *[1] * (num_axes - 2))


def random_setting(seed: int) -> Setting:
    """Return how the graph of a seed is simulated."""
    rng = np.random.default_rng([seed, 1])
    return Setting(
        encoding=_pick(rng, ("poisson", "regular", "constant", None)),
        # No power of two, so that scaled biases are rounded anew.
        rate=_pick(rng, (1.0, 0.7, 0.31)),
        num_steps=_pick(rng, (1, 9, 20, 31, 47)),
        num_samples=_pick(rng, (1, 2, 3, 5)),
        seed=seed,
    )


def random_graph(seed: int) -> Description:
    """Return the graph of a seed."""
    return _GraphMaker(seed).make()


class _GraphMaker:
    """Draws one graph."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        precision: Precision = _pick(self.rng, ("float32", "int16"))
        self.maker = NetworkMaker(seed, self._input_shape(), precision)
        self.description = self.maker.description
        self._draw_input_range()

    def make(self) -> Description:
        num_populations = int(self.rng.integers(1, 6))
        for i in range(num_populations):
            self._add_hidden(f"p{i}")
        self._add_output()
        return self.description

    def _input_shape(self) -> tuple[int, ...]:
        if self.rng.random() < 0.15:
            return (_pick(self.rng, (1, 7, 63, 64, 65, 90)),)
        height, width = self.rng.integers(3, 9, 2)
        return (_pick(self.rng, (1, 2, 3, 5, 33)), int(height), int(width))

    def _draw_input_range(self) -> None:
        if self.rng.random() < 0.5:
            return
        description = self.description
        description.input_scale = _pick(self.rng, (1.0, 2.0, 0.25, 3.75))
        if self.rng.random() < 0.5:
            size = _pick(self.rng, (1, description.input_shape[0]))
            factor = self.rng.uniform(0.5, 2.0, size) * self.rng.choice([-1.0, 1.0], size)
            description.input_affine = (factor, self.rng.uniform(-1.0, 1.0, size))

    def _sources(self) -> list[str]:
        return ["input", *(p.name for p in self.description.populations)]

    def _add_hidden(self, name: str) -> None:
        source = self._recent_source()
        if source != "input" and self._is_image(source) and self.rng.random() < 0.2:
            self.maker.add(
                name, (source, self._max_pool(source)), neuron="max_pool", reset="subtract"
            )
            return
        first = self._layer(source)
        shape = tuple(first.output_shape(self.description.shape_of(source)))
        projections = [(source, first)]
        while self.rng.random() < 0.45 and len(projections) < 4:
            other = _pick(self.rng, self._sources())
            layer = self._layer_onto(other, shape)
            if layer is not None:
                projections.append((other, layer))
        self.maker.add(name, *projections, shape=shape, **self._neurons(shape))

    def _add_output(self) -> None:
        source = self._recent_source()
        size = _pick(self.rng, (1, 2, 5, 10, 65))
        projections = [(source, self.maker.linear(source, size, bias=self._coin()))]
        if self._coin():
            other = _pick(self.rng, self._sources())
            projections.append((other, self.maker.linear(other, size)))
        if self._coin():
            options: dict[str, Any] = {
                "neuron": "readout",
                "reset": "subtract",
                "delay": _pick(self.rng, (0, 0, 1, 5, 16)),
                "initial_potential": _pick(self.rng, (0.0, 0.5)),
                "bias": self._own_bias((size,)),
            }
        else:
            options = self._neurons((size,))
        self.maker.add("out", *projections, shape=(size,), **options)

    def _recent_source(self) -> str:
        sources = self._sources()
        return sources[-1] if self.rng.random() < 0.7 else _pick(self.rng, sources)

    def _is_image(self, source: str) -> bool:
        return len(self.description.shape_of(source)) == 3

    def _neurons(self, shape: tuple[int, ...]) -> dict[str, Any]:
        """Draw a neuron model and its numbers: one, one per channel or one per neuron."""
        model = _pick(self.rng, MODELS)
        options: dict[str, Any] = {
            "neuron": model,
            "threshold": self._values(shape, 0.3, 1.5),
            "initial_potential": self._values(shape, -0.5, 0.9),
            "bias": self._own_bias(shape),
            "reset": "subtract",
        }
        match model:
            case "if" | "leaky":
                options["reset"] = _pick(self.rng, ("zero", "subtract"))
                options["refractory_period"] = _pick(self.rng, (0.0, 0.0, 2.0, 3.0))
            case "signed":
                options["negative_threshold"] = (
                    0.0 if self._coin() else self._values(shape, 0.0, 0.6)
                )
        if model == "leaky":
            options["leak"] = self._values(shape, 0.6, 1.0)
        return options

    def _values(self, shape: tuple[int, ...], low: float, high: float) -> Any:
        size = _pick(self.rng, (1, shape[0], math.prod(shape)))
        values = self.rng.uniform(low, high, size).astype(np.float32)
        return float(values[0]) if size == 1 else values

    def _own_bias(self, shape: tuple[int, ...]) -> NDArray[np.float32] | None:
        if self.rng.random() < 0.6:
            return None
        size = _pick(self.rng, (shape[0], math.prod(shape)))
        return self.rng.normal(0.0, 0.15, size).astype(np.float32)

    def _coin(self) -> bool:
        return bool(self.rng.random() < 0.5)

    def _layer(self, source: str) -> Any:
        """Return a layer of any kind that reads a source and says what shape it makes."""
        shape = self.description.shape_of(source)
        kinds = ["linear", "identity"]
        if len(shape) == 3:
            kinds = ["conv", "conv", "conv", "conv", "linear", "pool", "identity"]
        match _pick(self.rng, kinds):
            case "conv":
                return self._conv(source, None)
            case "pool":
                return self._avg_pool(source)
            case "identity":
                return self._identity(source, None)
            case _:
                return self.maker.linear(
                    source, _pick(self.rng, (3, 17, 64, 70)), bias=self._coin()
                )

    def _layer_onto(self, source: str, shape: tuple[int, ...]) -> Any:
        """Return a layer from a source onto a shape, None where the drawn kind has none."""
        from_shape = self.description.shape_of(source)
        match _pick(self.rng, ("linear", "identity", "identity", "conv", "conv", "pool")):
            case "linear":
                if math.prod(from_shape) * math.prod(shape) > 400_000:
                    return None
                return self.maker.linear(source, math.prod(shape), bias=self._coin())
            case "identity":
                return self._identity(source, shape)
            case "conv" if len(shape) == len(from_shape) == 3:
                return self._conv(source, shape)
            case "pool" if len(shape) == len(from_shape) == 3 and shape[0] == from_shape[0]:
                layer = self._avg_pool(source)
                return layer if layer.output_shape(from_shape) == shape else None
            case _:
                return None

    def _conv(self, source: str, shape: tuple[int, ...] | None) -> Any:
        """Return a convolution, onto a shape where one is given."""
        channels_in, height, width = self.description.shape_of(source)
        channels = _pick(self.rng, CHANNELS) if shape is None else shape[0]
        kernel = (int(self.rng.integers(1, 4)), int(self.rng.integers(1, 4)))
        dilation = (int(self.rng.integers(1, 3)), int(self.rng.integers(1, 3)))
        stride = (int(self.rng.integers(1, 3)), int(self.rng.integers(1, 3)))
        sizes = (height, width)
        if shape is None:
            padding = tuple(int(n) for n in self.rng.integers(0, 2, 4))
            padded = (height + padding[0] + padding[1], width + padding[2] + padding[3])
            kernel = tuple(
                min(k, (size - 1) // d + 1)
                for k, size, d in zip(kernel, padded, dilation, strict=True)
            )
        else:
            missing = [
                (out - 1) * s + d * (k - 1) + 1 - size
                for out, s, d, k, size in zip(
                    shape[1:], stride, dilation, kernel, sizes, strict=True
                )
            ]
            if min(missing) < 0 or max(missing) > 5:
                return None
            before = [int(self.rng.integers(0, m + 1)) for m in missing]
            padding = (before[0], missing[0] - before[0], before[1], missing[1] - before[1])
        groups = math.gcd(channels_in, channels)
        groups = _pick(self.rng, (1, 1, groups))
        return self.maker.conv(
            source,
            channels,
            kernel,
            stride=stride,
            padding=padding,
            dilation=dilation,
            groups=groups,
            bias=self._coin(),
        )

    def _window(self, source: str) -> dict[str, Any]:
        """Return the windows of a pool that fit a source."""
        _, height, width = self.description.shape_of(source)
        kernel = tuple(int(self.rng.integers(1, min(3, size) + 1)) for size in (height, width))
        return {
            "kernel_size": kernel,
            "stride": tuple(int(n) for n in self.rng.integers(1, 4, 2)),
            "padding": tuple(int(self.rng.integers(0, k // 2 + 1)) for k in kernel),
            "ceil_mode": self._coin(),
        }

    def _avg_pool(self, source: str) -> Any:
        return pysnn.AvgPool2d(**self._window(source), count_include_pad=self._coin())

    def _max_pool(self, source: str) -> Any:
        window = self._window(source)
        _, *sizes = self.description.shape_of(source)
        dilation = tuple(
            2 if k > 1 and 2 * (k - 1) + 1 <= size and self._coin() else 1
            for k, size in zip(window["kernel_size"], sizes, strict=True)
        )
        return pysnn.MaxPool2d(**window, dilation=dilation)

    def _identity(self, source: str, shape: tuple[int, ...] | None) -> Any:
        """Return an identity; onto some channels of a shape where one is given."""
        from_shape = self.description.shape_of(source)
        channels = from_shape[0]
        weight = self.rng.uniform(-0.5, 1.2, channels).astype(np.float32)
        if shape is None:
            extra = _pick(self.rng, (0, 0, 1, 5))
            first = int(self.rng.integers(0, extra + 1))
            stride: Any = 1
            padding: Any = 0
            if len(from_shape) == 3:
                stride = tuple(int(n) for n in self.rng.integers(1, 3, 2))
                padding = tuple(int(n) for n in self.rng.integers(0, 2, 4))
            return pysnn.Identity(
                weight,
                stride=stride,
                padding=padding,
                out_channels=channels + extra,
                first_channel=first,
            )
        if len(shape) != len(from_shape) or channels > shape[0]:
            return None
        stride = tuple(
            max(1, round(size / out)) for size, out in zip(from_shape[1:], shape[1:], strict=True)
        )
        missing = [
            (out - 1) * s + 1 - size
            for size, out, s in zip(from_shape[1:], shape[1:], stride, strict=True)
        ]
        # A rest that does not fill a stride is left out; more than that is another image.
        if any(not -s < m <= 4 for m, s in zip(missing, stride, strict=True)):
            return None
        before = [int(self.rng.integers(0, max(m, 0) + 1)) for m in missing]
        sides = [(b, max(m, 0) - b) for b, m in zip(before, missing, strict=True)]
        first = int(self.rng.integers(0, shape[0] - channels + 1))
        options: dict[str, Any] = {}
        if sides:
            options = {"stride": stride, "padding": (*sides[0], *sides[1])}
        return pysnn.Identity(weight, out_channels=shape[0], first_channel=first, **options)


def _pick(rng: np.random.Generator, choices: Any) -> Any:
    """Return one of several things, of whatever types."""
    return choices[int(rng.integers(len(choices)))]
