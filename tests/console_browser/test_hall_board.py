"""The hall's board in a real browser: readable from the back row, and worked by the host step by step."""

import os
from pathlib import Path

import pytest
from playwright.async_api import expect

from server import site_visits
from server.site_visits import BoardMove, PlannedStop
from tests.server.site_visits.conftest import HALL, Visit

SHOTS = os.environ.get("SHOTS")  # a folder that gets the pictures for looking at
LONG = "金凤区满城北街政务服务中心“一件事一次办”综合窗口改革"
SCREENS = [(1920, 1080), (3840, 2160)]
SMALLEST = """() => Math.min(...[...document.querySelectorAll('body *')]
    .filter((one) => one.offsetParent && [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
    .map((one) => parseFloat(getComputedStyle(one).fontSize))) / innerHeight"""
CUT = """() => [...document.querySelectorAll('body, main, section, ol, .foot')].filter((one) => one.offsetParent)
    .filter((one) => one.scrollHeight > one.clientHeight + 1 || one.scrollWidth > one.clientWidth + 1)
    .map((one) => one.className || one.tagName)"""
OUTSIDE = """() => [...document.querySelectorAll('.place, .stops tr, .sums > div, .foot, .phase')]
    .filter((one) => one.offsetParent).map((one) => one.getBoundingClientRect())
    .filter((one) => one.bottom > innerHeight + 1 || one.right > innerWidth + 1 || one.top < -1).length"""


class Hall(Visit):
    """A visit of as many stops as wanted, with long names."""

    def __init__(self, office, *, count):
        super().__init__(office)
        self.count = count

    def stops_planned(self, count=3):
        names = [f"{n + 1}号：{LONG}" for n in range(self.count)]
        return [PlannedStop(name=one, opens=self.opens, closes=self.closes, place=HALL) for one in names]


async def held(office, *, count):
    visit = await Hall(office, count=count).enter()
    await visit.publish()
    for n in range(4):
        for stop in range(count):
            await visit.present(n, stop)
            if n < 3:
                await visit.score(n, stop, {"c1": f"{70 + stop}.5", "c2": f"{90 - n}.0"})
    return visit


async def look(page, name):
    """Check that nothing is cut off and the smallest words are a thirtieth of the height, more or less."""
    for width, height in SCREENS:
        await page.set_viewport_size({"width": width, "height": height})
        assert await page.evaluate(CUT) == []
        assert await page.evaluate(OUTSIDE) == 0
        assert await page.evaluate(SMALLEST) >= 1 / 32
        if SHOTS:
            await page.screenshot(path=Path(SHOTS) / f"{name}-{height}.png", animations="disabled")


@pytest.mark.parametrize("count", [3, 7, 12])
async def test_the_board_is_readable_from_the_back_row(office, window, count):
    visit = await held(office, count=count)
    link = await site_visits.open_board(visit.visit.id, by=visit.chen)
    async with window(width=1920, height=1080) as one:
        await one.open(f"/board/{link}")
        page = one.page
        await expect(page.locator("[data-submitted]")).to_have_text(str(3 * count))
        await look(page, f"progress-{count}")
        await visit.present(4)
        await expect(page.locator("[data-present]")).to_have_text("5")
        await site_visits.move_board(visit.visit.id, BoardMove.REHEARSE, seen=0, by=visit.chen)
        await site_visits.move_board(visit.visit.id, BoardMove.NEXT, seen=0, by=visit.chen)
        await expect(page.locator(".place-newest").first).to_be_visible()
        await look(page, f"rehearsal-{count}")
        await site_visits.move_board(visit.visit.id, BoardMove.END_REHEARSAL, seen=1, by=visit.chen)
        await visit.lock()
        await expect(page.locator("[data-waiting]")).to_have_text("已封盘")
        await look(page, f"locked-{count}")
        await visit.seal()
        await expect(page.locator("[data-fingerprint] b")).to_be_visible()
        await look(page, f"sealed-{count}")
        for n in range(count):
            await site_visits.move_board(visit.visit.id, BoardMove.NEXT, seen=n, by=visit.chen)
            await expect(page.locator(".place-hidden")).to_have_count(count - n - 1)
            if n in (0, count // 2, count - 1):
                await look(page, f"reveal-{count}-{n}")
        await page.set_viewport_size({"width": 390, "height": 844})
        if SHOTS:
            await page.screenshot(path=Path(SHOTS) / f"phone-{count}.png", full_page=True)
        await site_visits.revoke_board(visit.visit.id, by=visit.chen)
        await expect(page.locator("[data-waiting]")).to_have_text("大屏链接已失效")


async def test_the_host_rehearses_and_reveals_with_the_keyboard_while_the_hall_looks_on(office, window):
    visit = await held(office, count=3)
    await visit.lock()
    await visit.seal()
    desk = await office.desk_of("小周")
    async with window(desk) as at_desk, window(width=1920, height=1080) as in_hall:
        host, hall = at_desk.page, in_hall.page
        await at_desk.open(f"/console/site-visits/{visit.visit.id}/board")
        await host.get_by_role("button", name="打开大屏").click()
        address = (await host.locator("code.as-written").text_content()).strip()
        await hall.goto(address)
        await expect(hall.locator("[data-waiting]")).to_have_text("即将揭晓")
        if SHOTS:
            await host.screenshot(path=Path(SHOTS) / "host-link.png", full_page=True)
        await host.get_by_role("button", name="排练").click()
        await expect(host.get_by_text("排练中")).to_be_visible()
        await host.keyboard.press("Space")
        await expect(hall.locator(".place-newest")).to_have_count(2)
        await expect(hall.locator("[data-rehearsal]")).to_be_visible()
        await host.get_by_role("button", name="结束排练").click()
        await expect(hall.locator("[data-waiting]")).to_have_text("即将揭晓")
        for n in range(1, 4):
            await expect(host.get_by_text(f"已揭晓 {n - 1}/3 步")).to_be_visible()
            await host.keyboard.press("ArrowRight")
            await expect(hall.locator(".place:not(.place-hidden)")).to_have_count(n)
        await expect(host.get_by_text("已经全部揭晓")).to_be_visible()
        await expect(host.get_by_role("button", name="下一步")).to_be_disabled()
        await host.keyboard.press("b")
        await expect(hall.locator("[data-black]")).to_be_visible()
        if SHOTS:
            await host.screenshot(path=Path(SHOTS) / "host.png", full_page=True)
            await host.set_viewport_size({"width": 390, "height": 844})
            await host.screenshot(path=Path(SHOTS) / "host-phone.png", full_page=True)
