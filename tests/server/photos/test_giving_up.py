"""A photo that no renderer survives is tried twice, then refused, and its sender is told."""

import dataclasses
from uuid import uuid4

import pytest

from models import JournalEntry, Photo
from models.vocabulary import PhotoState
from server import photos
from server.gateways.images import PictureRenderer, RenderingFailed
from tests.conftest import a_picture, a_report


async def test_its_second_time_out_is_final(office):
    await office.stop_working()
    laoma = await office.phone_of("老马")
    picture = a_picture(size=(4000, 3000))
    await laoma.submit(a_report(picture), uuid4())
    await laoma.upload(picture)
    hopeless = dataclasses.replace(office.tools, renderer=PictureRenderer(seconds=0.001))

    with pytest.raises(RenderingFailed):
        await photos.render(await Photo.get(), tools=hopeless)
    assert (await Photo.get()).state is PhotoState.STORED

    await photos.render(await Photo.get(), tools=hopeless)
    await hopeless.renderer.close()
    photo = await Photo.get()
    assert (photo.state, "过于复杂" in photo.refused_because) == (PhotoState.REFUSED, True)
    assert await JournalEntry.filter(event="photo.refused").count() == 1


async def test_after_one_time_out_it_can_still_be_shown(office):
    await office.stop_working()
    laoma = await office.phone_of("老马")
    picture = a_picture(size=(4000, 3000))
    await laoma.submit(a_report(picture), uuid4())
    await laoma.upload(picture)
    hopeless = dataclasses.replace(office.tools, renderer=PictureRenderer(seconds=0.001))
    with pytest.raises(RenderingFailed):
        await photos.render(await Photo.get(), tools=hopeless)
    await hopeless.renderer.close()

    await photos.render(await Photo.get(), tools=office.tools)
    assert (await Photo.get()).state is PhotoState.SHOWN
