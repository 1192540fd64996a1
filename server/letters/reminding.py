"""What letters remind people of: one that nobody has acknowledged, and one whose reply is due."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from models import Letter
from models.vocabulary import LetterState as S
from models.vocabulary import Recipient, Role
from server import reminders
from server.letters.answerers import answerers_of
from server.reminders import Kind, Matter

UNSIGNED, REPLY = "letter_unsigned", "letter_reply"
PAGE = "packages/letters/pages/letter/letter"
OPEN = {  # the column of the deadline, and the letters that have it
    UNSIGNED: ("issued_on", Q(state=S.DELIVERED)),
    REPLY: ("reply_due_on", Q(state=S.ACKNOWLEDGED, reply_due_on__isnull=False)),
}
ENDED_BY = {"acknowledged": "已签收", "replied": "已反馈", "reply_returned": "反馈被退回", "voided": "已作废"}


async def settle_reminders(letter: Letter, event: str, *, by: UUID) -> None:
    """End the reminders whose cause this step on a letter took away, in its transaction."""
    still = [(kind, deadline(letter, kind)) for kind in OPEN]
    await reminders.settle(letter.id, still=still, by=by, because=ENDED_BY.get(event, "情况已变化"))


async def remind_of_arrival(letter_id: UUID, *, city_pack: str, now: datetime) -> None:
    """Tell those who answer a signed letter that it waits for their acknowledgement; safe to repeat."""
    await reminders.remind_now(UNSIGNED, [letter_id], city_pack=city_pack, now=now)


async def pass_on_letters(*, to: UUID, away_from: UUID) -> None:
    """Move the reminders of letters to the successor who now answers for their items (M04)."""
    waiting = Letter.filter(item__commissioner_id=to, state__in=(S.DELIVERED, S.ACKNOWLEDGED))
    await reminders.move([one.id for one in await waiting], to=to, away_from=away_from)


def deadline(letter: Letter, kind: str) -> date | None:
    """Return a letter's deadline of a kind, or None if it has none now. Pure."""
    match kind, letter.state:
        case "letter_unsigned", S.DELIVERED:
            return letter.issued_on
        case "letter_reply", S.ACKNOWLEDGED:
            return letter.reply_due_on
    return None


async def matters_of(letters: QuerySet[Letter], kind: str, *, on: date) -> list[Matter]:
    """Return letters as matters of a kind, with their people of a day."""
    found = await letters.filter(OPEN[kind][1]).order_by("id").select_related("item__task", "unit")
    answerers = await answerers_of(found, today=on)
    units = {one.unit_id for one in found if one.unit_id}
    leaders = await reminders.holders_of(Role.LEADING_OFFICIAL, units, on=on)
    contacts = await reminders.holders_of(Role.DEPARTMENT_CONTACT, units, on=on)
    offices = await reminders.leads_of({one.issuer_id for one in found}, on=on)
    return [
        Matter(
            subject_id=one.id,
            due_on=due_on,
            number=one.number_text or "",
            title=one.title,
            round=one.round,
            unit=one.unit.short_name if one.unit else one.addressee,
            people={
                Recipient.COMMISSIONER: tuple(answerers.get(one.id, ())),
                Recipient.CONTACT: contacts.get(one.unit_id, ()) if one.unit_id else (),
                Recipient.LEADING_OFFICIAL: (one.item.task.leading_official_id,)
                if one.item.task
                else leaders.get(one.unit_id, ()),
                Recipient.OFFICE: offices.get(one.issuer_id, ()),
            },
        )
        for one in found
        if (due_on := deadline(one, kind))
    ]


def _kind(code: str, label: str) -> Kind:
    column, condition = OPEN[code]

    async def earliest() -> date | None:
        first = await Letter.filter(condition).order_by(column, "id").first()
        return deadline(first, code) if first else None

    async def due_on(days: Collection[date], on: date) -> list[Matter]:
        return await matters_of(Letter.filter(**{f"{column}__in": list(days)}), code, on=on)

    async def still_due(letter_ids: Collection[UUID], on: date) -> list[Matter]:
        return await matters_of(Letter.filter(id__in=list(letter_ids)), code, on=on)

    on, after = ("签发时", "签发后") if code == UNSIGNED else ("当天", "逾期")
    return Kind(code, label, "letter", earliest, due_on, still_due, page=PAGE, on=on, after=after)


reminders.reminds_of(_kind(UNSIGNED, "函件没有签收"))
reminders.reminds_of(_kind(REPLY, "函件反馈期限"))
