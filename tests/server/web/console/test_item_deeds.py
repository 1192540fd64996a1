"""The forms on an item's page: each action done, overtaken, by the wrong person, and from another site."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from models import Extension, LedgerItem, Observation
from models.vocabulary import LedgerState, Light, ObservationKind, Role
from server import ledger
from server.kernel.calendars import calendar
from server.kernel.clock import business_date
from server.people import identities
from tests.conftest import a_picture, a_report, sha256, until
from tests.factories import registered_item


@pytest.fixture
async def chen(office):
    return await office.desk_of("小陈")


@pytest.fixture
async def luo(office):
    return await office.desk_of("罗主任", Role.OFFICE_LEAD)


@pytest.fixture
async def wang(office):
    return await office.desk_of("王科长", Role.COMMISSIONER, organisation=office.bureau)


async def an_item(office, by, state=LedgerState.REGISTERED, *, kind=ObservationKind.HELP_REQUEST, **changes):
    """Return an item in a state; the housing bureau has it unless it is only registered."""
    item = await registered_item(office, by=by, kind=kind)
    if state is not LedgerState.REGISTERED:
        changes = {"lead_unit_id": office.bureau.id, "due_on": today(office) + timedelta(days=20)} | changes
    if state is LedgerState.RETAINED:
        changes |= {"retention_note": "等规划", "next_review_on": today(office)}
    await item.update_from_dict({"state": state} | changes).save()
    return item


def today(office):
    return business_date(office.watch.now())


def offered(page):
    return re.findall(r'data-deed="([a-z-]+)"', page)


async def test_the_page_offers_each_person_what_he_may_do_now(office, chen, wang):
    auditor = await office.desk_of("老郑", Role.AUDITOR)
    commissioner = {"commissioner_id": wang.person.id}
    found = {
        LedgerState.REGISTERED: (
            ["dispatches", "links", "mergers", "amendments", "splits", "voidings"],
            None,
        ),
        LedgerState.DISPATCHED: (
            ["reminders", "postponements", "links", "mergers", "amendments", "splits"],
            ["acknowledgements", "returns"],
        ),
        LedgerState.IN_PROGRESS: (
            [
                "transfers",
                "reminders",
                "postponements",
                "retentions",
                "links",
                "mergers",
                "amendments",
                "splits",
            ],
            ["progress-reports", "extensions", "retention-requests"],
        ),
        LedgerState.RETAINED: (
            ["resumptions", "links", "mergers", "amendments", "splits"],
            ["progress-reports"],
        ),
        LedgerState.CLOSED: (["re-registrations"], []),
        LedgerState.VOIDED: ([], []),
    }
    for state, (office_s, unit_s) in found.items():
        item = await an_item(office, chen, state, **commissioner)
        assert (state, offered((await chen.get(f"/ledger/{item.id}")).text)) == (state, office_s)
        assert offered((await auditor.get(f"/ledger/{item.id}")).text) == []
        if unit_s is not None:
            assert (state, offered((await wang.get(f"/ledger/{item.id}")).text)) == (state, unit_s)


FORMS = {
    "dispatches": ("registered", {"unit": "市住建局", "days": 5}, "dispatched"),
    "transfers": ("in_progress", {"unit": "市住房城乡建设局", "reason": "职责调整"}, "dispatched"),
    "reminders": ("in_progress", {"words": "请本周内填报进展"}, "in_progress"),
    "postponements": ("dispatched", {"until_on": "2099-01-01", "reason": "汛期停工"}, "dispatched"),
    "retentions": ("in_progress", {"note": "要等规划", "next_review_on": "2099-01-01"}, "retained"),
    "resumptions": ("retained", {"reason": "规划已批"}, "in_progress"),
    "splits": ("in_progress", {"titles": "东段坑槽\n西段坑槽"}, "in_progress"),
    "voidings": ("registered", {"reason": "误挂"}, "registered"),
    "re-registrations": ("closed", {"reason": "又坏了"}, "registered"),
}


@pytest.mark.parametrize("deed", FORMS)
async def test_each_deed_of_the_office_by_its_form(office, chen, wang, deed):
    state, form, after = FORMS[deed]
    item = await an_item(office, chen, LedgerState(state), commissioner_id=wang.person.id)
    address, form = f"/ledger/{item.id}/{deed}", form | {"version": item.version}

    foreign = await chen.client.post(
        f"/console{address}", data=form, headers={"origin": "https://evil.example"}
    )
    assert foreign.status_code == 403
    assert (await wang.post(address, form, part=True)).status_code == 403
    assert (await LedgerItem.get(id=item.id)).version == item.version

    done = await chen.post(address, form, part=True)

    assert done.status_code == 200, done.text
    assert 'class="notice notice-good"' in done.text
    assert (await LedgerItem.get(id=item.id)).state.value == after

    again = await chen.post(address, form, part=True)
    assert again.status_code == 409
    assert "别的同志刚刚办理过这一件" in again.text
    typed = form.get("reason") or form.get("note") or form.get("titles") or form.get("words") or form["unit"]
    assert typed in again.text  # what was typed is still there


@pytest.mark.parametrize(
    ("deed", "state", "form"),
    [
        ("acknowledgements", "dispatched", {}),
        ("returns", "dispatched", {"reason": "不属于本单位"}),
        ("progress-reports", "in_progress", {"percent": 40, "text": "材料进场"}),
        ("extensions", "in_progress", {"until_on": "2099-01-01", "reason": "雨季"}),
        ("close-out-requests", "in_progress", {"text": "经验已总结"}),
    ],
)
async def test_each_deed_of_the_unit_by_its_form(office, chen, wang, deed, state, form):
    item = await an_item(
        office,
        chen,
        LedgerState(state),
        commissioner_id=wang.person.id,
        kind=ObservationKind.GOOD_PRACTICE,
    )
    form |= {"version": item.version}
    assert (await chen.post(f"/ledger/{item.id}/{deed}", form, part=True)).status_code == 403
    done = await wang.post(f"/ledger/{item.id}/{deed}", form, part=True)
    assert done.status_code == 200, done.text
    assert (await LedgerItem.get(id=item.id)).version == item.version + 1


async def test_a_unit_that_gives_back_what_it_sees_no_more_is_told_so(office, chen):
    contact = await office.desk_of("住建局老周", Role.DEPARTMENT_CONTACT, organisation=office.bureau)
    item = await an_item(office, chen, LedgerState.DISPATCHED)
    form = {"version": item.version, "reason": "不属于"}

    answer = await contact.post(f"/ledger/{item.id}/returns", form, part=True)

    assert (answer.status_code, answer.headers.get("hx-redirect")) == (200, "/console/ledger")
    assert (await LedgerItem.get(id=item.id)).state is LedgerState.REGISTERED


async def test_merging_asks_for_the_number_that_lives_on(office, chen):
    survivor, item = await an_item(office, chen), await an_item(office, chen)
    form = {"version": item.version, "reason": "同一个坑"}

    wrong = await chen.post(f"/ledger/{item.id}/mergers", form | {"into": "改-1999-0001"}, part=True)
    assert wrong.status_code == 422
    assert "台账里没有编号“改-1999-0001”。" in wrong.text

    await chen.post(f"/ledger/{item.id}/mergers", form | {"into": f" {survivor.number_text} "}, part=True)
    assert (await LedgerItem.get(id=item.id)).merged_into_id == survivor.id
    assert survivor.number_text in (await chen.get(f"/ledger/{item.id}")).text
    assert item.number_text in (await chen.get(f"/ledger/{survivor.id}")).text


async def test_an_extension_is_decided_with_words_and_counted(office, chen, wang):
    item = await an_item(office, chen, LedgerState.IN_PROGRESS, commissioner_id=wang.person.id)
    later = today(office) + timedelta(days=40)
    ask = {"version": item.version, "until_on": later.isoformat(), "reason": "等材料"}
    await wang.post(f"/ledger/{item.id}/extensions", ask, part=True)
    page = (await chen.get(f"/ledger/{item.id}")).text
    assert "等材料" in page
    assert offered(page)[0] == "extension-decisions"
    assert "extension-decisions" not in offered((await wang.get(f"/ledger/{item.id}")).text)

    version = (await LedgerItem.get(id=item.id)).version
    refused = {"version": version, "verdict": "refused"}
    wordless = await chen.post(f"/ledger/{item.id}/extension-decisions", refused, part=True)
    assert (wordless.status_code, "退回时要写明原因。" in wordless.text) == (422, True)
    granted = await chen.post(
        f"/ledger/{item.id}/extension-decisions", refused | {"verdict": "granted"}, part=True
    )
    assert "已延期1次" in granted.text
    assert ((await LedgerItem.get(id=item.id)).due_on, (await Extension.get()).state) == (later, "granted")


async def test_the_deadline_s_words_are_shown_before_anything_is_sent(office, chen):
    words = (await chen.get("/ledger/deadline?days=5&unit=x&version=1", part=True)).text
    assert "5个工作日" in words
    assert "日期要晚于今天。" in (await chen.get("/ledger/deadline?due_on=2001-01-01", part=True)).text
    assert "没有填对" in (await chen.get("/ledger/deadline?days=0", part=True)).text


async def test_a_step_that_is_no_longer_legal_is_told_with_the_item_as_it_is(office, chen):
    item = await an_item(office, chen, LedgerState.CLOSED)
    form = {"version": item.version, "unit": "市住建局", "words": "我写了很久的要求"}

    part = await chen.post(f"/ledger/{item.id}/dispatches", form, part=True)
    whole = await chen.post(f"/ledger/{item.id}/dispatches", form)

    for answer in (part, whole):
        assert answer.status_code == 409
        assert "这件事目前的状态不能做这一步。" in answer.text
        assert "我写了很久的要求" in answer.text
        assert offered(answer.text) == ["re-registrations"]


async def test_a_close_out_is_judged_with_before_beside_after(office, chen, luo, wang):
    laoma = await office.phone_of("老马")
    before, after = a_picture("red"), a_picture("green")
    await laoma.submit(a_report(before), uuid4())
    await laoma.upload(before)
    report = await Observation.get()
    form = {"version": 1, "title": "北京路路口坑槽", "kind": "problem"}
    await chen.post(f"/review/{report.id}/acceptance", form, part=True)
    item = await LedgerItem.get()
    await chen.post(f"/ledger/{item.id}/dispatches", {"version": item.version, "unit": "市住建局"}, part=True)
    item = await LedgerItem.get()
    await wang.post(f"/ledger/{item.id}/acknowledgements", {"version": item.version}, part=True)
    assert "请在手机小程序里拍照提交" in (await wang.get(f"/ledger/{item.id}")).text
    await hand_in(office, wang, await LedgerItem.get(), after)

    async def shown():
        page = (await luo.get(f"/ledger/{item.id}")).text
        return re.search(r'data-before>.*?href="(/console/photos/[^"]+)".*?data-after>', page, re.S) and page

    async def proven():
        return re.search(r'data-after>.*?href="(/console/evidence/[^"]+)"', await shown() or "", re.S)

    address = (await until(proven))[1]
    assert (await luo.client.get(address)).headers["content-type"] == "image/jpeg"
    assert (await wang.client.get(address)).status_code == 200
    stranger = await office.desk_of("别的单位", Role.COMMISSIONER)
    assert (await stranger.client.get(address)).status_code == 404
    unit_s = (await wang.get(f"/ledger/{item.id}")).text
    assert "data-after" in unit_s
    assert "data-before" not in unit_s

    item = await LedgerItem.get()
    verdict = {"version": item.version, "verdict": "granted", "reply": "现场已核"}
    assert (await wang.post(f"/ledger/{item.id}/close-out-decisions", verdict, part=True)).status_code == 403
    done = await luo.post(f"/ledger/{item.id}/close-out-decisions", verdict, part=True)
    assert "已同意销号" in done.text
    assert (await LedgerItem.get()).state is LedgerState.CLOSED


async def hand_in(office, wang, item, picture):
    """王科长 requests the close-out from the phone, with one picture."""
    await identities.bind(wang.person, keys=office.tools.keys, openid="openid-demo-王科长")
    phone = office.phone()
    await phone.sign_in("demo-王科长")
    evidence = [{"sha256": sha256(picture), "bytes": len(picture), "kind": "after"}]
    asked = await phone.post(
        f"/ledger-items/{item.id}/close-out-requests",
        json={"version": item.version, "text": "已修补", "evidence": evidence},
        headers={"idempotency-key": str(uuid4())},
    )
    assert asked.status_code == 201, asked.text
    assert (await phone.upload(picture)).status_code == 201


def total(page):
    return int(re.search(r'<b id="total">(\d+)</b>', page)[1])


async def test_every_light_s_list_holds_exactly_the_items_that_shine_so(office, chen):
    days = range(-3, 40)
    for number in days:
        await an_item(
            office,
            chen,
            LedgerState.IN_PROGRESS,
            due_on=today(office) + timedelta(days=number),
            dispatched_at=office.watch.now() - timedelta(days=30),
            percent=(number * 37) % 101,
        )
    for state in (LedgerState.REGISTERED, LedgerState.CLOSED, LedgerState.VOIDED):
        await an_item(office, chen, state)
    known = await calendar()
    everything = [
        ledger.light_of(item, today=today(office), calendar=known).light for item in await LedgerItem.all()
    ]
    for light in Light:
        page = (await chen.get(f"/ledger?light={light.value}")).text
        assert (light, total(page)) == (light, everything.count(light))
        assert set(re.findall(r'class="light light-(\w+)"', page)) <= {light.value}
        assert everything.count(light) > 0


async def test_what_waits_for_a_decision_waits_for_who_may_take_it(office, chen, luo):
    day, now = today(office), office.watch.now()
    review = {"retention_note": "等规划", "next_review_on": day}
    await an_item(office, chen, LedgerState.RETAINED, **review)
    late = await an_item(office, chen, LedgerState.RETAINED)
    await LedgerItem.filter(id=late.id).update(next_review_on=day + timedelta(days=1))
    await an_item(office, chen, LedgerState.CLOSED, needs_review_since=now)
    await an_item(office, chen, LedgerState.CLOSING, asked_by_id=luo.person.id)
    asked = await an_item(office, chen, LedgerState.IN_PROGRESS)
    until_on = day + timedelta(days=60)
    await Extension.create(
        item=asked, asked_by=luo.person, reason="雨季", until_on=until_on, state="asked", asked_at=now
    )
    found = {"close_out": (1, 0), "extension": (1, 0), "retention": (1, 1), "unsolved": (1, 1)}
    for todo, (for_chen, for_luo) in found.items():
        assert (todo, total((await chen.get(f"/ledger?todo={todo}")).text)) == (todo, for_chen)
        assert (todo, total((await luo.get(f"/ledger?todo={todo}")).text)) == (todo, for_luo)
    home = (await chen.get("/")).text
    for path, count in re.findall(r'href="/console(/ledger\?(?:todo|light)=[^"]+)"><b>(\d+)</b>', home):
        assert (path, total((await chen.get(path)).text)) == (path, int(count))
    assert 'href="/console/ledger?todo=unsolved"><b>1</b>' in home


async def test_the_office_puts_its_words_right_and_the_item_tells_it(office, chen):
    item = await an_item(office, chen, LedgerState.IN_PROGRESS)
    form = {
        "version": item.version,
        "title": "路口坑槽（两处）",
        "summary": "两处\r\n坑槽",
        "place_name": "北京路",
    }
    page = (await chen.post(f"/ledger/{item.id}/amendments", form, part=True)).text
    assert "已修改。" in page
    assert "修改标题、情况摘要、地点" in page
    item = await LedgerItem.get(id=item.id)
    assert (item.title, item.summary, item.place_name) == ("路口坑槽（两处）", "两处\n坑槽", "北京路")
    overtaken = (
        await chen.post(f"/ledger/{item.id}/amendments", form | {"title": "又改一次"}, part=True)
    ).text
    assert "别的同志刚刚办理过这一件" in overtaken
    assert 'value="又改一次"' in overtaken
