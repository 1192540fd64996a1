"""Reading observations: a reporter his own, a reviewer his office's; nobody else any."""

from datetime import datetime
from uuid import UUID

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from models import JournalEntry, Observation, Reason
from models.vocabulary import ObservationState as S
from models.vocabulary import ReasonUse, Scope
from server.people import Act, Visitor
from server.refusal import NoSuchThing

QUEUE = (S.RECEIVED, S.WAITING_MEDIA)


async def own_observation(visitor: Visitor, client_id: UUID) -> Observation:
    """The visitor's own observation by the key his phone gave it; raises NoSuchThing."""
    found = await (
        Observation.filter(reporter_id=visitor.person.id, client_id=client_id)
        .select_related("ledger_item")
        .first()
    )
    if found is None:
        raise NoSuchThing
    return found


async def own_observations(visitor: Visitor, *, before: datetime | None, limit: int) -> list[Observation]:
    """The visitor's own observations, newest first."""
    mine = Observation.filter(reporter_id=visitor.person.id)
    if before:
        mine = mine.filter(received_at__lt=before)
    return await mine.order_by("-received_at", "-id").limit(limit).select_related("ledger_item")


def reviewable(visitor: Visitor) -> QuerySet[Observation]:
    """The observations whose office a visitor's review duty reaches."""
    seen = Q(id__isnull=True)
    for reach in visitor.reaches(Act.REVIEW_OBSERVATIONS):
        if reach.scope is Scope.ALL:
            seen |= Q(id__isnull=False)
        elif reach.scope is Scope.SUBTREE and reach.organisation_path:
            seen |= Q(office__path__startswith=reach.organisation_path)
        elif reach.organisation_id:
            seen |= Q(office_id=reach.organisation_id)
    return Observation.filter(seen)


async def observation_reviewed_by(visitor: Visitor, observation_id: UUID) -> Observation:
    """One observation, if this visitor may review it; raises NoSuchThing for foreign and missing alike."""
    found = await (
        reviewable(visitor)
        .filter(id=observation_id)
        .select_related("task__lead_unit", "ledger_item", "office")
        .first()
    )
    if found is None:
        raise NoSuchThing
    return found


async def queue(visitor: Visitor, *, states: tuple[S, ...] = QUEUE, limit: int = 50) -> list[Observation]:
    """What waits for the visitor's review, by promised date, the oldest first."""
    waiting = reviewable(visitor).filter(state__in=states)
    return await waiting.order_by("promised_on", "received_at", "id").limit(limit).select_related("task")


async def history(observation: Observation) -> list[JournalEntry]:
    """The journal of an observation and of the item it became, oldest first."""
    subjects = [observation.id] + ([observation.ledger_item_id] if observation.ledger_item_id else [])
    return await JournalEntry.filter(subject_id__in=subjects).order_by("id")


async def reasons(use: ReasonUse) -> list[Reason]:
    """The catalogue's active reasons for a decision, in their order."""
    return await Reason.filter(use=use, is_active=True).order_by("sort_order")


async def by_receipt(number: str) -> Observation | None:
    """The observation with a receipt number, for its public status."""
    return (
        await Observation.filter(receipt_number=number.strip().upper()).select_related("ledger_item").first()
    )
