"""Content security on the console: what waits, why, a person's decision, and numbers that match their lists."""

import re

import pytest

from models import ContentCheck, JournalEntry, Observation
from models.vocabulary import ContentDecision, OrganisationKind, Role
from models.vocabulary import ContentState as S
from server import moderation, people
from tests.conftest import a_picture, a_report, until


@pytest.fixture
async def laoma(office):
    return await office.phone_of("老马")


@pytest.fixture
async def chen(office):
    return await office.desk_of("小陈")


@pytest.fixture
async def report(office, fake_wechat, laoma):
    """A report whose words and photo WeChat finds doubtful."""
    await office.tools.redis.cache.delete(f"wechat:token:{fake_wechat.settings.appid}")
    await fake_wechat.judge_text("骂人", "risky", 20003)
    picture = a_picture()
    await laoma.submit(a_report(picture, text="骂人的话"))
    await laoma.upload(picture)
    await until(lambda: ContentCheck.filter(state=S.RISKY).exists())
    photo = await until(lambda: ContentCheck.get_or_none(kind="photo", trace_id__not_isnull=True))
    now = office.watch.now()
    await ContentCheck.filter(id=photo.id).update(state=S.REVIEW, label=20002, answered_at=now, due_at=None)
    return await Observation.get()


def listed(page):
    return re.findall(r'data-id="([0-9a-f-]{36})"', page)


def word(check, decision, **more):
    return {"version": check.version, "decision": decision} | more


async def check_of(kind):
    return await ContentCheck.get(kind=kind)


async def test_the_line_shows_words_and_picture_and_why_each_waits(chen, report):
    page = (await chen.get("/contents")).text

    assert listed(page) == [str((await check_of("text")).id), str((await check_of("photo")).id)]
    assert "骂人的话" in page
    assert "微信判为违规，可能涉及辱骂" in page
    assert "微信建议人工判断，可能涉及色情" in page
    assert "/console/photos/" in page
    assert report.receipt_number in page
    assert "老马" not in page


async def test_a_word_takes_a_content_out_of_the_line_and_every_number_follows(chen, report):
    text = await check_of("text")
    home = (await chen.get("/")).text
    assert 'href="/console/contents"><b>2</b>' in home

    left = await chen.post(f"/contents/{text.id}/decision", word(text, "passed"), part=True)
    assert left.status_code == 200
    assert listed(left.text) == [str((await check_of("photo")).id)]
    assert 'href="/console/contents"><b>1</b>' in (await chen.get("/")).text
    for show in ("held", "pending", "decided"):
        page = (await chen.get(f"/contents?show={show}")).text
        count = int(re.search(r'id="total">(\d+)<', page)[1])
        assert len(listed(page)) == count
        assert re.search(r'aria-current="page">[^<]+<b>(\d+)</b>', page)[1] == str(count)
    assert (await moderation.for_others([report]))[report.id].text == "骂人的话"


async def test_hiding_wants_a_reason_and_the_reason_stays_readable(chen, report):
    photo = await check_of("photo")
    refused = await chen.post(f"/contents/{photo.id}/decision", word(photo, "hidden"), part=True)
    assert refused.status_code == 422
    assert "不给他人看要写明理由。" in refused.text
    assert (await check_of("photo")).decision is None

    await chen.post(f"/contents/{photo.id}/decision", word(photo, "hidden", words="能看清路人的脸"))
    assert (await check_of("photo")).decision is ContentDecision.HIDDEN
    assert (await JournalEntry.get(event="content.hidden")).detail["words"] == "能看清路人的脸"
    for path in ("/contents?show=decided", f"/review/{report.id}"):
        assert "能看清路人的脸" in (await chen.get(path)).text


async def test_the_review_page_says_what_wechat_said_and_takes_the_word_there(chen, report):
    page = (await chen.get(f"/review/{report.id}")).text
    assert "内容安全：2项要人工决定" in page
    assert "微信判为违规，可能涉及辱骂" in page
    for kind in ("text", "photo"):
        check = await check_of(kind)
        answer = await chen.post(
            f"/contents/{check.id}/decision", word(check, "passed", back="report"), part=True
        )
        assert answer.status_code == 200
    assert 'hx-target="#contents" hx-swap="outerHTML"' in page  # the section answers with itself
    assert "都已通过，可以给他人看" in answer.text
    assert "<html" not in answer.text


async def test_a_stale_word_is_refused_and_changes_nothing(chen, report):
    text = await check_of("text")
    await chen.post(f"/contents/{text.id}/decision", word(text, "hidden", words="骂人"))
    late = await chen.post(f"/contents/{text.id}/decision", word(text, "passed"), part=True)
    assert late.status_code == 409
    assert "刚刚有了新的检查结果" in late.text
    assert (await check_of("text")).decision is ContentDecision.HIDDEN


async def test_another_office_neither_sees_nor_decides(office, chen, report):
    county = await people.add_organisation(
        "兴庆区委改革办", code="xingqing", kind=OrganisationKind.COUNTY_REFORM_OFFICE, by=None, series="兴"
    )
    other = await office.desk_of("县里小王", organisation=county)
    assert listed((await other.get("/contents")).text) == []
    text = await check_of("text")
    assert (await other.post(f"/contents/{text.id}/decision", word(text, "passed"))).status_code == 404
    unit = await office.desk_of("住建局老周", Role.DEPARTMENT_CONTACT, organisation=office.bureau)
    assert (await unit.get("/contents")).status_code == 403
    assert (await check_of("text")).decision is None


async def test_a_line_of_three_costs_as_many_queries_as_a_line_of_one(office, laoma, chen, count_queries):
    by = await office.actor(chen.person)
    counts = []
    for number in range(3):
        picture = a_picture((number, 50, 0))
        await laoma.submit(a_report(picture, text=f"第{number}件"))
        await laoma.upload(picture)

        async def opened(wanted=2 * number + 2):
            return await ContentCheck.all().count() == wanted

        await until(opened)
        await ContentCheck.filter(decision=None).update(
            decision="passed", decided_by_id=chen.person.id, decided_at=office.watch.now(), due_at=None
        )
        with count_queries() as counter:
            assert len(await moderation.queue(by, line="decided")) == 2 * number + 2
        counts.append(counter.count)
    assert len(set(counts)) == 1
