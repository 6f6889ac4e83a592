"""Keras's layers that only lay numbers out anew, or pass them on."""

from __future__ import annotations

import math
from collections.abc import Callable

from ...building import Step, Value
from .arguments import Arguments, channels_last


def _borders(step: Step, arguments: Arguments, name: str, sign: int) -> Value:
    value = arguments.images(step)
    axes = len(value.shape) - 1
    given = arguments.config.get(name, 1)
    if isinstance(given, int):
        given = [given] * axes
    # One axis has its two sides alone.
    if axes == 1 and len(given) == 2:
        given = [given]
    pairs = [(each, each) if isinstance(each, int) else tuple(each) for each in given]
    if len(pairs) != axes or not all(type(n) is int and n >= 0 for pair in pairs for n in pair):
        raise step.refused(f"has {name}={str(given)[:40]}", "check the file")
    widths = [(0, 0), *((sign * before, sign * after) for before, after in pairs)]
    return arguments.back(step, step.padded(value, widths))


def _padded(step: Step, arguments: Arguments) -> Value:
    return _borders(step, arguments, "padding", 1)


def _cropped(step: Step, arguments: Arguments) -> Value:
    return _borders(step, arguments, "cropping", -1)


def _flatten(step: Step, arguments: Arguments) -> Value:
    value = arguments.value(step)
    # Which Keras lays out with channels last, whatever they were.
    if not arguments.is_channels_last and len(value.shape) > 1:
        value = channels_last(step, value)
    return value.reshaped((math.prod(value.shape),), step.name, step.operator)


def _reshape(step: Step, arguments: Arguments) -> Value:
    value = arguments.value(step)
    shape = arguments.config["target_shape"]
    if not isinstance(shape, list | tuple) or not all(type(n) is int and n >= -1 for n in shape):
        raise step.refused(f"has target_shape={str(shape)[:40]}", "check the file")
    if shape.count(-1) == 1:
        rest = math.prod(n for n in shape if n != -1)
        shape = [math.prod(value.shape) // max(rest, 1) if n == -1 else n for n in shape]
    if math.prod(shape) != math.prod(value.shape):
        raise step.refused(f"makes {shape} of {value.shape}", "check the file")
    return value.reshaped(shape, step.name, step.operator)


def _permute(step: Step, arguments: Arguments) -> Value:
    axes = [int(axis) - 1 for axis in arguments.config["dims"]]
    value = arguments.value(step)
    if sorted(axes) != list(range(len(value.shape))):
        raise step.refused(f"has dims={arguments.config['dims']}", "check the file")
    return value.transposed(axes, step.name, step.operator)


def _same(step: Step, arguments: Arguments) -> Value:
    return arguments.value(step)


HANDLERS: dict[str, Callable[[Step, Arguments], Value]] = {
    **dict.fromkeys(("ZeroPadding2D", "ZeroPadding1D"), _padded),
    **dict.fromkeys(("Cropping2D", "Cropping1D"), _cropped),
    "Flatten": _flatten,
    "Reshape": _reshape,
    "Permute": _permute,
    **dict.fromkeys(
        (
            *("Dropout", "SpatialDropout1D", "SpatialDropout2D", "GaussianNoise", "Identity"),
            *("GaussianDropout", "AlphaDropout", "ActivityRegularization"),
            *("RandomFlip", "RandomRotation", "RandomTranslation", "RandomZoom"),
            *("RandomBrightness", "RandomContrast"),
        ),
        _same,
    ),
}
