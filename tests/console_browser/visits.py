"""Setting a visit up in a real browser, as an organiser does, and what the setting-up took."""

import time as clock
from datetime import timedelta

from models import SiteVisit
from server.kernel.clock import business_date

CRITERIA = [
    ("改革成效", "40", "90-100：示范引领，可以复制推广\n75-89.5：成效明显\n0-74.5：还要努力"),
    ("创新程度", "30", "90-100：全区首创"),
    ("群众获得感", "30", ""),
]
GROUPS = [("专家组", "50"), ("代表委员组", "30"), ("改革观察员组", "20")]


async def press(page, name):
    await page.get_by_role("button", name=name, exact=True).click()


async def set_up(one, office, *, observers, stops=3, unit=""):
    """Plan, route and invite; returns the visit and the seconds it took."""
    begun = clock.monotonic()
    await one.open("/console/site-visits")
    await one.page.get_by_role("link", name="筹备观摩").click()
    day = business_date(office.watch.now()) + timedelta(days=1)
    await plan(one.page, day=day)
    for number in range(1, stops + 1):
        await add_stop(one.page, number, unit=unit)
    for number, (group, _) in enumerate(GROUPS):
        await invite(one.page, observers[number :: len(GROUPS)], group=group)
    return await SiteVisit.get(title="全市改革观摩"), clock.monotonic() - begun


async def plan(page, *, day):
    """Fill the form of the plan with its rules."""
    await page.get_by_label("名称", exact=True).fill("全市改革观摩")
    await page.get_by_label("观摩日期").fill(day.isoformat())
    await page.get_by_role("button", name="再加一个评分项").click()
    for number, (name, weight, anchors) in enumerate(CRITERIA, start=1):
        await page.locator(f"#criterion-{number}-name").fill(name)
        await page.locator(f"#criterion-{number}-weight").fill(weight)
        await page.locator(f"#criterion-{number}-anchors").fill(anchors)
    await page.get_by_role("button", name="再加一个评审组").click()
    for number, (name, weight) in enumerate(GROUPS, start=1):
        await page.locator(f"#group-{number}-name").fill(name)
        await page.locator(f"#group-{number}-weight").fill(weight)
    assert await page.locator(".weighing-sum .is-right").count() == 2
    await press(page, "保存，再排点位和观察员")


async def add_stop(page, number, *, unit=""):
    """Add a stop at the end of the route."""
    await page.get_by_role("link", name="添加点位").click()
    await page.get_by_label("点位名称").fill(f"第{number}观摩点")
    await page.get_by_label("结束").fill(f"{9 + number}:30")
    await page.locator("#stop-position").fill(f"106.23{number}9,38.4872")
    if unit:
        await page.get_by_label("被评单位").fill(unit)
    await press(page, "保存点位")
    await page.get_by_text(f"{number}. 第{number}观摩点").wait_for()


async def invite(page, people, *, group):
    """Tick people into a group."""
    fold = page.locator("details", has_text="添加观察员")
    if await fold.get_attribute("open") is None:
        await fold.locator("summary").click()
    await page.get_by_label("加入哪个评审组").select_option(label=group)
    for person in people:
        await page.get_by_role("checkbox", name=person.designation).check()
    await press(page, "把勾选的人加入名单")
    await page.locator(".people-chips li", has_text=people[0].designation).wait_for()
