"""Importing ledger sheets on the console: previewed, confirmed, watched, and clearly refused."""

import re

import pytest

from models import LedgerItem
from models.vocabulary import Role
from server.gateways.workbooks import read_sheet
from tests.conftest import until
from tests.server.ledger_sheets.conftest import a_sheet

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OLD = ["标题", "挂号时间", "牵头单位", "原编号"]


@pytest.fixture
async def chen(office):
    return await office.desk_of("小陈")


async def upload(desk, data, *, part=True):
    headers = {"origin": str(desk.client.base_url).rstrip("/")} | ({"hx-request": "true"} if part else {})
    files = {"file": ("旧台账.xlsx", data, SHEET)}
    return await desk.client.post("/console/ledger/imports/previews", files=files, headers=headers)


async def test_an_older_ledger_is_previewed_confirmed_and_watched_until_it_is_in(office, chen):
    assert 'href="/console/ledger/imports"' in (await chen.get("/ledger")).text
    template = await chen.get("/ledger/imports/template")
    assert {"编号", "标题", "原编号", "版本"} <= set(read_sheet(template.content)[-1].cells)

    lines = [
        ["<script>坑槽</script>", "2024-03-15", "市住建局", "旧-7"],
        ["井盖缺失", "2024-05-01", None, None],
    ]
    preview = await upload(chen, a_sheet(OLD, lines))
    assert preview.status_code == 200
    assert '<li class="change-added"><b>2</b>接入旧台账</li>' in preview.text
    assert "&lt;script&gt;坑槽" in preview.text
    assert await LedgerItem.all().count() == 0
    action = re.search(r'action="/console(/ledger/imports/[0-9a-f-]+/confirmation)"', preview.text)[1]
    address = action.removesuffix("/confirmation")
    assert "确认导入2件" in (await chen.get(address)).text

    for _ in range(2):  # pressed twice, it is imported once
        answer = await chen.post(action, {})
        assert answer.headers["location"] == f"/console{address}"

    async def ended():
        state = (await chen.get(address, part=True)).text
        return None if "every 1s" in state else state

    state = await until(ended)
    assert "已导入2件。" in state
    assert re.findall(r">(改-2024-\d+)</a>", state) == ["改-2024-0001", "改-2024-0002"]
    assert "已导入" in (await chen.get("/ledger/imports")).text
    item = await LedgerItem.get(number_text="改-2024-0001")
    assert (
        "接入旧台账，编号改-2024-0001，原编号旧-7，挂号日期2024-03-15"
        in (await chen.get(f"/ledger/{item.id}")).text
    )
    again = await upload(chen, a_sheet(OLD, lines), part=False)
    assert "与台账完全一致，不用导入。" in again.text


async def test_every_problem_is_told_and_there_is_nothing_to_press(chen):
    page = (await upload(chen, a_sheet(OLD, [["井盖缺失", None, "市住建", None]]))).text
    problems = re.findall(r"第(\d+)行</td><td[^>]*>([^<]+)</td><td[^>]*>([^<]+)</td>", page)
    assert problems == [
        ("3", "挂号时间", "没有填写。"),
        ("3", "牵头单位", "系统里没有名为“市住建”的单位。"),
    ]
    assert "/confirmation" not in page
    for data, words in ((b"not a sheet", "模板|另存为"), (a_sheet(["甲", "乙"], []), "没有找到台账的表头")):
        answer = await upload(chen, data)
        assert answer.status_code == 422
        assert re.search(words, answer.text)


async def test_units_and_auditors_find_no_way_to_import(office):
    for name, role in (("老郑", Role.AUDITOR), ("老周", Role.DEPARTMENT_CONTACT)):
        desk = await office.desk_of(name, role, organisation=office.bureau)
        assert "/console/ledger/imports" not in (await desk.get("/ledger")).text
        assert (await desk.get("/ledger/imports")).status_code == 403
        assert (await upload(desk, b"x")).status_code == 403
