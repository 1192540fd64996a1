"""A redaction is black in every size, nothing older is shown after its commit, and the original stays sealed."""

from io import BytesIO
from uuid import uuid4

import pytest
from PIL import Image

from models import Observation, Photo, Rendition
from models.vocabulary import Role
from server import observations
from server.kernel.refusal import NoSuchThing
from server.photos import Box, BoxEmpty
from tests.conftest import a_picture, a_report, sha256, until

MIDDLE = Box(0.4, 0.3, 0.6, 0.5)


@pytest.fixture
async def stage(office):
    """A red photo of 老马, rendered, and 小陈 who reviews it."""
    stage = type("Stage", (), {})()
    stage.laoma = await office.phone_of("老马")
    stage.chen = await office.actor(await office.enrol("小陈", Role.OFFICE_STAFF))
    stage.picture, stage.client_id = a_picture("red", size=(2000, 1500)), uuid4()
    await stage.laoma.submit(a_report(stage.picture), stage.client_id)
    await stage.laoma.upload(stage.picture)
    stage.links = await links(stage)
    stage.report = await Observation.get()
    stage.photo = await Photo.get()
    return stage


async def links(stage):
    async def look():
        card = (await stage.laoma.get(f"/observations/{stage.client_id}")).json()
        return card["photos"] and card["photos"][0]["links"]

    return await until(look)


async def redact(office, stage, *boxes, photo_id=None, by=None):
    return await observations.redact_photo(
        stage.report.id,
        photo_id=photo_id or stage.photo.id,
        boxes=boxes or [MIDDLE],
        by=by or stage.chen,
        now=office.watch.now(),
    )


async def seen(stage):
    found = []
    for link in await links(stage):
        found.append(Image.open(BytesIO((await stage.laoma.client.get(link["url"])).content)))
    return found


def is_black(image, across, down):
    return max(image.getpixel((int(image.width * across), int(image.height * down)))) < 30


async def test_it_is_black_in_every_size_and_only_there(office, stage):
    await redact(office, stage)
    images = await seen(stage)
    assert len(images) == 3
    for image in images:
        assert is_black(image, 0.5, 0.4)
        assert not is_black(image, 0.8, 0.4)


async def test_from_its_commit_on_nothing_older_is_shown(office, stage):
    await office.stop_working()  # the new edition is not made yet
    await redact(office, stage)
    for link in stage.links:
        assert (await stage.laoma.client.get(link["url"])).status_code == 404
    card = (await stage.laoma.get(f"/observations/{stage.client_id}")).json()
    assert card["photos"][0]["links"] == []


async def test_a_second_redaction_keeps_the_first(office, stage):
    await redact(office, stage)
    await seen(stage)
    await redact(office, stage, Box(0.7, 0.3, 0.9, 0.5))

    async def both():
        images = await seen(stage)
        return images if is_black(images[0], 0.8, 0.4) else None

    for image in await until(both):
        assert is_black(image, 0.5, 0.4)


async def test_the_original_and_the_old_mark_stay_provable(office, stage):
    old = await Rendition.filter(size="large").get()
    await redact(office, stage)
    await seen(stage)

    assert await office.tools.storage.read(stage.photo.key, seal=office.tools.keys) == stage.picture
    checked = await office.client().get(f"/verify/{old.verify_code}", params={"sha256": old.sha256})
    assert checked.json()["verdict"] == "genuine"
    assert await Rendition.filter(withdrawn_at=None).count() == 3
    assert (await Photo.get()).sha256 == sha256(stage.picture)


@pytest.mark.parametrize("box", [Box(0.5, 0.5, 0.5, 0.9), Box(0.6, 0.1, 0.4, 0.9)])
async def test_a_box_without_an_area_is_refused(office, stage, box):
    with pytest.raises(BoxEmpty):
        await redact(office, stage, box)
    assert await Rendition.filter(withdrawn_at=None).count() == 3


async def test_nobody_redacts_what_he_does_not_review(office, stage):
    with pytest.raises(NoSuchThing):
        await redact(office, stage, photo_id=uuid4())
