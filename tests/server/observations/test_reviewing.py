"""The office decides: one decision each, by somebody other than the reporter, with a number at once."""

import asyncio
from datetime import UTC, datetime

import pytest

from models import JournalEntry, LedgerItem, NumberSeries, Observation
from models.vocabulary import ObservationKind, OrganisationKind, Role, Scope
from server import ledger, observations, people
from server.kernel.refusal import NoSuchThing
from server.ledger import NewItem
from server.observations.refusals import AlreadyDecided, NoSuchReason, OwnReport, Stale
from tests.conftest import a_report

NEW = NewItem("路口坑槽", ObservationKind.PROBLEM)


@pytest.fixture
async def laoma(office):
    return await office.phone_of("老马")


@pytest.fixture
async def chen(office):
    return await office.actor(await office.enrol("小陈", Role.OFFICE_STAFF))


async def waiting(laoma, chen, count=1):
    for _ in range(count):
        assert (await laoma.submit(a_report())).status_code == 201
    return await observations.queue(chen, limit=200)


async def accept(office, found, by, version=1):
    return await observations.accept(found.id, version=version, new=NEW, by=by, now=office.watch.now())


async def test_fifty_acceptances_at_once_give_gapless_numbers(office, laoma, chen):
    found = await waiting(laoma, chen, 50)
    items = await asyncio.gather(*(accept(office, one, chen) for one in found))

    assert sorted(item.number for item in items) == list(range(1, 51))
    assert await ledger.reading.broken_series() == []


async def test_of_ten_decisions_on_one_report_one_wins(office, laoma, chen):
    (found,) = await waiting(laoma, chen)
    outcomes = await asyncio.gather(*(accept(office, found, chen) for _ in range(10)), return_exceptions=True)
    assert sum(isinstance(outcome, LedgerItem) for outcome in outcomes) == 1
    assert {type(outcome) for outcome in outcomes} == {LedgerItem, AlreadyDecided}
    assert (await NumberSeries.get()).last_number == 1


async def test_a_number_is_given_back_when_the_deed_fails(office, laoma, chen):
    (found,) = await waiting(laoma, chen)
    no_column_holds = "路口坑槽\0"
    broken = NewItem(no_column_holds, ObservationKind.PROBLEM)
    with pytest.raises(Exception, match="0x00"):
        await observations.accept(found.id, version=1, new=broken, by=chen, now=office.watch.now())

    assert not await NumberSeries.exists()
    assert (await accept(office, found, chen)).number == 1
    assert not await JournalEntry.filter(event="ledger_item.registered", id__lt=0).exists()


async def test_numbers_run_per_organisation_and_year(office, laoma, chen):
    first, second, third = await waiting(laoma, chen, 3)
    at = {year: datetime(year, 6, 1, tzinfo=UTC) for year in (2026, 2027)}
    numbers = [
        (await observations.accept(one.id, version=1, new=NEW, by=chen, now=at[year])).number_text
        for one, year in ((first, 2026), (second, 2027), (third, 2026))
    ]
    assert numbers == ["改-2026-0001", "改-2027-0001", "改-2026-0002"]


async def test_new_years_eve_in_the_evening_utc_is_next_years_work(office, laoma, chen):
    (found,) = await waiting(laoma, chen)
    now = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)
    item = await observations.accept(found.id, version=1, new=NEW, by=chen, now=now)
    assert item.number_text == "改-2027-0001"


async def test_a_decline_tells_the_reporter_why(office, laoma, chen):
    (found,) = await waiting(laoma, chen)
    await observations.decline(
        found.id, version=1, reason="not_reform", words="谢谢您的关注。", by=chen, now=office.watch.now()
    )
    card = (await laoma.get(f"/observations/{found.client_id}")).json()
    assert card["reply"] == "这件事不属于改革督察范围，建议拨打12345热线反映。\n谢谢您的关注。"


@pytest.mark.parametrize("reason", ["made_up", "unclear_place"])
async def test_a_decline_needs_a_reason_of_its_own_catalogue(office, laoma, chen, reason):
    (found,) = await waiting(laoma, chen)
    with pytest.raises(NoSuchReason):
        await observations.decline(found.id, version=1, reason=reason, by=chen, now=office.watch.now())
    assert (await Observation.get()).state == "waiting_media"


async def test_nobody_reviews_his_own_report(office, laoma, chen):
    await people.give_duty(
        laoma.person, role=Role.OFFICE_STAFF, by=None, now=office.watch.now(), organisation=office.root
    )
    (found,) = await waiting(laoma, chen)
    with pytest.raises(OwnReport):
        await accept(office, found, await office.actor(laoma.person))


async def test_a_report_changed_in_the_meantime_is_looked_at_again(office, laoma, chen):
    (found,) = await waiting(laoma, chen)
    await laoma.put(f"/observations/{found.client_id}/revisions/1", json=a_report(text="改了"))
    with pytest.raises(Stale):
        await accept(office, found, chen)


async def test_another_office_sees_and_decides_nothing(office, laoma, chen):
    county = await people.add_organisation(
        "兴庆区委改革办",
        code="xingqing",
        kind=OrganisationKind.COUNTY_REFORM_OFFICE,
        by=None,
        parent=office.root,
        series="兴",
    )
    ding = await people.add_person(
        "小丁",
        role=Role.OFFICE_STAFF,
        by=None,
        now=office.watch.now(),
        keys=office.tools.keys,
        organisation=county,
        scope=Scope.SUBTREE,
    )
    (found,) = await waiting(laoma, chen)
    actor = await office.actor(ding)

    assert await observations.queue(actor) == []
    with pytest.raises(NoSuchThing):
        await accept(office, found, actor)
