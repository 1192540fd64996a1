"""The review desk: one person claims a report, sees similar ones with reasons, dispatches at once, and may undo it."""

from datetime import timedelta
from uuid import uuid4

import pytest

from models import LedgerItem, Observation, Photo, ThreadMessage
from models.vocabulary import LedgerState, ObservationKind, OrganisationKind, Role
from server import ledger, observations, people
from server.ledger import NewItem
from server.observations import SendOn
from server.observations.refusals import Claimed, NoSuchOffice, SecondPairOfEyes, UndoOver
from tests.conftest import a_picture, a_report, until

NEW = NewItem("路口坑槽", ObservationKind.PROBLEM)


@pytest.fixture
async def laoma(office):
    return await office.phone_of("老马")


@pytest.fixture
async def chen(office):
    return await office.actor(await office.enrol("小陈", Role.OFFICE_STAFF))


@pytest.fixture
async def gao(office):
    return await office.actor(await office.enrol("小高", Role.OFFICE_STAFF))


async def reported(phone, chen, **changes):
    client_id = uuid4()
    assert (await phone.submit(a_report(**changes), client_id)).status_code == 201
    return await observations.reviewable(chen).get(client_id=client_id)


async def accept(office, found, by, **how):
    found = await Observation.get(id=found.id)
    return await observations.accept(
        found.id, version=found.version, new=NEW, by=by, now=office.watch.now(), **how
    )


async def test_a_report_in_one_hand_is_not_decided_by_another(office, laoma, chen, gao):
    found = await reported(laoma, chen)
    await observations.claim(found.id, by=chen, now=office.watch.now())
    with pytest.raises(Claimed) as refused:
        await observations.claim(found.id, by=gao, now=office.watch.now())
    assert refused.value.message == "小陈正在审核这一条。"
    with pytest.raises(Claimed):
        await accept(office, found, gao)
    assert (await accept(office, found, chen)).number == 1


async def test_a_claim_ends_after_ten_minutes_or_when_it_is_let_go(office, laoma, chen, gao):
    found = await reported(laoma, chen)
    await observations.claim(found.id, by=chen, now=office.watch.now())
    office.watch.ahead += timedelta(minutes=10, seconds=1)
    await observations.claim(found.id, by=gao, now=office.watch.now())
    await observations.let_go(found.id, by=gao)
    await observations.claim(found.id, by=chen, now=office.watch.now())


async def test_accept_register_and_dispatch_are_one_act(office, laoma, chen):
    found = await reported(laoma, chen)
    item = await accept(office, found, chen, send_on=SendOn(office.bureau.id, days=5))
    assert (item.state, item.lead_unit_id, item.due_days) == (LedgerState.DISPATCHED, office.bureau.id, 5)


async def test_an_act_that_fails_half_way_leaves_nothing(office, laoma, chen):
    found = await reported(laoma, chen)
    with pytest.raises(ledger.refusals.NotAUnit):
        await accept(office, found, chen, send_on=SendOn(office.root.id))
    assert not await LedgerItem.exists()
    assert (await Observation.get()).ledger_item_id is None


@pytest.mark.parametrize("sent_on", [False, True])
async def test_an_acceptance_is_undone_within_a_minute_and_its_number_stays_used(
    office, laoma, chen, sent_on
):
    found = await reported(laoma, chen)
    await accept(office, found, chen, send_on=SendOn(office.bureau.id) if sent_on else None)
    await observations.undo_acceptance(found.id, by=chen, now=office.watch.now())

    report = await Observation.get()
    assert (report.state, report.ledger_item_id) == ("received", None)
    assert (await LedgerItem.get()).state is LedgerState.VOIDED
    assert (await accept(office, report, chen)).number == 2


async def test_after_a_minute_or_by_another_hand_nothing_is_undone(office, laoma, chen, gao):
    found = await reported(laoma, chen)
    await accept(office, found, chen)
    with pytest.raises(UndoOver):
        await observations.undo_acceptance(found.id, by=gao, now=office.watch.now())
    office.watch.ahead += timedelta(seconds=61)
    with pytest.raises(UndoOver):
        await observations.undo_acceptance(found.id, by=chen, now=office.watch.now())


async def test_a_second_witness_joins_the_matter_that_has_its_number(office, laoma, chen):
    first = await reported(laoma, chen)
    item = await accept(office, first, chen)
    zhou = await office.phone_of("周师傅")
    second = await reported(zhou, chen, text="同一个坑")
    joined = await observations.join(second.id, version=1, item_id=item.id, by=chen, now=office.watch.now())
    assert joined.id == item.id
    card = (await zhou.get(f"/observations/{second.client_id}")).json()
    assert card["ledger_number"] == item.number_text
    assert await LedgerItem.all().count() == 1


async def test_undoing_the_first_of_two_witnesses_leaves_the_item(office, laoma, chen):
    first = await reported(laoma, chen)
    item = await accept(office, first, chen)
    second = await reported(await office.phone_of("周师傅"), chen)
    await observations.join(second.id, version=1, item_id=item.id, by=chen, now=office.watch.now())
    await observations.undo_acceptance(first.id, by=chen, now=office.watch.now())
    assert (await LedgerItem.get()).state is LedgerState.REGISTERED


async def test_a_likely_double_is_found_by_place_picture_and_words(office, laoma, chen):
    picture = a_picture("olive")
    earlier = await reported(laoma, chen, text="路口坑槽很深，雨天积水")
    near = a_report()["place"] | {"latitude": 38.4880}
    far = a_report()["place"] | {"latitude": 38.60}
    zhou = await office.phone_of("周师傅")
    await laoma.submit(a_report(picture, place=far, text="别处的同一张照片"), far_id := uuid4())
    await laoma.upload(picture)
    mine = uuid4()
    await zhou.submit(a_report(picture, place=near, text="路口坑槽很深，一下雨就积水"), mine)
    await zhou.upload(picture)

    async def developed():
        return await Photo.filter(state="shown").count() == 2

    await until(developed)
    found = await observations.find_duplicates(
        await observations.reviewable(chen).get(client_id=mine), by=chen
    )

    reasons = {one.observation.client_id: one.reasons for one in found}
    assert reasons[earlier.client_id] == ["相距89米", "文字相近"]
    assert reasons[far_id] == ["照片相同"]


async def test_what_is_far_and_different_is_no_double(office, laoma, chen):
    far = a_report()["place"] | {"latitude": 38.60}
    await reported(laoma, chen, place=far, text="另一件完全不同的事")
    mine = await reported(await office.phone_of("周师傅"), chen)
    assert await observations.find_duplicates(mine, by=chen) == []


async def test_a_deputys_report_is_declined_by_two(office, chen, gao):
    li = await office.phone_of("李代表", Role.DEPUTY)
    found = await reported(li, chen)

    async def decline(by):
        fresh = await Observation.get(id=found.id)
        return await observations.decline(
            found.id, version=fresh.version, reason="not_reform", by=by, now=office.watch.now()
        )

    assert (await decline(chen)).state == "waiting_media"
    with pytest.raises(SecondPairOfEyes):
        await decline(chen)
    assert (await decline(gao)).state == "declined"


async def test_a_report_goes_to_the_office_it_belongs_to(office, laoma, chen):
    county = await people.add_organisation(
        "兴庆区委改革办",
        code="xingqing",
        kind=OrganisationKind.COUNTY_REFORM_OFFICE,
        by=None,
        parent=office.root,
        series="兴",
    )
    found = await reported(laoma, chen)
    where = {"by": chen, "now": office.watch.now(), "reason": "属兴庆区事项"}
    with pytest.raises(NoSuchOffice):
        await observations.hand_over(found.id, version=1, office_id=office.bureau.id, **where)
    await observations.hand_over(found.id, version=1, office_id=county.id, **where)
    ding = await office.actor(await office.enrol("小丁", Role.OFFICE_STAFF, organisation=county))
    assert (await accept(office, found, ding)).number_text == "兴-2026-0001"


async def test_reporter_and_office_talk_under_the_report(office, laoma, chen):
    found = await reported(laoma, chen)
    await observations.ask_more(found.id, version=1, reason="unclear_place", by=chen, now=office.watch.now())
    address, key = f"/observations/{found.client_id}/messages", {"idempotency-key": str(uuid4())}
    said = [await laoma.post(address, json={"text": "在88号门口"}, headers=key) for _ in range(2)]
    assert [one.status_code for one in said] == [201, 201], "the same line again after an answer got lost"
    assert (await Observation.get()).state == "received"
    await observations.say_as_office(found.id, text="收到，谢谢", by=chen, now=office.watch.now())

    card = (await laoma.get(f"/observations/{found.client_id}")).json()
    assert [(line["from_office"], line["text"]) for line in card["thread"]] == [
        (True, "请补充具体位置，例如路名和门牌号。"),
        (False, "在88号门口"),
        (True, "收到，谢谢"),
    ]
    assert "小陈" not in str(card)
    zhou = await office.phone_of("周师傅")
    foreign = await zhou.post(address, json={"text": "x"}, headers={"idempotency-key": str(uuid4())})
    assert foreign.status_code == 404
    assert await ThreadMessage.all().count() == 3
