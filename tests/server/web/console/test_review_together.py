"""Several reviewers at one queue of reports: one claim each, handed over, discussed, and redacted."""

import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest

from models import Observation, Photo, Rendition
from models.vocabulary import ObservationState, OrganisationKind, Role
from server import people
from tests.conftest import a_picture, a_report, until


@pytest.fixture
async def laoma(office):
    return await office.phone_of("老马")


@pytest.fixture
async def chen(office):
    return await office.desk_of("小陈")


@pytest.fixture
async def gao(office):
    return await office.desk_of("小高")


async def reported(phone, **changes):
    receipt = await phone.submit(a_report(**changes), uuid4())
    assert receipt.status_code == 201, receipt.text
    return await Observation.get(receipt_number=receipt.json()["receipt_number"])


async def claimed(desk, one):
    return await desk.post(f"/review/{one.id}/claim", {}, part=True)


def opened(page):
    return re.findall(r'data-report="([0-9a-f-]{36})"', page.text)


async def test_what_is_opened_is_in_one_s_hand_and_others_read_whose(office, laoma, chen, gao):
    first, second = await reported(laoma, text="第一件"), await reported(laoma, text="第二件")
    assert "您正在审核" in (await claimed(chen, first)).text

    page = await gao.get("/review")
    assert opened(page) == [str(second.id)]  # the next free one
    assert "小陈正在审核" in page.text
    held = await gao.get(f"/review/{first.id}")
    assert "小陈正在审核这一条" in held.text
    assert "/acceptance" not in held.text
    late = await claimed(gao, first)
    assert (late.status_code, late.headers["hx-retarget"]) == (409, "#item")
    assert "小陈正在审核这一条。" in late.text


async def test_a_decision_on_a_report_in_another_hand_is_told_with_the_name(office, laoma, chen, gao):
    first = await reported(laoma)
    await claimed(chen, first)
    form = {"version": 1, "title": "路口坑槽", "kind": "problem"}

    answer = await gao.post(f"/review/{first.id}/acceptance", form, part=True)

    assert (answer.status_code, "小陈正在审核这一条。" in answer.text) == (409, True)
    assert (await Observation.get()).state is not ObservationState.REGISTERED


async def test_a_reviewer_has_one_report_in_hand_and_can_put_it_back(office, laoma, chen, gao):
    first, second = await reported(laoma, text="第一件"), await reported(laoma, text="第二件")
    await claimed(chen, first)
    await claimed(chen, second)
    assert "您正在审核" in (await claimed(gao, first)).text
    put_back = await chen.post(f"/review/{second.id}/letting-go", {}, part=True)
    assert "已放回列表" in put_back.text
    assert "您正在审核" in (await claimed(gao, second)).text


async def test_a_left_window_gives_a_report_back_after_ten_minutes(office, laoma, chen, gao):
    first = await reported(laoma)
    await claimed(chen, first)
    office.watch.ahead = timedelta(minutes=11)
    assert opened(await gao.get("/review")) == [str(first.id)]
    assert "您正在审核" in (await claimed(gao, first)).text


async def test_after_a_decision_the_next_free_report_opens(office, laoma, chen, gao):
    first, second, third = [await reported(laoma, text=f"第{n}件") for n in "一二三"]
    await claimed(gao, second)
    form = {"version": 1, "title": "路口坑槽", "kind": "problem"}
    answer = await chen.post(f"/review/{first.id}/acceptance", form, part=True)
    assert opened(answer) == [str(third.id)]


async def test_a_report_is_handed_over_to_another_office(office, laoma, chen):
    county = await people.add_organisation(
        "兴庆区委改革办",
        code="xq",
        kind=OrganisationKind.COUNTY_REFORM_OFFICE,
        by=None,
        parent=office.root,
        series="兴",
    )
    one = await reported(laoma)
    assert (
        f'<option value="{county.id}">兴庆区委改革办</option>' in (await chen.get(f"/review/{one.id}")).text
    )

    address, form = f"/review/{one.id}/handing-over", {"version": 1, "office_id": str(county.id)}
    short = await chen.post(address, form, part=True)
    assert (short.status_code, "理由" in short.text) == (422, True)
    done = await chen.post(address, form | {"reason": "属地办理"}, part=True)
    assert "已转交其他改革办" in done.text
    assert (await Observation.get()).office_id == county.id


async def test_the_thread_tells_what_was_said_and_what_is_new(office, laoma, chen):
    client_id = uuid4()
    await laoma.submit(a_report(), client_id)
    one = await Observation.get()
    said = await chen.post(f"/review/{one.id}/messages", {"text": "请问门牌号<b>？"}, part=True)
    assert "请问门牌号&lt;b&gt;？" in said.text

    key = {"idempotency-key": str(uuid4())}
    answer = await laoma.post(f"/observations/{client_id}/messages", json={"text": "12号门口"}, headers=key)
    assert answer.status_code in (200, 201), answer.text
    listed = await chen.get("/review/list?show=answered")
    assert '新留言 <b id="count-answered">1</b>' in listed.text
    assert str(one.id) in listed.text
    page = await chen.get(f"/review/{one.id}")
    assert "12号门口" in page.text
    assert "老马" not in page.text

    read = await chen.post(f"/review/{one.id}/reading", {}, part=True)
    assert ("12号门口" in read.text, "有新留言" in read.text) == (True, False)
    assert '<b id="count-answered">0</b>' in (await chen.get("/review/list")).text


async def test_boxes_drawn_at_the_desk_blacken_the_photo_and_nobody_else_s(office, laoma, chen):
    picture = a_picture("red", size=(2000, 1500))
    await laoma.submit(a_report(picture), uuid4())
    await laoma.upload(picture)
    one = await Observation.get()

    async def developed():
        return await Rendition.filter(withdrawn_at=None, size="large").first()

    before = await until(developed)
    photo = await Photo.get()
    box = {"left": 0.4, "top": 0.3, "right": 0.6, "bottom": 0.5}
    form = {"photo_id": str(photo.id), "boxes": json.dumps([box])}

    async def refused(**changes):
        return (await chen.post(f"/review/{one.id}/redactions", form | changes, part=True)).status_code

    assert await refused(boxes="[]") == 422
    assert await refused(boxes="nonsense") == 422
    assert await refused(boxes=json.dumps([box | {"left": 2}])) == 422
    assert await refused(photo_id=str(uuid4())) == 404
    done = await chen.post(f"/review/{one.id}/redactions", form, part=True)
    assert str(before.id) not in done.text
    assert (await chen.client.get(f"/console/photos/{before.id}")).status_code == 404
    after = await until(developed)
    assert f"/console/photos/{after.id}" in (await chen.get(f"/review/{one.id}/photos", part=True)).text


async def test_a_unit_s_contact_holds_writes_and_blackens_nothing(office, laoma):
    one = await reported(laoma)
    zhou = await office.desk_of("老周", Role.DEPARTMENT_CONTACT, organisation=office.bureau)
    for deed, form in (
        ("claim", {}),
        ("letting-go", {}),
        ("messages", {"text": "好"}),
        ("reading", {}),
        ("redactions", {"photo_id": str(uuid4()), "boxes": "[]"}),
        ("handing-over", {"version": 1, "office_id": str(uuid4()), "reason": "试试"}),
    ):
        assert (await zhou.post(f"/review/{one.id}/{deed}", form, part=True)).status_code == 403
