"""The published result in the browser, for the office and for a scored unit. SHOTS=folder saves the pictures."""

import os
from pathlib import Path

import pytest

from models.vocabulary import Role
from server import scoring
from tests.console_browser.test_sealing import looked_at
from tests.server.site_visits.conftest import Visit


@pytest.fixture
async def visit(office):
    visit = await (await Visit(office).enter()).publish()
    for stop in range(3):
        for n in range(5):
            await visit.present(n, stop)
            await visit.score(n, stop, {"c1": f"{91.5 - stop - n}", "c2": "80.0"}, comment="流程公开得好")
    await visit.lock()
    await visit.seal()
    await scoring.publish_result(visit.visit.id, by=visit.luo, now=visit.now)
    return visit


async def test_the_result_is_readable_and_its_files_are_downloaded(office, window, visit):
    async with window(await office.desk_of("小丁")) as one:
        await one.open(f"/console/site-visits/{visit.visit.id}")
        await one.page.get_by_role("link", name="查看结果和计分单").click()
        await one.says("为什么是这个分")
        await looked_at(one, "result")
        await one.page.locator(".ranking a").first.click()
        assert one.page.url.endswith("#sheet-1")
        for name, start in (
            ("下载PDF", b"%PDF"),
            ("原始评分表（Excel）", b"PK"),
            ("可复算的结果（JSON）", b"{"),
        ):
            async with one.page.expect_download() as waiting:
                await one.page.get_by_role("link", name=name).click()
            file = Path(await (await waiting.value).path())
            content = file.read_bytes()
            assert content.startswith(start)
            if (folder := os.environ.get("SHOTS")) and start == b"%PDF":
                (Path(folder) / "result.pdf").write_bytes(content)


async def test_a_scored_unit_reads_the_result(office, window, visit):
    zhou = await office.desk_of("老周", Role.DEPARTMENT_CONTACT, organisation=office.bureau)
    async with window(zhou) as one:
        await one.open(f"/console/site-visits/{visit.visit.id}/result")
        await one.says("流程公开得好")
        await looked_at(one, "result-unit")
        assert await one.page.get_by_role("link", name="原始评分表").count() == 0
