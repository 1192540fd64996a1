"""A running visit at the desk: presence, signals, lock, opening by two, seal, publication; and who attacks it."""

import asyncio
import re

import pytest

from models import CheckIn, CodeScreen, JournalEntry, RoundAsk, ScoreJudge, ScoreRound, ScoreSignal
from models.vocabulary import BallotState, Presence, Role, RoundState, SignalKind
from server import people, site_visits
from server.scoring.refusals import Locked
from server.web.console import site_visit_screens
from tests.server.site_visits.conftest import SCORES, Visit

FIGURE = re.compile(r"\b(90\.0|80\.0|86\.0{1,2}|86)\b")  # the scores that everybody gives, and their total


@pytest.fixture
async def visit(office):
    return await (await Visit(office).enter()).publish()


@pytest.fixture
async def desk(office, visit):
    return await office.desk_of("小丁")


@pytest.fixture
async def lead(office, visit):
    return await office.desk_of("罗处长", Role.OFFICE_LEAD)


async def state(visit):
    return (await ScoreRound.get(id=visit.visit.id)).state


async def done(desk, visit, what, **form):
    answer = await desk.post(f"/site-visits/{visit.visit.id}/{what}", form, part=True)
    assert answer.status_code == 204, answer.text
    return answer


async def refused(desk, visit, what, **form):
    answer = await desk.post(f"/site-visits/{visit.visit.id}/{what}", form, part=True)
    return answer.status_code, re.sub(r"\s+", " ", answer.text)


async def looked_at(desk, visit):
    return (await desk.get(f"/site-visits/{visit.visit.id}")).text


async def all_scored(visit):
    for stop in range(3):
        for n in range(5):
            await visit.present(n, stop)
            await visit.score(n, stop)


async def test_staff_see_grade_and_doubts_and_confirm_or_reject_with_a_reason(visit, desk):
    screen = await visit.screen()
    for n in range(2):
        await visit.check_in(n, await visit.scanned(n, screen=screen, place=None))
    page = await looked_at(desk, visit)
    assert page.count('doubt">没有位置') == 2
    assert "2人待确认" in page

    first, second = await CheckIn.all().order_by("received_at")
    assert (await refused(desk, visit, "confirmations", reason="见到本人"))[0] == 422
    ticked = {f"check-in-{first.id}": "1"}
    assert (await refused(desk, visit, "confirmations", reason="", **ticked))[0] == 422
    await done(desk, visit, "confirmations", reason="在现场见到本人", **ticked)
    await done(desk, visit, f"check-ins/{second.id}/rejection", reason="本人承认没到")
    kinds = {one.id: one.presence for one in await CheckIn.all()}
    assert kinds == {first.id: Presence.COUNTED, second.id: Presence.REJECTED}
    page = await looked_at(desk, visit)
    for told in ("在现场见到本人", "本人承认没到", "不计入（本人承认没到）"):
        assert told in page


async def test_an_observer_without_a_phone_is_checked_in_by_hand_once_with_a_reason(visit, desk):
    observer = await visit.observer(0)
    form = {"stop_id": str(visit.stops[0].id), "observer_id": str(observer.id)}
    assert (await refused(desk, visit, "check-ins", **form))[0] == 422
    await done(desk, visit, "check-ins", reason="手机没电", **form)
    assert "工作人员登记" in await looked_at(desk, visit)
    code, words = await refused(desk, visit, "check-ins", reason="手机没电", **form)
    assert (code, "已经有签到记录" in words) == (409, True)


async def test_progress_shows_counts_and_no_page_of_the_office_a_score_before_the_seal(visit, desk):
    await all_scored(visit)
    await visit.score(0, 0, SCORES, base=1)
    for path in ("", "/arrangement"):
        page = (await desk.get(f"/site-visits/{visit.visit.id}{path}")).text
        body = page.partition("<main")[2]
        assert not FIGURE.search(re.sub(r"\d{2}:\d{2}|\d+米", "", body)), path
    page = await looked_at(desk, visit)
    assert "评分 <b>5</b>/5" in page
    assert "3/3" in page


async def test_signals_are_decided_by_a_person_and_delete_nothing(visit, desk):
    await all_scored(visit)
    await visit.lock()
    signals = await ScoreSignal.all()
    assert {one.kind for one in signals} >= {SignalKind.IDENTICAL}
    page = await looked_at(desk, visit)
    assert "与他人完全相同" in page
    assert (await refused(desk, visit, f"signals/{signals[0].id}", words=""))[0] == 422
    await done(desk, visit, f"signals/{signals[0].id}", words="两人分别打分，已当面核实")
    kept = await ScoreSignal.get(id=signals[0].id)
    assert (kept.words, kept.decided_by_id) == ("两人分别打分，已当面核实", desk.person.id)
    assert await JournalEntry.filter(event="score_round.signal_decided").count() == 1
    judge = await ScoreJudge.get(id=kept.judge_id)
    stops = {f"stop-{visit.stops[0].id}": "1"}
    assert (await refused(desk, visit, "exclusions", judge_id=str(judge.id), reason="串通"))[0] == 422
    await done(desk, visit, "exclusions", judge_id=str(judge.id), reason="经核实串通", **stops)
    assert "不计入（经核实串通）" in await looked_at(desk, visit)


async def test_recusals_and_exceptions_are_entered_before_the_lock_and_not_after(visit, desk):
    judge = await ScoreJudge.filter(round_id=visit.visit.id).first()
    form = {"judge_id": str(judge.id), "reason": "亲属在该单位"}
    await done(desk, visit, "recusals", entry_id=str(visit.stops[0].id), **form)
    await done(desk, visit, "exceptions", **form | {"reason": "航班延误"})
    page = await looked_at(desk, visit)
    assert "回避（本人申请回避，亲属在该单位）" in page
    assert "全程参加例外：航班延误" in page
    await done(desk, visit, "lock")
    assert "登记回避" not in await looked_at(desk, visit)
    assert (await refused(desk, visit, "recusals", entry_id=str(visit.stops[1].id), **form))[0] == 409


async def test_the_lock_says_what_it_leaves_out_and_takes_no_ballot_afterwards(visit, desk):
    await visit.present(0)
    await visit.present(1)
    await visit.score(0)
    await visit.score(1, state=BallotState.DRAFT)
    page = await looked_at(desk, visit)
    for told in ("已提交1张评分表", "1张草稿", "“第1站”有1人签到后还没有提交"):
        assert told in page
    await done(desk, visit, "lock")
    assert await state(visit) is RoundState.LOCKED
    with pytest.raises(Locked):
        await visit.score(1, base=1)


async def test_two_who_lock_at_once_lock_once(visit, desk, lead):
    answers = await asyncio.gather(
        *(one.post(f"/site-visits/{visit.visit.id}/lock", {}, part=True) for one in (desk, lead, desk, lead))
    )
    assert {one.status_code for one in answers} <= {204, 503}
    assert await state(visit) is RoundState.LOCKED
    assert await JournalEntry.filter(event="score_round.locked").count() == 1


async def test_a_lock_is_opened_by_two_with_a_note_and_never_by_one(visit, desk, lead):
    await done(desk, visit, "lock")
    assert (await refused(desk, visit, "asks", kind="unlock", note=""))[0] == 422
    await done(desk, visit, "asks", kind="unlock", note="漏了两位代表的评分表")
    ask = await RoundAsk.get()
    page = await looked_at(desk, visit)
    assert "不能自己确认自己的申请" in page
    assert f"/asks/{ask.id}/confirmation" not in page
    assert (await refused(desk, visit, f"asks/{ask.id}/confirmation"))[0] == 409
    assert await state(visit) is RoundState.LOCKED
    assert f"/asks/{ask.id}/confirmation" in await looked_at(lead, visit)
    await done(lead, visit, f"asks/{ask.id}/confirmation")
    assert await state(visit) is RoundState.OPEN
    await done(desk, visit, "lock")
    assert "漏了两位代表的评分表" not in (await looked_at(lead, visit)).partition("经过")[0]
    assert (await refused(lead, visit, f"asks/{ask.id}/confirmation"))[0] == 409


async def test_an_observer_or_a_member_of_a_scored_unit_opens_no_lock(visit, desk, office):
    judging = await office.desk_of("既评又管的人")
    await people.give_duty(
        judging.person, role=Role.REFORM_OBSERVER, organisation=office.root, by=None, now=visit.now
    )
    await visit.invite(judging.person)
    await done(desk, visit, "lock")
    await done(desk, visit, "asks", kind="unlock", note="漏了")
    ask = await RoundAsk.get()
    code, words = await refused(judging, visit, f"asks/{ask.id}/confirmation")
    assert (code, "参加了打分或属于被评单位" in words) == (403, True)
    assert await state(visit) is RoundState.LOCKED


async def test_a_doubtful_check_in_stops_the_seal_and_the_seal_is_final(visit, desk, lead):
    await all_scored(visit)
    late = await office_observer(visit)
    await visit.check_in(late, await visit.scanned(late, screen=await visit.screen(), place=None))
    await done(desk, visit, "lock")
    code, words = await refused(lead, visit, "seal")
    assert (code, "还有1次签到没有核实" in words) == (409, True)
    doubtful = await CheckIn.get(presence=Presence.LOOK)
    await done(desk, visit, "confirmations", reason="见到本人", **{f"check-in-{doubtful.id}": "1"})
    assert (await refused(lead, visit, "result-publication"))[0] == 409
    await done(lead, visit, "seal")
    found = await ScoreRound.get(id=visit.visit.id)
    page = await looked_at(desk, visit)
    assert found.fingerprint in page
    assert "申请解除封盘" not in page
    assert (await refused(desk, visit, "asks", kind="unlock", note="想改"))[0] == 409
    await done(lead, visit, "result-publication")
    await done(desk, visit, "result-publication")
    assert await JournalEntry.filter(event="score_round.published").count() == 1
    assert "结果已记入年终考核" in await looked_at(desk, visit)


async def office_observer(visit):
    """Return the number of one more observer, who is at no stop yet."""
    person = await visit.office.enrol("评委5", Role.REFORM_OBSERVER)
    visit.people.append(person)
    visit.actors.append(await visit.office.actor(person))
    await visit.invite(person)
    return 5


async def test_a_result_of_one_or_two_ballots_warns_before_it_is_published(visit, desk):
    for n in range(2):
        for stop in range(3):
            await visit.present(n, stop)
            await visit.score(n, stop)
    await visit.lock()
    await visit.seal()
    assert "只有1～2张评分表，公布后可能被猜出是谁打的分" in await looked_at(desk, visit)


async def test_an_annulled_round_offers_nothing_more(visit, desk, lead):
    await done(desk, visit, "asks", kind="annul", note="规则写错")
    await done(lead, visit, f"asks/{(await RoundAsk.get()).id}/confirmation")
    page = await looked_at(desk, visit)
    assert "本轮评分已作废" in page
    for offered in ("现在封盘", "永久密封", "提出申请", "登记签到"):
        assert offered not in page


async def test_new_rules_are_refused_once_anybody_has_checked_in(visit, desk):
    await visit.present(0)
    form = {"criterion-1-name": "成效", "criterion-1-weight": "100", "reason": "换规则"}
    form |= {"group-1-id": "experts", "group-1-name": "专家组", "group-1-weight": "100"}
    code, words = await refused(desk, visit, "rules", **form)
    assert (code, "已经有人签到，评分规则不能再改" in words) == (409, True)


async def test_a_screen_is_opened_for_staff_once_and_can_be_stopped(visit, desk):
    address = f"/site-visits/{visit.visit.id}/stops/{visit.stops[0].id}"
    assert "开始显示动态码" in (await desk.get(f"{address}/screen")).text
    opened = await desk.post(f"{address}/screens", {}, part=True)
    assert (opened.status_code, opened.headers["cache-control"]) == (200, "no-store")
    told = opened.json()
    assert len(told["key"]) == 64
    screen = await CodeScreen.get()
    assert told["id"] == str(screen.id)
    page = await looked_at(desk, visit)
    assert told["key"] not in page
    await done(desk, visit, f"screens/{screen.id}/revocation")
    assert (await CodeScreen.get()).revoked_at is not None
    assert "停用</button>" not in await looked_at(desk, visit)


async def test_the_codes_to_print_are_drawn_by_wechat_and_lead_to_their_stop(visit, desk, office):
    here = f"/site-visits/{visit.visit.id}"
    assert f"{here}/codes" in (await desk.get(f"{here}/arrangement")).text
    page = (await desk.get(f"{here}/codes")).text
    for stop in visit.stops:
        assert f"/console{here}/stops/{stop.id}/code" in page
    drawn = await desk.get(f"{here}/stops/{visit.stops[0].id}/code")
    assert (drawn.status_code, drawn.headers["content-type"]) == (200, "image/png")
    told = await office.tools.wechat.draw_code(visit.stops[0].scene, page="packages/visits/pages/visit/visit")
    assert drawn.content == told
    assert drawn.content != (await desk.get(f"{here}/stops/{visit.stops[1].id}/code")).content


async def test_a_code_that_wechat_does_not_draw_says_what_to_do(visit, desk, monkeypatch):
    monkeypatch.setattr(site_visit_screens, "VISIT_PAGE", "/no/such/page")
    answer = await desk.get(f"/site-visits/{visit.visit.id}/stops/{visit.stops[0].id}/code")
    assert (answer.status_code, "微信没有给出点位码" in answer.text) == (503, True)


async def test_an_auditor_sees_all_and_is_offered_nothing(visit, office):
    await all_scored(visit)
    zheng = await office.desk_of("老郑", Role.AUDITOR)
    page = await looked_at(zheng, visit)
    assert "评委0" in page
    assert 'method="post"' not in page.partition("<main")[2]
    for what in ("lock", "asks", "seal", "check-ins", "confirmations", "recusals"):
        assert (await zheng.post(f"/site-visits/{visit.visit.id}/{what}", {})).status_code == 403


async def test_a_unit_fetches_nothing_of_a_visit_before_its_result(visit, office):
    await all_scored(visit)
    zhou = await office.desk_of("老周", Role.DEPARTMENT_CONTACT, organisation=office.bureau)
    here = f"/site-visits/{visit.visit.id}"
    for path in ("", "/arrangement", "/plan", f"/stops/{visit.stops[0].id}/screen", "/result.json"):
        assert (await zhou.get(f"{here}{path}")).status_code == 403, path
    for what in ("lock", "seal", "result-publication", f"stops/{visit.stops[0].id}/screens"):
        assert (await zhou.post(f"{here}/{what}", {})).status_code == 403, what
    assert await state(visit) is RoundState.OPEN


async def test_ids_of_another_visit_are_not_found(visit, desk):
    stops = visit.stops_planned(1)
    other = await site_visits.create_visit(
        visit.plan(title="另一次"), stops, by=visit.chen, now=visit.now, tools=visit.tools
    )
    screen = await visit.screen()
    for what in (f"screens/{screen.id}/revocation", f"stops/{visit.stops[0].id}/screens"):
        answer = await desk.post(f"/site-visits/{other.id}/{what}", {})
        assert answer.status_code in (404, 409), what
    assert (await CodeScreen.get(id=screen.id)).revoked_at is None
