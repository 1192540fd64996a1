"""Preparing a visit at the desk: its plan and rules, route, observers, publication, copies; and what is refused."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest

from models import ScoreRound, SiteVisit, VisitObserver, VisitStop
from models.vocabulary import OrganisationKind, Role, VisitState
from server import people
from server.kernel.clock import SHANGHAI, business_date
from server.scoring import faults_of
from server.site_visits import rules_of
from server.web.console.site_visit_stops import moved
from server.web.console.typing_rules import TABLES, RulesForm, form_of, rows_of, table_of, typed_rules
from tests.server.ledger_sheets.conftest import a_sheet

ROWS = {
    "criterion-1-name": "改革成效",
    "criterion-1-weight": "60",
    "criterion-1-anchors": "90-100：示范引领，可以复制\n60～89.5：基本到位",
    "criterion-2-name": "创新程度",
    "criterion-2-weight": "40",
    "group-1-name": "专家组",
    "group-1-weight": "60",
    "group-2-name": "代表委员组",
    "group-2-weight": "40",
}
RULES = {"low": "0", "high": "100", "step": "0.5", "comment_below": "60", "merge_below": "3"}
STOP = {"name": "政务大厅", "opens": "09:00", "closes": "10:30", "fence_m": "150", "is_mandatory": "true"}


def day(office, ahead=7):
    return (business_date(office.watch.now()) + timedelta(days=ahead)).isoformat()


def plan(office, **changes):
    first = {"title": "秋季观摩", "held_on": day(office), "needs_check_in": "true", "least_dwell_min": "10"}
    return first | RULES | ROWS | changes


@pytest.fixture
async def chen(office):
    return await office.desk_of("小陈")


async def planned(office, chen, **changes):
    done = await chen.post("/site-visits", plan(office, **changes), part=True)
    assert done.status_code == 204, done.text
    return await SiteVisit.all().order_by("-planned_at").first()


async def added(chen, visit, **changes):
    version = (await SiteVisit.get(id=visit.id)).version
    return await chen.post(f"/site-visits/{visit.id}/stops", STOP | {"version": version} | changes, part=True)


async def invited(office, chen, visit, count=5):
    observers = [await office.enrol(f"观察员{n}", Role.REFORM_OBSERVER) for n in range(count)]
    ids = [row.id for row in rules_of(visit).groups]
    for group, some in ((ids[0], observers[:3]), (ids[1], observers[3:])):
        form = {"group": group} | {f"person-{one.id}": "1" for one in some}
        done = await chen.post(f"/site-visits/{visit.id}/observers", form, part=True)
        assert done.status_code == 204, done.text
    return observers


async def complete(office, chen):
    visit = await planned(office, chen)
    await added(chen, visit)
    await invited(office, chen, visit)
    return await SiteVisit.get(id=visit.id)


async def publish(chen, visit):
    form = {"version": (await SiteVisit.get(id=visit.id)).version}
    return await chen.post(f"/site-visits/{visit.id}/publication", form, part=True)


async def test_a_visit_is_planned_with_its_rules_as_they_are_typed(office, chen):
    visit = await planned(office, chen, locks_at=f"{day(office)}T18:30", aggregation="median", few="none")
    rules = rules_of(visit)
    assert faults_of(rules) == []
    assert [(one.id, one.name, one.weight) for one in rules.criteria] == [
        ("c1", "改革成效", Decimal(60)),
        ("c2", "创新程度", Decimal(40)),
    ]
    assert [one.words for one in rules.criteria[0].anchors] == ["示范引领，可以复制", "基本到位"]
    assert [(row.least, row.method) for row in rules.table] == [
        (0, "none"),
        (1, "none"),
        (3, "mean"),
        (5, "median"),
    ]
    assert f"{visit.locks_at.astimezone(SHANGHAI):%H:%M}" == "18:30"
    assert visit.needs_check_in
    page = (await chen.get(f"/site-visits/{visit.id}")).text
    for told in (
        "改革成效",
        "示范引领，可以复制",
        "取中位数",
        "1～2张不计算得分",
        "还没有点位",
        "还没有观察员",
    ):
        assert told in page


async def test_every_wrong_field_is_named_at_once_and_nothing_is_planned(office, chen):
    wrong = {"title": "", "criterion-1-weight": "六十", "criterion-1-anchors": "很好", "step": "半分"}
    refused = await chen.post("/site-visits", plan(office, **wrong), part=True)
    assert refused.status_code == 422
    for field in ("title", "criterion-1-weight", "criterion-1-anchors"):
        assert f'data-wrong="{field}"' in refused.text
    refused = await chen.post("/site-visits", plan(office, step="半分"), part=True)
    assert 'data-wrong="step"' in refused.text
    refused = await chen.post("/site-visits", plan(office, held_on=day(office, -1)), part=True)
    assert 'data-wrong="held_on"' in refused.text
    nothing = {name: "" for name in ROWS}
    refused = await chen.post("/site-visits", plan(office, **nothing), part=True)
    assert 'data-wrong="criterion-1-name"' in refused.text
    assert await SiteVisit.all().count() == 0


async def test_weights_that_do_not_sum_to_a_hundred_are_kept_and_stop_the_publication(office, chen):
    visit = await complete(office, chen)
    form = plan(office, version=visit.version) | {"criterion-2-weight": "30"}
    done = await chen.post(f"/site-visits/{visit.id}/plan", form, part=True)
    assert done.status_code == 204, done.text
    assert "评分项的权重合计是 90，要正好是 100" in (await chen.get(f"/site-visits/{visit.id}")).text
    refused = await publish(chen, visit)
    assert (refused.status_code, "权重合计是 90" in refused.text) == (422, True)
    assert await ScoreRound.all().count() == 0


async def test_criteria_keep_their_ids_when_others_come_and_go(office, chen):
    visit = await planned(office, chen)
    form = plan(office, version=1) | {
        "criterion-1-name": "",
        "criterion-1-weight": "",
        "criterion-1-anchors": "",
    }
    form |= {"criterion-2-id": "c2", "criterion-3-name": "群众评价", "criterion-3-weight": "60"}
    await chen.post(f"/site-visits/{visit.id}/plan", form, part=True)
    rules = rules_of(await SiteVisit.get(id=visit.id))
    assert [(one.id, one.name) for one in rules.criteria] == [("c2", "创新程度"), ("c1", "群众评价")]


async def test_a_stop_has_place_unit_and_times_and_can_be_moved_changed_and_removed(office, chen):
    visit = await planned(office, chen)
    place = {"position": "106.2309, 38.4872", "datum": "wgs84", "unit": "市住建局", "place_name": "一楼"}
    assert (await added(chen, visit, **place)).status_code == 204
    assert (await added(chen, visit, name="社区服务站", is_mandatory="")).status_code == 204
    first, second = await VisitStop.filter(visit_id=visit.id).order_by("position")
    assert (first.wgs_latitude, first.wgs_longitude, first.unit_id) == (38.4872, 106.2309, office.bureau.id)
    assert (second.is_mandatory, second.wgs_latitude) == (False, None)
    form = (await chen.get(f"/site-visits/{visit.id}/stops/{first.id}")).text
    for told in (
        'value="106.230900,38.487200"',
        'value="09:00"',
        f'value="{office.bureau.name}"',
        'value="wgs84" selected',
    ):
        assert told in form

    async def move(stop, how):
        version = (await SiteVisit.get(id=visit.id)).version
        form = {"version": version, "stop_id": str(stop.id), "move": how}
        return await chen.post(f"/site-visits/{visit.id}/stop-order", form, part=True)

    await move(second, "up")
    assert [one.name for one in await VisitStop.all().order_by("position")] == ["社区服务站", "政务大厅"]
    version = (await SiteVisit.get(id=visit.id)).version
    await chen.post(
        f"/site-visits/{visit.id}/stops/{second.id}", STOP | {"version": version, "name": "便民站"}, part=True
    )
    await move(first, "out")
    assert [one.name for one in await VisitStop.all()] == ["便民站"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"closes": "09:00"}, "closes"),
        ({"opens": "25:00"}, "opens"),
        ({"position": "市民大厅"}, "position"),
        ({"position": "6.2309,38.4872"}, "position"),
        ({"unit": "没有的单位"}, "unit"),
        ({"task": "2026-99 没有的任务"}, "task"),
        ({"fence_m": "19"}, "fence_m"),
        ({"fence_m": "5001"}, "fence_m"),
    ],
)
async def test_a_stop_that_can_not_be_is_refused_at_its_field(office, chen, changes, field):
    visit = await planned(office, chen)
    refused = await added(chen, visit, **changes)
    assert (refused.status_code, f'data-wrong="{field}"' in refused.text) == (422, True)
    assert await VisitStop.all().count() == 0


async def test_observers_are_ticked_into_a_group_and_taken_off(office, chen):
    visit = await planned(office, chen)
    observers = await invited(office, chen, visit)
    await office.enrol("普通群众", Role.CITIZEN)
    page = (await chen.get(f"/site-visits/{visit.id}")).text
    assert "普通群众" not in page
    one = await VisitObserver.get(person_id=observers[0].id)
    await chen.post(f"/site-visits/{visit.id}/observers/{one.id}/removal", {}, part=True)
    assert await VisitObserver.all().count() == 4
    nobody = await chen.post(f"/site-visits/{visit.id}/observers", {"group": "g1"}, part=True)
    assert (nobody.status_code, 'data-wrong="people"' in nobody.text) == (422, True)


async def test_of_ticked_people_all_are_invited_or_nobody(office, chen):
    visit = await planned(office, chen)
    fit, unfit = (
        await office.enrol("观察员甲", Role.REFORM_OBSERVER),
        await office.enrol("群众乙", Role.CITIZEN),
    )
    form = {"group": "g1", f"person-{fit.id}": "1", f"person-{unfit.id}": "1"}
    refused = await chen.post(f"/site-visits/{visit.id}/observers", form, part=True)
    assert (refused.status_code, await VisitObserver.all().count()) == (422, 0)


async def test_a_published_visit_shows_its_digest_and_new_rules_need_a_reason(office, chen):
    visit = await complete(office, chen)
    assert (await publish(chen, visit)).status_code == 204
    found = await ScoreRound.get(id=visit.id)
    page = (await chen.get(f"/site-visits/{visit.id}")).text
    assert found.rule_digest in page
    assert "/stops/new" not in page

    changed = RULES | ROWS | {"criterion-1-weight": "50", "criterion-2-weight": "50"}
    refused = await chen.post(f"/site-visits/{visit.id}/rules", changed, part=True)
    assert (refused.status_code, 'data-wrong="reason"' in refused.text) == (422, True)
    done = await chen.post(f"/site-visits/{visit.id}/rules", changed | {"reason": "权重写错"}, part=True)
    assert done.status_code == 204, done.text
    again = await ScoreRound.get(id=visit.id)
    assert (again.rules_version, again.rule_digest != found.rule_digest) == (2, True)
    page = (await chen.get(f"/site-visits/{visit.id}")).text
    assert again.rule_digest in page
    assert "权重写错" in page


async def test_a_stale_page_publishes_and_changes_nothing(office, chen):
    visit = await complete(office, chen)
    stale = {"version": visit.version}
    await added(chen, visit, name="后来的点位")
    refused = await chen.post(f"/site-visits/{visit.id}/publication", stale, part=True)
    assert (refused.status_code, "刚被别人改过" in refused.text) == (409, True)
    refused = await chen.post(
        f"/site-visits/{visit.id}/plan", plan(office, **stale, title="旧页面"), part=True
    )
    assert refused.status_code == 409
    found = await SiteVisit.get(id=visit.id)
    assert (found.state, found.title) == (VisitState.DRAFT, "秋季观摩")


async def test_last_years_visit_is_copied_whole(office, chen):
    visit = await complete(office, chen)
    form = {"title": "明年观摩", "held_on": day(office, 372)}
    await chen.post(f"/site-visits/{visit.id}/copies", form, part=True)
    copied = await SiteVisit.get(title="明年观摩")
    assert (copied.copied_from_id, copied.rules) == (visit.id, visit.rules)
    assert await VisitObserver.filter(visit_id=copied.id).count() == 5
    refused = await chen.post(
        f"/site-visits/{visit.id}/copies", form | {"held_on": day(office, -1)}, part=True
    )
    assert 'data-wrong="held_on"' in refused.text


async def test_a_visit_in_preparation_is_cancelled_with_a_reason(office, chen):
    visit = await planned(office, chen)
    await chen.post(f"/site-visits/{visit.id}/cancellation", {"reason": "改到明年"}, part=True)
    page = (await chen.get(f"/site-visits/{visit.id}")).text
    assert "取消观摩：改到明年" in page
    assert "现在可以办理" not in page


async def test_the_year_counts_visits_and_matters_and_warns_outside_two_to_three(office, chen, a_task):
    visit = await planned(office, chen)
    await added(chen, visit, task=f"{a_task.code} {a_task.name}")
    await invited(office, chen, visit)
    year = visit.held_on.year
    assert (
        f"{year}年观摩0次，评估重大事项0项，机制要求每年2～3项"
        in (await chen.get(f"/site-visits?year={year}")).text
    )
    await publish(chen, visit)
    page = (await chen.get(f"/site-visits?year={year}")).text
    assert f"{year}年观摩1次，评估重大事项1项，机制要求每年2～3项" in page
    assert "秋季观摩" in page
    assert "秋季观摩" not in (await chen.get(f"/site-visits?year={year - 1}")).text


async def test_an_auditor_sees_and_changes_nothing_and_another_office_finds_none(office, chen):
    visit = await complete(office, chen)
    zheng = await office.desk_of("老郑", Role.AUDITOR)
    page = (await zheng.get(f"/site-visits/{visit.id}")).text
    assert "秋季观摩" in page
    for offered in ("<textarea", "/publication", "/stop-order", "/observers"):
        assert offered not in page
    assert (await publish(zheng, visit)).status_code == 403
    county = await people.add_organisation(
        "兴庆区委改革办",
        code="xingqing",
        kind=OrganisationKind.COUNTY_REFORM_OFFICE,
        by=None,
        parent=office.root,
    )
    ding = await office.desk_of("小丁", organisation=county)
    assert (await ding.get(f"/site-visits/{visit.id}")).status_code == 404
    assert (await publish(ding, visit)).status_code == 404
    assert (await ding.post(f"/site-visits/{visit.id}/observers", {"group": "g1"})).status_code == 404
    unit = await office.desk_of("老周", Role.DEPARTMENT_CONTACT, organisation=office.bureau)
    assert (await unit.get(f"/site-visits/{visit.id}")).status_code == 403


@pytest.mark.parametrize("few", ["mean", "none"])
@pytest.mark.parametrize("aggregation", TABLES)
def test_every_choice_of_the_form_is_read_back_as_it_was_typed(aggregation, few):
    form = RulesForm(aggregation=aggregation, few=few, comment_below="60", merge_below=0, named=True)
    rules, faults = typed_rules(form, ROWS)
    assert (faults, faults_of(rules)) == ([], [])
    assert form_of(rules) == form
    again = {
        f"{kind}-{n}-{part}": getattr(row, part)
        for kind, rows in (("criterion", rows_of(rules.criteria)), ("group", rows_of(rules.groups)))
        for n, row in enumerate(rows, start=1)
        for part in ("id", "name", "weight", "anchors")
    }
    assert typed_rules(form, again)[0] == rules


def test_a_table_that_no_choice_describes_stays_as_it_was():
    odd = [*table_of(RulesForm())[:3], TABLES["trimmed"][-1].__class__(5, None, "trimmed", cut=2)]
    rules, _ = typed_rules(RulesForm(), ROWS)
    other = rules.__class__(criteria=rules.criteria, groups=rules.groups, table=odd)
    form = form_of(other)
    assert form.aggregation == "as_before"
    assert typed_rules(form, ROWS, before=other)[0].table == odd


@pytest.mark.parametrize(
    ("one", "move", "order"),
    [("a", "up", "abc"), ("b", "up", "bac"), ("b", "down", "acb"), ("c", "down", "abc"), ("b", "out", "ac")],
)
def test_a_stop_moves_one_place_and_not_beyond_the_ends(one, move, order):
    assert "".join(moved(list("abc"), one, move)) == order


async def test_observers_come_in_from_a_sheet_only_after_its_preview_is_confirmed(office, chen):
    visit = await planned(office, chen)
    await office.enrol("观察员1", Role.REFORM_OBSERVER)
    here, headers = f"/site-visits/{visit.id}/observers", ["称谓", "单位", "评审组"]
    assert f'href="/console{here}/import"' in (await chen.get(f"/site-visits/{visit.id}")).text
    assert f'href="/console{here}/template"' in (await chen.get(f"{here}/import")).text
    assert (await chen.get(f"{here}/template")).content[:2] == b"PK"

    async def upload(*rows):
        files = {"file": ("名单.xlsx", a_sheet(headers, list(rows)), "application/vnd.ms-excel")}
        told = {"origin": str(chen.client.base_url).rstrip("/"), "hx-request": "true"}
        return await chen.client.post(f"/console{here}/imports", files=files, headers=told)

    wrong = (await upload(["<b>观察员9", "改革办", "专家组"])).text
    assert "&lt;b&gt;观察员9" in wrong
    assert "有1个问题，还不能加入。" in wrong
    assert "/confirmations" not in wrong

    seen = (await upload(["观察员1", "改革办", "专家组"])).text
    assert "确认加入1人" in seen
    assert await VisitObserver.filter(visit_id=visit.id).count() == 0
    token = re.search(r'name="token" value="([^"]+)"', seen)[1]
    for _ in range(2):
        answer = await chen.post(f"{here}/confirmations", {"token": token})
        assert answer.headers["location"] == f"/console/site-visits/{visit.id}/arrangement"
    assert await VisitObserver.filter(visit_id=visit.id).count() == 1
    assert "都已加入，不用再导入" in (await upload(["观察员1", "改革办", "专家组"])).text
    refused = await chen.post(f"{here}/confirmations", {"token": "0"}, part=True)
    assert (refused.status_code, "没有找到这次预览" in refused.text) == (409, True)
