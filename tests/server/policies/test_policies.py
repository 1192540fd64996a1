"""Policies as data (ADM-05): in force at once, every version kept, tried on last month's data before they change."""

import shutil
from datetime import time, timedelta
from html import unescape
from uuid import uuid4

import pytest

from models import JournalEntry, Observation, Policy, PolicyVersion
from models.vocabulary import Role
from server import packs, policies
from server.kernel.clock import business_date
from server.packs import Categories, PackBroken, open_pack, opening
from server.packs.opening import FOLDER
from tests.conftest import a_report

SECOND = {
    "review_days = 1": "review_days = 3",
    "starts = 22:00:00": "starts = 21:00:00",
    "ends = 07:30:00": "ends = 08:00:00",
    "per_day = 30": "per_day = 12",
    'decline_from = ["deputy"]': 'decline_from = ["deputy", "citizen"]',
    "void = true": "void = false",
    'code = "service"': 'code = "counter"',
    'label = "政务服务"': 'label = "窗口办事"',
}


@pytest.fixture
def second_city(tmp_path, monkeypatch):
    """A second city's pack: the first one's folder with other rules."""
    shutil.copytree(FOLDER / "yinchuan", tmp_path / "wuzhong")
    file = tmp_path / "wuzhong" / "pack.toml"
    text = file.read_text("utf-8")
    for old, new in SECOND.items():
        assert old in text, old
        text = text.replace(old, new, 1)
    file.write_text(text, "utf-8")
    monkeypatch.setattr(opening, "FOLDER", tmp_path)
    monkeypatch.setattr(opening.open_pack, "__kwdefaults__", {"folder": tmp_path})
    opening.ways_of.cache_clear()
    packs.serve_city("wuzhong")
    yield open_pack("wuzhong", folder=tmp_path)
    opening.ways_of.cache_clear()
    packs.serve_city("yinchuan")


async def change(desk, code, changed=None):
    """Post a policy's form with some fields changed."""
    now = await policies.policy_now(code)
    return await desk.post(
        f"/policies/{code}",
        form(now.content) | {"version": now.version, "why": "试一试"} | (changed or {}),
    )


def form(content):
    """Return a content as its form's fields."""
    from server.web.console.policy_forms import groups_of  # noqa: PLC0415

    found = {}
    for group in groups_of(content):
        if group.code:
            found[f"{group.prefix}code"] = group.code
        for blank in group.blanks:
            if blank.kind == "choices":
                found |= {f"{blank.name}.{one.value}": "on" for one in blank.value}
            elif blank.kind == "tick":
                found |= {blank.name: "on"} if blank.value else {}
            else:
                found[blank.name] = blank.said if blank.kind == "time" else blank.value
    return found


async def test_adm_05_a_rule_is_in_force_at_once_with_its_history_and_reason(office):
    luo = await office.desk_of("罗主任", Role.OFFICE_LEAD)
    laoma = await office.phone_of("老马")
    first = (await laoma.submit(a_report())).json()
    assert (await change(luo, "promises", {"content.review_days": 3})).status_code == 303
    second = (await laoma.submit(a_report())).json()

    assert "1个工作日" in first["promise_words"]
    assert "3个工作日" in second["promise_words"]
    page = (await luo.get("/policies/promises")).text
    assert "第2版" in page
    assert "试一试" in page
    assert "城市配置里的规则" in page
    entry = await JournalEntry.get(event="policy.changed")
    assert (entry.detail["why"], entry.detail["content"]) == ("试一试", {"review_days": 3})


async def test_adm_05_a_version_that_nobody_has_seen_last_is_refused_and_the_same_words_change_nothing(
    office,
):
    luo = await office.desk_of("罗主任", Role.OFFICE_LEAD)
    await change(luo, "promises", {"content.review_days": 2})
    stale = await luo.post(
        "/policies/promises", {"version": 1, "why": "晚了一步"} | {"content.review_days": 5}
    )
    assert "刚刚被别人改过" in stale.text
    await change(luo, "promises")
    assert [one.version for one in await PolicyVersion.all().order_by("version")] == [1, 2]
    assert (await Policy.get()).content == {"review_days": 2}


@pytest.mark.parametrize(("days", "status"), [(0, 422), (1, 303), (30, 303), (31, 422)])
async def test_adm_05_a_rule_has_bounds(office, days, status):
    luo = await office.desk_of("罗主任", Role.OFFICE_LEAD)
    answer = await change(luo, "promises", {"content.review_days": days})
    assert answer.status_code == status


async def test_adm_05_quiet_hours_go_over_midnight(office):
    luo = await office.desk_of("罗主任", Role.OFFICE_LEAD)
    refused = await change(luo, "quiet_hours", {"content.starts": "07:00"})
    assert "免打扰时间要从晚上到第二天早上" in refused.text
    await change(luo, "quiet_hours", {"content.starts": "20:30", "content.ends": "08:15"})
    hours = (await policies.in_force()).quiet_hours
    assert (hours.starts, hours.ends) == (time(20, 30), time(8, 15))


async def test_adm_05_only_who_keeps_the_rules_changes_them(office):
    chen = await office.desk_of("小陈", Role.OFFICE_STAFF)
    assert "用上月数据试算" not in (await chen.get("/policies/promises")).text
    assert (await change(chen, "promises", {"content.review_days": 3})).status_code == 403
    assert not await Policy.exists()


async def test_adm_05_a_dry_run_on_last_month_changes_nothing(office):
    luo, laoma = await office.desk_of("罗主任", Role.OFFICE_LEAD), await office.phone_of("老马")
    for days in (0, 0, 3):
        await laoma.submit(a_report(text="路口有个坑"))
        report = await Observation.all().order_by("-received_at", "-id").first()
        received = last_month(office.watch.now())
        await Observation.filter(id=report.id).update(
            received_at=received, decided_at=received + timedelta(days=days)
        )
    now = await policies.policy_now("promises")
    tried = await luo.post("/policies/promises/trial", form(now.content) | {"content.review_days": 5})
    words = unescape(tried.text)
    assert "收到3条上报。1个工作日内答复的有2条，占67%。" in words
    assert "5个工作日内答复的有3条，占100%。" in words
    for code, said in (
        ("categories", "没选分类的上报里有3条会建议归到这一类"),
        ("report_limits", "全市共收到3条上报"),
        ("quiet_hours", "准备推送0条"),
        ("four_eyes", "要两人同意的有0条"),
    ):
        now = await policies.policy_now(code)
        typed = form(now.content)
        if code == "categories":
            typed["content.2.words"] = "坑、井盖"
        assert said in (await luo.post(f"/policies/{code}/trial", typed)).text, code
    assert not await Policy.exists()


def last_month(now):
    """Return noon of a Monday in the month before."""
    day = business_date(now).replace(day=1) - timedelta(days=8)
    while day.weekday():
        day -= timedelta(days=1)
    return now.replace(year=day.year, month=day.month, day=day.day, hour=4, minute=0)


async def test_sub_01_a_category_is_offered_proposed_on_phones_and_shown_to_the_office(office):
    laoma, chen = await office.phone_of("老马"), await office.desk_of("小陈")
    offered = (await laoma.get("/tasks")).json()["categories"]
    assert {one["code"] for one in offered} >= {"roads", "service"}
    assert next(one for one in offered if one["code"] == "roads")["words"]
    await laoma.submit(a_report(category="roads"))
    [report] = await office.reports_of(laoma.person)
    assert report.category == "roads"
    assert "道路设施" in (await chen.get(f"/review/{report.id}")).text


@pytest.mark.parametrize(
    ("category", "photos", "code"),
    [
        ("service", 0, None),
        ("roads", 0, "photo_needed"),
        (None, 0, "photo_needed"),
        ("roads", 1, None),
        ("nowhere", 1, "no_such_category"),
    ],
)
async def test_sub_01_words_alone_are_enough_where_the_category_allows_it(office, category, photos, code):
    laoma = await office.phone_of("老马")
    report = a_report(category=category)
    if not photos:
        report["photos"] = []
    answer = await laoma.submit(report)
    if code:
        assert (answer.status_code, answer.json()["code"]) == (422, code)
    else:
        assert answer.status_code == 201
        assert answer.json()["state"] == ("received" if not photos else "waiting_media")


async def test_sub_01_a_draft_from_before_there_were_categories_is_the_same_when_sent_again(office):
    laoma, client_id = await office.phone_of("老马"), uuid4()
    report = a_report()
    first = await laoma.submit(report, client_id)
    again = await laoma.submit(report | {"category": None}, client_id)
    assert (first.status_code, again.status_code) == (201, 200)
    assert (await laoma.submit(report | {"category": "roads"}, client_id)).status_code == 422


async def test_adm_05_a_category_is_retired_never_removed(office):
    luo, laoma = await office.desk_of("罗主任", Role.OFFICE_LEAD), await office.phone_of("老马")
    client_id = uuid4()
    await laoma.submit(a_report(category="roads"), client_id)
    content = (await policies.policy_now("categories")).content
    retired = form(content)
    at = next(name for name, value in retired.items() if value == "roads").removesuffix("code")
    del retired[f"{at}is_on"]
    answer = await luo.post("/policies/categories", {"version": 1, "why": "并到市容"} | retired)
    assert answer.status_code == 303
    assert (await laoma.submit(a_report(category="roads"))).json()["code"] == "no_such_category"
    amended = await laoma.put(
        f"/observations/{client_id}/revisions/1", json=a_report(text="补充", category="roads")
    )
    assert amended.status_code == 201

    gone = {name: value for name, value in form(content).items() if not name.startswith("content.5.")}
    refused = await luo.post("/policies/categories", {"version": 2, "why": "不要了"} | gone)
    assert "不能删除" in refused.text


async def test_adm_05_a_category_is_added_in_the_form(office):
    luo = await office.desk_of("罗主任", Role.OFFICE_LEAD)
    content = (await policies.policy_now("categories")).content
    at = f"content.{len(content.all)}."
    new = {f"{at}code": "own_1", f"{at}label": "水利设施", f"{at}alike_m": "300", f"{at}is_on": "on"}
    new |= {f"{at}words": "水渠，闸门", f"{at}evidence.after": "on"}
    assert (
        await luo.post("/policies/categories", {"version": 1, "why": "新增"} | form(content) | new)
    ).status_code == 303
    added = (await policies.in_force()).categories.named("own_1")
    assert (added.label, added.words, added.alike_m, list(added.evidence)) == (
        "水利设施",
        ("水渠", "闸门"),
        300,
        ["after"],
    )


async def test_ten_01_every_rule_of_a_second_city_s_pack_counts_without_code(office, second_city):
    laoma, chen = await office.phone_of("老马"), await office.desk_of("小陈")
    rules = await policies.in_force()
    for name in ("promises", "quiet_hours", "report_limits", "four_eyes"):
        assert (
            getattr(rules, name)
            == getattr(second_city, name)
            != getattr(open_pack("yinchuan", folder=FOLDER), name)
        ), name
    assert rules.categories == Categories(all=second_city.categories)
    sent = (await laoma.submit(a_report(category="counter") | {"photos": []})).json()
    assert "3个工作日" in sent["promise_words"]
    assert "窗口办事" in (await chen.get("/policies/categories")).text


def test_adm_05_two_categories_of_one_name_are_a_mistake_in_the_pack(tmp_path):
    shutil.copytree(FOLDER / "yinchuan", tmp_path / "yinchuan")
    file = tmp_path / "yinchuan" / "pack.toml"
    file.write_text(file.read_text("utf-8").replace('label = "营商环境"', 'label = "政务服务"', 1), "utf-8")
    with pytest.raises(PackBroken, match="category label"):
        open_pack("yinchuan", folder=tmp_path)
