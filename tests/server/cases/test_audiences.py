"""How many people could have reported: the office is warned at fewer than five (R2, via inference)."""

from datetime import timedelta

import pytest

from models import Case
from models.vocabulary import Role
from server import cases, ledger
from server.cases.refusals import NarrowAudience
from server.people import NotAllowed
from tests.acting import act
from tests.factories import registered_item
from tests.server.cases.conftest import HERE


@pytest.mark.parametrize("people", range(1, 11))
async def test_the_warning_comes_exactly_below_five(desk, people):
    item = await desk.told(crowd=people - 1)
    audience = await cases.possible_reporters(item.id, by=desk.chen, now=desk.now)

    assert (audience.people, audience.is_narrow) == (people, people < 5)
    if people >= 5:
        await desk.open(item)
        return
    with pytest.raises(NarrowAudience) as refused:
        await desk.open(item)
    assert refused.value.extra == {"possible_reporters": people, "needed": 5}
    assert not await Case.exists()


async def test_a_narrow_case_is_opened_with_a_reason_that_is_kept(desk):
    item = await desk.told(crowd=0)
    case = await desk.open(item, narrow_because="已征得上报人同意")
    assert (case.possible_reporters, case.narrow_because) == (1, "已征得上报人同意")


async def test_one_person_who_reports_often_is_one_person(desk):
    item = await desk.told(crowd=0)
    for _ in range(5):
        await desk.report(desk.laoma)
    audience = await cases.possible_reporters(item.id, by=desk.chen, now=desk.now)
    assert audience.people == 1


@pytest.mark.parametrize(
    ("how", "counted"),
    [
        ({"at": (HERE[0] + 0.0179, HERE[1])}, True),  # 1 990 m away
        ({"at": (HERE[0] + 0.0181, HERE[1])}, False),  # 2 013 m
        ({"at": (HERE[0] + 0.0150, HERE[1] + 0.0200)}, False),  # within the box, outside the circle
        ({"at": None}, False),
    ],
)
async def test_who_was_within_two_kilometres_could_have_seen_it(desk, how, counted):
    item = await desk.told(crowd=0)
    await desk.report(await desk.reporter("周师傅"), **how)
    audience = await cases.possible_reporters(item.id, by=desk.chen, now=desk.now)
    assert audience.people == 1 + counted


@pytest.mark.parametrize(("days_before", "counted"), [(29, True), (31, False)])
async def test_who_was_active_within_thirty_days_before_could_have_seen_it(desk, days_before, counted):
    when = desk.now - timedelta(days=days_before)
    await desk.report(await desk.reporter("周师傅"), when=when)
    item = await desk.told(crowd=0)
    audience = await cases.possible_reporters(item.id, by=desk.chen, now=desk.now)
    assert audience.people == 1 + counted


async def test_a_matter_that_nobody_reported_has_no_audience_to_be_narrow(desk, office):
    item = await registered_item(office, by=desk.chen, title="自查发现", now=desk.now)
    await act(ledger.dispatch, item.id, version=1, unit_id=office.bureau.id, by=desk.chen, now=desk.now)
    audience = await cases.possible_reporters(item.id, by=desk.chen, now=desk.now)
    assert (audience.people, audience.is_narrow) == (None, False)
    await desk.open(item)


async def test_reports_of_a_merged_item_count_with_the_survivors(desk):
    item = await desk.told(crowd=0)
    far = await desk.report(await desk.reporter("周师傅", Role.CITIZEN), at=(38.30, 106.10))
    other = await desk.item_of(far)
    other = await act(ledger.acknowledge, other.id, version=other.version, by=desk.wang, now=desk.now)
    assert (await cases.possible_reporters(item.id, by=desk.chen, now=desk.now)).people == 1
    await type(other).filter(id=other.id).update(state="merged", merged_into_id=item.id)
    assert (await cases.possible_reporters(item.id, by=desk.chen, now=desk.now)).people == 2


async def test_a_unit_never_learns_how_many(desk):
    item = await desk.told()
    with pytest.raises(NotAllowed):
        await cases.possible_reporters(item.id, by=desk.liu, now=desk.now)
