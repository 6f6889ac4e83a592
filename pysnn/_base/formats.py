"""Numbers as people read them."""

from __future__ import annotations

from collections.abc import Sequence


def percent(fraction: float | None) -> str:
    """Return a fraction as percent with two decimals, or a dash for None."""
    return "-" if fraction is None else f"{100 * fraction:.2f}"


def points(difference: float) -> str:
    """Return a difference of fractions in percentage points, always with its sign."""
    # Rounded first, and 0 added: a difference of -0.001 points must not look like a loss.
    return f"{round(100 * difference, 2) + 0.0:+.2f}"


def milliseconds(time: float | None) -> str:
    """Return a time in s in ms, without digits that say nothing, or "never" for None."""
    return "never" if time is None else f"{1000 * time:.6g} ms"


def thousands(number: float) -> str:
    """Return a mean count with separated thousands and, below 100, one decimal."""
    return f"{number:,.0f}" if number >= 100 else f"{number:.1f}"


def span_of_times(times: Sequence[float | None]) -> str:
    """Return the span of times in s over seeds, empty where no seed has one."""
    there = [time for time in times if time is not None]
    if not there:
        return ""
    low, high = milliseconds(min(there)), milliseconds(max(there))
    text = low if low == high else f"{low.removesuffix(' ms')} to {high}"
    return text if len(there) == len(times) else f"{text}, {len(times) - len(there)} never"


def all_digits(number: float) -> str:
    """Return the digits that tell a number from its neighbours, whole numbers without point."""
    return repr(float(number)).removesuffix(".0")
