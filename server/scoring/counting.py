"""Decides which submitted ballots count, and why others don't: recusal, exclusion, incomplete coverage. Pure."""

from collections.abc import Collection, Mapping
from uuid import UUID

from msgspec import Struct

from models.vocabulary import WhyNotCounted


class Eligibility(Struct, frozen=True, kw_only=True):
    """What decides which ballots of a round count; pairs are (judge, entry)."""

    recused: Collection[tuple[UUID, UUID]]
    excluded: Collection[tuple[UUID, UUID]]
    mandatory: Collection[UUID]
    excused: Collection[UUID]
    needs_coverage: bool


def why_not(
    given: Collection[tuple[UUID, UUID]], rules: Eligibility
) -> Mapping[tuple[UUID, UUID], WhyNotCounted]:
    """Return the reason for each submitted (judge, entry) that does not count."""
    found: dict[tuple[UUID, UUID], WhyNotCounted] = {}
    for judge, entry in given:
        if (judge, entry) in rules.recused:
            found[judge, entry] = WhyNotCounted.RECUSED
        elif (judge, entry) in rules.excluded:
            found[judge, entry] = WhyNotCounted.EXCLUDED
        elif rules.needs_coverage and not _covers(judge, given, rules):
            found[judge, entry] = WhyNotCounted.COVERAGE
    return found


def _covers(judge: UUID, given: Collection[tuple[UUID, UUID]], rules: Eligibility) -> bool:
    return judge in rules.excused or all(
        (judge, entry) in given or (judge, entry) in rules.recused for entry in rules.mandatory
    )
