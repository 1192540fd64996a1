"""Developing may be begun twice, by a worker that died and its successor, or by two reactions at once."""

import asyncio
from uuid import UUID, uuid4

import pytest

from models import JournalEntry, Photo, Rendition
from models.vocabulary import PhotoState
from server import photos
from tests.conftest import a_picture, a_report, until

WHOLE = a_picture("navy")


@pytest.mark.parametrize(
    ("picture", "state", "deed"),
    [
        (WHOLE, PhotoState.SHOWN, "photo.shown"),
        (WHOLE[: len(WHOLE) // 2], PhotoState.REFUSED, "photo.refused"),
    ],
)
async def test_a_photo_that_five_hands_take_up_is_developed_once_and_told_once(office, picture, state, deed):
    laoma = await office.phone_of("老马")
    await laoma.submit(a_report(picture), client_id := uuid4())
    await laoma.upload(picture)
    hands = [await Photo.get() for _ in range(5)]
    await asyncio.gather(*(photos.develop(photo, tools=office.tools) for photo in hands))

    photo = await Photo.get()
    assert photo.state is state
    assert await JournalEntry.filter(deed=deed, subject_id=photo.id).count() == 1
    assert await Rendition.filter(photo_id=photo.id).count() == (3 if state is PhotoState.SHOWN else 0)

    async def told():
        return (await laoma.get("/inbox")).json()["items"]

    async def all_told():
        return len(await told()) == (1 if state is PhotoState.SHOWN else 2)

    await until(all_told)
    assert {UUID(line["subject_id"]) for line in await told()} == {client_id}
