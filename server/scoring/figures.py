"""Figures: exact decimals that come and go as text; a float is refused by its type. Pure."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Context, Decimal

EXACT = Context(prec=50, rounding=ROUND_HALF_UP)  # never the thread's own context
CENT = Decimal("0.01")


def two(value: Decimal) -> Decimal:
    """Round half up to the two places that are printed."""
    return value.quantize(CENT, context=EXACT)


def added(values: Iterable[Decimal]) -> Decimal:
    """The exact sum."""
    total = Decimal(0)
    for value in values:
        total = EXACT.add(total, value)
    return total


def mean(values: list[Decimal]) -> Decimal:
    """The mean in 50 digits; the caller rounds what it prints."""
    return EXACT.divide(added(values), Decimal(len(values)))


def in_full(value: Decimal) -> str:
    """A figure with all its places and no empty ones: 86.5, 90, 90.125."""
    return format(value.normalize(EXACT), "f")


def places_of(value: Decimal) -> int:
    """How many decimal places a figure is written with."""
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
