"""Anybody may hold a picture against the code that it carries, and learns of no other picture."""

from random import Random
from uuid import uuid4

import pytest

from models import Photo, Rendition
from server.photos.refusals import ManyAreChecking
from server.web.door import pacing
from server.web.miniapp import checking_pictures
from tests.conftest import a_picture, a_report, until
from tests.never_too_often import NeverTooOften
from tests.saved_again import altered, encoded, opened, saved_again, scenes


@pytest.fixture
async def laoma(office):
    return await office.phone_of("老马")


@pytest.fixture
def street():
    return list(scenes(3, seed=1))[2]


async def published(office, phone, picture):
    """The renditions of a photo that was reported, largest first, and the bytes of the largest."""
    report = uuid4()
    await phone.submit(a_report(picture), report)
    await phone.upload(picture)
    subject = await until(lambda: Photo.get_or_none(subject_id__isnull=False, state="shown"))
    made = await Rendition.filter(subject_id=subject.subject_id).order_by("-width")
    return made, await office.tools.storage.read(made[0].key)


async def check(office, code, picture, status=200):
    answer = await office.client().post(f"/verify/{code}", files={"file": picture})
    assert answer.status_code == status, answer.text
    return answer.json()


async def test_the_four_answers(office, laoma, street):
    office.tools.redis.limiter = NeverTooOften()
    made, file = await published(office, laoma, street)
    code = made[0].verify_code
    again = saved_again(opened(file), by=Random(3))
    changed = altered(opened(file), by=Random(3))

    told = await check(office, code, file)
    assert (told["verdict"], told["differs"]) == ("genuine", [])
    for name in ("quality 40", "longest 640", "PNG", "turned"):
        told = await check(office, code, again[name])
        assert (told["verdict"], told["differs"]) == ("resaved", []), name
    told = await check(office, code, changed["an object"])
    assert told["verdict"] == "altered"
    assert told["differs"]
    assert set(told["differs"][0]) == {"left", "top", "right", "bottom"}
    told = await check(office, code, changed["cut at one side"])
    assert (told["verdict"], told["differs"]) == ("altered", [])
    told = await check(office, "AAAAAAAAAA", file)
    assert (told["verdict"], told["made_at"]) == ("unknown", None)


async def test_who_holds_the_photo_itself_is_told_no_more_than_who_copied_it(office, laoma, street):
    made, _ = await published(office, laoma, street)
    copied = encoded(opened(street), quality=70)

    own = await check(office, made[0].verify_code, street)
    other = await check(office, made[0].verify_code, copied)

    assert own["verdict"] == "altered"  # the mark is missing, which is said
    assert "没有水印的原片" in own["why"]
    assert {**own, "differs": None} == {**other, "differs": None}
    told = await office.client().get(
        f"/verify/{made[0].verify_code}", params={"sha256": (await Photo.get()).sha256}
    )
    assert told.json()["verdict"] == "undecided"


async def test_a_picture_is_held_against_that_of_its_code_alone(office, laoma, street):
    made, file = await published(office, laoma, street)
    other = await office.phone_of("小李")
    await other.submit(a_report(a_picture("navy", size=(1200, 900)), text="另一件事"), uuid4())
    await other.upload(a_picture("navy", size=(1200, 900)))
    await until(lambda: Rendition.filter(size="large").count())
    foreign = await until(lambda: Rendition.exclude(subject_id=made[0].subject_id).first())

    told = await check(office, foreign.verify_code, file)
    stranger = await check(office, foreign.verify_code, next(iter(scenes(1, seed=9))))

    assert told == stranger  # that the first was reported, under another code, shows nowhere
    assert (told["verdict"], told["differs"]) == ("altered", [])


async def test_what_was_withdrawn_is_compared_no_more(office, laoma, street):
    made, file = await published(office, laoma, street)
    await Rendition.filter(subject_id=made[0].subject_id).update(withdrawn_at=office.tools.clock.now())

    told = await check(office, made[0].verify_code, encoded(opened(file), quality=60))

    assert told["verdict"] == "undecided"
    assert "已经收回" in told["why"]
    assert (await check(office, made[0].verify_code, file))["verdict"] == "genuine"


async def test_an_archive_that_was_changed_is_not_compared_with(office, laoma, street):
    made, file = await published(office, laoma, street)
    await office.tools.storage.put(made[0].key, b"swapped by an intruder")

    told = await check(office, made[0].verify_code, encoded(opened(file), quality=60))

    assert told["verdict"] == "altered"
    assert "存档的照片" in told["why"]


async def test_what_is_no_picture_or_too_large_is_refused_in_words(office, laoma, street):
    made, _ = await published(office, laoma, street)
    code = made[0].verify_code

    assert (await check(office, code, b"GIF89a" + bytes(100), status=422))["code"] == "not_a_photo"
    assert (await check(office, code, b"\xff\xd8\xff" + bytes(10 * 1024 * 1024), status=413))["code"] in (
        "photo_too_big",
        "too_big",
    )


async def test_ten_a_minute_from_one_address(office):
    for _ in range(10):
        await check(office, "AAAAAAAAAA", a_picture())
    assert (await check(office, "AAAAAAAAAA", a_picture(), status=429))["code"] == "too_often"


async def test_so_many_a_minute_from_everybody(office):
    for _ in range(60):
        await pacing.count(office.tools, *checking_pictures.OF_EVERYBODY)
    told = await check(office, "AAAAAAAAAA", a_picture(), status=429)
    assert told["code"] == "many_are_checking"


async def test_so_many_at_once_and_room_is_given_back(office):
    office.tools.redis.limiter = NeverTooOften()
    rooms = [checking_pictures.checking(office.tools) for _ in range(checking_pictures.MOST_AT_ONCE)]
    for room in rooms:
        await room.__aenter__()
    with pytest.raises(ManyAreChecking):
        async with checking_pictures.checking(office.tools):
            pass
    for room in rooms:
        await room.__aexit__(None, None, None)
    async with checking_pictures.checking(office.tools):
        pass
