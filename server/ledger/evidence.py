"""Decides which evidence a close-out needs, by the category or kind of the matter (LED-08). Pure."""

from collections.abc import Collection

from models.vocabulary import EvidenceKind, ObservationKind
from server.packs import Category

NEEDED: dict[ObservationKind, frozenset[EvidenceKind]] = {
    ObservationKind.PROBLEM: frozenset({EvidenceKind.AFTER}),
    ObservationKind.HELP_REQUEST: frozenset({EvidenceKind.DOCUMENT}),
    ObservationKind.GOOD_PRACTICE: frozenset(),
}


def missing_evidence(
    kind: ObservationKind, given: Collection[EvidenceKind], *, category: Category | None = None
) -> list[EvidenceKind]:
    """Return the kinds of evidence still missing for a close-out, so that they can be named beforehand.

    What the category asks for counts instead of what the kind does.
    """
    needed = set(category.evidence) if category and category.evidence else NEEDED[kind]
    return sorted(needed - set(given), key=list(EvidenceKind).index)
