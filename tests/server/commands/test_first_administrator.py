"""Production begins on an empty database: units, reasons and one administrator, whose password is shown once."""

import asyncio

import pytest

from models import Organisation, Person, Reason
from models.vocabulary import Role
from server import packs
from server.commands import first_administrator
from server.commands.first_administrator import FoundedAlready, found
from tests.conftest import Desk


@pytest.fixture
async def empty(office, clean_database):
    """The office's server with an empty database."""
    await clean_database.sweep()
    return office


async def begin(world, **other):
    asked = {"office": None, "designation": "系统管理员", "username": "first.admin"} | other
    return await found(packs.open_pack("yinchuan"), tools=world.tools, **asked)


async def test_the_first_administrator_signs_in_and_manages_people(empty):
    founded = await begin(empty)
    desk = Desk(empty.client(), await Person.get(), founded.login)

    answer = await desk.sign_in(empty.watch.now(), password=founded.password)

    assert answer.status_code == 303
    assert (await desk.get("/people/new")).status_code == 200
    assert (await Person.get().prefetch_related("duties")).duties[0].role is Role.ADMINISTRATOR
    assert await Organisation.all().count() == founded.units > 20
    assert await Reason.exists()


async def test_a_city_without_a_pack_begins_with_its_office_alone(empty):
    founded = await begin(empty, office="某市委改革办")

    assert founded.units == 1
    assert (await Organisation.get()).series == "改"


async def test_nothing_is_founded_twice_not_even_at_the_same_moment(empty):
    outcomes = await asyncio.gather(
        begin(empty, username="one"), begin(empty, username="two"), return_exceptions=True
    )

    assert sorted(type(one).__name__ for one in outcomes) == ["Founded", "FoundedAlready"]
    with pytest.raises(FoundedAlready):
        await begin(empty)
    assert await Person.all().count() == 1


async def test_every_office_gets_another_password(empty, clean_database):
    first = await begin(empty)
    await clean_database.sweep()
    second = await begin(empty)

    assert first.password != second.password
    assert first.login.totp_secret != second.login.totp_secret
    assert first.password not in first_administrator.__doc__
