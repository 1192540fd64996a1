"""Reminders of obligations: who is reminded of what is not met, and their end as soon as it is."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from tortoise import connections
from tortoise.queryset import QuerySet

from models import Obligation
from models.vocabulary import CadencePeriod, Recipient, Role
from server import reminders
from server.kernel.clock import business_date
from server.obligations.periods import words_of
from server.obligations.reading import standings
from server.obligations.standing import DONE
from server.packs import ReminderContent
from server.reminders import Kind, Matter

PAGE = "packages/obligations/pages/obligation/obligation"
CALL = "obligation_call"
UNMET = """
SELECT min(o.due_on) AS first FROM obligation o WHERE o.period IS NOT DISTINCT FROM $1 AND o.least > (
  SELECT count(*) FROM proof p WHERE p.organisation_id = o.organisation_id AND p.withdrawn_at IS NULL
    AND p.counts_on BETWEEN o.starts_on AND o.due_on AND o.proofs ? p.kind
    AND p.about_id IS NOT DISTINCT FROM o.about_id)
"""


async def settle_reminders(organisation_id: UUID, *, on: date, by: UUID, now: datetime) -> None:
    """End the reminders of the obligations of a day that are met now, in the transaction of the proof."""
    owed = await Obligation.filter(organisation_id=organisation_id, starts_on__lte=on, due_on__gte=on)
    for one in await standings(owed, today=business_date(now)):
        if one.state in DONE:
            await reminders.settle(one.owed.id, still=(), by=by, because="已上交")


async def _matters(wanted: QuerySet[Obligation], period: CadencePeriod | None, *, on: date) -> list[Matter]:
    owed = await wanted.filter(period=period).select_related("organisation").order_by("due_on", "id")
    unmet = [one.owed for one in await standings(owed, today=on) if one.state not in DONE]
    units = {one.organisation_id for one in unmet}
    contacts = await reminders.holders_of(Role.DEPARTMENT_CONTACT, units, on=on)
    commissioners = await reminders.holders_of(Role.COMMISSIONER, units, on=on)
    offices = await reminders.reviewers_of(units, on=on)
    return [
        Matter(
            subject_id=one.id,
            due_on=one.due_on,
            number=words_of(one.period, one.starts_on),
            title=one.name,
            unit=one.organisation.short_name,
            people={
                Recipient.CONTACT: contacts.get(one.organisation_id, ()),
                Recipient.COMMISSIONER: commissioners.get(one.organisation_id, ()),
                Recipient.OFFICE: offices.get(one.organisation_id, ()),
            },
        )
        for one in unmet
    ]


def _kind(code: str, label: str, period: CadencePeriod | None, offsets: list[int]) -> Kind:
    async def earliest() -> date | None:
        rows = await connections.get("default").execute_query_dict(UNMET, [period])
        first: date | None = rows[0]["first"]
        return first

    async def due_on(days: Collection[date], on: date) -> list[Matter]:
        return await _matters(Obligation.filter(due_on__in=list(days)), period, on=on)

    async def still_due(ids: Collection[UUID], on: date) -> list[Matter]:
        return await _matters(Obligation.filter(id__in=list(ids)), period, on=on)

    usual = ReminderContent(
        offsets=offsets,
        to=[Recipient.CONTACT, Recipient.COMMISSIONER, Recipient.OFFICE],
        title="{编号}定期任务{时限}",
        body="{编号}“{事项}”，期限{期限}，{时限}。请打开上交佐证材料。",
    )
    return Kind(
        code, label, "obligation", earliest, due_on, still_due, page=PAGE, usual=usual, is_settled=False
    )


reminders.reminds_of(_kind("obligation_month", "每月定期任务", CadencePeriod.MONTH, [-3, -1, 0, 1]))
reminders.reminds_of(_kind("obligation_quarter", "每季度定期任务", CadencePeriod.QUARTER, [-10, -3, 0, 1]))
reminders.reminds_of(_kind("obligation_year", "每年定期任务", CadencePeriod.YEAR, [-40, -10, -3, 0, 1]))
reminders.reminds_of(_kind(CALL, "选题供稿", None, [-3, -1, 0, 1]))
