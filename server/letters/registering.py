"""The register of letters: every number of a kind and year in order, used or voided, and the numbers that lack."""

from dataclasses import dataclass

from models import Letter
from server.letters.reading import WITH, seen_by
from server.people import Actor, Permission


@dataclass(frozen=True)
class Register:
    """The letters of a kind and year by their numbers; `missing` are numbers up to the last that no letter bears."""

    letters: list[Letter]
    missing: list[int]


async def register_of(actor: Actor, *, year: int, kind: str) -> Register:
    """Return the register; raises NotAllowed for people who see only some letters and would read gaps in them."""
    found = seen_by(actor, Permission.SEE_LETTER_REGISTER).filter(year=year, kind=kind, number__isnull=False)
    letters = await found.order_by("issuer_id", "number").select_related(*WITH)
    return Register(letters, _missing(letters))


def _missing(letters: list[Letter]) -> list[int]:
    by_issuer: dict[object, set[int]] = {}
    for one in letters:
        by_issuer.setdefault(one.issuer_id, set()).add(one.number or 0)
    return sorted(
        number for had in by_issuer.values() for number in range(1, max(had) + 1) if number not in had
    )
