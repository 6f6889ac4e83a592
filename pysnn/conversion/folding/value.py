"""Values between nodes: sums of what populations send through linear maps, and a shift."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ...nodes import Shape
from .channels import Channels
from .compose import added, as_dense, compose, placed_convolution
from .convolution import Convolution
from .dense import Dense
from .linear_map import Doubles, LinearMap
from .placed import Placed

Shapes = Mapping[str, Shape]


@dataclass(frozen=True, eq=False)
class Term:
    """What one source adds to a value.

    Attributes:
        source: Name of a population, or ``"input"``.
        map: What the source goes through.
        is_weighted: Whether a weighted node is part of it, behind which there is no second one.
    """

    source: str
    map: LinearMap
    is_weighted: bool = False


@dataclass(frozen=True, eq=False)
class Value:
    """What a node gives, as populations before it see it.

    Attributes:
        shape: Shape of one sample, as the node has it.
        layout: The shape that the terms make: ``shape``, or that of an image that was flattened.
        terms: What the sources add.
        shift: What is added besides, in the shape ``layout``.
    """

    shape: Shape
    layout: Shape
    terms: tuple[Term, ...]
    shift: Doubles

    @classmethod
    def of_source(cls, name: str, shape: Shape, layout: Shape) -> Value:
        """Return what a population sends."""
        return cls(shape, layout, (Term(name, Channels.unit(layout)),), np.zeros(layout))

    @property
    def source(self) -> str | None:
        """The population whose output this is, unchanged but for its shape; None for others."""
        if len(self.terms) != 1 or self.shift.any():
            return None
        (term,) = self.terms
        is_unit = isinstance(term.map, Channels) and term.map.is_unit
        return term.source if is_unit and not term.is_weighted else None

    @property
    def is_weighted(self) -> bool:
        """Whether a weighted node is part of a term."""
        return any(term.is_weighted for term in self.terms)

    def flattened(self) -> Value:
        """Return the value as a vector."""
        return replace(self, shape=(math.prod(self.shape),))

    def as_vector(self, shapes: Shapes) -> Value:
        """Return a flattened value with matrices for what made images."""
        if self.layout == self.shape:
            return self
        terms = [replace(term, map=as_dense(term.map, shapes[term.source])) for term in self.terms]
        return Value(self.shape, self.shape, tuple(terms), self.shift.reshape(self.shape))

    def scaled(self, factor: Doubles, shift: Doubles, shapes: Shapes) -> Value:
        """Return the value times a factor plus a shift: one number each, or one per channel."""
        by_channel = _per_channel(factor, self)
        if by_channel is None or any(isinstance(term.map, Placed) for term in self.terms):
            return self.as_dense(shapes).scaled(factor, shift, shapes)
        one = np.ones(1)
        terms = [replace(term, map=term.map.scaled(one, by_channel)) for term in self.terms]
        new_shift = self.shift.reshape(self.shape) * _spread(factor, self.shape) + _spread(
            shift, self.shape
        )
        return replace(self, terms=tuple(terms), shift=new_shift.reshape(self.layout))

    def as_dense(self, shapes: Shapes) -> Value:
        """Return a value that is a vector with matrices for all maps."""
        vector = self.as_vector(shapes)
        terms = [
            replace(term, map=as_dense(term.map, shapes[term.source])) for term in vector.terms
        ]
        return replace(vector, terms=tuple(terms))

    def padded(self, sides: tuple[int, int, int, int]) -> Value | None:
        """Return an image with a border of zeros, or None where maps can't be padded."""
        terms = []
        for term in self.terms:
            padded = _padded(term.map, sides)
            if padded is None:
                return None
            terms.append(replace(term, map=padded))
        top, bottom, left, right = sides
        shift = np.pad(self.shift, ((0, 0), (top, bottom), (left, right)))
        return Value(shift.shape, shift.shape, tuple(terms), shift)

    def through(self, linear_map: LinearMap, shapes: Shapes, *, is_weighted: bool) -> Value | None:
        """Return the value behind a linear map, or None where the maps do not make one."""
        if is_weighted and self.is_weighted:
            return None
        terms = []
        for term in self.terms:
            both = compose(term.map, linear_map, shapes[term.source])
            if both is None:
                return None
            terms.append(Term(term.source, both, is_weighted or term.is_weighted))
        (shift,) = linear_map.apply(self.shift[np.newaxis])
        return Value(shift.shape, shift.shape, tuple(terms), shift)

    def shifted(self, bias: Doubles) -> Value:
        """Return the value plus a number per channel."""
        return replace(self, shift=self.shift + _spread(bias, self.layout))

    def merged(self, shapes: Shapes) -> Value:
        """Return the value with one term for each source, as far as maps can be added."""
        terms: list[Term] = []
        for term in self.terms:
            for i, other in enumerate(terms):
                if other.source != term.source:
                    continue
                both = added(other.map, term.map, shapes[term.source])
                if both is not None:
                    weighted = other.is_weighted or term.is_weighted
                    terms[i] = Term(term.source, both, weighted)
                    break
            else:
                terms.append(term)
        return replace(self, terms=tuple(terms))


def add(values: Sequence[Value], shapes: Shapes) -> Value:
    """Return the sum of values of one shape."""
    if len({value.layout for value in values}) > 1 or any(map(_is_placed, values)):
        values = [value.as_dense(shapes) for value in values]
    terms = tuple(term for value in values for term in value.terms)
    shift = sum((value.shift for value in values), start=np.zeros(values[0].layout))
    return Value(values[0].shape, values[0].layout, terms, shift).merged(shapes)


def concat(values: Sequence[Value]) -> Value:
    """Return values behind each other, along channels or, of vectors, elements."""
    total = sum(value.shape[0] for value in values)
    terms: list[Term] = []
    first = 0
    for value in values:
        for term in value.terms:
            placed = _placed(term.map, value, first, total)
            terms.append(replace(term, map=placed))
        first += value.shape[0]
    shift = np.concatenate([value.shift.reshape(value.shape) for value in values])
    return Value(shift.shape, shift.shape, tuple(terms), shift)


def _is_placed(value: Value) -> bool:
    return any(isinstance(term.map, Placed) for term in value.terms)


def _placed(linear_map: LinearMap, value: Value, first: int, total: int) -> LinearMap:
    """Return a map whose outputs are some of the channels, and 0 in the others."""
    if value.layout != value.shape or isinstance(linear_map, Placed):
        return Placed(linear_map, first, total)
    match linear_map:
        case Channels():
            return replace(
                linear_map,
                out_channels=total,
                first_channel=first + linear_map.first_channel,
            )
        case Convolution():
            return placed_convolution(linear_map, first, total)
        case Dense():
            weight = np.zeros((total, linear_map.weight.shape[1]))
            weight[first : first + len(linear_map.weight)] = linear_map.weight
            return Dense(weight)
        case _:
            raise AssertionError(f"{type(linear_map).__name__} becomes a population before")


def _padded(linear_map: LinearMap, sides: tuple[int, int, int, int]) -> LinearMap | None:
    is_point = isinstance(linear_map, Channels) or (
        isinstance(linear_map, Convolution) and linear_map.kernel_size == (1, 1)
    )
    if not is_point:
        return None
    assert isinstance(linear_map, Channels | Convolution)
    down, right = linear_map.stride
    more = (sides[0] * down, sides[1] * down, sides[2] * right, sides[3] * right)
    a, b, c, d = (old + new for old, new in zip(linear_map.sides, more, strict=True))
    return replace(linear_map, sides=(a, b, c, d))


def _spread(values: Doubles, shape: Shape) -> Doubles:
    """Return one number, or one per channel, so that it fits an array of a shape."""
    return values.reshape(-1, *[1] * (len(shape) - 1))


def _per_channel(factor: Doubles, value: Value) -> Doubles | None:
    """Return a factor per channel of the layout, or None where elements of a channel differ."""
    if len(factor) == 1 or value.layout == value.shape:
        return factor
    by_channel = factor.reshape(value.layout[0], -1)
    return by_channel[:, 0] if (by_channel == by_channel[:, :1]).all() else None
