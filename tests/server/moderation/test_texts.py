"""Texts are judged by WeChat while the reporter is there; those that it will not judge go to a person."""

import asyncio
import time
from datetime import timedelta
from uuid import uuid4

import pytest
from msgspec import convert

from models import ContentCheck, Observation
from models.vocabulary import ContentState as S
from models.vocabulary import Role, Unjudged
from server import moderation, observations
from server.gateways.wechat import Verdict
from server.moderation.settling import Asking, settle
from server.observations import SubmitObservation
from tests.conftest import a_report, until
from tests.server.moderation.acting import (
    OPENID,
    TEXT_CHECK,
    amended,
    holdings,
    is_judged_or_put_off,
    put_off,
    reacted_again,
    reported,
    sealed,
    text_in,
    waited,
)


async def test_a_harmless_text_passes_and_others_may_see_it(laoma):
    report = await reported(laoma, text="路灯不亮")
    check = await text_in(report, S.PASS)

    assert (check.label, check.attempts, check.due_at) == (100, 1, None)
    seen = (await moderation.for_others([report]))[report.id]
    assert (seen.text, seen.place_name) == ("路灯不亮", "北京路与民族街口")
    assert await holdings() == 0


@pytest.mark.parametrize(("suggest", "state"), [("review", S.REVIEW), ("risky", S.RISKY)])
async def test_a_doubtful_text_waits_for_a_person(fake_wechat, laoma, chen, suggest, state):
    await fake_wechat.judge_text("骂人的话", suggest, 20003)
    report = await reported(laoma, text="说了骂人的话")
    check = await text_in(report, state)

    (held,) = await moderation.queue(chen)
    assert (held.check.id, held.report.id) == (check.id, report.id)
    assert held.words == f"{state.label}，可能涉及辱骂"
    assert (await moderation.for_others([report]))[report.id].text is None
    assert await holdings() == 1


async def test_the_name_of_the_place_is_judged_with_the_text(fake_wechat, laoma):
    await fake_wechat.judge_text("骂人的路口", "risky")
    place = a_report()["place"] | {"name": "骂人的路口"}
    report = await reported(laoma, text="路灯不亮", place=place)

    await text_in(report, S.RISKY)
    assert (await moderation.for_others([report]))[report.id].place_name is None


async def test_the_reporter_sees_his_own_whatever_is_said_of_it(fake_wechat, laoma):
    await fake_wechat.judge_text("违规", "risky")
    report = await reported(laoma, text="违规的话")
    await text_in(report, S.RISKY)
    assert (await laoma.get(f"/observations/{report.client_id}")).json()["text"] == "违规的话"


async def test_somebody_not_seen_lately_is_judged_by_a_person(fake_wechat, laoma, chen):
    await fake_wechat.send_away(OPENID)
    check = await text_in(await reported(laoma), S.UNKNOWN)
    assert check.unjudged is Unjudged.NOT_SEEN_LATELY
    assert [held.check.id for held in await moderation.queue(chen)] == [check.id]


async def test_somebody_without_wechat_is_judged_by_a_person(office, fake_wechat):
    person = await office.enrol("老周", Role.TEAM_MEMBER)
    command = convert(a_report(), SubmitObservation)
    done = await observations.submit(
        command,
        client_id=uuid4(),
        by=await office.actor(person),
        now=office.watch.now(),
    )
    check = await text_in(done.observation, S.UNKNOWN)
    assert check.unjudged is Unjudged.NO_ACCOUNT
    assert await fake_wechat.calls(TEXT_CHECK) == 0


async def test_a_refusal_that_repeating_cannot_heal_goes_to_a_person_at_once(fake_wechat, laoma):
    await fake_wechat.disturb(TEXT_CHECK, "errcode", 47001)
    check = await text_in(await reported(laoma), S.UNKNOWN)
    assert (check.unjudged, await fake_wechat.calls(TEXT_CHECK)) == (Unjudged.NOT_TAKEN, 1)


# When WeChat is away


async def test_a_submission_never_waits_for_wechat(fake_wechat, laoma):
    await fake_wechat.disturb(TEXT_CHECK, "hang", 3)
    began = time.monotonic()
    receipt = await laoma.submit(a_report())
    assert (receipt.status_code, time.monotonic() - began < 2) == (201, True)
    assert (await laoma.get(f"/observations/{receipt.json()['client_id']}")).status_code == 200


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("errcode", -1),
        ("errcode", 45009),
        ("errcode", 45011),
        ("status", 503),
        ("swallow", 0),
        ("garbage", 0),
    ],
)
async def test_what_wechat_could_not_do_now_is_asked_again(office, fake_wechat, laoma, kind, value):
    await fake_wechat.disturb(TEXT_CHECK, kind, value)
    report = await reported(laoma)
    await put_off(report)
    assert (await moderation.for_others([report]))[report.id].text is None

    await waited(office, minutes=5)
    assert (await text_in(report, S.PASS)).attempts == 2


async def test_after_two_hours_without_wechat_a_person_decides(office, fake_wechat, laoma, chen):
    await fake_wechat.disturb(TEXT_CHECK, "status", 503, times=1000)
    report = await reported(laoma)
    await put_off(report)
    await waited(office, minutes=119)
    assert (await ContentCheck.get()).state is S.PENDING

    await waited(office, minutes=2)
    assert (await ContentCheck.get()).unjudged is Unjudged.WECHAT_AWAY
    assert len(await moderation.queue(chen)) == await moderation.count_of_queue(chen) == 1
    await waited(office, hours=5)
    assert await fake_wechat.calls(TEXT_CHECK) == 2
    assert await holdings() == 1


async def test_a_sweep_stops_asking_a_wechat_that_is_away_but_not_for_one_bad_answer(
    office, fake_wechat, laoma
):
    await fake_wechat.disturb(TEXT_CHECK, "status", 503, times=1000)
    for number in range(6):
        await reported(laoma, text=f"第{number}件")
    await until(lambda: _all_judged_or_put_off(6))
    before = await fake_wechat.calls(TEXT_CHECK)
    await waited(office, minutes=5)
    assert await fake_wechat.calls(TEXT_CHECK) - before == 3


# Sealed


async def test_the_words_of_a_sealed_report_never_leave(office, fake_wechat, laoma, chen):
    report = await sealed(await reported(laoma))
    check = await text_in(report, S.UNKNOWN)
    await waited(office, hours=3)

    assert check.unjudged is Unjudged.SEALED
    assert [held.words for held in await moderation.queue(chen)] == ["密封身份的内容不交给微信检查"]
    assert await fake_wechat.calls(TEXT_CHECK) == 0


async def test_a_report_sealed_later_is_not_asked_any_more(office, fake_wechat, laoma):
    await fake_wechat.disturb(TEXT_CHECK, "errcode", -1)
    report = await reported(laoma)
    await put_off(report)
    await sealed(report)
    await waited(office, minutes=5)

    assert (await text_in(report, S.UNKNOWN)).unjudged is Unjudged.SEALED
    assert await fake_wechat.calls(TEXT_CHECK) == 1


# Amended, withdrawn, repeated, missed


async def test_a_pass_does_not_cover_words_that_came_later(fake_wechat, laoma):
    report = await reported(laoma, text="路灯不亮")
    await text_in(report, S.PASS)
    await fake_wechat.judge_text("骂人", "risky")
    changed = await amended(laoma, report, text="骂人的话")
    assert (await moderation.for_others([changed]))[report.id].text is None

    await text_in(report, S.RISKY)
    assert await ContentCheck.filter(is_current=False, state=S.PASS).count() == 1
    assert (await moderation.for_others([changed]))[report.id].text is None


async def test_nobody_has_to_decide_on_words_that_were_replaced(fake_wechat, laoma, chen):
    await fake_wechat.judge_text("骂人", "risky")
    report = await reported(laoma, text="骂人的话")
    await text_in(report, S.RISKY)
    await amended(laoma, report, text="好好说话")
    await text_in(report, S.PASS)
    assert await moderation.queue(chen) == []
    assert await moderation.count_of_queue(chen) == 0


async def test_words_that_come_back_need_no_second_pass(fake_wechat, laoma):
    report = await reported(laoma, text="路灯不亮")
    await text_in(report, S.PASS)
    changed = await amended(laoma, report, text="路灯很暗")
    await until(lambda: ContentCheck.exists(subject_id=report.id, state=S.PASS, is_current=False))
    again = await amended(laoma, changed, text="路灯不亮")

    await until(lambda: ContentCheck.filter(is_current=True, digest=digest_of(again)).exists())
    assert (await moderation.for_others([again]))[report.id].text == "路灯不亮"
    assert await fake_wechat.calls(TEXT_CHECK) <= 2


def digest_of(report):
    return moderation.contents.digest_of_words(report)


async def test_words_that_were_replaced_before_they_were_judged_are_taken_up_when_they_come_back(
    office, fake_wechat, laoma
):
    await fake_wechat.disturb(TEXT_CHECK, "errcode", -1)
    report = await reported(laoma, text="路灯不亮")
    await put_off(report)
    changed = await amended(laoma, report, text="路灯很暗")
    await text_in(report, S.PASS)
    await waited(office, minutes=5)
    assert await fake_wechat.calls(TEXT_CHECK) == 2  # nobody asks for words that are gone

    again = await amended(laoma, changed, text="路灯不亮")
    await until(lambda: ContentCheck.filter(digest=digest_of(again), state=S.PASS).exists())


async def test_what_was_withdrawn_is_neither_asked_nor_queued(office, fake_wechat, laoma, chen):
    await fake_wechat.disturb(TEXT_CHECK, "errcode", -1)
    report = await reported(laoma)
    await put_off(report)
    assert (await laoma.delete(f"/observations/{report.client_id}")).status_code == 200
    await waited(office, minutes=5)
    await waited(office, hours=3)

    assert await fake_wechat.calls(TEXT_CHECK) == 1
    for line in ("held", "pending", "decided"):
        assert await moderation.queue(chen, line=line) == []
    assert await holdings() == 0


async def test_a_job_that_comes_again_asks_nothing_again(office, fake_wechat, laoma):
    report = await reported(laoma)
    await text_in(report, S.PASS)
    await reacted_again(office, "observation.submitted")
    await asyncio.gather(*(moderation.check_report(report, tools=office.tools) for _ in range(5)))
    await waited(office, minutes=30)

    assert await ContentCheck.all().count() == 1
    assert await fake_wechat.calls(TEXT_CHECK) == 1


async def test_of_five_workers_at_once_one_asks(office, fake_wechat, laoma):
    await fake_wechat.disturb(TEXT_CHECK, "errcode", -1)
    report = await reported(laoma)
    await put_off(report)
    office.watch.ahead += timedelta(minutes=5)
    await asyncio.gather(*(moderation.sweep(tools=office.tools) for _ in range(5)))
    assert await fake_wechat.calls(TEXT_CHECK) == 2


async def test_what_every_worker_missed_is_opened_by_the_sweep(office, fake_wechat, laoma):
    report = await reported(laoma)
    await text_in(report, S.PASS)
    await ContentCheck.all().delete()
    await waited(office, minutes=9)
    assert not await ContentCheck.exists()
    await waited(office, minutes=2)
    assert (await text_in(report, S.PASS)).digest == digest_of(await Observation.get())


async def test_a_burst_is_spread_over_the_minutes_that_follow(office, fake_wechat, laoma):
    for _ in range(2998):
        await office.tools.redis.limiter.hit("3000/minute", "content_check", "text")
    for number in range(4):
        await reported(laoma, text=f"第{number}件")
    await until(lambda: _all_judged_or_put_off(4))
    assert await fake_wechat.calls(TEXT_CHECK) == 2


async def _all_judged_or_put_off(count):
    checks = await ContentCheck.all()
    return len(checks) == count and all(is_judged_or_put_off(check) for check in checks)


async def test_of_a_withdrawn_report_nothing_is_opened(office, laoma):
    report = await reported(laoma)
    await laoma.delete(f"/observations/{report.client_id}")
    await ContentCheck.all().delete()
    await reacted_again(office, "observation.submitted")
    assert await ContentCheck.all().count() == 0


async def test_the_answer_to_an_earlier_asking_settles_nothing(office, fake_wechat, laoma):
    await fake_wechat.disturb(TEXT_CHECK, "errcode", -1)
    check = await put_off(await reported(laoma))
    late = Asking(check.id, check.asked_at - timedelta(minutes=3))
    await settle(late, Verdict("pass"), now=office.watch.now())
    assert (await ContentCheck.get(id=check.id)).state is S.PENDING
