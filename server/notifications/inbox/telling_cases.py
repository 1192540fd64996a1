"""Telling of cases: the unit when one arrives, the office when it is answered."""

from uuid import UUID

from tortoise.expressions import Q

from models import Case, Duty, InboxMessage, JournalEntry
from models.vocabulary import Role
from server.kernel.clock import business_date
from server.notifications.inbox.wording import TO_CASE_PEOPLE


async def tell_case_unit(entry: JournalEntry) -> None:
    """Tell the unit's contacts and the item's commissioner that a case has arrived; safe to repeat."""
    case = await Case.get(id=entry.subject_id).select_related("item")
    today = business_date(entry.at)
    held = Duty.filter(
        Q(until_on=None) | Q(until_on__gte=today),
        role=Role.DEPARTMENT_CONTACT,
        organisation_id=case.unit_id,
        since_on__lte=today,
    )
    people = {row["person_id"] for row in await held.values("person_id")}
    await _point(entry, case, people | ({case.item.commissioner_id} - {None}))


async def tell_case_opener(entry: JournalEntry) -> None:
    """Tell the author of a case that the unit has answered; safe to repeat."""
    case = await Case.get(id=entry.subject_id)
    await _point(entry, case, {case.opened_by_id})


async def _point(entry: JournalEntry, case: Case, people: set[UUID | None]) -> None:
    title, body = TO_CASE_PEOPLE[entry.event]
    messages = [
        InboxMessage(
            person_id=person_id,
            entry_id=entry.id,
            title=title,
            body=body,
            subject_kind="case",
            subject_id=case.id,
            created_at=entry.at,
        )
        for person_id in people
    ]
    await InboxMessage.bulk_create(messages, ignore_conflicts=True)
