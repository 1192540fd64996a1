"""小陈 saves a view, chooses rows by keyboard, previews the result, and confirms once."""

from playwright.async_api import expect

from models import LedgerItem, SavedView
from models.vocabulary import LedgerState
from tests.factories import registered_item


async def test_a_view_is_kept_and_a_batch_is_sent_without_the_mouse(office, window):
    chen = await office.desk_of("小陈")
    for title in ("东街坑槽", "西街坑槽", "路灯不亮"):
        await registered_item(office, by=chen, title=title)
    wrong = await LedgerItem.get(title="路灯不亮")

    async with window(chen) as desk:
        await desk.open("/console/ledger?state=registered")
        await desk.page.get_by_text("保存和管理视图").press("Enter")
        await desk.page.get_by_placeholder("给当前条件起个名称").fill("待分办")
        await desk.press("Enter")
        await desk.page.get_by_role("link", name="待分办").wait_for()
        assert (await SavedView.get()).query == "state=registered"

        await desk.page.locator("body").focus()
        await desk.press("j", "x", "j", "x", "a")
        await desk.says("已选3条")
        await desk.press("b", "Tab", "Enter")
        await desk.says("先预览，每一条会变成什么样都看得到")
        await LedgerItem.filter(id=wrong.id).update(state=LedgerState.VOIDED)
        await desk.page.keyboard.type("市住房城乡建设局")
        await desk.press("Enter")
        await desk.says("有1条不能分办，现在一条也不会办理。")
        await desk.page.get_by_role("button", name="去掉这1条，重新预览").press("Enter")
        await desk.says("2条都可以分办。")
        assert await LedgerItem.filter(state=LedgerState.DISPATCHED).count() == 0
        await desk.page.get_by_role("button", name="确认分办2条").press("Enter")
        await desk.says("已办理 2 条")
        assert await LedgerItem.filter(state=LedgerState.DISPATCHED).count() == 2
        await desk.page.get_by_role("link", name="返回台账").press("Enter")
        await desk.page.wait_for_url("**/console/ledger?state=registered")
        await expect(desk.page.locator("#total")).to_have_text("0")
