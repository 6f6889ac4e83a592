"""Numbers as people read them."""

from __future__ import annotations


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


def all_digits(number: float) -> str:
    """Return the digits that tell a number from its neighbours, whole numbers without point."""
    return repr(float(number)).removesuffix(".0")
