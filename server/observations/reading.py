"""Reading observations: reporters read their own, reviewers those of their office, and nobody else any."""

import functools
from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from models import JournalEntry, Observation, ObservationRevision, Reason, Recheck, Rendition
from models.vocabulary import ObservationState as S
from models.vocabulary import ReasonUse, Scope
from server import reporters
from server.kernel.refusal import NoSuchThing
from server.kernel.text import receipt_number_in
from server.people import Actor, Permission

QUEUE = (S.RECEIVED, S.WAITING_MEDIA)
OPEN = (*QUEUE, S.MORE_ASKED)
DECIDED = (S.REGISTERED, S.DECLINED)
IN_LINE = ("promised_on", "received_at", "id")


async def own_observation(actor: Actor, client_id: UUID) -> Observation:
    """Return the actor's own observation by its client id; raises NoSuchThing."""
    found = await Observation.filter(client_id=client_id).select_related("ledger_item__lead_unit").first()
    if found is None or not await reporters.sent_by(actor.person.id, found.id):
        raise NoSuchThing
    return found


async def own_observations(actor: Actor, *, after: UUID | None, limit: int) -> list[Observation]:
    """Return the actor's own observations, newest first; `after` is the client id of the previous page's last one."""
    place = {one: number for number, one in enumerate(await reporters.mine(actor.person.id))}
    mine = await Observation.filter(id__in=list(place)).only("id", "client_id", "received_at")
    mine.sort(key=lambda one: (one.received_at, place[one.id]), reverse=True)
    start = next((at + 1 for at, one in enumerate(mine) if one.client_id == after), 0)
    page = [one.id for one in mine[start : start + limit]]
    found = await Observation.filter(id__in=page).select_related("ledger_item__lead_unit")
    return sorted(found, key=lambda one: page.index(one.id))


def reviewable(actor: Actor) -> QuerySet[Observation]:
    """Return the observations whose office the actor's review duty covers."""
    seen = Q(id__isnull=True)
    for reach in actor.reaches(Permission.REVIEW_OBSERVATIONS):
        if reach.scope is Scope.ALL:
            seen |= Q(id__isnull=False)
        elif reach.scope is Scope.SUBTREE and reach.organisation_path:
            seen |= Q(office__path__startswith=reach.organisation_path)
        elif reach.organisation_id:
            seen |= Q(office_id=reach.organisation_id)
    return Observation.filter(seen)


async def observation_reviewed_by(actor: Actor, observation_id: UUID) -> Observation:
    """Return an observation the actor may review; raises NoSuchThing whether it is missing or out of their reach."""
    found = await (
        reviewable(actor)
        .filter(id=observation_id)
        .select_related("task__lead_unit", "ledger_item", "office")
        .first()
    )
    if found is None:
        raise NoSuchThing
    return found


async def rendition_reviewed_by(actor: Actor, rendition_id: UUID) -> Rendition:
    """Return a rendition of a photo of a report or its re-check that the actor may review; raises NoSuchThing."""
    rendition = await Rendition.get_or_none(id=rendition_id, withdrawn_at=None)
    if rendition is None:
        raise NoSuchThing
    told = await Recheck.get_or_none(id=rendition.subject_id)
    report = told.observation_id if told else rendition.subject_id
    if not await reviewable(actor).filter(id=report).exists():
        raise NoSuchThing
    return rendition


async def queue(
    actor: Actor,
    *,
    states: tuple[S, ...] = QUEUE,
    promised_before: date | None = None,
    after: Observation | None = None,
    free_at: datetime | None = None,
    limit: int = 50,
) -> list[Observation]:
    """Return the reports awaiting the actor's review, earliest promised date first; `after` continues the list.

    `free_at` leaves out the reports that another person has claimed at that moment.
    """
    waiting = in_line(actor, states=states, promised_before=promised_before)
    if free_at:
        over = Q(claimed_until__isnull=True) | Q(claimed_until__lte=free_at)
        waiting = waiting.filter(over | Q(claimed_by_id=actor.person.id))
    if after:
        waiting = waiting.filter(_behind(after))
    return await waiting.order_by(*IN_LINE).limit(limit).select_related("task", "ledger_item")


async def count_of_queue(
    actor: Actor, *, states: tuple[S, ...] = QUEUE, promised_before: date | None = None
) -> int:
    """Return how many reports await the actor's review, as `queue` selects them."""
    return await in_line(actor, states=states, promised_before=promised_before).count()


async def decided(actor: Actor, *, after: Observation | None = None, limit: int = 50) -> list[Observation]:
    """Return the reports the office has decided, latest first; `after` continues the list."""
    done = in_decided(actor)
    if after and after.decided_at:
        past = Q(decided_at__lt=after.decided_at) | Q(id__lt=after.id)
        done = done.filter(past, decided_at__lte=after.decided_at)
    return await done.order_by("-decided_at", "-id").limit(limit).select_related("task", "ledger_item")


async def count_of_decided(actor: Actor) -> int:
    """Return how many reports the office has decided, as `decided` selects them."""
    return await in_decided(actor).count()


def in_decided(actor: Actor) -> QuerySet[Observation]:
    """Return the query for the reports the office has decided, as `decided` lists them."""
    return reviewable(actor).filter(state__in=DECIDED)


async def unanswered(actor: Actor, *, after: Observation | None = None, limit: int = 50) -> list[Observation]:
    """Return the reports with a reporter's message that the office has not read or answered, oldest message first."""
    found = in_unanswered(actor)
    if after and after.reporter_wrote_at:
        past = Q(reporter_wrote_at__gt=after.reporter_wrote_at) | Q(id__gt=after.id)
        found = found.filter(past, reporter_wrote_at__gte=after.reporter_wrote_at)
    return await found.order_by("reporter_wrote_at", "id").limit(limit).select_related("task", "ledger_item")


async def count_of_unanswered(actor: Actor) -> int:
    """Return how many reports have such a message, as `unanswered` selects them."""
    return await in_unanswered(actor).count()


def in_unanswered(actor: Actor) -> QuerySet[Observation]:
    """Return the query for the reports with a message that nobody answered, as `unanswered` lists them."""
    return reviewable(actor).filter(reporter_wrote_at__isnull=False)


async def next_in_queue(
    actor: Actor,
    *,
    after: Observation,
    now: datetime,
    states: tuple[S, ...] = QUEUE,
    promised_before: date | None = None,
) -> Observation | None:
    """Return the next report after `after` that nobody else has claimed, else the first such one, or None."""
    line = functools.partial(
        queue, actor, states=states, promised_before=promised_before, free_at=now, limit=2
    )
    found = await line(after=after) or await line()
    return next((one for one in found if one.id != after.id), None)


def in_line(
    actor: Actor, *, states: tuple[S, ...] = QUEUE, promised_before: date | None = None
) -> QuerySet[Observation]:
    """Return the query for the reports that await the actor's review, as `queue` lists them."""
    waiting = reviewable(actor).filter(state__in=states)
    return waiting.filter(promised_on__lt=promised_before) if promised_before else waiting


def _behind(one: Observation) -> Q:
    later = Q(promised_on=one.promised_on, received_at__gt=one.received_at)
    same = Q(promised_on=one.promised_on, received_at=one.received_at, id__gt=one.id)
    return Q(promised_on__gte=one.promised_on) & (Q(promised_on__gt=one.promised_on) | later | same)


async def of_item(actor: Actor, item_id: UUID) -> list[Observation]:
    """Return the observations an item was registered from, as far as the actor may review them, oldest first."""
    return await reviewable(actor).filter(ledger_item_id=item_id).order_by("received_at")


async def receipts_of(observation_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the receipt numbers of observations, for readers of the journal."""
    pairs = await Observation.filter(id__in=set(observation_ids)).values_list("id", "receipt_number")
    return {observation_id: str(number) for observation_id, number in pairs}


async def earlier_versions(observation: Observation) -> list[ObservationRevision]:
    """Return the earlier versions of an amended observation, newest first."""
    return await ObservationRevision.filter(observation_id=observation.id).order_by("-version")


async def history(observation: Observation) -> list[JournalEntry]:
    """Return the journal of an observation and of the item it became, oldest first."""
    subjects = [observation.id] + ([observation.ledger_item_id] if observation.ledger_item_id else [])
    return await JournalEntry.filter(subject_id__in=subjects).order_by("id")


async def reasons(use: ReasonUse) -> list[Reason]:
    """Return the catalogue's active reasons for a decision, in catalogue order."""
    return await Reason.filter(use=use, is_active=True).order_by("sort_order")


async def by_receipt(number: str) -> Observation | None:
    """Return the observation with a receipt number, for its public status, or None."""
    wanted = receipt_number_in(number)
    if wanted is None:
        return None
    return await Observation.filter(receipt_number=wanted).select_related("ledger_item__lead_unit").first()
