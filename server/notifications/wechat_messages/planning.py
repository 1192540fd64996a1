"""Planning: one row per person whom an event concerns and who allowed a message, however often this runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from models import InboxMessage, JournalEntry, LedgerItem, SubscribeMessage, SubscriptionQuota
from models.vocabulary import SubscribeMessageState
from server.kernel.calendars import calendar
from server.notifications.wechat_messages.purposes import PURPOSES, Purpose, page_of
from server.notifications.wechat_messages.windows import next_morning, next_window
from server.notifications.wechat_messages.wording import about_item
from server.packs import QuietHours

WORTH = timedelta(days=3)  # from the first moment it may be sent; later it helps nobody
LOOK = "请打开小程序查看"


@dataclass(frozen=True)
class Words:
    """What a message says and where it leads."""

    title: str
    about: str
    page: str


async def plan(
    entry: JournalEntry, *, templates: Mapping[str, str], quiet: QuietHours, now: datetime
) -> None:
    """Plan WeChat messages for an event's inbox rows that are worth one; safe to repeat."""
    told = [
        one
        for one in await InboxMessage.filter(entry_id=entry.id, read_on=None)
        if (entry.event, one.subject_kind) in PURPOSES
    ]
    if not told:
        return
    item = await LedgerItem.get_or_none(id=entry.subject_id)
    for message in told:
        purpose, title = PURPOSES[entry.event, message.subject_kind]
        about = about_item(item) if item and message.subject_kind == "ledger_item" else LOOK
        await put_down(
            Words(title, about, page_of(message.subject_kind, message.subject_id)),
            to=[message.person_id],
            purpose=purpose,
            cause=entry,
            templates=templates,
            quiet=quiet,
            now=now,
        )


async def drop(entry_ids: Sequence[int]) -> None:
    """Cancel the messages planned for these entries; those being sent still arrive."""
    await SubscribeMessage.filter(entry_id__in=list(entry_ids), state=SubscribeMessageState.WAITING).delete()


async def put_down(
    words: Words,
    *,
    to: Sequence[UUID],
    purpose: Purpose,
    cause: JournalEntry | str,
    templates: Mapping[str, str],
    quiet: QuietHours,
    now: datetime,
) -> None:
    """Plan a message for those who have a credit for it, to be sent in the next window; safe to repeat."""
    template = templates.get(purpose.name)
    if template is None or not (able := await _with_credit(to, template)):
        return
    known, number = await calendar(), cause.id if isinstance(cause, JournalEntry) else None
    waits = purpose.is_minor and number
    due = next_morning(now, calendar=known) if waits else next_window(now, calendar=known, quiet=quiet)
    planned = [
        SubscribeMessage(
            person_id=person_id,
            cause=f"entry:{number}" if number else cause,
            purpose=purpose.name,
            template=template,
            entry_id=number,
            title=words.title,
            about=words.about,
            page=words.page,
            is_minor=purpose.is_minor,
            caused_at=cause.at if isinstance(cause, JournalEntry) else now,
            due_at=due,
            until_at=due + WORTH,
            state=SubscribeMessageState.WAITING,
        )
        for person_id in able
    ]
    await SubscribeMessage.bulk_create(planned, ignore_conflicts=True)


async def _with_credit(people: Sequence[UUID], template: str) -> list[UUID]:
    found = SubscriptionQuota.filter(person_id__in=people, template=template, credits__gt=0)
    return [row["person_id"] for row in await found.values("person_id")]
