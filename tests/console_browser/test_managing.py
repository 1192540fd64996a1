"""The office's other tasks in a real browser: publish a task list, let a person in, verify the journal."""

import re

from models import AnnualTaskList
from models.vocabulary import Role
from server import policies, tasks
from server.journal import anchoring


async def test_a_task_list_is_uploaded_looked_at_and_put_in_force(office, window, tmp_path):
    chen = await office.desk_of("小陈")
    await office.enrol("祁书记", Role.LEADING_OFFICIAL)
    await office.enrol("王科长", Role.COMMISSIONER, organisation=office.bureau)
    year = office.watch.now().year
    row = {
        "code": f"{year}-01",
        "measure": 9,
        "name": "老旧小区改造",
        "content": "改造 12 个小区",
        "is_major": "是",
        "lead_unit": "市住建局",
        "supporting_units": "改革办",
        "leading_official": "祁书记",
        "commissioners": "王科长",
        "due_on": "年底",
    }
    good, bad = tmp_path / "好的.xlsx", tmp_path / "有问题的.xlsx"
    good.write_bytes(tasks.write_list([row], year=year))
    bad.write_bytes(tasks.write_list([row | {"lead_unit": "没有的局"}], year=year))

    async with window(chen) as desk:
        await desk.open(f"/console/tasks/import?year={year}")
        await desk.page.set_input_files("#file", bad)
        await desk.page.get_by_role("button", name="上传并预览").click()
        await desk.says("有1个问题，还不能发布。")
        await desk.says("系统里没有名为“没有的局”的单位。")
        assert await AnnualTaskList.all().count() == 0

        await desk.page.get_by_role("link", name="重新上传").click()
        await desk.page.set_input_files("#file", good)
        await desk.page.get_by_role("button", name="上传并预览").click()
        await desk.says("预览：好的.xlsx")
        await desk.page.get_by_role("button", name="确认发布第1版").click()
        await desk.says(f"已发布{year}年任务清单第1版。")
        await desk.says("老旧小区改造")


async def test_a_file_that_is_no_sheet_is_told_beside_the_form(office, window, tmp_path):
    chen = await office.desk_of("小陈")
    photo = tmp_path / "照片.xlsx"
    photo.write_bytes(b"\xff\xd8\xff\xe0 not a sheet")

    async with window(chen) as desk:
        desk.expected = "422"
        await desk.open("/console/tasks/import")
        await desk.page.set_input_files("#file", photo)
        await desk.page.get_by_role("button", name="上传并预览").click()
        await desk.page.locator(".notice-bad").wait_for()
        assert await desk.page.locator("#file").is_visible()


async def test_somebody_new_is_added_and_let_in(office, window):
    luo = await office.desk_of("罗主任", Role.OFFICE_LEAD)

    async with window(luo) as desk:
        await desk.open("/console/people/new")
        await desk.page.get_by_label("称呼").fill("周联络员")
        await desk.page.locator("#role").select_option("department_contact")
        desk.expected = "422"
        await desk.page.get_by_role("button", name="保存").click()
        await desk.says("这项职责要落到一个单位。")
        await desk.page.locator("#organisation_id").select_option(str(office.bureau.id))
        await desk.page.get_by_role("button", name="保存").click()
        await desk.page.wait_for_url(re.compile(r"/console/people/[0-9a-f-]{36}$"))

        await desk.page.get_by_role("button", name="生成邀请码").click()
        await desk.page.locator(".once-code").wait_for()
        await desk.page.locator("#username").fill("zhou")
        await desk.page.get_by_role("button", name="开通账号").click()
        await desk.page.locator(".once-secret").first.wait_for()
        assert await desk.page.locator(".once-qr svg").is_visible()


async def test_an_auditor_verifies_the_journal(office, window):
    zheng = await office.desk_of("审计员老郑", Role.AUDITOR)
    await anchoring.close_block()
    await anchoring.anchor(office.tools.settings, now=office.watch.now())

    async with window(zheng) as desk:
        await desk.open("/console/journal")
        await desk.page.get_by_role("button", name="现在核验").click()
        await desk.says("核验通过：数据、日志与存证相符，编号连续。")


async def test_adm_05_a_rule_is_tried_on_last_month_then_changed_with_its_reason(office, window):
    luo = await office.desk_of("罗主任", Role.OFFICE_LEAD)
    async with window(luo) as desk:
        await desk.open("/console/policies")
        await desk.page.get_by_role("link", name="答复期限").click()
        await desk.page.get_by_label("几个工作日内答复上报人").fill("2")
        await desk.page.get_by_role("button", name="用上月数据试算").click()
        await desk.says("2个工作日内答复的有0条")
        await desk.page.get_by_label("为什么修改").fill("国庆后积压")
        await desk.page.get_by_role("button", name="保存为新的一版").click()
        await desk.says("国庆后积压")
        assert (await policies.in_force()).promises.review_days == 2

        await desk.open("/console/policies/categories")
        await desk.page.get_by_text("添加一项").click()
        await desk.page.locator("details[data-new]").get_by_label("名称").fill("水利设施")
        await desk.page.get_by_label("为什么修改").fill("新增一类")
        await desk.page.get_by_role("button", name="保存为新的一版").click()
        await desk.says("新增一类")
        assert (await policies.in_force()).categories.all[-1].label == "水利设施"
