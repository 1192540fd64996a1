"""The ladder: late items get proposals, one step after the other, and nothing once they have improved."""

from datetime import date, timedelta

import pytest

from models import LedgerItem, Letter
from models.vocabulary import LetterState as S
from models.vocabulary import Light
from server import letters
from server.kernel.calendars import calendar
from server.kernel.clock import business_date
from server.kernel.workdays import Calendar
from server.letters.ladder import next_kind
from server.people import NotAllowed
from tests.server.letters.conftest import KINDS

LADDER = KINDS.ladder
FRIDAY = date(2026, 11, 20)


def had(kind, *, issued_on=FRIDAY, state=S.DELIVERED):
    return Letter(kind=kind, state=state, issued_on=issued_on)


def step(*found, light=Light.RED, today=FRIDAY):
    kind = next_kind(LADDER, found, light=light, today=today, calendar=Calendar())
    return kind.code if kind else None


@pytest.mark.parametrize(
    ("light", "kind"),
    [
        (Light.RED, "reminder_letter"),
        (Light.YELLOW, "reminder_letter"),
        (Light.BLUE, None),
        (Light.GREEN, None),
        (Light.GREY, None),
    ],
)
def test_only_late_items_get_a_first_letter(light, kind):
    assert step(light=light) == kind


def test_the_next_step_follows_after_its_working_days_and_not_a_day_before():
    reminder = had("reminder_letter")
    assert step(reminder, today=date(2026, 11, 26)) is None  # the fourth working day
    assert step(reminder, today=date(2026, 11, 27)) == "supervision_letter"  # the fifth
    both = (reminder, had("supervision_letter", issued_on=date(2026, 11, 27)))
    assert step(*both, today=date(2026, 12, 3)) is None
    assert step(*both, today=date(2026, 12, 4)) == "leader_notice"
    assert step(*both, had("leader_notice", issued_on=FRIDAY), today=date(2027, 3, 1)) is None


def test_what_improves_what_is_on_its_way_and_what_was_voided_changes_the_proposal():
    reminder, later = had("reminder_letter"), date(2026, 12, 20)
    assert step(reminder, light=Light.BLUE, today=later) is None
    assert step(reminder, had("supervision_letter", issued_on=None, state=S.DRAFT), today=later) is None
    assert step(had("reminder_letter", state=S.VOIDED), today=later) == "reminder_letter"
    assert step(had("urging_letter"), today=later) == "reminder_letter"  # not on the ladder


async def proposed(desk):
    today = business_date(desk.now)
    found, total = await letters.proposals(desk.chen, kinds=KINDS, today=today, calendar=await calendar())
    assert total == len(found)
    return {one.item.title: one.kind.code for one in found}


async def test_the_list_of_proposals_is_the_rule_and_its_count_is_its_length(desk):
    await desk.late_item(title="第二处坑槽")
    assert await proposed(desk) == {"路口坑槽": "reminder_letter", "第二处坑槽": "reminder_letter"}
    reminder = await desk.submitted()
    assert await proposed(desk) == {"第二处坑槽": "reminder_letter"}
    reminder = await desk.sign(reminder)
    for days, kind in ((-1, None), (0, "supervision_letter")):
        due = (await calendar()).due(reminder.issued_on, 5).on
        desk.office.watch.ahead += due + timedelta(days=days) - business_date(desk.now)
        assert (await proposed(desk)).get("路口坑槽") == kind
    await desk.signed("supervision_letter")
    assert "路口坑槽" not in await proposed(desk)
    await LedgerItem.filter(id=desk.item.id).update(state="closed")
    desk.office.watch.ahead += timedelta(days=30)
    assert "路口坑槽" not in await proposed(desk)


async def test_the_leader_is_told_only_of_items_that_have_one(desk, a_task):
    with_task = await desk.late_item(title="有任务", new={"task_id": a_task.id})
    for item in (desk.item, with_task):
        await desk.signed("supervision_letter", item=item, reason="情况紧急")
    desk.office.watch.ahead += timedelta(days=10)
    assert await proposed(desk) == {"有任务": "leader_notice"}


async def test_a_new_round_begins_the_ladder_anew(desk):
    await desk.signed()
    assert await proposed(desk) == {}
    await LedgerItem.filter(id=desk.item.id).update(round=2)
    assert await proposed(desk) == {"路口坑槽": "reminder_letter"}


async def test_a_unit_gets_no_proposals(desk):
    with pytest.raises(NotAllowed):
        await letters.proposals(
            desk.wang, kinds=KINDS, today=business_date(desk.now), calendar=await calendar()
        )
