"""The review page: what a reviewer sees, the three decisions, and being overtaken by a colleague."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from models import LedgerItem, Observation
from models.vocabulary import ObservationKind, ObservationState, OrganisationKind, Role
from server import observations, people
from server.ledger import NewItem
from server.web.console.review_queue import queue_of
from tests.conftest import a_picture, a_report, until


@pytest.fixture
async def laoma(office):
    return await office.phone_of("老马")


@pytest.fixture
async def chen(office):
    return await office.desk_of("小陈")


async def reported(phone, **changes):
    """Return an observation that has arrived without its photo."""
    receipt = await phone.submit(a_report(**changes), uuid4())
    assert receipt.status_code == 201, receipt.text
    return await Observation.get(receipt_number=receipt.json()["receipt_number"])


def decision(observation, **typed):
    return {"version": observation.version, "title": "北京路路口坑槽", "kind": "problem", **typed}


def listed(page):
    return re.findall(r'data-id="([0-9a-f-]{36})"', page)


async def test_the_list_stands_by_promised_date_and_names_nobody(office, laoma, chen):
    later = await reported(laoma, text="第二急")
    sooner = await reported(laoma, text="第一急")
    await Observation.filter(id=sooner.id).update(promised_on=later.promised_on - timedelta(days=10))

    page = (await chen.get("/review")).text

    assert listed(page) == [str(sooner.id), str(later.id)]
    assert '待审核 <b id="count-waiting">2</b>' in page
    assert "已逾期" in page
    assert "督察队员" in page
    assert "老马" not in page
    assert str(laoma.person.id) not in page


async def test_a_report_whose_photos_are_on_the_way_says_how_many_are_here(office, laoma, chen):
    here, away = a_picture("red"), a_picture("blue")
    receipt = await laoma.submit(a_report(here, away), uuid4())
    await laoma.upload(here)
    observation = await Observation.get(receipt_number=receipt.json()["receipt_number"])

    page = (await chen.get(f"/review/{observation.id}")).text

    assert "1/2 张照片" in page
    assert "第2张照片还没有送达" in page


async def test_a_photo_is_shown_to_reviewers_and_to_nobody_else(office, laoma, chen):
    picture = a_picture()
    await laoma.submit(a_report(picture), uuid4())
    await laoma.upload(picture)
    observation = await Observation.get()

    async def shown():
        return re.findall(
            r'href="(/console/photos/[^"]+)" data-enlarge', (await chen.get(f"/review/{observation.id}")).text
        )

    (address,) = await until(shown)
    answer = await chen.client.get(address)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    again = await chen.client.get(address, headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304

    auditor = await office.desk_of("老郑", Role.AUDITOR)
    assert (await auditor.client.get(address)).status_code == 403
    assert (await office.client().get(address)).status_code == 303
    assert (await chen.get(f"/photos/{uuid4()}")).status_code == 404


async def test_the_place_is_explained_with_its_datum_and_grade(office, laoma, chen):
    observation = await reported(laoma)

    page = (await chen.get(f"/review/{observation.id}")).text

    assert "38.48720°N 106.23090°E（WGS-84坐标）；手机定位，误差约12米" in page
    assert "位置基本可信" in page
    assert "定位准确，但没有点位可以核对" in page


async def test_accepting_registers_and_opens_the_next_report(office, laoma, chen):
    first, second = await reported(laoma, text="第一件"), await reported(laoma, text="第二件")

    answer = await chen.post(
        f"/review/{first.id}/acceptance", decision(first, lead_unit="市住建局"), part=True
    )

    item = await LedgerItem.get().select_related("lead_unit")
    assert (item.title, item.lead_unit.name) == ("北京路路口坑槽", "市住房城乡建设局")
    assert answer.status_code == 200
    assert answer.headers["hx-trigger"] == "queue-changed"
    assert answer.headers["hx-replace-url"] == f"/console/review/{second.id}"
    assert f'data-report="{second.id}"' in answer.text
    assert f'已挂号 <a href="/console/ledger/{item.id}">{item.number_text}</a>' in answer.text


async def test_after_the_last_one_the_page_says_that_all_is_done(office, laoma, chen):
    only = await reported(laoma)

    answer = await chen.post(f"/review/{only.id}/acceptance", decision(only), part=True)

    assert "都处理完了" in answer.text
    assert answer.headers["hx-replace-url"] == "/console/review"


async def test_a_browser_without_scripts_is_led_to_the_next_report(office, laoma, chen):
    first, second = await reported(laoma, text="第一件"), await reported(laoma, text="第二件")

    answer = await chen.post(f"/review/{first.id}/acceptance", decision(first))

    assert (answer.status_code, answer.headers["location"]) == (303, f"/console/review/{second.id}")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"title": "坑"}, "标题：至少要2个字"),
        ({"title": ""}, "标题：缺少这一项"),
        ({"kind": "gossip"}, "类别：不在可选范围内"),
        ({"task": "2026-99 没有的任务"}, "任务清单里没有“2026-99 没有的任务”这一项。"),
        ({"lead_unit": "没有的单位"}, "系统里没有名为“没有的单位”的单位。"),
        ({"version": "abc"}, "版本"),
    ],
)
async def test_what_is_typed_wrong_is_told_beside_the_form(office, laoma, chen, typed, said):
    observation = await reported(laoma)

    answer = await chen.post(f"/review/{observation.id}/acceptance", decision(observation) | typed, part=True)

    assert answer.status_code == 422
    assert answer.headers["hx-retarget"] == "#notices"
    assert said in answer.text
    assert await LedgerItem.all().count() == 0


async def test_asking_for_more_and_declining_carry_the_catalogue_s_words(office, laoma, chen):
    asked, declined = await reported(laoma, text="第一件"), await reported(laoma, text="第二件")

    form = {"version": asked.version, "reason": "unclear_place", "words": "写上门牌号"}
    answer = await chen.post(f"/review/{asked.id}/question", form, part=True)
    assert "已请上报人补充" in answer.text
    answer = await chen.post(
        f"/review/{declined.id}/refusal", {"version": declined.version, "reason": "not_reform"}, part=True
    )
    assert "已回复不予采纳" in answer.text

    await asked.refresh_from_db()
    await declined.refresh_from_db()
    assert (asked.state, asked.reply) == (
        ObservationState.MORE_ASKED,
        "请补充具体位置，例如路名和门牌号。\n写上门牌号",
    )
    assert declined.state is ObservationState.DECLINED
    assert listed((await chen.get("/review?show=more_asked")).text) == [str(asked.id)]
    assert listed((await chen.get("/review?show=decided")).text) == [str(declined.id)]


async def test_a_decision_needs_a_reason_of_the_catalogue(office, laoma, chen):
    observation = await reported(laoma)

    answer = await chen.post(
        f"/review/{observation.id}/refusal", {"version": 1, "reason": "unclear_place"}, part=True
    )

    assert answer.status_code == 422
    assert "请选择一条理由。" in answer.text


async def test_whoever_is_overtaken_reads_by_whom_and_the_list_is_renewed(office, laoma, chen):
    observation = await reported(laoma)
    gao = await office.desk_of("小高")
    await gao.post(f"/review/{observation.id}/acceptance", decision(observation), part=True)
    item = await LedgerItem.get()

    answer = await chen.post(f"/review/{observation.id}/acceptance", decision(observation), part=True)

    assert answer.status_code == 409
    assert answer.headers["hx-trigger"] == "queue-changed"
    assert "这份上报已经处理过了。" in answer.text
    assert f"小高：审核采纳，挂号{item.number_text}。" in answer.text
    assert await LedgerItem.all().count() == 1


async def test_a_report_that_was_amended_meanwhile_is_shown_anew(office, laoma, chen):
    client_id = uuid4()
    receipt = await laoma.submit(a_report(), client_id)
    observation = await Observation.get(receipt_number=receipt.json()["receipt_number"])
    await laoma.put(f"/observations/{client_id}/revisions/1", json=a_report(text="其实是两个坑"))

    answer = await chen.post(f"/review/{observation.id}/acceptance", decision(observation), part=True)

    assert answer.status_code == 409
    assert "内容已被更新" in answer.text
    assert "其实是两个坑" in answer.text
    assert "路口坑槽一周未修" in answer.text  # the earlier version, beside it


async def test_the_reporter_s_task_is_proposed_with_its_lead_unit(office, laoma, chen, a_task):
    observation = await reported(laoma, task_id=str(a_task.id))

    page = (await chen.get(f"/review/{observation.id}")).text
    assert f'value="{a_task.code} {a_task.name}"' in page

    await chen.post(
        f"/review/{observation.id}/acceptance",
        decision(observation, task=f"{a_task.code} {a_task.name}"),
        part=True,
    )
    assert (await LedgerItem.get()).task_id == a_task.id


async def test_an_acceptance_is_taken_back_within_a_minute(office, laoma, chen):
    observation = await reported(laoma)
    done = await chen.post(f"/review/{observation.id}/acceptance", decision(observation), part=True)
    assert f'hx-post="/console/review/{observation.id}/undoing"' in done.text

    undone = await chen.post(f"/review/{observation.id}/undoing", {}, part=True)

    assert "已撤销受理，重新审核" in undone.text
    assert f'data-report="{observation.id}"' in undone.text
    assert listed((await chen.get("/review")).text) == [str(observation.id)]
    office.watch.ahead = timedelta(minutes=2)
    await observation.refresh_from_db()
    await chen.post(f"/review/{observation.id}/acceptance", decision(observation), part=True)
    office.watch.ahead = timedelta(minutes=4)
    late = await chen.post(f"/review/{observation.id}/undoing", {}, part=True)
    assert late.status_code == 409


async def test_a_deputy_s_report_is_declined_by_two(office, chen):
    deputy = await office.phone_of("李代表", Role.DEPUTY)
    observation = await reported(deputy)
    form = {"version": 1, "reason": "not_reform"}

    first = await chen.post(f"/review/{observation.id}/refusal", form, part=True)
    assert "已提出不予采纳，请另一位同志复核" in first.text
    gao = await office.desk_of("小高")
    assert "小陈提出不予采纳。" in (await gao.get(f"/review/{observation.id}")).text

    same = await chen.post(f"/review/{observation.id}/refusal", form | {"version": 2}, part=True)
    assert (same.status_code, "需要另一位同志复核" in same.text) == (403, True)
    second = await gao.post(f"/review/{observation.id}/refusal", form | {"version": 2}, part=True)
    assert "已回复不予采纳" in second.text


async def test_a_county_reviews_its_own_reports_and_no_others(office, laoma):
    county = await people.add_organisation(
        "兴庆区委改革办", code="xq", kind=OrganisationKind.COUNTY_REFORM_OFFICE, by=None, parent=office.root
    )
    ding = await office.enrol("小丁", Role.OFFICE_STAFF, organisation=county)
    await ding.fetch_related("duties")
    await ding.duties[0].update_from_dict({"scope": "subtree"}).save()
    desk = await office.desk_of("市里小陈")
    observation = await reported(laoma)

    actor = await office.actor(ding)
    assert await observations.queue(actor) == []
    assert listed((await desk.get("/review")).text) == [str(observation.id)]


async def test_a_long_list_costs_as_many_queries_as_a_short_one(office, laoma, chen, count_queries):
    actor, now = await office.actor(chen.person), office.watch.now()
    await reported(laoma, text="第一件")
    with count_queries() as few:
        await queue_of(actor, show="waiting", now=now)
    for number in range(4):
        await reported(laoma, text=f"第{number}件")
    with count_queries() as many:
        await queue_of(actor, show="waiting", now=now)
    assert many.count == few.count > 0


async def test_the_decided_report_is_read_only_and_tells_its_number(office, laoma, chen):
    observation = await reported(laoma)
    actor = await office.actor(chen.person)
    item = await observations.accept(
        observation.id,
        version=1,
        new=NewItem(title="路口坑槽", kind=ObservationKind.PROBLEM),
        by=actor,
        now=office.watch.now(),
    )

    page = (await chen.get(f"/review/{observation.id}")).text

    assert "/acceptance" not in page
    assert f'<a href="/console/ledger/{item.id}">{item.number_text}</a>' in page


async def test_accepting_and_dispatching_are_one_press(office, laoma, chen):
    observation = await reported(laoma)
    address = f"/review/{observation.id}/acceptance"

    nowhere = await chen.post(address, decision(observation, send="on"), part=True)
    assert (nowhere.status_code, "同时分办要先填写牵头单位。" in nowhere.text) == (422, True)
    form = decision(observation, send="on", days=5, lead_unit="市住建局")
    assert "已挂号并分办" in (await chen.post(address, form, part=True)).text
    item = await LedgerItem.get()
    assert (item.state, item.due_days, item.lead_unit_id) == ("dispatched", 5, office.bureau.id)


async def test_a_likely_double_is_shown_with_its_reasons_and_joined(office, laoma, chen):
    first = await reported(laoma)
    await chen.post(f"/review/{first.id}/acceptance", decision(first), part=True)
    item = await LedgerItem.get()
    second = await reported(await office.phone_of("周师傅"))

    page = (await chen.get(f"/review/{second.id}")).text
    assert f'data-alike="{first.id}"' in page
    assert "相距0米、文字相近" in page

    form = {"version": second.version, "item_id": str(item.id)}
    done = await chen.post(f"/review/{second.id}/joining", form, part=True)
    assert f'已并入 <a href="/console/ledger/{item.id}">{item.number_text}</a>' in done.text
    assert (await Observation.get(id=second.id)).ledger_item_id == item.id
    assert await LedgerItem.all().count() == 1
    again = await chen.post(f"/review/{second.id}/joining", form, part=True)
    assert again.status_code == 409
