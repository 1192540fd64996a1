"""Obligations on phones: what one's unit owes this year, and handing in a proof."""

from uuid import UUID

from sanic import Blueprint, HTTPResponse, Request

from server import files, obligations
from server.kernel.clock import business_date
from server.obligations import HandIn, ObligationFilter, WithdrawProof
from server.obligations.refusals import (
    AlreadyWithdrawn,
    KeptElsewhere,
    NotOfThisPeriod,
    NotYourObligation,
    ProofNotAccepted,
)
from server.people import Permission
from server.web.door.admission import tools_of
from server.web.door.guards import phone
from server.web.door.operations import Done, actor_of, answer, operation
from server.web.miniapp.obligation_cards import (
    ObligationCard,
    ObligationList,
    ProofChoice,
    StateCount,
    obligation_line,
    proof_line,
)

blueprint = Blueprint("obligations")
SEE = phone(Permission.SEE_OBLIGATIONS)


class HandedInDone(Done):
    """The obligation that a proof was handed in for, and the digests still missing."""

    obligation_id: UUID
    missing: list[str]

    async def answered(self, request: Request) -> HTTPResponse:
        """Return the obligation as it is now."""
        return answer(await _card(request, self.obligation_id, missing=self.missing), status=201)


class WithdrawnDone(Done):
    """The proof that was withdrawn."""

    proof_id: UUID


@operation(
    blueprint,
    "GET",
    "/obligations",
    summary="定期任务",
    guard=SEE,
    query=ObligationFilter,
    answers={200: ObligationList},
)
async def list_obligations(request: Request, query: ObligationFilter) -> HTTPResponse:
    """Return a year's obligations within the person's scope, by their last day, and how many are in each state."""
    today = business_date(tools_of(request).clock.now())
    found = await obligations.obligations_of(actor_of(request), query, today=today)
    counts = [StateCount(state, state.label, count) for state, count in obligations.counts_of(found).items()]
    return answer(ObligationList([obligation_line(one) for one in found], counts))


@operation(
    blueprint,
    "GET",
    "/obligations/<obligation_id:uuid>",
    summary="一项定期任务",
    guard=SEE,
    answers={200: ObligationCard},
)
async def see_obligation(request: Request, obligation_id: UUID) -> HTTPResponse:
    """Return an obligation with its proofs and their files, and the kinds of proof that count."""
    return answer(await _card(request, obligation_id))


@operation(
    blueprint,
    "POST",
    "/obligations/<obligation_id:uuid>/proofs",
    summary="上交佐证材料",
    guard=phone(Permission.HAND_IN),
    body=HandIn,
    answers={201: ObligationCard},
    keyed=HandedInDone,
    refusals=(NotYourObligation, ProofNotAccepted, NotOfThisPeriod),
)
async def hand_in_proof(request: Request, command: HandIn, obligation_id: UUID) -> HandedInDone:
    """Hand in what was done; files are announced by digest and sent to /files in any order."""
    now = tools_of(request).clock.now()
    done = await obligations.hand_in(obligation_id, command, by=actor_of(request), now=now)
    return HandedInDone(obligation_id, done.missing)


@operation(
    blueprint,
    "POST",
    "/proofs/<proof_id:uuid>/withdrawal",
    summary="撤回佐证材料",
    guard=phone(Permission.HAND_IN),
    body=WithdrawProof,
    answers={201: WithdrawnDone},
    keyed=WithdrawnDone,
    refusals=(KeptElsewhere, AlreadyWithdrawn),
)
async def withdraw_proof(request: Request, command: WithdrawProof, proof_id: UUID) -> WithdrawnDone:
    """Withdraw a proof: it counts no more and stays readable."""
    now = tools_of(request).clock.now()
    await obligations.withdraw(proof_id, command, by=actor_of(request), now=now)
    return WithdrawnDone(proof_id)


async def _card(request: Request, obligation_id: UUID, *, missing: list[str] | None = None) -> ObligationCard:
    actor, today = actor_of(request), business_date(tools_of(request).clock.now())
    one = await obligations.obligation_seen_by(actor, obligation_id, today=today)
    proofs = await obligations.proofs_of(one.owed)
    found = await files.files_of([proof.subject_id for proof in proofs])
    return ObligationCard(
        line=obligation_line(one),
        kinds=[ProofChoice(kind, kind.label) for kind in obligations.kinds_of(one.owed)],
        proofs=[
            proof_line(proof, due_on=one.owed.due_on, files=found.get(proof.subject_id, []))
            for proof in proofs
        ],
        may_hand_in=obligations.may_hand_in(actor, one.owed),
        missing=missing or [],
    )
