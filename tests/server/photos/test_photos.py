"""Photos come in any order, whole or not at all, and leave without a trace of the original."""

import asyncio
import dataclasses
import json
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from PIL import ExifTags, Image

from models import JournalEntry, Observation, Photo, Rendition
from server.gateways.images import PictureRenderer
from tests.conftest import a_picture, a_report, sha256, until


@pytest.fixture
async def laoma(office):
    return await office.phone_of("老马")


def an_exif(**tags):
    exif = Image.Exif()
    for name, value in tags.items():
        exif[ExifTags.Base[name]] = value
    exif[ExifTags.IFD.GPSInfo] = {1: "N", 2: (38.0, 29.0, 13.9), 3: "E", 4: (106.0, 13.0, 51.2)}
    return exif


async def originals(office):
    return {key async for key in office.tools.storage.keys("originals")}


async def card_with_pictures(phone, client_id, count=1):
    async def look():
        card = (await phone.get(f"/observations/{client_id}")).json()
        done = [photo for photo in card["photos"] if photo["links"] or photo["state"] == "refused"]
        return card if len(done) == count else None

    return await until(look)


async def shown(phone, picture):
    """Report one picture and fetch its renditions as the reporter sees them."""
    client_id = uuid4()
    await phone.submit(a_report(picture), client_id)
    assert (await phone.upload(picture)).status_code == 201
    card = await card_with_pictures(phone, client_id)
    answers = [await phone.client.get(link["url"]) for link in card["photos"][0]["links"]]
    return card, [Image.open(BytesIO(answer.content)) for answer in answers], answers


async def test_a_photo_may_come_before_the_report_that_names_it(laoma):
    picture, client_id = a_picture(), uuid4()
    kept = await laoma.upload(picture)
    receipt = await laoma.submit(a_report(picture), client_id)

    assert (kept.status_code, kept.json()["missing_in"]) == (201, [])
    assert (receipt.json()["state"], receipt.json()["missing"]) == ("received", [])
    await card_with_pictures(laoma, client_id)


async def test_three_photos_in_any_order_complete_a_report(laoma):
    pictures = [a_picture(colour) for colour in ("red", "green", "blue")]
    client_id = uuid4()
    await laoma.submit(a_report(*pictures), client_id)

    for left, picture in ((2, pictures[2]), (1, pictures[0]), (0, pictures[1])):
        kept = await laoma.upload(picture)
        assert kept.json()["missing_in"] == ([str(client_id)] if left else [])
        card = (await laoma.get(f"/observations/{client_id}")).json()
        assert len(card["missing"]) == left
        assert card["state"] == ("waiting_media" if left else "received")
    assert [photo["sha256"] for photo in card["photos"]] == [sha256(one) for one in pictures]


async def test_a_report_and_its_photo_sent_at_the_same_moment_find_each_other(laoma):
    for colour in range(12):
        picture, client_id = a_picture((colour, 99, 99)), uuid4()
        await asyncio.gather(laoma.submit(a_report(picture), client_id), laoma.upload(picture))
        assert (await laoma.get(f"/observations/{client_id}")).json()["state"] == "received"


async def test_the_same_photo_again_costs_nothing(laoma):
    picture = a_picture()
    first, again = await laoma.upload(picture), await laoma.upload(picture)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert await Photo.all().count() == 1
    assert await JournalEntry.filter(event="photo.received").count() == 1


async def test_one_picture_named_twice_is_sent_once(laoma):
    picture, client_id = a_picture(), uuid4()
    await laoma.submit(a_report(picture, picture), client_id)
    await laoma.upload(picture)
    assert (await laoma.get(f"/observations/{client_id}")).json()["state"] == "received"


async def test_anothers_photo_does_not_complete_my_report(office, laoma):
    picture, client_id = a_picture(), uuid4()
    zhou = await office.phone_of("周师傅")
    await zhou.upload(picture)
    receipt = await laoma.submit(a_report(picture), client_id)
    assert receipt.json()["missing"] == [sha256(picture)]


async def test_bytes_that_do_not_hash_to_the_address_are_refused(office, laoma):
    before = await originals(office)
    refused = await laoma.upload(a_picture(), digest=sha256(b"other"))
    assert (refused.status_code, refused.json()["code"]) == (422, "digest_differs")
    assert not await Photo.exists()
    assert await originals(office) == before


@pytest.mark.parametrize(
    "content",
    [
        b"GIF89a" + b"\0" * 60,
        b"%!PS-Adobe-3.0 EPSF" + b"\0" * 60,
        b"<svg></svg>" * 9,
        b"MZ" + b"\0" * 60,
        b"",
    ],
)
async def test_what_is_no_photo_is_refused_in_chinese(laoma, content):
    refused = await laoma.upload(content)
    assert (refused.status_code, refused.json()["code"]) == (422, "not_a_photo")
    assert "照片" in refused.json()["message_zh"]
    assert not await Photo.exists()


async def test_a_photo_past_ten_megabytes_is_refused(laoma):
    big = a_picture() + b"\0" * (10 * 1024 * 1024)
    refused = await laoma.upload(big)
    assert (refused.status_code, refused.json()["code"]) == (413, "photo_too_big")
    assert not await Photo.exists()


@pytest.mark.parametrize(
    ("headers", "content"),
    [
        ({"content-type": "application/json"}, b"{}"),
        ({"content-type": "multipart/form-data"}, b"x"),
        ({"content-type": "multipart/form-data; boundary=b"}, b"--b\r\nnonsense"),
        ({"content-type": "multipart/form-data; boundary=b"}, b"--b--\r\n"),
    ],
)
async def test_a_malformed_form_is_never_a_silent_success(laoma, headers, content):
    answer = await laoma.post(f"/photos/{sha256(b'x')}", headers=headers, content=content)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


async def test_a_stranger_is_refused_before_the_body_is_read(office):
    """The body never ends; the answer comes all the same."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(office.base_url.rpartition(":")[2]))
    head = (
        f"POST /api/v1/photos/{sha256(b'x')} HTTP/1.1\r\nhost: x\r\ncontent-length: 9000000\r\n"
        "content-type: multipart/form-data; boundary=b\r\n\r\n--b\r\n"
    )
    writer.write(head.encode())
    async with asyncio.timeout(5):
        assert b" 401 " in await reader.readline()
    writer.close()


async def test_a_cut_upload_leaves_nothing(office, laoma):
    token, before = laoma.client.headers["authorization"], await originals(office)
    picture = a_picture(size=(2000, 1500), quality=95)
    _, writer = await asyncio.open_connection("127.0.0.1", int(office.base_url.rpartition(":")[2]))
    head = (
        f"POST /api/v1/photos/{sha256(picture)} HTTP/1.1\r\nhost: x\r\nauthorization: {token}\r\n"
        f"content-length: {len(picture) + 500}\r\ncontent-type: multipart/form-data; boundary=b\r\n\r\n"
        '--b\r\ncontent-disposition: form-data; name="file"; filename="p.jpg"\r\n\r\n'
    )
    writer.write(head.encode() + picture[: len(picture) // 2])
    await writer.drain()
    writer.close()

    assert (await laoma.upload(picture)).status_code == 201
    assert await originals(office) - before == {f"originals/{sha256(picture)[:2]}/{sha256(picture)}"}


async def test_a_photo_taken_sideways_is_shown_upright(laoma):
    picture = a_picture(size=(640, 480), exif=an_exif(Orientation=6))
    _, (large, *_), _ = await shown(laoma, picture)

    assert large.size == (480, 640)
    corner = large.getpixel((470, 10))
    assert min(corner) > 200  # the white corner was top left of the stored picture: upright it is top right


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
async def test_what_is_shown_holds_none_of_the_originals_metadata(laoma, kind):
    picture = a_picture(kind=kind, exif=an_exif(Make="SecretCam", Model="SecretModel", Orientation=1))
    assert b"SecretCam" in picture
    _, images, answers = await shown(laoma, picture)

    assert len(images) == 3
    for image, answer in zip(images, answers, strict=True):
        assert image.format == "JPEG"
        assert not image.getexif()
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert b"Secret" not in answer.content


async def test_what_the_camera_claims_is_kept_sealed(office, laoma):
    picture = a_picture(exif=an_exif(Make="HONOR", DateTime="2026:11:22 09:30:00"))
    await shown(laoma, picture)
    photo = await Photo.get()

    assert "HONOR" not in photo.claims_sealed
    claims = json.loads(office.tools.keys.unseal(photo.claims_sealed, bound_to=f"photo:{photo.id}:claims"))
    assert claims["make"] == "HONOR"
    assert round(claims["latitude"], 3) == 38.487


async def test_the_original_lies_sealed_and_opens_to_the_very_bytes(office, laoma):
    picture = a_picture()
    await laoma.upload(picture)
    photo = await Photo.get()

    assert picture not in await office.tools.storage.read(photo.key)
    assert await office.tools.storage.read(photo.key, seal=office.tools.keys) == picture


def without_its_end():
    return a_picture(size=(1200, 900))[:-2]


def of_fifty_megapixels():
    """A common sensor's 8192×6144."""
    return a_picture(size=(8192, 6144), quality=30)


@pytest.mark.parametrize(
    "make",
    [without_its_end, of_fifty_megapixels, lambda: a_picture(kind="WEBP"), lambda: a_picture(kind="AVIF")],
)
async def test_what_phones_and_albums_really_hold_is_taken_and_shown(laoma, make):
    card, images, _ = await shown(laoma, make())
    assert card["state"] == "received"
    assert len(images) == 3


async def test_a_photo_that_cannot_be_shown_is_refused_before_its_report_counts_as_received(office, laoma):
    broken, client_id = a_picture(size=(1200, 900))[:400], uuid4()
    before = await originals(office)
    await laoma.submit(a_report(broken), client_id)
    refused = await laoma.upload(broken)

    assert (refused.status_code, refused.json()["code"]) == (422, "not_a_photo")
    assert "损坏" in refused.json()["message_zh"]
    assert (await laoma.get(f"/observations/{client_id}")).json()["state"] == "waiting_media"
    assert not await Photo.exists()
    assert await originals(office) == before


async def test_a_photo_that_takes_too_long_twice_is_refused_at_once(office, laoma, app):
    tools = app.ctx.tools
    app.ctx.tools = dataclasses.replace(tools, renderer=PictureRenderer(seconds=0.001))
    try:
        refused = await laoma.upload(a_picture(size=(4000, 3000)))
    finally:
        await app.ctx.tools.renderer.close()
        app.ctx.tools = tools
    assert (refused.status_code, "过于复杂" in refused.json()["message_zh"]) == (422, True)
    assert not await Photo.exists()


async def test_a_link_is_for_one_person_and_five_minutes(office, laoma):
    card, _, _ = await shown(laoma, a_picture())
    url = card["photos"][0]["links"][0]["url"]

    other = card["photos"][0]["links"][1]["url"]
    for forged in (
        url.replace(url[len(url) - 30 :], "A" * 30),
        url.partition("?")[0] + "?" + other.partition("?")[2],
        url.partition("?")[0] + "?to=" + "A" * 60,
        url.partition("?")[0] + "?to=aes.k1." + "A" * 40,
        url.partition("?")[0] + "?to=aes.k9." + "A" * 80,
        url.partition("?")[0] + "?to=" + "%C3%A9" * 60,
    ):
        answer = await laoma.client.get(forged)
        assert (answer.status_code, answer.json()["code"]) == (404, "link_ended"), forged
    assert str(laoma.person.id) not in url

    office.watch.ahead += timedelta(seconds=301)
    ended = await laoma.client.get(url)
    assert (ended.status_code, ended.json()["code"]) == (404, "link_ended")


async def test_a_list_with_photos_stays_the_same_answer_within_a_minute(office, laoma):
    card, _, _ = await shown(laoma, a_picture())
    now = office.watch.now()
    office.watch.ahead += timedelta(seconds=61 - now.second)
    path = f"/observations/{card['client_id']}"
    first = await laoma.get(path)
    office.watch.ahead += timedelta(seconds=40)
    assert (await laoma.get(path)).content == first.content
    office.watch.ahead += timedelta(seconds=260)
    link = first.json()["photos"][0]["links"][0]["url"]
    assert (await laoma.client.get(link)).status_code == 404


async def test_a_link_ends_with_the_session(laoma):
    card, _, _ = await shown(laoma, a_picture())
    await laoma.delete("/sessions/current")
    assert (await laoma.client.get(card["photos"][0]["links"][0]["url"])).status_code == 404


async def test_the_mark_in_a_picture_can_be_checked_by_anybody(office, laoma):
    _, _, answers = await shown(laoma, a_picture())
    code = (await Rendition.all().first()).verify_code
    stranger = office.client()

    async def verdict(code, **query):
        answer = await stranger.get(f"/verify/{code}", params=query)
        assert answer.status_code == 200
        return answer.json()["verdict"]

    for answer in answers:
        assert await verdict(code, sha256=sha256(answer.content)) == "genuine"
    assert await verdict(code.lower()) == "genuine"
    assert await verdict(code, sha256=sha256(answers[0].content + b"!")) == "undecided"
    assert await verdict("AAAAAAAAAA") == "unknown"

    rendition = await Rendition.all().first()
    await office.tools.storage.put(rendition.key, b"swapped by an intruder")
    assert await verdict(code) == "altered"


async def test_one_photo_in_two_reports_carries_two_marks(laoma):
    picture, first, second = a_picture(), uuid4(), uuid4()
    await laoma.submit(a_report(picture), first)
    await laoma.submit(a_report(picture, text="另一件事"), second)
    await laoma.upload(picture)
    await card_with_pictures(laoma, first)
    await card_with_pictures(laoma, second)

    codes = await Rendition.all().distinct().values_list("verify_code", flat=True)
    assert len(codes) == 2
    assert await Observation.all().count() == 2
