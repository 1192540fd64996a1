"""Figures: exact decimals that travel as text; the types refuse floats. Pure."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Context, Decimal

EXACT = Context(prec=50, rounding=ROUND_HALF_UP)  # never the thread's own context
CENT = Decimal("0.01")


def two(value: Decimal) -> Decimal:
    """Round half up to the two places that are printed."""
    return value.quantize(CENT, context=EXACT)


def added(values: Iterable[Decimal]) -> Decimal:
    """Return the exact sum."""
    total = Decimal(0)
    for value in values:
        total = EXACT.add(total, value)
    return total


def mean(values: list[Decimal]) -> Decimal:
    """Return the mean to 50 digits; the caller rounds for printing."""
    return EXACT.divide(added(values), Decimal(len(values)))


def in_full(value: Decimal) -> str:
    """Format a figure with all its places and no trailing zeros: 86.5, 90, 90.125."""
    return format(value.normalize(EXACT), "f")


def places_of(value: Decimal) -> int:
    """Count the decimal places a figure is written with."""
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
