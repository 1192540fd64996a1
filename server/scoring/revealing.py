"""The order of revealing a result: entries without a score first, then from last place to first. Pure."""

from collections.abc import Sequence

from msgspec import Struct

from server.scoring.aggregation import EntryResult


class RevealStep(Struct, frozen=True):
    """What one key press of the host shows: all entries of one place; `place` is None for those without a score."""

    place: int | None
    results: list[EntryResult]


def reveal_script(results: Sequence[EntryResult]) -> list[RevealStep]:
    """Return the steps of a reveal, fixed before the first one is shown."""
    places = sorted({one.rank for one in results if one.rank is not None}, reverse=True)
    without = [one for one in results if one.rank is None]
    first = [RevealStep(None, without)] if without else []
    return [*first, *(RevealStep(place, [one for one in results if one.rank == place]) for place in places)]
