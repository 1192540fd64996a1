"""Decides which evidence a close-out needs, by the kind of the matter (LED-08). Pure."""

from collections.abc import Collection

from models.vocabulary import EvidenceKind, ObservationKind

NEEDED: dict[ObservationKind, frozenset[EvidenceKind]] = {
    ObservationKind.PROBLEM: frozenset({EvidenceKind.AFTER}),
    ObservationKind.HELP_REQUEST: frozenset({EvidenceKind.DOCUMENT}),
    ObservationKind.GOOD_PRACTICE: frozenset(),
}


def missing_evidence(kind: ObservationKind, given: Collection[EvidenceKind]) -> list[EvidenceKind]:
    """Return the kinds of evidence still missing for a close-out, so that they can be named beforehand."""
    return sorted(NEEDED[kind] - set(given), key=list(EvidenceKind).index)
