"""Handing in: a proof of what an organisation did, with its files; late ones count as late, whatever day they name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from uuid import UUID, uuid4

from msgspec import Meta, Struct

from models import Obligation, Proof
from models.vocabulary import ProofKind
from server import files, journal
from server.files import AnnouncedFile
from server.kernel.clock import business_date
from server.kernel.refusal import NoSuchThing
from server.kernel.unit_of_work import unit_of_work
from server.obligations.making import Made, Making, maker_of
from server.obligations.reading import hands_in_for, obligation_seen_by
from server.obligations.refusals import (
    AlreadyWithdrawn,
    KeptElsewhere,
    NotOfThisPeriod,
    NotYourObligation,
    ProofNotAccepted,
)
from server.obligations.settling import settle_reminders
from server.people import Actor, Permission, may

ITSELF = "proof"  # a proof without a record of its own: its files are its own
Words = Annotated[str, Meta(min_length=2, max_length=200)]


class HandIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was done, on which day, with its files by digest."""

    kind: ProofKind
    title: Annotated[str, Meta(min_length=2, max_length=120)]
    done_on: date
    files: Annotated[list[AnnouncedFile], Meta(max_length=20)] = []


class WithdrawProof(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a proof is withdrawn."""

    reason: Words


@dataclass(frozen=True)
class HandedIn:
    """The proof, and the digests of its files that have not arrived."""

    proof: Proof
    missing: list[str]


@unit_of_work
async def hand_in(obligation_id: UUID, command: HandIn, *, by: Actor, now: datetime) -> HandedIn:
    """Meet an obligation: make the record that its kind of proof stands for, and count it.

    Raises NoSuchThing, NotYourObligation, ProofNotAccepted, NotOfThisPeriod.
    """
    today = business_date(now)
    owed = (await obligation_seen_by(by, obligation_id, today=today)).owed
    if owed.organisation_id not in hands_in_for(by):
        raise NotYourObligation
    if command.kind not in owed.proofs:
        raise ProofNotAccepted
    if not owed.starts_on <= command.done_on <= min(owed.due_on, today):
        raise NotOfThisPeriod
    made = await _made(owed, command, by=by, now=now)
    proof = await prove(
        command.kind,
        organisation_id=owed.organisation_id,
        counts_on=command.done_on,
        made=made,
        title=command.title,
        by=by,
        now=now,
        about_id=owed.about_id,
    )
    subject = made or Made(ITSELF, proof.id)
    missing = await files.announce(
        command.files, subject_kind=subject.kind, subject_id=subject.id, by=by.person, now=now
    )
    await journal.record("proof.handed_in", proof, by=by.person, **_told(proof))
    return HandedIn(proof, missing)


async def prove(
    kind: ProofKind,
    *,
    organisation_id: UUID,
    counts_on: date,
    made: Made | None,
    title: str,
    by: Actor,
    now: datetime,
    about_id: UUID | None = None,
) -> Proof:
    """Count a record as proof of what its organisation did on a day; call it inside the record's unit of work."""
    proof_id = uuid4()
    proof = await Proof.create(
        id=proof_id,
        organisation_id=organisation_id,
        kind=kind,
        about_id=about_id,
        counts_on=counts_on,
        handed_in_on=business_date(now),
        handed_in_at=now,
        by=by.person,
        title=title,
        subject_kind=made.kind if made else ITSELF,
        subject_id=made.id if made else proof_id,
    )
    await settle_reminders(organisation_id, on=counts_on, by=by.person.id, now=now)
    return proof


@unit_of_work
async def withdraw(proof_id: UUID, command: WithdrawProof, *, by: Actor, now: datetime) -> Proof:
    """Withdraw a proof that is its own record. Raises NoSuchThing, KeptElsewhere, AlreadyWithdrawn."""
    proof = await Proof.select_for_update().get_or_none(id=proof_id, organisation_id__in=hands_in_for(by))
    if proof is None:
        raise NoSuchThing
    if proof.subject_kind != ITSELF:
        raise KeptElsewhere
    await withdraw_proofs([proof], reason=command.reason, by=by, now=now)
    await journal.record("proof.withdrawn", proof, by=by.person, **_told(proof), reason=command.reason)
    return proof


async def withdraw_proofs(proofs: Sequence[Proof], *, reason: str, by: Actor, now: datetime) -> None:
    """Stop counting proofs; they stay readable. Call it inside a unit of work. Raises AlreadyWithdrawn."""
    for proof in proofs:
        if proof.withdrawn_at:
            raise AlreadyWithdrawn
        proof.withdrawn_at, proof.withdrawn_by, proof.withdrawn_because = now, by.person, reason
        await proof.save(update_fields=["withdrawn_at", "withdrawn_by_id", "withdrawn_because"])


def may_hand_in(actor: Actor, owed: Obligation) -> bool:
    """Whether an actor may meet this obligation."""
    return may(actor.duties, Permission.HAND_IN) and owed.organisation_id in hands_in_for(actor)


async def _made(owed: Obligation, command: HandIn, *, by: Actor, now: datetime) -> Made | None:
    make = maker_of(command.kind)
    if make is None:
        return None
    return await make(
        Making(
            owed.organisation_id,
            command.kind,
            command.title,
            command.done_on,
            by.person,
            now,
            about_id=owed.about_id,
        )
    )


def _told(proof: Proof) -> dict[str, str]:
    return {"kind": proof.kind.label, "title": proof.title, "counts_on": proof.counts_on.isoformat()}
