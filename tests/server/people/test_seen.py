"""Of a phone only its family and its days are kept, and last visits are written for everybody at once."""

from datetime import UTC, datetime, timedelta

import pytest

from models import Session
from models.vocabulary import Role, SessionChannel
from server import people
from server.people.sessions import day_of, family_of


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Mozilla/5.0 (Linux; Android 14; ALN-AL00 Build/HUAWEI) MicroMessenger/8.0", "Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) MicroMessenger/8.0", "iPhone"),
        ("Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X)", "iPhone"),
        ("MicroMessenger for ALN-AL00", "其他"),
        ("", "其他"),
    ],
)
def test_of_a_phone_the_family_is_kept_and_no_model(said, kept):
    assert family_of(said) == kept


@pytest.mark.parametrize(
    ("at", "day"),
    [("2026-11-27T15:59:59", "2026-11-26T16:00:00"), ("2026-11-27T16:00:00", "2026-11-27T16:00:00")],
)
def test_a_day_begins_at_the_offices_midnight(at, day):
    assert day_of(datetime.fromisoformat(at).replace(tzinfo=UTC)) == datetime.fromisoformat(day).replace(
        tzinfo=UTC
    )


async def test_that_a_phone_was_seen_is_written_once_for_all_and_not_while_somebody_waits(office):
    phones = [await office.phone_of(name, Role.CITIZEN) for name in ("老马", "周师傅", "路人")]
    before = {one.id: one.seen_at for one in await Session.all()}
    office.watch.ahead = timedelta(days=2)
    for phone in phones[:2]:
        assert (await phone.get("/me")).status_code == 200
    assert {one.id: one.seen_at for one in await Session.all()} == before

    await people.write_down_seen()

    today = day_of(office.watch.now())
    seen = {one.person_id for one in await Session.filter(channel=SessionChannel.PHONE, seen_at=today)}
    assert seen == {phone.person.id for phone in phones[:2]}


async def test_what_others_read_of_a_phone_is_the_day(office):
    laoma = await office.phone_of("老马")
    luo = await office.desk_of("罗主任", Role.OFFICE_LEAD)
    page = (await luo.get(f"/people/{laoma.person.id}")).text
    told = page[page.index("正在登录") :]
    told = told[: told.index("</ul>")]
    assert "还在使用" in told
    assert ":" not in told.replace("https:", "").partition("facts-aside")[2].partition("</span>")[0]
