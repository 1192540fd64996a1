"""Reads people's own inbox: messages to the person, and messages about the reports they sent."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from tortoise.queryset import QuerySet

from models import InboxMessage, ReportMessage
from server import reminders, reporters
from server.gateways.sealing import KeyRing
from server.kernel.clock import business_date
from server.kernel.refusal import NoSuchThing
from server.notifications.inbox.read_marks import Read, note_all, note_one, read_by
from server.people import Actor

OBSERVATION = "observation"


@dataclass(frozen=True)
class Message:
    """A message as its reader sees it, about a person or a report."""

    id: UUID
    title: str
    body: str
    subject_kind: str
    subject_id: UUID
    created_at: datetime
    read_on: date | None


async def messages_of(actor: Actor, *, before: datetime | None, limit: int, keys: KeyRing) -> list[Message]:
    """Return the actor's messages, newest first: `limit` of them, and those of the same moment as the last."""
    own = InboxMessage.filter(person_id=actor.person.id)
    of_reports = await _of_reports(actor)
    if before:
        own, of_reports = own.filter(created_at__lt=before), of_reports.filter(created_at__lt=before)
    moments = [
        *await own.order_by("-created_at").limit(limit).values_list("created_at", flat=True),
        *await of_reports.order_by("-created_at").limit(limit).values_list("created_at", flat=True),
    ]
    if not moments:
        return []
    last = sorted(moments, reverse=True)[:limit][-1]
    read = await read_by(actor.person.id, keys=keys)
    found = [_own(one) for one in await own.filter(created_at__gte=last)]
    found += [
        _of_report(one, read)
        for one in await of_reports.filter(created_at__gte=last).select_related("observation")
    ]
    return sorted(found, key=lambda one: (one.created_at, one.id), reverse=True)


async def all_messages_of(actor: Actor, *, keys: KeyRing) -> list[Message]:
    """Return all of the actor's messages, oldest first."""
    read = await read_by(actor.person.id, keys=keys)
    found = [_own(one) for one in await InboxMessage.filter(person_id=actor.person.id)]
    found += [_of_report(one, read) for one in await (await _of_reports(actor)).select_related("observation")]
    return sorted(found, key=lambda one: (one.created_at, one.id))


async def count_of(actor: Actor) -> int:
    """Return how many messages the actor has."""
    own = await InboxMessage.filter(person_id=actor.person.id).count()
    return own + await (await _of_reports(actor)).count()


async def unread_of(actor: Actor, *, keys: KeyRing) -> int:
    """Return how many of the actor's messages are unread."""
    own = await InboxMessage.filter(person_id=actor.person.id, read_on=None).count()
    told = await (await _of_reports(actor)).values_list("id", "created_at")
    if not told:
        return own
    read = await read_by(actor.person.id, keys=keys)
    return own + sum(read.on(message_id, at) is None for message_id, at in told)


async def mark_all_read(actor: Actor, *, until: datetime, now: datetime, keys: KeyRing) -> None:
    """Mark everything up to the newest message on the screen as read; later messages stay unread."""
    today = business_date(now)
    own = InboxMessage.filter(person_id=actor.person.id, read_on=None, created_at__lte=until)
    await own.update(read_on=today)
    await reminders.mark_opened(actor.person.id, until=until, now=now)
    if await (await _of_reports(actor)).exists():
        await note_all(min(until, now), person_id=actor.person.id, today=today, keys=keys)


async def mark_read(actor: Actor, message_id: UUID, *, now: datetime, keys: KeyRing) -> Message:
    """Mark a message as read; the first time counts."""
    me, today = actor.person.id, business_date(now)
    await InboxMessage.filter(id=message_id, person_id=me, read_on=None).update(read_on=today)
    await reminders.mark_opened(me, message_id=message_id, now=now)
    if own := await InboxMessage.get_or_none(id=message_id, person_id=me):
        return _own(own)
    told = await (await _of_reports(actor)).filter(id=message_id).select_related("observation").first()
    if told is None:
        raise NoSuchThing
    if (await read_by(me, keys=keys)).on(told.id, told.created_at) is None:
        await note_one(told.id, person_id=me, today=today, keys=keys)
    return _of_report(told, await read_by(me, keys=keys))


async def _of_reports(actor: Actor) -> QuerySet[ReportMessage]:
    return ReportMessage.filter(observation_id__in=await reporters.mine(actor.person.id))


def _own(one: InboxMessage) -> Message:
    return Message(one.id, one.title, one.body, one.subject_kind, one.subject_id, one.created_at, one.read_on)


def _of_report(one: ReportMessage, read: Read) -> Message:
    about, read_on = one.observation.client_id, read.on(one.id, one.created_at)
    return Message(one.id, one.title, one.body, OBSERVATION, about, one.created_at, read_on)
