"""Kinds of letters as the city pack declares them: who drafts, who signs, when, and how long for a reply."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from models import LedgerItem, Organisation
from server.letters.refusals import KindNotKnown
from server.packs import LetterKind, ways_of
from server.people import Actor, NotAllowed


@dataclass(frozen=True)
class Kinds:
    """The kinds of a city's letters, by their codes, and the issuer codes of its organisations."""

    by_code: Mapping[str, LetterKind] = field(default_factory=dict)
    issuer_codes: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, code: str) -> LetterKind:
        """Return a kind; raises KindNotKnown."""
        if code not in self.by_code:
            raise KindNotKnown
        return self.by_code[code]

    def label(self, code: str) -> str:
        """Return what a kind is called, also of a kind that the pack no longer has."""
        return self.by_code[code].label if code in self.by_code else code

    @property
    def ladder(self) -> list[LetterKind]:
        """Return the kinds on the ladder, lowest step first."""
        return sorted((one for one in self.by_code.values() if one.step), key=lambda one: one.step)

    def issuer_code(self, office: Organisation) -> str:
        """Return the code with which an office's document numbers begin, else its ledger series."""
        return self.issuer_codes.get(office.code) or office.series or ""

    def open_to(self, item: LedgerItem, *, drafter: Actor) -> list[LetterKind]:
        """Return the kinds that can be drafted about an item now, by this person."""
        roles = {duty.role for duty in drafter.duties}
        return [one for one in self.by_code.values() if is_open(one, item) and roles & set(one.drafts)]


@cache
def kinds_of(city_pack: str) -> Kinds:
    """Return the kinds of the city with this pack name."""
    ways = ways_of(city_pack)
    return Kinds(
        {kind.code: kind for kind in ways.letter_kinds},
        {one.organisation: one.code for one in ways.letter_issuers},
    )


def is_open(kind: LetterKind, item: LedgerItem) -> bool:
    """Whether the item's state allows a letter of this kind. Pure."""
    return item.state in kind.when and item.lead_unit_id is not None


def check_may_draft(kind: LetterKind, by: Actor) -> None:
    """Raise NotAllowed unless one of the person's roles drafts this kind. Pure."""
    if not {duty.role for duty in by.duties} & set(kind.drafts):
        raise NotAllowed


def check_may_sign(kind: LetterKind, by: Actor) -> None:
    """Raise NotAllowed unless one of the person's roles signs this kind. Pure."""
    if not {duty.role for duty in by.duties} & set(kind.signs):
        raise NotAllowed
