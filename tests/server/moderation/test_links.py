"""The link WeChat gets to a photo: for one check, few times, forty minutes, and nobody learns more from it."""

from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from PIL import Image

from models import ContentCheck, Photo
from models.vocabulary import ContentDecision
from models.vocabulary import ContentState as S
from server import moderation, observations
from server.photos import Box
from tests.conftest import a_picture
from tests.server.moderation.acting import asked_photo, photo_in, reported, waited


@pytest.fixture
async def report(laoma):
    return await reported(laoma, a_picture())


@pytest.fixture
async def check(report):
    return await asked_photo(report)


@pytest.fixture
async def url(check, fake_wechat):
    return (await fake_wechat.pictures())[-1]["url"]


@pytest.fixture
def stranger(office):
    return office.client()


async def refused(stranger, url):
    answer = await stranger.get(url)
    return (answer.status_code, answer.json()["code"]) == (404, "link_ended")


async def test_the_link_shows_a_picture_without_metadata_to_whoever_holds_it(stranger, url):
    answer = await stranger.get(url)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    assert (answer.headers["cache-control"], answer.headers["x-content-type-options"]) == (
        "no-store",
        "nosniff",
    )
    picture = Image.open(BytesIO(answer.content))
    assert not picture.getexif()


async def test_what_was_blacked_out_since_is_not_shown_to_wechat(office, chen, stranger, report, check, url):
    photo = await Photo.get()
    before = (await stranger.get(url)).content
    await observations.redact_photo(
        report.id, photo_id=photo.id, boxes=[Box(0.1, 0.1, 0.5, 0.5)], by=chen, now=office.watch.now()
    )

    async def blackened():
        answer = await stranger.get(url)
        return answer.status_code == 404 or answer.content != before

    assert await blackened()


async def test_the_link_names_neither_reporter_nor_report(laoma, report, url):
    for secret in (laoma.person.id, report.id, report.client_id, report.receipt_number):
        assert str(secret) not in url


async def test_a_link_works_three_times(stranger, url):
    assert [(await stranger.get(url)).status_code for _ in range(5)] == [200, 200, 200, 404, 404]


async def test_a_link_lives_forty_minutes(office, stranger, url):
    office.watch.ahead += timedelta(minutes=39, seconds=58)
    assert (await stranger.get(url)).status_code == 200
    office.watch.ahead += timedelta(seconds=3)
    assert await refused(stranger, url)


async def test_a_link_ends_with_the_verdict(office, fake_wechat, stranger, report, url):
    await fake_wechat.fire_callbacks()
    await photo_in(report, S.PASS)
    assert await refused(stranger, url)


async def test_a_link_ends_when_a_person_decides(office, chen, stranger, check, url):
    await moderation.decide(
        check.id, version=check.version, decision=ContentDecision.PASSED, by=chen, now=office.watch.now()
    )
    assert await refused(stranger, url)


async def test_a_link_ends_when_the_report_is_withdrawn(laoma, stranger, report, url):
    await laoma.delete(f"/observations/{report.client_id}")
    assert await refused(stranger, url)


async def test_asking_anew_ends_the_earlier_link(office, fake_wechat, stranger, report, url):
    await waited(office, minutes=39)
    await asked_photo(report)
    assert await refused(stranger, url)
    assert (await stranger.get((await fake_wechat.pictures())[-1]["url"])).status_code == 200


async def test_a_changed_link_is_worth_nothing(laoma, stranger, check, url):
    other = await asked_photo(await reported(laoma, a_picture("red"), text="另一件事"))
    own = (await laoma.get(f"/observations/{uuid4()}")).status_code
    assert own == 404
    until = int(url.partition("until=")[2].partition("&")[0])
    seal = url.rpartition("=")[2]
    for forged in (
        url.replace(str(check.id), str(other.id)),
        url.replace(str(check.id), str(uuid4())),
        url.replace(f"until={until}", f"until={until + 1}"),
        url.replace(seal, "0" * 40),
        url.replace(seal, "%C3%A9" * 40),
        *(url[:-1] + digit for digit in "0123456789abcdef" if digit != url[-1]),
    ):
        assert await refused(stranger, forged)
    assert (await ContentCheck.get(id=check.id)).fetches == 0


async def test_the_seal_of_a_persons_link_opens_nothing_here(laoma, stranger, check, url):
    report = (await laoma.get("/observations")).json()["items"][0]
    card = (await laoma.get(f"/observations/{report['client_id']}")).json()
    seal = card["photos"][0]["links"][0]["url"].rpartition("=")[2]
    assert (await stranger.get(url.replace(url.rpartition("=")[2], seal))).status_code in (404, 422)


@pytest.mark.parametrize("query", ["", "?until=1", "?until=x&seal=" + "0" * 40, "?until=1&seal=short"])
async def test_a_link_without_its_seal_is_refused(stranger, check, query):
    assert (await stranger.get(f"/api/v1/checks/pictures/{check.id}{query}")).status_code == 422
