"""The office decides content that WeChat does not pass, and can overrule it. Authors never decide on their own."""

import asyncio

import pytest

from models import ContentCheck, JournalEntry
from models.vocabulary import ContentDecision as D
from models.vocabulary import ContentState as S
from models.vocabulary import OrganisationKind, Role, Scope
from server import moderation, people
from server.kernel.refusal import NoSuchThing
from server.moderation.refusals import ContentChecked, ContentReplaced, OwnContent
from server.people import NotAllowed
from tests.conftest import a_picture, who_did
from tests.server.moderation.acting import (
    TEXT_CHECK,
    amended,
    asked_photo,
    everything,
    photo_in,
    put_off,
    reported,
    text_in,
    verdict_on,
    waited,
)


@pytest.fixture
async def doubtful(fake_wechat, laoma):
    """A report whose text WeChat finds risky."""
    await fake_wechat.judge_text("骂人", "risky", 20003)
    report = await reported(laoma, text="骂人的话")
    await text_in(report, S.RISKY)
    return report


async def decide(office, check, by, decision=D.PASSED):
    return await moderation.decide(
        check.id, version=check.version, decision=decision, words="看得清人脸", by=by, now=office.watch.now()
    )


async def text_seen(report):
    return (await moderation.for_others([report]))[report.id].text


async def test_a_person_lets_others_see_what_wechat_held(office, chen, doubtful):
    check = await decide(office, await text_in(doubtful, S.RISKY), chen)

    assert (check.state, check.decision, check.decided_by_id) == (S.RISKY, D.PASSED, chen.person.id)
    assert await text_seen(doubtful) == "骂人的话"
    assert await moderation.queue(chen) == []
    entry = await JournalEntry.get(event="content.passed")
    assert (entry.subject_id, await who_did(entry), entry.detail) == (
        doubtful.id,
        chen.person.id,
        {"content": "文字", "words": "看得清人脸"},
    )


async def test_a_person_hides_what_wechat_passed(office, fake_wechat, chen, laoma):
    report = await reported(laoma, a_picture())
    await asked_photo(report)
    await fake_wechat.fire_callbacks()
    check = await photo_in(report, S.PASS)
    assert await moderation.photos_for_others(report)

    await decide(office, check, chen, D.HIDDEN)
    assert await moderation.photos_for_others(report) == []
    entry = await JournalEntry.get(event="content.hidden")
    assert entry.detail == {"content": "第1张照片", "words": "看得清人脸"}
    assert (await laoma.get(f"/observations/{report.client_id}")).json()["photos"][0]["links"]


async def test_a_decision_may_be_changed_and_both_stand_in_the_journal(office, chen, doubtful):
    check = await decide(office, await text_in(doubtful, S.RISKY), chen)
    await decide(office, check, chen, D.HIDDEN)
    assert await text_seen(doubtful) is None
    deeds = (
        await JournalEntry.filter(event__startswith="content.").order_by("id").values_list("event", flat=True)
    )
    assert deeds == ["content.held", "content.passed", "content.hidden"]


async def test_a_person_need_not_wait_for_wechat(office, fake_wechat, chen, laoma):
    await fake_wechat.disturb(TEXT_CHECK, "errcode", -1)
    report = await reported(laoma)
    await decide(office, await put_off(report), chen, D.HIDDEN)
    await waited(office, minutes=5)
    await waited(office, hours=3)

    assert await fake_wechat.calls(TEXT_CHECK) == 1
    check = await ContentCheck.get()
    assert (check.state, check.decision) == (S.PENDING, D.HIDDEN)


async def test_a_verdict_that_comes_after_the_decision_changes_nothing(office, chen, laoma):
    report = await reported(laoma, a_picture())
    check = await asked_photo(report)
    await text_in(report, S.PASS)
    await decide(office, check, chen, D.HIDDEN)
    before = await everything()
    assert (await verdict_on(office, check.trace_id, "pass")).text == "success"
    assert await everything() == before


async def test_nobody_decides_on_his_own_report(office, laoma, doubtful):
    await people.give_duty(
        laoma.person, role=Role.OFFICE_STAFF, by=None, now=office.watch.now(), organisation=office.root
    )
    with pytest.raises(OwnContent):
        await decide(office, await ContentCheck.get(), await office.actor(laoma.person))
    assert await text_seen(doubtful) is None


@pytest.mark.parametrize("role", [Role.COMMISSIONER, Role.AUDITOR, Role.CITIZEN, Role.ADMINISTRATOR])
async def test_only_reviewers_decide_and_see_the_queue(office, doubtful, role):
    somebody = await office.actor(await office.enrol("某人", role))
    with pytest.raises(NotAllowed):
        await decide(office, await ContentCheck.get(), somebody)
    with pytest.raises(NotAllowed):
        await moderation.queue(somebody)


async def test_another_office_sees_and_decides_nothing(office, doubtful):
    county = await people.add_organisation(
        "兴庆区委改革办",
        code="xingqing",
        kind=OrganisationKind.COUNTY_REFORM_OFFICE,
        by=None,
        parent=office.root,
        series="兴",
    )
    ding = await people.add_person(
        "小丁",
        role=Role.OFFICE_STAFF,
        by=None,
        now=office.watch.now(),
        keys=office.tools.keys,
        organisation=county,
        scope=Scope.SUBTREE,
    )
    actor = await office.actor(ding)
    assert (await moderation.queue(actor), await moderation.count_of_queue(actor)) == ([], 0)
    with pytest.raises(NoSuchThing):
        await decide(office, await ContentCheck.get(), actor)


async def test_words_replaced_in_the_meantime_are_not_decided_on(office, laoma, chen, doubtful):
    seen = await text_in(doubtful, S.RISKY)
    changed = await amended(laoma, doubtful, text="骂人的另一句话")
    with pytest.raises(ContentReplaced):
        await decide(office, seen, chen)
    assert await text_seen(changed) is None


async def test_a_verdict_the_reviewer_has_not_seen_stops_his_decision(office, fake_wechat, chen, laoma):
    report = await reported(laoma, a_picture())
    seen = await asked_photo(report)
    await fake_wechat.judge_picture("/checks/", "risky")
    await fake_wechat.fire_callbacks()
    await photo_in(report, S.RISKY)
    with pytest.raises(ContentChecked):
        await decide(office, seen, chen)


async def test_of_ten_decisions_at_once_one_counts(office, chen, doubtful):
    check = await ContentCheck.get()
    outcomes = await asyncio.gather(
        *(decide(office, check, chen, decision) for decision in [D.PASSED, D.HIDDEN] * 5),
        return_exceptions=True,
    )
    assert {type(outcome) for outcome in outcomes} == {ContentCheck, ContentChecked}
    assert sum(isinstance(outcome, ContentCheck) for outcome in outcomes) == 1
    assert await JournalEntry.filter(event__in=["content.passed", "content.hidden"]).count() == 1


async def test_a_report_tells_how_each_of_its_contents_stands(office, fake_wechat, chen, laoma):
    await fake_wechat.judge_text("疑似", "review", 10001)
    report = await reported(laoma, a_picture("red"), a_picture("blue"), text="疑似广告")
    await text_in(report, S.REVIEW)
    text, red, blue = [one for one in await moderation.of(report)]
    assert (text.name, text.words) == ("文字", "微信建议人工判断，可能涉及广告")
    assert (text.is_visible, text.needs_person) == (False, True)
    assert (red.name, blue.name) == ("第1张照片", "第2张照片")
    assert not red.is_visible
    assert not red.needs_person

    await decide(office, text.check, chen)
    text, *_ = await moderation.of(report)
    assert (text.words, text.is_visible, text.needs_person) == ("人工决定：可以给他人看", True, False)
