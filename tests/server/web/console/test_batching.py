"""A batch on the console: chosen, previewed row by row, confirmed once, and never half done."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from models import LedgerItem
from models.vocabulary import LedgerState, OrganisationKind, Role
from server import people
from tests.factories import registered_item


@pytest.fixture
async def chen(office):
    return await office.desk_of("小陈")


async def registered(office, by, *titles):
    return [await registered_item(office, by=by, title=title) for title in titles]


def boxes(page):
    return dict(re.findall(r'name="(item-[0-9a-f-]{36})" value="(\d+)"', page))


def token(page):
    return re.search(r'name="token" value="([^"]+)"', page)[1]


async def previewed(desk, chosen, **typed):
    form = {"deed": "dispatch", "unit": "市住建局", "days": "5"} | typed | chosen
    return (await desk.post("/ledger/batches/previews", form, part=True)).text


async def test_from_the_list_through_the_preview_to_all_of_them(office, chen):
    await registered(office, chen, "第一件", "第二件")
    chosen = boxes((await chen.get("/ledger?state=registered")).text)
    assert len(chosen) == 2
    page = (await chen.get("/ledger/batches", params={"deed": "dispatch"} | chosen)).text
    assert "预览后显示" in page

    page = await previewed(chen, chosen, back="/console/ledger?state=registered")
    assert "2条都可以分办。" in page
    assert {item.state for item in await LedgerItem.all()} == {LedgerState.REGISTERED}

    done = await chen.post("/ledger/batches/confirmations", {"token": token(page)}, part=True)
    assert "已办理 2 条" in done.text
    assert 'href="/console/ledger?state=registered"' in done.text
    assert {item.state for item in await LedgerItem.all()} == {LedgerState.DISPATCHED}
    again = await chen.post("/ledger/batches/confirmations", {"token": token(page)}, part=True)
    assert (again.status_code, "一条都没有改动" in again.text) == (409, True)


async def test_a_row_that_refuses_says_why_and_is_left_out_by_one_press(office, chen):
    first, second = await registered(office, chen, "第一件", "第二件")
    await LedgerItem.filter(id=second.id).update(state=LedgerState.VOIDED)
    chosen = {f"item-{one.id}": str(one.version) for one in (first, second)}

    page = await previewed(chen, chosen)

    assert "有1条不能分办，现在一条也不会办理。" in page
    assert "这件事目前的状态不能做这一步。" in page
    assert 'name="token"' not in page
    rest = re.search(r"<div><strong>有1条.*?</form>", page, re.DOTALL)[0]
    assert boxes(rest) == {f"item-{first.id}": str(first.version)}
    assert 'name="token"' in await previewed(chen, boxes(rest))


async def test_an_item_of_another_office_and_one_that_is_not_there_read_the_same(office, chen):
    county = await people.add_organisation(
        "县委改革办", code="county", kind=OrganisationKind.COUNTY_REFORM_OFFICE, by=None, series="县"
    )
    (first,) = await registered(office, chen, "第一件")
    foreign = await registered_item(office, by=chen, title="别家的事", root=county)
    pages = []
    for lost in (foreign.id, uuid4()):
        chosen = {f"item-{first.id}": str(first.version), f"item-{lost}": "1"}
        chooser = await chen.get("/ledger/batches", params={"deed": "dispatch"} | chosen)
        page = await previewed(chen, chosen)
        assert "找不到这一件。" in page
        assert "有1条不能分办，现在一条也不会办理。" in page
        assert 'name="token"' not in page
        pages.append((chooser.status_code, (chooser.text + page).replace(str(lost), "id")))
    assert pages[0] == pages[1]
    rest = re.search(r"<div><strong>有1条.*?</form>", page, re.DOTALL)[0]
    assert 'name="token"' in await previewed(chen, boxes(rest))


async def test_a_preview_is_one_s_own_unaltered_and_good_for_a_quarter_of_an_hour(office, chen):
    await registered(office, chen, "第一件")
    page = await previewed(chen, boxes((await chen.get("/ledger")).text))
    form = {"token": token(page)}
    gao = await office.desk_of("小高")
    assert (await gao.post("/ledger/batches/confirmations", form)).status_code == 400
    altered = {"token": form["token"][:-4] + "AAAA"}
    assert (await chen.post("/ledger/batches/confirmations", altered)).status_code == 400
    office.watch.ahead = timedelta(minutes=16)
    late = await chen.post("/ledger/batches/confirmations", form)
    assert (late.status_code, "预览已过15分钟" in late.text) == (409, True)
    assert (await LedgerItem.get()).state is LedgerState.REGISTERED


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"unit": ""}, "这一件还没有选承办单位。"),
        ({"unit": "没有的单位"}, "系统里没有名为“没有的单位”的单位。"),
        ({"deed": "transfer"}, "理由"),
        ({"deed": "remind"}, "缺少这一项"),
        ({"deed": "explode"}, "不在可选范围内"),
    ],
)
async def test_what_is_typed_wrong_is_told(office, chen, typed, said):
    (one,) = await registered(office, chen, "第一件")
    assert said in await previewed(chen, {f"item-{one.id}": "1"}, **typed)


async def test_units_and_auditors_have_neither_boxes_nor_batches(office, chen):
    (one,) = await registered(office, chen, "第一件")
    for name, role in (("老郑", Role.AUDITOR), ("老周", Role.DEPARTMENT_CONTACT)):
        desk = await office.desk_of(name, role)
        assert boxes((await desk.get("/ledger")).text) == {}
        answer = await desk.post(
            "/ledger/batches/previews", {"deed": "remind", "words": "催", f"item-{one.id}": "1"}
        )
        assert answer.status_code == 403
