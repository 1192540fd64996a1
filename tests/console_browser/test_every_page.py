"""Every page of the console, for its users: it opens without an error, fits, stays still and is readable."""

from contextlib import suppress
from uuid import uuid4

import pytest
from playwright.async_api import TimeoutError as TooLate

from models import Case, LedgerItem, Mission, Observation, Problem, Rendition, TeamMember
from models.vocabulary import Role
from server.kernel.clock import business_date
from tests.conftest import a_picture, a_report, until

SCREENS = {"desk": (1366, 768), "wide": (1920, 1080), "phone": (400, 800)}
LOOKS = (
    ("light", "dark"),
    ("light", "dark"),
    ("light", "dark"),
)  # on the first screen, the second and the third
OVERFLOWING = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
UNNAMED = """() => [...document.querySelectorAll('input:not([type=hidden]), select, textarea, button, a[href], img')]
    .filter((one) => one.offsetParent !== null)
    .filter((one) => one.matches('img') ? !one.hasAttribute('alt')
        : !((one.labels && one.labels.length) || one.getAttribute('aria-label') || one.textContent.trim()))
    .map((one) => one.outerHTML.slice(0, 120))"""
SHIFT = """() => new Promise((done) => {
    let total = 0;
    new PerformanceObserver((list) => { for (const one of list.getEntries()) total += one.value; })
        .observe({ type: 'layout-shift', buffered: true });
    setTimeout(() => done(total), 200);
})"""
# Text whose colour stands out less than 4.5 : 1 (large text 3 : 1) from the first opaque ground behind it
UNREADABLE = """() => {
    const parts = (colour) => (colour.match(/[\\d.]+/g) || []).map(Number);
    const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
        .map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
        .reduce((sum, v, at) => sum + v * [0.2126, 0.7152, 0.0722][at], 0);
    const ground = (one) => {
        for (let at = one; at; at = at.parentElement) {
            const [r, g, b, a = 1] = parts(getComputedStyle(at).backgroundColor);
            if (a > 0.9) return [r, g, b];
        }
        return [255, 255, 255];
    };
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const one = walker.currentNode.parentElement;
        if (!walker.currentNode.textContent.trim() || !one.offsetParent) continue;
        if (one.closest('.visually-hidden, .queue-count, option, :disabled, .may-not, .skip')) continue;
        const style = getComputedStyle(one);
        const [a, b] = [light(parts(style.color)), light(ground(one))].sort((x, y) => y - x);
        const enough = parseFloat(style.fontSize) >= 24 ? 3 : 4.5;
        if ((a + 0.05) / (b + 0.05) < enough)
            found.push(`${walker.currentNode.textContent.trim().slice(0, 20)} ${style.color} on ${ground(one)}`);
    }
    return [...new Set(found)];
}"""

TOLD = f"""() => ({{
    overflow: ({OVERFLOWING})(), unnamed: ({UNNAMED})(), unreadable: ({UNREADABLE})(),
    headings: document.querySelectorAll('h1').length,
}})"""


@pytest.fixture
async def city(office):
    """People at their desks, two reports and one item."""
    desks = {
        "chen": await office.desk_of("小陈"),
        "luo": await office.desk_of("罗主任", Role.OFFICE_LEAD),
        "zheng": await office.desk_of("审计员老郑", Role.AUDITOR),
        "unit": await office.desk_of("住建局老周", Role.DEPARTMENT_CONTACT, organisation=office.bureau),
        "admin": await office.desk_of("管理员小吴", Role.ADMINISTRATOR),
    }
    laoma = await office.phone_of("老马")
    for number in range(2):
        picture = a_picture((60 * number, 90, 120))
        await laoma.submit(
            a_report(picture, text=f"第{number + 1}处坑槽一周没修。" + "看过没有人管，" * 12), uuid4()
        )
        await laoma.upload(picture)

    async def developed():
        return await Rendition.filter(size="large").count() == 2

    await until(developed)
    first = await Observation.all().order_by("received_at").first()
    form = {"version": 1, "title": "北京路路口坑槽", "kind": "problem", "lead_unit": "市住建局"}
    await desks["chen"].post(f"/review/{first.id}/acceptance", form, part=True)
    await fill_the_rooms(office, desks["chen"])
    return desks


async def fill_the_rooms(office, chen):
    """Create a case for the bureau, a studied problem, a member, and a mission with a full route."""
    item = await LedgerItem.get()
    if item.dispatched_at is None:
        await chen.post(
            f"/ledger/{item.id}/dispatches", {"version": item.version, "unit": "市住建局", "days": 5}
        )
    day = business_date(office.watch.now()).isoformat()
    case = {"item_id": item.id, "summary": "路面破损，需尽快修复。", "seen_on": day, "seen_part": "day"}
    await chen.post("/cases", case | {"narrow_because": "已征得上报人同意"})
    await chen.post("/problems", {"title": "审批环节多", "source": "by_hand"})
    found = {"kind": "bottleneck", "cause": "policy", "difficulty": "hard", "solver": "city"}
    await chen.post(f"/problems/{(await Problem.get()).id}/triages", found | {"version": 1})
    await office.enrol("新队员", Role.CITIZEN)
    await chen.post("/team", {"designation": "新队员", "source": "citizen", "unit": "改革办"})
    route = "市民大厅一楼：叫号机正常；高峰窗口数#；办事指南一致*"
    await chen.post("/missions", {"title": "政务服务督察", "planned_on": day, "stops": route})
    visit = {"title": "秋季观摩", "held_on": day, "criterion-1-name": "成效", "criterion-1-weight": "100"}
    visit |= {"group-1-name": "专家组", "group-1-weight": "100"}
    await chen.post("/site-visits", visit)


async def pages_of(city):
    item, observation = await LedgerItem.get(), await Observation.all().order_by("-received_at").first()
    person = city["unit"].person.id
    return {
        "chen": [
            "/console",
            "/console/review",
            f"/console/review/{observation.id}",
            "/console/review?show=decided",
            "/console/contents",
            "/console/contents?show=pending",
            "/console/ledger",
            f"/console/ledger/{item.id}",
            "/console/ledger/imports",
            "/console/tasks",
            "/console/tasks/import",
            "/console/tasks/gaps",
            "/console/tasks/versions",
            "/console/calendar",
            "/console/reminders",
            "/console/reminders/preview",
            "/console/reminders/sent",
            "/console/reminders/trouble",
            "/console/policies",
            "/console/search?q=路",
            "/console/review/quality",
            "/console/problems/causes",
            "/console/policies/categories",
            "/console/exports",
            "/console/cockpit",
            "/console/map",
            "/console/cases",
            f"/console/cases/new?item_id={item.id}",
            f"/console/cases/{(await Case.get()).id}",
            "/console/problems",
            "/console/problems/new",
            "/console/problems/agenda",
            f"/console/problems/{(await Problem.get()).id}",
            "/console/missions",
            "/console/missions/new",
            f"/console/missions/{(await Mission.get()).id}",
            "/console/team",
            f"/console/team/{(await TeamMember.get()).id}",
        ],
        "luo": [
            "/console/people",
            "/console/people/organisations",
            "/console/people/organisations/new",
            f"/console/people/organisations/{city['unit'].person.organisation_id}",
            f"/console/people/{person}/hand-over",
            "/console/people/duties",
            "/console/people/new",
            f"/console/people/{person}",
            "/console/journal",
            "/console/reasons",
            "/console/templates",
            "/console/templates/dispatch",
        ],
        "zheng": ["/console", "/console/password", "/console/journal", "/console/ledger", "/console/people"],
        "unit": ["/console", "/console/ledger", f"/console/ledger/{item.id}", "/console/problems"],
        "admin": ["/console", "/console/people", "/console/sealing"],
        None: ["/console/sign-in", "/console/verify", "/verify/ABCDEFGHJK"],
    }


async def test_every_page_opens_fits_and_can_be_read(window, city):
    """Open each page once, alternately at a desk and on a phone, and then resize it to the other screens."""
    at_a_desk, on_a_phone = list(SCREENS), list(reversed(SCREENS))
    for who, paths in (await pages_of(city)).items():
        async with window(city.get(who)) as one:
            for turn, path in enumerate(paths):
                screens = on_a_phone if turn % 2 else at_a_desk
                await one.open(path)
                assert await one.page.evaluate(SHIFT) < 0.02, (path, screens[0])
                for screen, looks in zip(screens, LOOKS, strict=True):
                    width, height = SCREENS[screen]
                    if screen != screens[0]:
                        await one.page.set_viewport_size({"width": width, "height": height})
                    for look in looks:
                        await one.page.emulate_media(color_scheme=look, reduced_motion="reduce")
                        await told_well(one, path, f"{screen}, {look}")


async def told_well(one, path, look):
    """Check that nothing overflows, everything has a name and is readable, and the page has one heading."""
    with suppress(TooLate):  # a chart redraws a moment after its window has changed
        await one.page.wait_for_function(f"() => !({OVERFLOWING})()", timeout=5_000)
    told = await one.page.evaluate(TOLD)
    assert (path, look, told) == (path, look, {"overflow": 0, "unnamed": [], "unreadable": [], "headings": 1})


@pytest.fixture
async def chen(office):
    return await office.desk_of("小陈")


async def test_a_page_that_does_not_exist_is_told_calmly(window, chen):
    async with window(chen) as one:
        one.expected = "404"
        await one.open("/console/nowhere")
        await one.says("没有找到您要的内容。")
        await one.page.get_by_role("link", name="回到工作台").click()
        await one.page.wait_for_url("**/console")


async def test_dark_and_light_follow_the_system_until_somebody_chooses(window, chen):
    async with window(chen, scheme="dark") as one:
        await one.open("/console")
        theme = "document.documentElement.getAttribute('data-bs-theme')"
        assert await one.page.evaluate(theme) == "dark"
        await one.page.get_by_label("切换深色和浅色").click()
        assert await one.page.evaluate(theme) == "light"
        await one.open("/console/ledger")
        assert await one.page.evaluate(theme) == "light"


async def test_the_first_press_of_tab_leads_past_the_navigation(window, chen):
    async with window(chen) as one:
        await one.open("/console/ledger")
        await one.press("Tab")
        assert await one.page.evaluate("document.activeElement.textContent") == "跳到正文"
        await one.press("Enter")
        assert await one.page.evaluate("document.activeElement.id") == "main"
