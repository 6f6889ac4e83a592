"""Checks of arrays that several modules share: samples, labels, finite numbers.

Every check raises before work starts, and its message names the argument, what came and what
was expected.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .numbers import as_positive_float

# Whole-array scans go over slices of this many elements, so that their temporaries stay in cache.
_SCAN_ELEMENTS = 1 << 18
# As integers the bits of float32 numbers in [0, 1] are at most these; NaN, what is negative and -0
# have larger ones.
_BITS_OF_ONE = 0x3F800000
_ROUNDING = 1e-3  # beyond [0, 1] by no more than this is taken for an error of rounding


def as_array(value: ArrayLike, name: str) -> NDArray[Any]:
    """Return ``value`` as an array of any type, not copied where it is one.

    Raises:
        TypeError: ``value`` is a list of lists of different lengths.
    """
    try:
        return np.asarray(value)
    except ValueError:
        raise TypeError(f"{name} is ragged, but must be an array of numbers") from None


def as_real_array(value: ArrayLike, name: str) -> NDArray[Any]:
    """Return ``value`` as an array of integers or floats, not copied where it is one.

    Raises:
        TypeError: ``value`` holds bools, complex numbers or anything that is not a number.
    """
    array = as_array(value, name)
    if array.dtype.kind not in "iuf":
        raise TypeError(f"{name} has dtype {array.dtype}, but must hold real numbers")
    return array


def check_finite(array: NDArray[Any], name: str) -> None:
    """Raise a ValueError that names the first index at which ``array`` is NaN or infinite."""
    if array.dtype.kind != "f":
        return
    for start, part in slices(array):
        finite = np.isfinite(part)
        if not finite.all():
            place, value = first_bad(finite, part, start, name)
            raise ValueError(f"{place} is {value}, but must be finite")


def check_unit_range(array: NDArray[np.float32], name: str) -> None:
    """Raise a ValueError that names the first of finite numbers that is outside [0, 1].

    Args:
        array: Samples that spike trains are to be drawn of.
        name: What the message calls them.
    """
    for start, part in slices(array):
        if part.min() >= 0 and part.max() <= 1:
            continue
        place, value = first_bad((part >= 0) & (part <= 1), part, start, name)
        # As text: formatted, a float32 would have the digits of the float64 that it is equal to.
        advice = (
            "np.clip(x, 0, 1) takes off what rounding added"
            if -_ROUNDING <= value <= 1 + _ROUNDING
            else "scale= multiplies every number, such as scale=1/255 for 8-bit images"
        )
        raise ValueError(
            f"{place} is {value!s}, but must be in [0, 1], a fraction of max_rate; {advice}"
        )


def slices(array: NDArray[Any]) -> Iterator[tuple[int, NDArray[Any]]]:
    """Yield an array in slices that fit the cache, each with the row that it begins at."""
    if array.size == 0:
        return
    if array.ndim == 0:
        yield 0, array
        return
    rows = max(1, _SCAN_ELEMENTS * len(array) // array.size)
    for start in range(0, len(array), rows):
        yield start, array[start : start + rows]


def first_bad(
    good: NDArray[np.bool_], part: NDArray[Any], start: int, name: str
) -> tuple[str, Any]:
    """Return the name and the value of the first number of a slice that is not good."""
    index = [int(i) for i in np.unravel_index(int(np.argmin(good)), part.shape)]
    value = part[tuple(index)]
    if index:
        index[0] += start
    return f"{name}[{', '.join(map(str, index))}]" if index else name, value


def as_finite_float32(value: ArrayLike, name: str) -> NDArray[np.float32]:
    """Return a float32, C-contiguous copy of real numbers that are finite in float32.

    Raises:
        TypeError: ``value`` does not hold real numbers.
        ValueError: A number is NaN or infinite, or too large for float32.
    """
    array = as_real_array(value, name)
    check_finite(array, name)
    with np.errstate(over="ignore"):
        result = np.array(array, dtype=np.float32, order="C", copy=True)
    check_finite(result, f"{name} (as float32)")
    return result


def as_finite_float64(value: ArrayLike, name: str) -> NDArray[np.float64]:
    """Return a float64, C-contiguous copy of real numbers that are finite.

    Raises:
        TypeError: ``value`` does not hold real numbers.
        ValueError: A number is NaN or infinite.
    """
    array = as_real_array(value, name)
    check_finite(array, name)
    return np.array(array, dtype=np.float64, order="C", copy=True)


def as_samples(
    x: ArrayLike,
    input_shape: tuple[int, ...],
    *,
    name: str = "x",
    scale: float | None = None,
) -> NDArray[np.float32]:
    """Return samples as a float32, C-contiguous array (num_samples, *input_shape).

    Data that is so already is not copied. Flat samples of the right size are reshaped, samples
    of any shape fit a flat input, the channel axis may be missing where there is one channel, and
    the height where it is 1, as in one-dimensional data.

    Args:
        x: Samples with the batch in front: (num_samples, *input_shape), (num_samples, num_inputs),
            (num_samples, H, W) for one channel, or (num_samples, C, W) for a height of 1. Floats,
            or integers with ``scale``.
        input_shape: Shape of one sample.
        name: What error messages call ``x``.
        scale: Factor that every number is multiplied by (in float64, rounded once); needed for
            integers, so that nothing is rescaled unasked.

    Raises:
        TypeError: ``x`` does not hold real numbers, or holds integers and ``scale`` is None.
        ValueError: The shape does not fit, a number is not finite, or ``scale`` is not above 0.
    """
    array, samples = _converted(x, input_shape, name, scale)
    check_finite(array, name)
    if samples.dtype != array.dtype or scale is not None:
        check_finite(samples, f"{name} (as float32)" if scale is None else f"{name} * scale")
    return samples


def as_unit_samples(
    x: ArrayLike,
    input_shape: tuple[int, ...],
    *,
    name: str = "x",
    scale: float | None = None,
) -> NDArray[np.float32]:
    """Return samples that spike trains can be drawn of: as `as_samples`, and all in [0, 1].

    The one rule for what is converted, diagnosed and simulated; what only runs through the ReLU
    network takes any finite number.

    Raises:
        TypeError: As `as_samples`.
        ValueError: As `as_samples`, or a number is outside [0, 1] once it is scaled.
    """
    _, samples = _converted(x, input_shape, name, scale)
    # One look at what nearly all samples are: a simulation may be called for every step.
    if samples.size > 0 and samples.view(np.uint32).max() > _BITS_OF_ONE:
        as_samples(x, input_shape, name=name, scale=scale)
        check_unit_range(samples, name if scale is None else f"{name} * scale")
    return samples


def _converted(
    x: ArrayLike, input_shape: tuple[int, ...], name: str, scale: float | None
) -> tuple[NDArray[Any], NDArray[np.float32]]:
    """Return samples as they came and as float32, shaped and scaled, not checked to be finite."""
    array = as_array(x, name)
    if array.dtype.kind in "iub" and scale is None:
        raise TypeError(
            f"{name} has dtype {array.dtype}, but must be floating point; pass scale= to convert "
            f"integers, such as scale=1/255 for 8-bit images"
        )
    if array.dtype.kind != "b":
        array = as_real_array(array, name)
    shaped = array.reshape(samples_shape(array.shape, input_shape, name))
    if scale is None:
        if shaped.dtype == np.float32:
            return array, np.ascontiguousarray(shaped)
        with np.errstate(over="ignore"):
            return array, np.ascontiguousarray(shaped, dtype=np.float32)
    factor = np.float64(as_positive_float(scale, "scale"))
    result = np.empty(shaped.shape, dtype=np.float32)
    rows = max(1, _SCAN_ELEMENTS // max(1, math.prod(input_shape)))
    with np.errstate(over="ignore", invalid="ignore"):
        for start in range(0, len(shaped), rows):
            result[start : start + rows] = shaped[start : start + rows] * factor
    return array, result


def samples_shape(
    shape: tuple[int, ...], input_shape: tuple[int, ...], name: str
) -> tuple[int, ...]:
    """Return the shape (num_samples, *input_shape) that an array of samples may be read in.

    Raises:
        ValueError: An array of this shape does not hold such samples.
    """
    num_inputs = math.prod(input_shape)
    sample = shape[1:]
    if len(shape) < 2 or (math.prod(sample) != num_inputs == math.prod(shape)):
        single = f"; {name}[np.newaxis] makes a batch of one sample"
        raise ValueError(
            f"{name} has shape {shape}, but must be {_batch_text(input_shape)}, with the batch in "
            f"front{single if math.prod(shape) == num_inputs else ''}"
        )
    if len(sample) == 1 and sample[0] != num_inputs:
        raise ValueError(f"{name} has {sample[0]} columns, but the network has {num_inputs} inputs")
    flat = len(sample) == 1 or len(input_shape) == 1
    shorter = len(input_shape) == 3 and input_shape in ((1, *sample), (*sample[:1], 1, *sample[1:]))
    if math.prod(sample) != num_inputs or not (flat or shorter or sample == input_shape):
        raise ValueError(f"{name} has shape {shape}, but must be {_batch_text(input_shape)}")
    return (shape[0], *input_shape)


def _batch_text(input_shape: tuple[int, ...]) -> str:
    return f"(num_samples, {', '.join(map(str, input_shape))})"


def as_labels(
    y: ArrayLike, num_samples: int, num_classes: int | None, *, name: str = "y"
) -> NDArray[np.int64]:
    """Return class labels as an int64 array (num_samples,).

    Args:
        y: Integers, (num_samples,), or one-hot rows, (num_samples, num_classes): numbers or bools
            of any type, a single 1 among zeros in each row.
        num_samples: Number of samples.
        num_classes: Number of classes; None where only the labels tell.
        name: What error messages call ``y``.

    Raises:
        TypeError: ``y`` does not hold integers.
        ValueError: There are not ``num_samples`` of them, or one is outside [0, num_classes), or a
            row is not one-hot.
    """
    labels = as_array(y, name)
    if labels.ndim == 2 and labels.dtype.kind in "biuf":
        return _of_one_hot(labels, num_samples, num_classes, name)
    if labels.dtype.kind not in "iu":
        raise TypeError(
            f"{name} has dtype {labels.dtype}, but must hold integer class labels, or one-hot rows"
        )
    if labels.shape != (num_samples,):
        raise ValueError(f"{name} has shape {labels.shape}, but must be ({num_samples},)")
    bad = labels < 0
    if num_classes is not None:
        bad |= labels >= num_classes
    if bad.any():
        first = int(np.argmax(bad))
        expected = "at least 0" if num_classes is None else f"in [0, {num_classes})"
        raise ValueError(f"{name}[{first}] is {labels[first]}, but must be {expected}")
    return labels.astype(np.int64)


def _of_one_hot(
    rows: NDArray[Any], num_samples: int, num_classes: int | None, name: str
) -> NDArray[np.int64]:
    classes = "num_classes" if num_classes is None else num_classes
    if rows.shape[0] != num_samples or num_classes not in (None, rows.shape[1]):
        raise ValueError(
            f"{name} has shape {rows.shape}, but must be ({num_samples},), or ({num_samples}, "
            f"{classes}) with one-hot rows"
        )
    good = ((rows == 0) | (rows == 1)).all(axis=1) & (np.count_nonzero(rows, axis=1) == 1)
    if not good.all():
        first = int(np.argmin(good))
        raise ValueError(
            f"{name}[{first}] is {rows[first]}, but must be one-hot: a single 1 among zeros"
        )
    labels: NDArray[np.int64] = rows.argmax(axis=1).astype(np.int64, copy=False)
    return labels
