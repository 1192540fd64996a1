"""Unconfirmed previews are deleted; confirmed ones are the history of the list."""

from datetime import timedelta

from models import TaskImport
from server import tasks
from tests.server.tasks.conftest import a_row, a_sheet


async def test_only_unconfirmed_previews_are_forgotten_a_day_after_they_expired(city):
    await city.publish(a_row(1))
    shown = await city.preview(a_sheet(a_row(2)))
    expired_a_day_ago = shown.expires_at + timedelta(days=1)

    assert await tasks.forget_previews(now=expired_a_day_ago) == 0
    assert await tasks.forget_previews(now=expired_a_day_ago + timedelta(seconds=1)) == 1
    assert (await TaskImport.get()).confirmed_list_id is not None
