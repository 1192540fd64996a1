"""Rendering may start twice: in a worker that dies and its successor, or in two reactions at once."""

import asyncio
import dataclasses
from uuid import UUID, uuid4

from models import JournalEntry, Photo, Rendition
from models.vocabulary import PhotoState
from server import photos
from server.gateways.images import PictureRenderer
from server.jobs import renditions
from tests.conftest import a_picture, a_report, until

WHOLE = a_picture("navy")


async def test_a_photo_that_five_hands_take_up_is_developed_once_and_told_once(office):
    laoma = await office.phone_of("老马")
    await laoma.submit(a_report(WHOLE), uuid4())
    await laoma.upload(WHOLE)
    hands = [await Photo.get() for _ in range(5)]
    await asyncio.gather(*(photos.render(photo, tools=office.tools) for photo in hands))

    photo = await Photo.get()
    assert photo.state is PhotoState.SHOWN
    assert await JournalEntry.filter(event="photo.shown", subject_id=photo.id).count() == 1
    assert await Rendition.filter(photo_id=photo.id).count() == 3


async def test_two_jobs_for_one_photo_in_one_worker_cost_one_rendering(office):
    class Counting(PictureRenderer):
        rendered = 0

        async def render(self, *args, **kwargs):
            self.rendered += 1
            return await super().render(*args, **kwargs)

    laoma = await office.phone_of("老马")
    await laoma.submit(a_report(WHOLE), uuid4())
    await laoma.upload(WHOLE)
    tools = dataclasses.replace(office.tools, renderer=Counting())
    photo = await Photo.get()
    await asyncio.gather(*(renditions.render(photo.id, tools=tools) for _ in range(3)))
    await tools.renderer.close()

    assert tools.renderer.rendered == 1


async def test_a_photo_that_five_hands_give_up_is_refused_once_and_told_once(office):
    laoma = await office.phone_of("老马")
    await laoma.submit(a_report(WHOLE), client_id := uuid4())
    await laoma.upload(WHOLE)
    hopeless = dataclasses.replace(office.tools, renderer=PictureRenderer(seconds=0.001))
    await Photo.all().update(time_outs=1)
    hands = [await Photo.get() for _ in range(5)]
    await asyncio.gather(*(photos.render(photo, tools=hopeless) for photo in hands))
    await hopeless.renderer.close()

    photo = await Photo.get()
    assert photo.state is PhotoState.REFUSED
    assert await JournalEntry.filter(event="photo.refused", subject_id=photo.id).count() == 1

    async def told():
        lines = (await laoma.get("/inbox")).json()["items"]
        return lines if len(lines) == 2 else None

    lines = await until(told)
    assert {UUID(line["subject_id"]) for line in lines} == {client_id}
    assert "有一张照片打不开" in {line["title"] for line in lines}
