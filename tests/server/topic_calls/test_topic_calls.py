"""Topic calls (M18): one obligation for each addressed unit, answered in time or late; what appeared has its source."""

from datetime import date

import pytest
from msgspec import ValidationError, convert

from models import JournalEntry, MediaItem, Obligation, TopicAnswer
from models.vocabulary import MediaKind, OrganisationKind, ProofKind, Role
from server import obligations, people, topic_calls
from server.kernel.refusal import NoSuchThing
from server.obligations import HandIn
from server.people import NotAllowed
from server.topic_calls import AnswerCall, CallTopic, EnterMedia, MediaFilter
from server.topic_calls import refusals as no
from tests.server.obligations.conftest import City

DAY, DUE = date(2026, 11, 12), date(2026, 11, 20)


@pytest.fixture
async def city(office):
    found = await City(office).open()
    found.at(DAY)
    return found


async def called(city, *units, **changes):
    ids = [one.id for one in units or (city.office.bureau, city.county)]
    told = {"title": "改革兴银专栏", "due_on": DUE, "unit_ids": ids, "text": "一篇经验材料"} | changes
    return await topic_calls.call_topic(CallTopic(**told), by=city.chen, now=city.now)


async def test_m18_at1_a_call_opens_one_obligation_for_each_addressed_unit(city):
    far = await people.add_organisation(
        "市教育局", code="education", kind=OrganisationKind.RESPONSIBLE_UNIT, by=None, parent=city.office.root
    )
    call = await called(city, city.office.bureau, city.county, city.county)
    owed = await Obligation.filter(about_id=call.id).select_related("organisation")
    assert {one.organisation.code for one in owed} == {"housing", "county"}
    assert len(owed) == 2
    assert not await Obligation.filter(organisation_id=far.id).exists()
    entry = await JournalEntry.get(event="topic_call.called")
    assert entry.detail["units"] == 2


async def test_an_answer_meets_only_its_units_obligation_of_this_call(city):
    first, second = await called(city), await called(city, title="另一个选题")
    command = AnswerCall(title="一窗受理的做法", text="正文", link="https://example.org/a")
    await topic_calls.answer_call(first.id, command, by=city.zhou, now=city.now)
    states = {}
    for call in (first, second):
        for one in await topic_calls.owed_for(city.luo, call, today=city.today):
            states[call.title, one.owed.organisation.code] = one.state.value
    assert states == {
        ("改革兴银专栏", "county"): "open",
        ("改革兴银专栏", "housing"): "met",
        ("另一个选题", "county"): "open",
        ("另一个选题", "housing"): "open",
    }
    (answer,) = await topic_calls.answers_of(city.luo, first)
    assert (answer.title, answer.link) == ("一窗受理的做法", "https://example.org/a")


async def test_a_late_answer_is_late_and_counts(city):
    call = await called(city)
    city.at(date(2026, 11, 21))
    await topic_calls.answer_call(call.id, AnswerCall(title="补交的稿件"), by=city.zhou, now=city.now)
    found = await topic_calls.owed_for(city.zhou, call, today=city.today)
    assert [one.state.value for one in found] == ["met_late"]


async def test_an_answer_may_be_handed_in_from_the_obligation_too(city):
    call = await called(city)
    owed = await Obligation.get(about_id=call.id, organisation_id=city.office.bureau.id)
    command = HandIn(kind=ProofKind.TOPIC_ANSWER, title="手机上交的稿件", done_on=DAY)
    done = await obligations.hand_in(owed.id, command, by=city.zhou, now=city.now)
    assert done.proof.about_id == call.id
    assert (await TopicAnswer.get()).call_id == call.id


async def test_who_was_not_asked_does_not_see_the_call_and_does_not_answer(city):
    call = await called(city, city.county)
    with pytest.raises(NoSuchThing):
        await topic_calls.answer_call(call.id, AnswerCall(title="稿件"), by=city.zhou, now=city.now)
    with pytest.raises(no.NotAsked):
        await topic_calls.answer_call(call.id, AnswerCall(title="稿件"), by=city.chen, now=city.now)
    assert await topic_calls.calls_of(city.zhou) == []
    assert len(await topic_calls.calls_of(city.duan)) == 1


async def test_only_the_office_calls_and_not_into_the_past(city):
    with pytest.raises(no.CallEndsTooSoon):
        await called(city, due_on=date(2026, 11, 11))
    await called(city, due_on=DAY)
    command = CallTopic(title="选题", due_on=DUE, unit_ids=[city.county.id])
    with pytest.raises(NotAllowed):
        await topic_calls.call_topic(command, by=city.zhou, now=city.now)


def published(**changes):
    told = {
        "kind": "column",
        "title": "改革专栏第一期",
        "source": "银川日报",
        "published_on": DAY.isoformat(),
    }
    return convert(told | {"link": "https://example.org/1"} | changes, EnterMedia)


async def test_m18_at2_a_published_item_carries_its_source_and_link(city):
    await topic_calls.enter_media(published(), by=city.chen, now=city.now)
    (item,) = await topic_calls.media_of(city.zhou, MediaFilter(kind=MediaKind.COLUMN))
    assert (item.source, item.link) == ("银川日报", "https://example.org/1")
    for lacking in ({"source": ""}, {"link": ""}, {"link": "javascript:alert(1)"}, {"link": "随便写"}):
        with pytest.raises(ValidationError):
            published(**lacking)
    with pytest.raises(no.PublishedInFuture):
        await topic_calls.enter_media(published(published_on="2026-11-13"), by=city.chen, now=city.now)
    with pytest.raises(NotAllowed):
        await topic_calls.enter_media(published(), by=city.zhou, now=city.now)


async def test_m20_at2_a_piece_about_a_person_needs_a_recorded_consent(city):
    with pytest.raises(no.ConsentMissing):
        await topic_calls.enter_media(published(is_about_person=True), by=city.chen, now=city.now)
    consent = "当事人11月10日书面同意"
    await topic_calls.enter_media(
        published(is_about_person=True, consent=consent), by=city.chen, now=city.now
    )
    assert [one.consent for one in await MediaItem.all()] == [consent]


async def test_at_the_desk_a_call_is_made_answered_and_published(city):
    chen = await city.office.desk_of("小陈丙")
    unit = await city.office.desk_of("老周乙", Role.DEPARTMENT_CONTACT, organisation=city.office.bureau)
    form = {"title": "改革讲堂", "due_on": DUE.isoformat(), "units": "市住房城乡建设局、县委改革办"}
    made = await chen.post("/topic-calls", form)
    assert made.status_code == 303, made.text
    here = made.headers["location"].removeprefix("/console")
    assert "征集单位（2）" in (await chen.get(here)).text
    assert (await unit.post(f"{here}/answers", {"title": "我们的做法", "text": "正文"})).status_code == 303
    assert "我们的做法" in (await chen.get(here)).text
    piece = {
        "kind": "lecture",
        "title": "改革讲堂第一讲",
        "source": "银川电视台",
        "link": "https://example.org/2",
    }
    piece["published_on"] = DAY.isoformat()
    assert (await chen.post("/topic-calls/media", piece)).status_code == 303
    refused = await chen.post("/topic-calls/media", piece | {"is_about_person": "true"}, part=True)
    assert "本人同意" in refused.text
    assert 'id="total">1<' in (await unit.get("/topic-calls/media")).text
