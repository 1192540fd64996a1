"""Reading one's own inbox."""

from datetime import datetime
from uuid import UUID

from models import InboxMessage
from server.people import Visitor
from server.refusal import NoSuchThing


async def messages_of(visitor: Visitor, *, before: datetime | None, limit: int) -> list[InboxMessage]:
    """The visitor's messages, newest first."""
    mine = InboxMessage.filter(person_id=visitor.person.id)
    if before:
        mine = mine.filter(created_at__lt=before)
    return await mine.order_by("-created_at", "-id").limit(limit)


async def unread_of(visitor: Visitor) -> int:
    """How many of the visitor's messages are unread."""
    return await InboxMessage.filter(person_id=visitor.person.id, read_at=None).count()


async def mark_all_read(visitor: Visitor, *, until: datetime, now: datetime) -> None:
    """Note that everything up to the newest message on the screen was read; what came after stays unread."""
    mine = InboxMessage.filter(person_id=visitor.person.id, read_at=None, created_at__lte=until)
    await mine.update(read_at=now)


async def mark_read(visitor: Visitor, message_id: UUID, *, now: datetime) -> InboxMessage:
    """Note that a message was read; the first time counts."""
    await InboxMessage.filter(id=message_id, person_id=visitor.person.id, read_at=None).update(read_at=now)
    message = await InboxMessage.get_or_none(id=message_id, person_id=visitor.person.id)
    if message is None:
        raise NoSuchThing
    return message
