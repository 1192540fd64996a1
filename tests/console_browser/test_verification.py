"""Somebody holds a photo in hand and checks it in the browser, without sending it anywhere."""

from uuid import uuid4

from models import Rendition
from tests.conftest import a_picture, a_report, until


async def test_a_picture_is_checked_where_it_is(office, window, tmp_path):
    laoma = await office.phone_of("老马")
    picture = a_picture()
    await laoma.submit(a_report(picture), uuid4())
    await laoma.upload(picture)
    rendition = await until(lambda: Rendition.get_or_none(size="large"))
    same, other = tmp_path / "same.jpg", tmp_path / "other.jpg"
    same.write_bytes(await office.tools.storage.read(rendition.key))
    other.write_bytes(picture)

    async with window() as stranger:
        await stranger.open(f"/verify/{rendition.verify_code}")
        await stranger.page.set_input_files("#picture", same)
        await stranger.says("您选择的照片与存档逐字节相同")
        await stranger.page.set_input_files("#picture", other)
        await stranger.says("您选择的照片与存档不同")
