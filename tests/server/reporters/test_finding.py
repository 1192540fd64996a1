"""A person's reports are found on any phone, completely, and with nobody's key once the person is forgotten."""

import asyncio
import secrets
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import msgspec
import pytest

from models import LedgerItem, Observation, Person, Reporter, Salt
from models.vocabulary import Anonymity, Role
from server import moderation, observations, reporters
from server.gateways.sealing import MarkKeys, SealBroken
from server.kernel.unit_of_work import Busy, DatabaseAway, unit_of_work
from server.ledger import NewItem
from server.observations.commands import SubmitObservation
from server.observations.refusals import OwnReport
from server.reporters import rotating
from server.reporters.role import opened
from tests.access.city import a_row, receipt
from tests.conftest import a_report

NEW_YEAR = datetime(2026, 12, 31, 16, tzinfo=UTC)  # midnight in the office's time
SECOND = timedelta(seconds=1)


@pytest.fixture
async def laoma(office):
    return await office.actor(await office.enrol("老马", Role.TEAM_MEMBER))


@pytest.fixture
def locked(office):
    """Restore the keys at the end of a test."""
    yield
    reporters.unlock(office.tools.marks, ring=office.tools.keys)


def command(text="路灯不亮"):
    return msgspec.convert(a_report(text=text), SubmitObservation)


async def report(by, *, now, text="路灯不亮"):
    done = await observations.submit(command(text), client_id=uuid4(), by=by, now=now)
    return done.observation


@unit_of_work
async def in_line(office, person):
    """Make a bare report under the reporter's lock, as a phone's command does, without a phone's limits."""
    await reporters.lock_reporter(person.id)
    return (await bare_reports(office, person, 1, at=office.watch.now()))[0]


async def stubbornly(office, person):
    """Retry while others are served, as a phone does."""
    while True:
        try:
            return await in_line(office, person)
        except (Busy, DatabaseAway):
            continue


async def bare_reports(office, person, count, *, at):
    """Make many reports at one instant, without a phone's limits."""
    made = []
    for _ in range(count):
        one = await a_row(
            Observation,
            office=office.root,
            client_id=uuid4(),
            receipt_number=receipt(),
            received_at=at,
            body={},
        )
        await reporters.sign(one.id, by=person.id, at=at)
        made.append(one.id)
    return made


async def test_sixty_four_reports_of_one_person_at_once_are_all_found(office, laoma):
    sent = await asyncio.gather(*(stubbornly(office, laoma.person) for _ in range(64)))
    found = await reporters.mine(laoma.person.id)
    assert (len(found), set(found)) == (64, set(sent))


@pytest.mark.parametrize("count", [0, 1, 31, 32, 33, 96, 97])
async def test_however_many_a_month_has_all_are_found_in_their_order(office, laoma, count):
    sent = await bare_reports(office, laoma.person, count, at=office.watch.now())
    assert await reporters.mine(laoma.person.id) == sent


async def test_a_new_year_parts_nothing(office, laoma):
    sent = [(await report(laoma, now=at)).id for at in (NEW_YEAR - SECOND, NEW_YEAR)]
    me = laoma.person.id
    assert await reporters.mine(me) == sent
    assert await reporters.mine(me, since=date(2026, 12, 31)) == sent
    assert await reporters.mine(me, since=date(2027, 1, 1)) == sent[1:]


async def test_only_ones_own_are_found(office, laoma):
    other = await office.actor(await office.enrol("周师傅", Role.CITIZEN))
    mine, his = [await report(by, now=office.watch.now()) for by in (laoma, other)]
    assert await reporters.mine(laoma.person.id) == [mine.id]
    assert await reporters.reporters_of([mine.id, his.id]) == {
        mine.id: laoma.person.id,
        his.id: other.person.id,
    }


async def test_a_box_put_into_another_row_does_not_open(office, laoma):
    first, second = [await report(laoma, now=office.watch.now()) for _ in range(2)]
    async with opened():
        box = (await Reporter.get(observation_id=first.id)).box
        await Reporter.filter(observation_id=second.id).update(box=box)
    with pytest.raises(SealBroken):
        await reporters.reporter_of(second.id)
    assert await reporters.reporter_of(first.id) == laoma.person.id


async def test_during_and_after_a_rotation_all_are_found_and_new_ones_fit_in(
    office, laoma, locked, monkeypatch
):
    monkeypatch.setattr(rotating, "BATCH", 3)
    now, me = office.watch.now(), laoma.person.id
    sent = [(await report(laoma, now=now)).id for _ in range(7)]
    old = dict(office.tools.settings.reporter_keys)
    fresh = secrets.token_bytes(32)
    both = MarkKeys({"k2": fresh, **old}, current="k2")
    reporters.unlock(both, ring=office.tools.keys)

    assert await rotating._rotate_batch() == 3
    async with opened():
        assert await Reporter.filter(key_id="k2").count() == 3
    assert set(await reporters.mine(me)) == set(sent)
    # Not restarted yet.
    reporters.unlock(MarkKeys({**old, "k2": fresh}, current="k1"), ring=office.tools.keys)
    sent.append((await report(laoma, now=now)).id)
    reporters.unlock(both, ring=office.tools.keys)
    sent.append((await report(laoma, now=now)).id)
    assert await reporters.mine(me) == sent

    assert await rotating.rotate() == 5
    reporters.unlock(MarkKeys({"k2": fresh}, current="k2"), ring=office.tools.keys)
    assert await reporters.mine(me) == sent
    assert set((await reporters.reporters_of(sent)).values()) == {me}
    assert await rotating.rotate() == 0


async def test_who_was_forgotten_is_found_by_no_key_and_his_matters_go_on(office, laoma):
    citizen = await office.actor(await office.enrol("路人", Role.CITIZEN))
    chen = await office.actor(await office.enrol("小陈", Role.OFFICE_STAFF))
    one = await report(citizen, now=office.watch.now())
    item = await observations.accept(
        one.id, version=1, new=NewItem("路灯", one.kind), by=chen, now=office.watch.now()
    )
    await reporters.forget(citizen.person.id)
    await reporters.drop_salts(citizen.person.id)

    assert await reporters.reporter_of(one.id) is None
    assert await reporters.mine(citizen.person.id) == []
    async with opened():
        assert not await Reporter.exists()
        assert not await Salt.exists(person_id=citizen.person.id)
    assert (await LedgerItem.get(id=item.id)).number_text == item.number_text


async def test_a_report_that_nothing_tells_of_works_everywhere(office, laoma):
    """Like a sealed report, and one whose reporter was forgotten."""
    chen = await office.actor(await office.enrol("小陈", Role.OFFICE_STAFF))
    one = await report(laoma, now=office.watch.now())
    async with opened():
        await Reporter.filter(observation_id=one.id).delete()
    await Observation.filter(id=one.id).update(anonymity=Anonymity.SEALED)
    one = await Observation.get(id=one.id)

    assert await observations.track_record(one) == "密封身份，不显示以往记录"
    one.anonymity = Anonymity.HIDDEN
    assert await observations.track_record(one) == "不显示以往记录"
    assert await moderation.for_others([one])
    item = await observations.accept(
        one.id, version=1, new=NewItem("路灯", one.kind), by=chen, now=office.watch.now()
    )
    assert item.number_text


async def test_nobody_takes_up_his_own_report(office, laoma):
    chen = await office.actor(await office.enrol("小陈", Role.OFFICE_STAFF))
    both = await office.actor(chen.person)
    one = await report(laoma, now=office.watch.now())
    await reporters.hand_over(laoma.person.id, to=chen.person.id)  # the very same person after all
    with pytest.raises(OwnReport):
        await observations.accept(
            one.id, version=1, new=NewItem("路灯", one.kind), by=both, now=office.watch.now()
        )


async def test_a_salt_is_made_once_and_kept(office, laoma):
    me = laoma.person.id
    async with opened():
        before = await Salt.get(person_id=me)
    await asyncio.gather(*(reporters.give_salt(me) for _ in range(5)))
    async with opened():
        assert (await Salt.get(person_id=me)).sealed == before.sealed
    assert str(me) not in before.sealed


async def test_who_became_another_is_found_as_that_one(office, laoma):
    citizen = await office.actor(await office.enrol("路人", Role.CITIZEN))
    await Person.filter(id=citizen.person.id).update(created_on=date(2026, 1, 1))
    first = await report(citizen, now=office.watch.now())
    await reporters.hand_over(citizen.person.id, to=laoma.person.id)
    second = await report(laoma, now=office.watch.now())

    assert await reporters.mine(laoma.person.id) in ([first.id, second.id], [second.id, first.id])
    assert await reporters.reporter_of(first.id) == laoma.person.id
    assert await reporters.mine(citizen.person.id) == []
