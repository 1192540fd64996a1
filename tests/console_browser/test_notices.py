"""Notices appear where they belong: a refusal in its form, good news where nothing is worked with."""

from datetime import timedelta
from uuid import uuid4

from playwright.async_api import expect

from models import LedgerItem, Observation
from models.vocabulary import LedgerState, ObservationState
from tests.conftest import a_report
from tests.factories import registered_item

COVERED = """() => {
    const at = (box) => [box.left + box.width / 2, box.top + box.height / 2];
    const seen = (one) => {  // on the screen, and not scrolled out of its column
        const box = one.getBoundingClientRect(), column = one.closest('.decide')?.getBoundingClientRect();
        return box.width && box.bottom > 0 && box.bottom < Math.min(innerHeight, column?.bottom ?? innerHeight);
    };
    return [...document.querySelectorAll('main button, main input:not([type=hidden]), main textarea, main a[href]')]
        .filter((one) => one.offsetParent && seen(one))
        .filter((one) => !one.closest('.undoable'))
        .filter((one) => document.elementFromPoint(...at(one.getBoundingClientRect()))?.closest('.notices, .undoable'))
        .map((one) => one.outerHTML.slice(0, 80));
}"""


async def test_good_news_covers_nothing_that_is_worked_with(office, window):
    chen = await office.desk_of("小陈")
    laoma = await office.phone_of("老马")
    for number in range(3):
        await laoma.submit(a_report(text=f"第{number + 1}处坑槽一周没修"), uuid4())
    for done, (width, height) in enumerate(((1366, 768), (1920, 1080)), start=1):
        async with window(chen, width=width, height=height) as desk:
            await desk.open("/console/review")
            await desk.says("您正在审核")
            await desk.press("1", "Enter")
            await desk.says("已挂号")
            await expect(desk.page.locator("[data-undoable]")).to_have_count(done)
            assert await desk.page.evaluate(COVERED) == []
            assert await desk.page.locator("[data-notice]").count() == 1


async def test_each_of_the_last_three_acceptances_can_be_taken_back_by_its_own_button(office, window):
    chen, laoma = await office.desk_of("小陈"), await office.phone_of("老马")
    for number in range(5):
        await laoma.submit(a_report(text=f"第{number + 1}处坑槽一周没修"), uuid4())
        office.watch.ahead += timedelta(seconds=1)
    async with window(chen) as desk:
        rows = desk.page.locator("[data-undoable]")
        await desk.open("/console/review")
        for done in range(1, 5):
            await desk.says("您正在审核")
            await desk.press("1", "Enter")
            await expect(desk.page.locator("#count-waiting")).to_have_text(str(5 - done))
            office.watch.ahead += timedelta(seconds=1)
        await expect(rows).to_have_count(3)
        fourth, third, second = await LedgerItem.all().order_by("-number").limit(3)
        await expect(rows.nth(2)).to_contain_text(second.number_text)

        await desk.page.get_by_role("button", name=f"撤销受理{third.number_text}").click()
        await desk.says("已撤销受理，重新审核")
        await third.refresh_from_db()
        assert third.state is LedgerState.VOIDED
        assert (await Observation.get(state=ObservationState.RECEIVED)).text == third.title
        await expect(rows).to_have_count(3)  # the first one's minute is not over
        await desk.press("Escape", "u")
        await desk.says(fourth.title)
        await expect(rows).to_have_count(2)
        await fourth.refresh_from_db()
        assert fourth.state is LedgerState.VOIDED

        office.watch.ahead += timedelta(seconds=58)
        await desk.open("/console/review")
        await expect(rows).to_have_count(0)
        await second.refresh_from_db()
        assert second.state is LedgerState.REGISTERED


async def test_a_refusal_stands_in_its_form_and_at_its_field_and_goes_with_the_mistake(office, window):
    chen = await office.desk_of("小陈")
    now = office.watch.now()
    item = await registered_item(office, by=chen, now=now)
    async with window(chen) as desk:
        desk.expected = "422"
        await desk.open(f"/console/ledger/{item.id}")
        form = desk.page.locator('[data-deed="dispatches"] form')
        await form.locator("[name=unit]").fill("没有的单位")
        await form.get_by_role("button", name="分办").click()
        await expect(form.locator(".refused-here")).to_contain_text("系统里没有名为“没有的单位”的单位。")
        assert await desk.page.locator(".notices [data-notice]").count() == 0

        await form.locator("[name=unit]").fill("市住建局")
        await form.evaluate("(one) => { one.noValidate = true; }")
        await form.locator("[name=days]").fill("999")
        await form.get_by_role("button", name="分办").click()
        days = form.locator("[name=days]")
        await expect(days).to_have_attribute("aria-invalid", "true")
        await expect(form.locator(".field-wrong")).to_have_count(1)
        await expect(days).to_be_focused()
        await days.fill("5")
        await expect(form.locator(".field-wrong")).to_have_count(0)
        await form.get_by_role("button", name="分办").click()
        await desk.says("已分办给市住建局")
        assert (await LedgerItem.get(id=item.id)).due_days == 5
        await expect(desk.page.locator(".refused-here")).to_have_count(0)
