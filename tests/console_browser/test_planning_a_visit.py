"""A visit is set up in the browser within minutes; what was typed stays; every screen is readable."""

import re

import pytest

from models import ScoreRound, SiteVisit
from models.vocabulary import Role, VisitState
from server import scoring
from server.scoring.rules import rules_from
from tests.console_browser.test_every_page import LOOKS, SCREENS, told_well
from tests.console_browser.visits import press, set_up

A_LONG_TIME_S = 120  # by script; a practised person has half an hour


@pytest.fixture
async def chen(office):
    return await office.desk_of("小陈")


@pytest.fixture
async def observers(office):
    return [await office.enrol(f"观察员{n}", Role.REFORM_OBSERVER) for n in range(9)]


async def test_a_whole_visit_is_set_up_and_published_in_the_browser(office, window, chen, observers):
    async with window(chen) as one:
        visit, seconds = await set_up(one, office, observers=observers, unit=office.bureau.name)
        await press(one.page, "发布观摩")
        await one.says("点位进度")
        await one.page.get_by_role("link", name="安排和规则").click()
        await one.says("重新公布评分规则")
        found = await ScoreRound.get(id=visit.id)
        await one.says(found.rule_digest)
    assert (await SiteVisit.get(id=visit.id)).state is VisitState.PUBLISHED
    assert found.rule_digest == scoring.snapshot_of(rules_from(found.rules))[1]
    print(f"\nset up in {seconds:.1f} s: 3 criteria, 3 groups, 3 stops, 9 observers")
    assert seconds < A_LONG_TIME_S


async def test_weights_are_summed_while_they_are_typed(window, chen):
    async with window(chen) as one:
        await one.open("/console/site-visits/new")
        sums = one.page.locator(".weighing-sum output")
        await one.page.locator("#criterion-1-weight").fill("60")
        assert await sums.first.inner_text() == "60，还差40"
        await one.page.locator("#criterion-2-weight").fill("40.5")
        assert await sums.first.inner_text() == "100.5，多了0.5"
        await one.page.locator("#criterion-2-weight").fill("40")
        assert await sums.first.inner_text() == "100，正好"
        await one.page.locator("#criterion-2-weight").fill("四十")
        assert await sums.first.inner_text() == "有的不是数字"


async def test_a_refusal_stands_at_its_field_and_what_was_typed_stays(window, chen):
    async with window(chen) as one:
        one.expected = "422"
        await one.open("/console/site-visits/new")
        await one.page.locator("#title").fill("秋季观摩")
        await one.page.locator("#held_on").fill("2020-01-01")
        for kind in ("criterion", "group"):
            await one.page.locator(f"#{kind}-1-name").fill("很长的名字")
            await one.page.locator(f"#{kind}-1-weight").fill("100")
        await one.page.locator("#criterion-1-anchors").fill("随便写的")
        await press(one.page, "保存，再排点位和观察员")
        wrong = one.page.locator("#criterion-1-anchors + .field-wrong")
        await wrong.wait_for()
        assert await one.page.locator("#title").input_value() == "秋季观摩"
        await one.page.locator("#criterion-1-anchors").fill("90-100：很好")
        await press(one.page, "保存，再排点位和观察员")
        await one.page.locator("#held_on + .field-wrong").wait_for()
        assert await one.page.locator("#criterion-1-anchors").input_value() == "90-100：很好"
        assert await SiteVisit.all().count() == 0


async def test_stops_change_places_and_candidates_are_narrowed(office, window, chen, observers):
    async with window(chen) as one:
        visit, _ = await set_up(one, office, observers=observers)
        await one.page.get_by_role("button", name="上移第2观摩点").click()
        await one.says("1. 第2观摩点")
        await one.page.get_by_role("button", name="移除第2观摩点").click()
        await one.says("1. 第1观摩点")
        await office.enrol("王代表", Role.REFORM_OBSERVER)
        await one.open(f"/console/site-visits/{visit.id}")
        await one.page.locator("summary", has_text="添加观察员").click()
        await one.page.locator("#observer-find").fill("王代")
        assert await one.page.locator("#candidates label:visible").count() == 1
        await one.page.get_by_role("button", name="从名单去掉观察员0").click()
        await one.says("8人")


async def test_every_page_of_the_preparation_can_be_read(office, window, chen, observers):
    async with window(chen) as one:
        visit, _ = await set_up(one, office, observers=observers)
        stop = await visit.stops.all().first()
        here = f"/console/site-visits/{visit.id}"
        paths = ["/console/site-visits", "/console/site-visits/new", here, f"{here}/plan", f"{here}/rules"]
        for path in [*paths, f"{here}/stops/new", f"{here}/stops/{stop.id}"]:
            await one.open(path)
            for screen, looks in zip(SCREENS, LOOKS, strict=True):
                width, height = SCREENS[screen]
                await one.page.set_viewport_size({"width": width, "height": height})
                for look in looks:
                    await one.page.emulate_media(color_scheme=look, reduced_motion="reduce")
                    await told_well(one, re.sub("[0-9a-f-]{36}", "…", path), f"{screen}, {look}")
