"""A photo that no darkroom survives is tried for an hour, then refused, and its sender is told."""

import dataclasses
from datetime import timedelta
from uuid import uuid4

import pytest

from models import JournalEntry, Observation, Photo
from models.vocabulary import PhotoState
from server import observations
from server.gateways.images import Darkroom, DarkroomFailed
from tests.conftest import a_picture, a_report


async def test_it_is_tried_for_an_hour_and_then_refused(office):
    await office.stop_working()
    laoma = await office.phone_of("老马")
    picture = a_picture(size=(4000, 3000))
    await laoma.submit(a_report(picture), client_id := uuid4())
    await laoma.upload(picture)
    report = await Observation.get(client_id=client_id)
    hopeless = dataclasses.replace(office.tools, darkroom=Darkroom(seconds=0.001))

    with pytest.raises(DarkroomFailed):
        await observations.develop(report, tools=hopeless)
    assert (await Photo.get()).state is PhotoState.STORED

    office.watch.ahead += timedelta(hours=1)
    await observations.develop(report, tools=hopeless)
    await hopeless.darkroom.close()
    photo = await Photo.get()
    assert (photo.state, "过于复杂" in photo.refused_because) == (PhotoState.REFUSED, True)
    assert await JournalEntry.filter(deed="photo.refused").count() == 1
