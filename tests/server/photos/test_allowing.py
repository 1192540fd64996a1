"""One person can't fill the storage: unassigned photos have a quota and a day, and each day has its limit of bytes."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from models import Photo, PhotoDay
from models.vocabulary import Role
from server import photos
from server.gateways import images
from server.photos import allowing
from server.photos.allowing import MB
from tests.conftest import a_picture, a_report, sha256

A_DAY = timedelta(hours=24)


@pytest.fixture
async def citizen(office):
    return await office.phone_of("老马", Role.CITIZEN)


def of_size(size, number=0):
    """Return a unique picture of exactly this size."""
    picture = a_picture()
    return picture + bytes(size - len(picture) - 1) + bytes([number])


async def originals(office):
    return {key async for key in office.tools.storage.keys("originals")}


async def test_photos_that_no_report_names_have_a_quota_to_the_byte(office, citizen, monkeypatch):
    monkeypatch.setattr(allowing, "MOST_UNNAMED", 300_000)
    before = await originals(office)
    for number in range(2):
        assert (await citizen.upload(of_size(100_000, number))).status_code == 201
    refused = await citizen.upload(of_size(100_001, 2))
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_unnamed")
    assert "24小时" in refused.json()["hint_zh"]
    assert len(await originals(office) - before) == 2
    assert (await citizen.upload(of_size(100_000, 3))).status_code == 201


async def test_the_refused_one_is_taken_once_a_report_names_the_earlier_ones(citizen, monkeypatch):
    monkeypatch.setattr(allowing, "MOST_UNNAMED", 100_000)
    first, second = of_size(100_000, 1), of_size(100_000, 2)
    await citizen.upload(first)
    assert (await citizen.upload(second)).status_code == 429
    assert (await citizen.submit(a_report(first), uuid4())).json()["missing"] == []
    assert (await citizen.upload(second)).status_code == 201


async def test_a_photo_that_a_report_waits_for_needs_no_quota(citizen, monkeypatch):
    monkeypatch.setattr(allowing, "MOST_UNNAMED", 100_000)
    waited_for = of_size(100_000, 2)
    await citizen.submit(a_report(waited_for), uuid4())
    await citizen.upload(of_size(90_000, 1))
    assert (await citizen.upload(waited_for)).status_code == 201


async def test_anothers_photos_do_not_count(office, citizen, monkeypatch):
    monkeypatch.setattr(allowing, "MOST_UNNAMED", 100_000)
    zhou = await office.phone_of("周师傅", Role.CITIZEN)
    await zhou.upload(of_size(100_000, 1))
    assert (await citizen.upload(of_size(100_000, 2))).status_code == 201


async def test_many_at_once_do_not_get_past_the_quota(citizen, monkeypatch):
    monkeypatch.setattr(allowing, "MOST_UNNAMED", 300_000)
    answers = await asyncio.gather(*(citizen.upload(of_size(100_000, number)) for number in range(10)))
    assert [answer.status_code for answer in answers].count(201) == 3
    assert await Photo.all().count() == 3


async def test_a_person_uploads_few_at_once_and_the_rest_hears_so_at_once(citizen, monkeypatch):
    monkeypatch.setattr(allowing, "MOST_AT_ONCE", 0)
    refused = await citizen.upload(a_picture())
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_at_once")
    assert (refused.json()["retry"], refused.headers["retry-after"]) == ("same", "5")
    assert not await PhotoDay.exists()
    monkeypatch.setattr(allowing, "MOST_AT_ONCE", 1)
    for number in range(2):
        assert (await citizen.upload(of_size(50_000, number))).status_code == 201
    assert not allowing._under_way


async def test_whose_turn_does_not_come_is_told_when_to_come_again_and_nothing_stays(
    office, citizen, monkeypatch
):
    async def no_turn(*_, **__):
        raise images.LineTooLong

    monkeypatch.setattr(images.PictureRenderer, "look", no_turn)
    picture = of_size(60_000, 7)
    refused = await citizen.upload(picture)
    assert (refused.status_code, refused.json()["code"]) == (503, "line_too_long")
    assert (refused.json()["retry"], refused.headers["retry-after"]) == ("same", "10")
    (day,) = await PhotoDay.all()
    assert (day.bytes, day.cost) == (0, 0)
    assert not [key for key in await originals(office) if sha256(picture) in key]


async def test_a_day_has_so_many_bytes_and_the_next_one_as_many(office, citizen, monkeypatch):
    monkeypatch.setattr(allowing, "CITIZENS_A_DAY", MB)
    big = [of_size(MB - 1000, number) for number in range(2)]
    await citizen.submit(a_report(*big), uuid4())
    assert (await citizen.upload(big[0])).status_code == 201

    refused = await citizen.upload(big[1])
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_bytes_today")
    assert "每天1MB" in refused.json()["message_zh"]
    assert 0 < int(refused.headers["retry-after"]) <= 86_400

    office.watch.ahead += A_DAY
    assert (await citizen.upload(big[1])).status_code == 201


async def test_members_may_send_more_than_citizens(office, monkeypatch):
    monkeypatch.setattr(allowing, "CITIZENS_A_DAY", 50_000)
    member = await office.phone_of("队员", Role.TEAM_MEMBER)
    assert (await member.upload(of_size(60_000))).status_code == 201


async def test_what_was_not_kept_costs_nothing_of_the_day(citizen):
    picture = of_size(100_000)
    await citizen.upload(picture)
    await citizen.upload(picture)
    await citizen.upload(b"GIF89a" + bytes(5_000))
    await citizen.upload(of_size(90_000, 1), digest=sha256(b"other"))

    (day,) = await PhotoDay.all()
    assert (day.bytes, day.cost) == (100_000, images.cost_of(picture))


async def test_a_cut_upload_costs_nothing_of_the_day(office, citizen):
    token, picture = citizen.client.headers["authorization"], of_size(500_000)
    _, writer = await asyncio.open_connection("127.0.0.1", int(office.base_url.rpartition(":")[2]))
    head = (
        f"POST /api/v1/photos/{sha256(picture)} HTTP/1.1\r\nhost: x\r\nauthorization: {token}\r\n"
        f"content-length: {len(picture) + 500}\r\ncontent-type: multipart/form-data; boundary=b\r\n\r\n"
        '--b\r\ncontent-disposition: form-data; name="file"; filename="p.jpg"\r\n\r\n'
    )
    writer.write(head.encode() + picture[:250_000])
    await writer.drain()

    async def bytes_of_the_day():
        return [day.bytes for day in await PhotoDay.all()]

    async with asyncio.timeout(20):
        while not sum(await bytes_of_the_day()):
            await asyncio.sleep(0.02)
        writer.close()
        while sum(await bytes_of_the_day()):
            await asyncio.sleep(0.02)


async def test_a_dump_tells_of_no_sender(office, citizen):
    await citizen.upload(a_picture())
    (day,) = await PhotoDay.all()
    assert str(citizen.person.id) not in day.key
    photo = await Photo.get()
    assert photo.unnamed_key == day.key


async def test_what_no_report_named_for_a_day_is_forgotten(office, citizen):
    named, unnamed = a_picture("red"), a_picture("blue")
    await citizen.submit(a_report(named), uuid4())
    await citizen.upload(named)
    await citizen.upload(unnamed)
    tools = office.tools

    almost = (await Photo.get(sha256=sha256(unnamed))).received_at + A_DAY
    assert await photos.forget_unnamed(storage=tools.storage, now=almost) == 0
    assert await photos.forget_unnamed(storage=tools.storage, now=almost + timedelta(seconds=1)) == 1

    assert [photo.sha256 for photo in await Photo.all()] == [sha256(named)]
    kept = {key.rpartition("/")[2] for key in await originals(office)}
    assert sha256(unnamed) not in kept
    assert sha256(named) in kept
    assert (await citizen.upload(unnamed)).status_code == 201


async def test_bytes_that_another_person_sent_too_stay(office, citizen):
    picture = a_picture("teal")
    zhou = await office.phone_of("周师傅", Role.CITIZEN)
    await zhou.submit(a_report(picture), uuid4())
    await zhou.upload(picture)
    await citizen.upload(picture)
    tools = office.tools

    later = office.watch.now() + A_DAY + timedelta(seconds=1)
    assert await photos.forget_unnamed(storage=tools.storage, now=later) == 1
    kept = await Photo.get()
    assert await tools.storage.read(kept.key, seal=tools.keys) == picture


async def test_counted_days_are_forgotten_after_yesterday(office, citizen):
    await citizen.upload(a_picture())
    now = office.watch.now()
    await photos.forget_unnamed(storage=office.tools.storage, now=now + A_DAY)
    assert await PhotoDay.exists()
    await photos.forget_unnamed(storage=office.tools.storage, now=now + 2 * A_DAY)
    assert not await PhotoDay.exists()


async def test_bytes_that_a_crash_left_without_a_row_are_removed_after_a_day_and_no_others(office, citizen):
    picture, tools = a_picture("navy"), office.tools
    await citizen.submit(a_report(picture), uuid4())
    await citizen.upload(picture)
    stray = f"originals/{'ab' * 1}/{'ab' * 32}"
    await tools.storage.put_new(stray, b"left", seal=tools.keys)
    written = datetime.now(UTC)

    young = written + A_DAY - timedelta(minutes=5)
    await photos.forget_strays(storage=tools.storage, now=young)  # earlier stories left some, too
    assert stray in await originals(office)
    assert await photos.forget_strays(storage=tools.storage, now=young + timedelta(minutes=10)) >= 1
    assert stray not in await originals(office)
    kept = await Photo.get()
    assert await tools.storage.read(kept.key, seal=tools.keys) == picture
