"""The annual task list on the console: template out, sheet in, preview with every problem, then published."""

import re

import pytest

from models import AnnualTaskList, ReformTask
from models.vocabulary import Role
from server import tasks
from server.gateways.workbooks import read_sheet

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
async def chen(office):
    await office.enrol("祁书记", Role.LEADING_OFFICIAL)
    await office.enrol("王科长", Role.COMMISSIONER, organisation=office.bureau)
    return await office.desk_of("小陈")


def a_row(year, **changes):
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
        "due_on": f"{year}-12-31",
    }
    return row | changes


async def upload(desk, rows, *, year, part=True, name="任务清单.xlsx", data=None):
    sheet = data if data is not None else tasks.write_list(rows, year=year)
    headers = {"origin": str(desk.client.base_url).rstrip("/")} | ({"hx-request": "true"} if part else {})
    return await desk.client.post(
        f"/console/tasks/imports?year={year}", files={"file": (name, sheet, SHEET)}, headers=headers
    )


def token_in(page):
    found = re.search(r'name="token" value="([^"]+)"', page)
    return found and found[1]


async def test_a_sheet_is_previewed_and_then_put_in_force(office, chen):
    year = office.watch.now().year

    preview = await upload(chen, [a_row(year)], year=year)
    assert preview.status_code == 200
    assert "预览：任务清单.xlsx" in preview.text
    assert '<li class="change-added"><b>1</b>新增</li>' in preview.text
    assert await AnnualTaskList.all().count() == 0

    answer = await chen.post("/tasks/confirmations", {"token": token_in(preview.text)})
    assert answer.headers["location"] == f"/console/tasks?year={year}&published=1"

    page = (await chen.get(f"/tasks?year={year}&published=1")).text
    assert f"已发布{year}年任务清单第1版。" in page
    for words in ("老旧小区改造", "市住建局", "改革办", "祁书记", "王科长", f"{year}-12-31"):
        assert words in page
    assert '共 <b id="total">1</b> 项' in page


async def test_every_problem_is_told_by_row_and_column_and_nothing_can_be_confirmed(office, chen):
    year = office.watch.now().year
    rows = [a_row(year, lead_unit="市住建"), a_row(year, code=f"{year}-02", due_on="尽快")]

    page = (await upload(chen, rows, year=year)).text

    problems = re.findall(r"第(\d+)行</td><td[^>]*>([^<]+)</td><td[^>]*>([^<]+)</td>", page)
    assert [(column, what) for _, column, what in problems] == [
        ("牵头单位", "系统里没有名为“市住建”的单位。"),
        ("完成时限", "看不懂“尽快”。"),
    ]
    assert "市住建局" in page
    assert token_in(page) is None
    assert await ReformTask.all().count() == 0


async def test_the_difference_to_the_list_in_force_is_shown_field_by_field(office, chen):
    year = office.watch.now().year
    first = await upload(chen, [a_row(year), a_row(year, code=f"{year}-02", name="旧任务")], year=year)
    await chen.post("/tasks/confirmations", {"token": token_in(first.text)})

    rows = [a_row(year, name="老旧小区和背街小巷改造"), a_row(year, code=f"{year}-03", name="新任务")]
    page = (await upload(chen, rows, year=year)).text

    assert re.findall(r"<b>(\d+)</b>(新增|修改|不再列入|不变)", page) == [
        ("1", "新增"),
        ("1", "修改"),
        ("1", "不再列入"),
        ("0", "不变"),
    ]
    assert "<del>老旧小区改造</del>" in page
    assert "<ins>老旧小区和背街小巷改造</ins>" in page

    await chen.post("/tasks/confirmations", {"token": token_in(page)})
    versions = (await chen.get(f"/tasks/versions?year={year}")).text
    assert "<del>老旧小区改造</del>" in versions
    assert re.findall(r"<h2>第(\d)版", versions) == ["2", "1"]


async def test_the_same_sheet_again_needs_no_publishing(office, chen):
    year = office.watch.now().year
    first = await upload(chen, [a_row(year)], year=year)
    await chen.post("/tasks/confirmations", {"token": token_in(first.text)})

    page = (await upload(chen, [a_row(year)], year=year)).text

    assert "与现行第1版完全相同，不用发布。" in page
    assert token_in(page) is None


async def test_a_preview_that_was_overtaken_is_not_published(office, chen):
    year = office.watch.now().year
    slow = await upload(chen, [a_row(year)], year=year)
    fast = await upload(chen, [a_row(year, name="更快的一版")], year=year)
    await chen.post("/tasks/confirmations", {"token": token_in(fast.text)})

    answer = await chen.post("/tasks/confirmations", {"token": token_in(slow.text)}, part=True)

    assert answer.status_code == 409
    assert "您预览之后，已有人发布了新的一版清单。" in answer.text


@pytest.mark.parametrize(
    ("data", "status", "words"),
    [
        (b"not a sheet", 422, "请下载模板|另存为"),
        (b"", 422, "请下载模板|另存为"),
        (b"PK\x03\x04" + b"0" * (11 * 1024 * 1024), 413, "表格超过10MB"),
    ],
)
async def test_a_file_that_is_no_sheet_is_refused_in_words(office, chen, data, status, words):
    answer = await upload(chen, None, year=2026, data=data)

    assert answer.status_code == status
    assert answer.headers["hx-retarget"] == "#notices"
    assert re.search(words, answer.text)


async def test_template_and_export_are_sheets_that_can_be_read_back(office, chen):
    year = office.watch.now().year
    first = await upload(chen, [a_row(year)], year=year)
    await chen.post("/tasks/confirmations", {"token": token_in(first.text)})

    template, export = (
        await chen.get(f"/tasks/template?year={year}"),
        await chen.get(f"/tasks/export?year={year}"),
    )

    assert export.headers["content-type"] == SHEET
    assert "filename*=UTF-8''" in export.headers["content-disposition"]
    assert len(read_sheet(export.content)) == len(read_sheet(template.content)) + 1
    again = await upload(chen, None, year=year, data=export.content)
    assert "完全相同" in again.text


async def test_gaps_are_listed_with_what_to_do(office, chen, a_task):
    page = (await chen.get(f"/tasks/gaps?year={a_task.year}")).text

    assert '共 <b id="total">3</b> 处' in page
    assert re.findall(r'data-label="缺什么">([^<]+)<', page) == [
        "没有在任的改革专员。",
        "重大任务没有配合单位。",
        "没有任务内容。",
    ]


async def test_whoever_may_only_read_sees_no_way_to_import(office, a_task):
    wang = await office.desk_of("王科长", Role.COMMISSIONER, organisation=office.bureau)

    page = (await wang.get("/tasks")).text

    assert a_task.name in page
    assert "/console/tasks/import" not in page
    assert (await wang.get("/tasks/import")).status_code == 403
    assert (await upload(wang, None, year=2026, data=b"x")).status_code == 403
