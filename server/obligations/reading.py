"""Reading: what organisations owe in a year, where each obligation stands, and the proofs behind it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct
from tortoise import connections
from tortoise.expressions import Q

from models import Obligation, Proof, ReformTask
from models.vocabulary import ObligationState, Scope
from server import files
from server.kernel.refusal import NoSuchThing
from server.kernel.set_sql import AnyOf
from server.obligations.periods import words_of
from server.obligations.standing import DONE, state_of
from server.people import Actor, Permission, may

COUNT = """
SELECT o.id, count(p.id) AS proofs, count(p.id) FILTER (WHERE p.handed_in_on <= o.due_on) AS in_time
FROM obligation o LEFT JOIN proof p ON p.organisation_id = o.organisation_id AND p.withdrawn_at IS NULL
  AND p.counts_on BETWEEN o.starts_on AND o.due_on AND o.proofs ? p.kind AND p.about_id IS NOT DISTINCT FROM o.about_id
WHERE o.id = ANY($1::uuid[]) GROUP BY o.id
"""


class ObligationFilter(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which obligations of a year (by the period's last day) are wanted; `mine` are those that the actor may meet."""

    year: Annotated[int, Meta(ge=2000, le=2100)] | None = None
    state: ObligationState | None = None
    organisation_id: UUID | None = None
    rule: Annotated[str, Meta(max_length=80)] = ""
    measure: Annotated[int, Meta(ge=1, le=20)] | None = None
    month: Annotated[int, Meta(ge=1, le=12)] | None = None  # of the period's last day
    mine: bool = False
    official_id: UUID | None = None  # who leads a task of the organisation in that year
    begun_until: date | None = None
    todo: bool = False  # not met: open, due soon or unmet


@dataclass(frozen=True)
class Standing:
    """An obligation with its organisation, the number of proofs that count, and its state today."""

    owed: Obligation
    in_time: int
    proofs: int
    state: ObligationState

    @property
    def period(self) -> str:
        return words_of(self.owed.period, self.owed.starts_on)


def visible(actor: Actor, permission: Permission = Permission.SEE_OBLIGATIONS) -> Q:
    """Return the condition for the rows whose organisation an actor may see, or use `permission` on."""
    seen = Q(id__isnull=True)
    for reach in actor.reaches(permission):
        if reach.scope is Scope.ALL:
            return Q()
        if reach.scope is Scope.SUBTREE and reach.organisation_path:
            seen |= Q(organisation__path__startswith=reach.organisation_path)
        elif reach.scope is Scope.UNIT and reach.organisation_id:
            seen |= Q(organisation_id=reach.organisation_id)
    return seen


def hands_in_for(actor: Actor) -> set[UUID]:
    """Return the organisations for which an actor hands in proofs."""
    return {reach.organisation_id for reach in actor.reaches(Permission.HAND_IN) if reach.organisation_id}


async def obligations_of(actor: Actor, by: ObligationFilter, *, today: date) -> list[Standing]:
    """Return the obligations that a filter finds within the actor's scope, by organisation and period.

    A year's obligations are as many as organisations, rules and periods make: they are read together.
    """
    year = by.year or today.year
    wanted = Obligation.filter(visible(actor), due_on__gte=date(year, 1, 1), due_on__lte=date(year, 12, 31))
    if by.organisation_id:
        wanted = wanted.filter(organisation_id=by.organisation_id)
    if by.rule:
        wanted = wanted.filter(rule_code=by.rule)
    if by.measure:
        wanted = wanted.filter(measure=by.measure)
    if by.begun_until:
        wanted = wanted.filter(starts_on__lte=by.begun_until)
    if by.official_id:
        led = ReformTask.filter(leading_official_id=by.official_id, year=year, is_current=True)
        wanted = wanted.filter(organisation_id=AnyOf(led.values("lead_unit_id")))
    if by.mine:
        wanted = wanted.filter(organisation_id__in=hands_in_for(actor))
    rows = await wanted.select_related("organisation").order_by("due_on", "organisation__path", "name", "id")
    found = await standings(rows, today=today)
    return [
        one
        for one in found
        if (by.state is None or one.state is by.state)
        and (by.month is None or one.owed.due_on.month == by.month)
        and not (by.todo and one.state in DONE)
    ]


async def standings(owed: Sequence[Obligation], *, today: date) -> list[Standing]:
    """Return where obligations stand, in one query for any number of them."""
    rows: list[dict[str, Any]] = await connections.get("default").execute_query_dict(
        COUNT, [[one.id for one in owed]]
    )
    counted = {row["id"]: (row["in_time"], row["proofs"]) for row in rows}
    return [_standing(one, *counted.get(one.id, (0, 0)), today=today) for one in owed]


async def obligation_seen_by(actor: Actor, obligation_id: UUID, *, today: date) -> Standing:
    """Return one obligation within the actor's scope; raises NoSuchThing."""
    owed = await Obligation.filter(visible(actor), id=obligation_id).select_related("organisation").first()
    if owed is None:
        raise NoSuchThing
    return (await standings([owed], today=today))[0]


async def proofs_of(owed: Obligation) -> list[Proof]:
    """Return the proofs that count for an obligation and those that were withdrawn, oldest first."""
    found = Proof.filter(
        organisation_id=owed.organisation_id,
        counts_on__gte=owed.starts_on,
        counts_on__lte=owed.due_on,
        kind__in=owed.proofs,
    )
    about = Q(about_id=owed.about_id) if owed.about_id else Q(about_id__isnull=True)
    return (
        await found.filter(about)
        .order_by("counts_on", "handed_in_at", "id")
        .select_related("by", "withdrawn_by")
    )


async def proof_ids_of(subject_id: UUID) -> list[UUID]:
    """Return the ids of the proofs that stand for a record, for its timeline."""
    return [
        one.id for one in await Proof.filter(subject_id=subject_id).only("id").order_by("handed_in_at", "id")
    ]


async def obligation_of_proof(actor: Actor, proof_id: UUID) -> Obligation:
    """Return the first obligation that a proof counts for; raises NoSuchThing."""
    proof = await Proof.get_or_none(id=proof_id)
    if proof:
        day = proof.counts_on
        same_days = Obligation.filter(
            visible(actor), organisation_id=proof.organisation_id, starts_on__lte=day, due_on__gte=day
        )
        for owed in await same_days.order_by("due_on", "id"):
            if proof.kind in owed.proofs and proof.about_id == owed.about_id:
                return owed
    raise NoSuchThing


def counts_of(found: Iterable[Standing]) -> dict[ObligationState, int]:
    """Return how many obligations are in each state, in the order of the states. Pure."""
    counted = Counter(one.state for one in found)
    return {state: counted[state] for state in ObligationState}


async def count_to_do(actor: Actor, *, today: date) -> int:
    """Return how many obligations of this year the actor's own organisations have not met."""
    return len(await obligations_of(actor, ObligationFilter(mine=True, todo=True), today=today))


def _standing(owed: Obligation, in_time: int, proofs: int, *, today: date) -> Standing:
    return Standing(owed, in_time, proofs, state_of(owed, in_time=in_time, proofs=proofs, today=today))


@files.shows("proof")
async def sees_proof(actor: Actor, proof_id: UUID) -> bool:
    """Whether an actor may see a proof that is its own record, and so its files."""
    can = may(actor.duties, Permission.SEE_OBLIGATIONS)
    return can and await Proof.filter(visible(actor), id=proof_id).exists()


@files.takes_more("proof")
async def adds_to_proof(actor: Actor, proof_id: UUID) -> bool:
    """Whether an actor may add files to a proof: one of their organisation's that was not withdrawn."""
    homes = hands_in_for(actor)
    return await Proof.filter(id=proof_id, organisation_id__in=homes, withdrawn_at=None).exists()
