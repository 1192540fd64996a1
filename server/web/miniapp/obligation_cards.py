"""Obligations as phones see them: lines of a list, and one with its proofs and their files."""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from models import Proof
from models.vocabulary import ObligationState, ProofKind
from server.files import FileHere
from server.obligations import Standing, times_words
from server.web.miniapp.files import FileCard, file_card


class ObligationLine(Struct):
    """An obligation in a list; `times` says how often it is asked and `proofs` how many count."""

    id: UUID
    name: str
    period: str
    organisation_id: UUID
    organisation: str
    starts_on: date
    due_on: date
    state: ObligationState
    state_label: str
    times: str
    proofs: int
    measure: int | None


class StateCount(Struct):
    """How many obligations of the list are in a state."""

    state: ObligationState
    label: str
    count: int


class ObligationList(Struct):
    """All obligations of a filter, by their last day, and how many are in each state."""

    items: list[ObligationLine]
    counts: list[StateCount]


class ProofChoice(Struct):
    """A kind of proof that counts."""

    kind: ProofKind
    label: str


class ProofLine(Struct):
    """A proof with its files; `is_late` says that it was handed in after the last day."""

    id: UUID
    kind: ProofKind
    kind_label: str
    title: str
    done_on: date
    handed_in_at: datetime
    by: str
    is_late: bool
    withdrawn_because: str
    files: list[FileCard]


class ObligationCard(Struct):
    """An obligation in full; `may_hand_in` says whether this person may meet it."""

    line: ObligationLine
    kinds: list[ProofChoice]
    proofs: list[ProofLine]
    may_hand_in: bool
    missing: list[str]  # digests of announced files that have not arrived


def obligation_line(one: Standing) -> ObligationLine:
    """Return an obligation as a line of a list."""
    owed = one.owed
    return ObligationLine(
        id=owed.id,
        name=owed.name,
        period=one.period,
        organisation_id=owed.organisation_id,
        organisation=owed.organisation.short_name,
        starts_on=owed.starts_on,
        due_on=owed.due_on,
        state=one.state,
        state_label=one.state.label,
        times=times_words(owed.least, owed.most),
        proofs=one.proofs,
        measure=owed.measure,
    )


def proof_line(proof: Proof, *, due_on: date, files: list[FileHere]) -> ProofLine:
    """Return a proof; its author must be loaded."""
    return ProofLine(
        id=proof.id,
        kind=proof.kind,
        kind_label=proof.kind.label,
        title=proof.title,
        done_on=proof.counts_on,
        handed_in_at=proof.handed_in_at,
        by=proof.by.designation,
        is_late=proof.handed_in_on > due_on,
        withdrawn_because=proof.withdrawn_because,
        files=[file_card(one) for one in files],
    )
