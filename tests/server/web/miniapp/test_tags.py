"""An entity tag identifies bytes: whatever changes the response changes the tag, and nothing else does."""

from datetime import timedelta

import pytest

from models import LedgerItem, Organisation, Person
from models.vocabulary import Role
from server import ledger
from tests.server.ledger.test_life import Cast


class Lookers:
    """People with different duties who look at one item repeatedly, each remembering what they saw before."""

    def __init__(self, phones, path):
        self._phones, self._path = phones, path
        self.bodies_of = {}  # a tag and the bytes it identified

    async def look(self):
        """Return what each sees now, as {name: (tag, body)}."""
        return {name: await self._look(phone) for name, phone in self._phones.items()}

    async def _look(self, phone):
        answer = await phone.get(self._path)
        assert answer.status_code == 200
        tag = answer.headers["etag"]
        assert self.bodies_of.setdefault(tag, answer.content) == answer.content, "one tag, two answers"
        return tag, answer.content

    async def is_known(self, name, tag):
        """Whether a phone with this tag is sent nothing."""
        answer = await self._phones[name].get(self._path, headers={"if-none-match": tag})
        assert (answer.status_code == 304) == (answer.content == b"")
        return answer.status_code == 304


@pytest.fixture
async def cast(office):
    return await Cast(office).enter()


@pytest.fixture
async def lookers(office, cast):
    phones = {
        "office": await office.phone_of("老陈", Role.OFFICE_STAFF),
        "unit": await office.phone_of("王联络员", Role.DEPARTMENT_CONTACT, organisation=office.bureau),
    }
    await cast.dispatched(days=30)
    return Lookers(phones, f"/ledger-items/{cast.item.id}")


async def a_deed(cast):
    await cast.step(ledger.acknowledge, cast.wang, now=cast.now)


async def another_day(cast):
    # Three days are left: the light changes with the date alone.
    cast.office.watch.ahead += timedelta(days=27)


async def the_unit_is_called_otherwise(cast):
    await Organisation.filter(id=cast.office.bureau.id).update(short_name="市住房局")


async def a_person_is_called_otherwise(cast):
    await LedgerItem.filter(id=cast.item.id).update(commissioner_id=cast.wang.person.id)
    await Person.filter(id=cast.wang.person.id).update(designation="王副科长")


CHANGES = [
    another_day,
    the_unit_is_called_otherwise,
    a_person_is_called_otherwise,
    a_deed,
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda one: one.__name__)
async def test_whatever_changes_what_is_shown_changes_the_tag(cast, lookers, change):
    before = await lookers.look()
    assert await lookers.look() == before, "nothing changed: the same bytes under the same tag"
    for name, (tag, _) in before.items():
        assert await lookers.is_known(name, tag)

    await change(cast)

    after = await lookers.look()
    assert after != before, "this change shows to somebody, else the test shows nothing"
    for name, (tag, body) in after.items():
        was_tag, was_body = before[name]
        assert (tag == was_tag) == (body == was_body)
        assert await lookers.is_known(name, was_tag) == (body == was_body)
        assert await lookers.is_known(name, tag)


async def test_one_persons_tag_is_not_taken_for_another_s_answer(lookers):
    seen = await lookers.look()
    (office_tag, office_body), (unit_tag, unit_body) = seen["office"], seen["unit"]
    assert office_body != unit_body
    assert not await lookers.is_known("unit", office_tag)
    assert not await lookers.is_known("office", unit_tag)


@pytest.mark.parametrize("written", ["W/{}", '"another", {}', '{} , W/"third"'])
async def test_a_tag_is_known_however_proxies_and_browsers_write_it(lookers, written):
    (tag, _) = (await lookers.look())["office"]
    assert await lookers.is_known("office", written.format(tag))


@pytest.mark.parametrize("written", ["", '""', "W/", "another", '"another"'])
async def test_another_tag_is_not(lookers, written):
    assert not await lookers.is_known("office", written)
