"""A person checks a photo in the browser: the same file, saved again, or altered and where."""

import os
from pathlib import Path
from random import Random
from uuid import uuid4

from models import Rendition
from tests.conftest import a_report, until
from tests.saved_again import altered, encoded, opened, scenes


async def test_a_picture_is_checked_where_it_is_and_compared_if_it_is_another_file(office, window, tmp_path):
    laoma = await office.phone_of("老马")
    picture = list(scenes(3, seed=1))[2]
    await laoma.submit(a_report(picture), uuid4())
    await laoma.upload(picture)
    rendition = await until(lambda: Rendition.get_or_none(size="large"))
    file = await office.tools.storage.read(rendition.key)
    made = {
        "same": file,
        "saved": encoded(opened(file), quality=45),
        # Over a megabyte, and a kind that we don't accept: the page makes a JPEG of it.
        "large": encoded(opened(file), "BMP"),
        "altered": altered(opened(file), by=Random(3))["an object"],
        "no-picture": b"no picture at all",
    }
    for name, data in made.items():
        (tmp_path / name).write_bytes(data)

    async with window() as stranger:
        await stranger.open(f"/verify/{rendition.verify_code}")
        await stranger.page.set_input_files("#picture", tmp_path / "same")
        await stranger.says("您选的照片与存档逐字节相同")
        for name in ("saved", "large"):
            await stranger.open(f"/verify/{rendition.verify_code}")
            await stranger.page.set_input_files("#picture", tmp_path / name)
            await stranger.says("同一张照片，转存过")
        await stranger.page.set_input_files("#picture", tmp_path / "altered")
        await stranger.says("框出的地方不同")
        await stranger.page.locator("[data-verdict-picture]").wait_for()
        if folder := os.environ.get("SHOTS"):
            for name, width in (("desktop", 1280), ("phone", 375)):
                await stranger.page.set_viewport_size({"width": width, "height": 900})
                await stranger.page.screenshot(path=Path(folder) / f"verify-{name}.png", full_page=True)
        stranger.expected = "422"
        await stranger.page.set_input_files("#picture", tmp_path / "no-picture")
        await stranger.says("这个文件不是可以接收的照片")
