"""A unit answers the office; the office tells the reporter in its own words."""

from uuid import uuid4

import pytest

from models import CaseAnswer
from models.vocabulary import CaseState, OrganisationKind, Role
from server import cases, people
from server.cases import CaseFilter
from server.cases.refusals import WrongCaseStep
from server.kernel.refusal import NoSuchThing
from server.people import NotAllowed
from tests.conftest import until

WORDS = "承办单位表示本周内修复，我们会继续跟进。"


async def answer(desk, case, text="已安排修复", by=None):
    return await cases.answer(case.id, cases.AnswerCase(text=text), by=by or desk.liu, now=desk.now)


async def forward(desk, case):
    return await cases.forward_answer(case.id, cases.ForwardAnswer(words=WORDS), by=desk.chen, now=desk.now)


async def test_an_answer_goes_to_the_office_and_its_words_to_the_reporter(desk, office):
    case = await desk.released()
    await answer(desk, case, by=desk.wang)
    assert (await cases.case_of_office(desk.chen, case.id)).state is CaseState.ANSWERED
    await forward(desk, case)

    (kept,) = await cases.answers_of(case)
    assert (kept.text, kept.forwarded_words) == ("已安排修复", WORDS)
    laoma = office.phone()
    await people.identities.bind(desk.laoma.person, keys=office.tools.keys, openid="openid-demo-laoma")
    await laoma.sign_in("demo-laoma")

    async def told():
        lines = (await laoma.get("/inbox")).json()["items"]
        return "改革办给您留言" in [line["title"] for line in lines]

    await until(told)
    (mine,) = (await laoma.get("/observations")).json()["items"]
    card = (await laoma.get(f"/observations/{mine['client_id']}")).json()
    assert [one["text"] for one in card["thread"]] == [WORDS]
    assert "已安排修复" not in str(card)


async def test_the_same_answer_twice_is_one_and_a_second_waits_for_the_office(desk):
    case = await desk.released()
    first = await answer(desk, case)
    assert (await answer(desk, case)).id == first.id
    with pytest.raises(WrongCaseStep):
        await answer(desk, case, "又有新情况")
    await forward(desk, case)
    await answer(desk, case, "又有新情况")
    assert await CaseAnswer.all().count() == 2


async def test_nothing_is_forwarded_before_an_answer(desk):
    case = await desk.released()
    with pytest.raises(WrongCaseStep):
        await forward(desk, case)


async def test_a_case_that_has_not_left_is_missing_for_its_unit(desk):
    case = await desk.open(await desk.told())
    for act in (answer(desk, case), cases.case_of_unit(desk.liu, case.id)):
        with pytest.raises(NoSuchThing):
            await act


async def test_another_unit_sees_and_answers_nothing(desk, office):
    case = await desk.released()
    other = await people.add_organisation(
        "市城市管理局", code="city", kind=OrganisationKind.RESPONSIBLE_UNIT, by=None, parent=office.root
    )
    for role in (Role.DEPARTMENT_CONTACT, Role.COMMISSIONER):
        stranger = await office.actor(await office.enrol(f"外人{role}", role, organisation=other))
        assert await cases.page_of_unit(stranger, CaseFilter()) == []
        assert await cases.page_of_unit(stranger, CaseFilter(cursor=case.id, item_id=case.item_id)) == []
        with pytest.raises(NoSuchThing):
            await answer(desk, case, by=stranger)


async def test_reporters_and_the_office_answer_no_case_and_units_forward_none(desk):
    case = await desk.released()
    for actor in (desk.laoma, desk.chen):
        with pytest.raises(NotAllowed):
            await answer(desk, case, by=actor)
    await answer(desk, case)
    with pytest.raises(NotAllowed):
        await cases.forward_answer(case.id, cases.ForwardAnswer(words=WORDS), by=desk.liu, now=desk.now)


async def test_unit_and_writer_are_pointed_to_it_without_a_word_of_the_matter(desk, office):
    liu = await office.phone_of("刘联络", Role.DEPARTMENT_CONTACT, organisation=office.bureau)
    case = await desk.released()

    async def told():
        return (await liu.get("/inbox")).json()["items"]

    (message,) = await until(told)
    assert (message["title"], message["subject_id"]) == ("改革办转来一份转办件", str(case.id))
    assert "坑" not in message["body"]


async def test_a_unit_answers_on_its_phone_once_under_its_key(desk, office):
    liu = await office.phone_of("刘联络", Role.DEPARTMENT_CONTACT, organisation=office.bureau)
    case = await desk.released()
    (line,) = (await liu.get("/cases")).json()["items"]
    assert (line["id"], line["ledger_number"], line["is_answered"]) == (str(case.id), "改-2026-0001", False)

    key = {"Idempotency-Key": uuid4().hex}
    told = [
        await liu.post(f"/cases/{case.id}/answers", json={"text": "已安排"}, headers=key) for _ in range(2)
    ]
    assert [one.status_code for one in told] == [201, 201]
    assert told[0].content == told[1].content
    card = (await liu.get(f"/cases/{case.id}")).json()
    assert [one["text"] for one in card["answers"]] == ["已安排"]
