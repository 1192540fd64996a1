"""Reading reminders: those that were sent, the proof of each, and the messages that failed or may not have arrived."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from models import Delivery, Reminder, SubscribeMessage
from models.vocabulary import DeliveryState, SubscribeMessageState
from server import journal
from server.kernel.refusal import NoSuchThing
from server.kernel.unit_of_work import unit_of_work
from server.people import Actor, Permission

TROUBLED = (DeliveryState.FAILED, DeliveryState.UNKNOWN)
EVENTS_TROUBLED = (SubscribeMessageState.FAILED, SubscribeMessageState.UNKNOWN)


@dataclass(frozen=True)
class Proof:
    """Everything that was done to remind one person: the reminder, its messages, and whom it climbed to."""

    reminder: Reminder
    deliveries: list[Delivery]
    climbed: list[Reminder]


async def reminders_sent(*, state: DeliveryState | None, after: UUID | None, limit: int) -> list[Reminder]:
    """Return reminders with their people, newest first; one more than the limit if there are further ones."""
    found = sent_in(state)
    last = await Reminder.get_or_none(id=after) if after else None
    if last:
        found = found.filter(Q(told_at__lt=last.told_at) | Q(told_at=last.told_at, id__lt=last.id))
    return await found.order_by("-told_at", "-id").limit(limit + 1).select_related("person")


def sent_in(state: DeliveryState | None) -> QuerySet[Reminder]:
    """Select the reminders in a state, or all."""
    return Reminder.filter(state=state) if state else Reminder.all()


async def proof_of(reminder_id: UUID) -> Proof:
    """Return the proof of one reminder; raises NoSuchThing."""
    reminder = await Reminder.get_or_none(id=reminder_id).select_related("person", "climbed_from__person")
    if reminder is None:
        raise NoSuchThing
    sent = Delivery.filter(reminders__id=reminder.id).order_by("planned_at", "id")
    climbed = Reminder.filter(climbed_from_id=reminder.id).order_by("told_at", "id")
    return Proof(reminder, await sent, await climbed.select_related("person"))


async def proofs_of(subject_id: UUID) -> list[Proof]:
    """Return the proof of every reminder of one matter, oldest first; those climbed to stand under their own."""
    found = Reminder.filter(subject_id=subject_id).order_by("told_at", "id").select_related("person")
    told = await found.prefetch_related("deliveries")
    climbed: defaultdict[UUID, list[Reminder]] = defaultdict(list)
    for one in told:
        if one.climbed_from_id:
            climbed[one.climbed_from_id].append(one)
    return [
        Proof(one, sorted(one.deliveries, key=lambda sent: (sent.planned_at, str(sent.id))), climbed[one.id])
        for one in told
    ]


async def reminders_of(subject_id: UUID) -> list[Reminder]:
    """Return all reminders of one matter with their people, newest first."""
    found = Reminder.filter(subject_id=subject_id).order_by("-told_at", "-id")
    return await found.select_related("person")


async def troubled(*, limit: int) -> list[Delivery]:
    """Return the messages that failed or may not have arrived and that nobody has dealt with, newest first."""
    found = _troubled().order_by("-planned_at", "-id").limit(limit)
    return await found.select_related("person").prefetch_related("reminders")


async def troubled_events(*, limit: int) -> list[SubscribeMessage]:
    """Return the same of messages about single events; they disappear after thirty days."""
    found = SubscribeMessage.filter(state__in=EVENTS_TROUBLED).order_by("-caused_at", "-id").limit(limit)
    return await found.select_related("person")


async def count_of_trouble() -> tuple[int, int]:
    """Return how many messages the two lists of trouble have."""
    return await _troubled().count(), await SubscribeMessage.filter(state__in=EVENTS_TROUBLED).count()


@unit_of_work
async def deal_with(delivery_id: UUID, *, by: Actor, now: datetime) -> None:
    """Take a troubled message off the office's list because its person was told otherwise; safe to repeat."""
    by.reaches(Permission.SEE_REMINDERS)
    delivery = await Delivery.select_for_update().get_or_none(id=delivery_id, state__in=TROUBLED)
    if delivery is None:
        raise NoSuchThing
    if delivery.seen_at:
        return
    delivery.seen_at = now
    await delivery.save(update_fields=["seen_at"])
    await journal.record("delivery.dealt_with", delivery, by=by.person, channel=delivery.channel.label)


def first_of(reminders: Sequence[Reminder]) -> Reminder | None:
    """Return the reminder that stands for a message of several, or None. Pure."""
    return min(reminders, key=lambda one: (one.told_at, str(one.id)), default=None)


def _troubled() -> QuerySet[Delivery]:
    return Delivery.filter(state__in=TROUBLED, seen_at=None)
