"""Adding, correcting, withdrawing: until the office has decided."""

from uuid import uuid4

import pytest

from models import Observation, ObservationRevision
from models.vocabulary import ObservationKind, Role
from server import observations
from server.ledger import NewItem
from tests.conftest import a_picture, a_report


@pytest.fixture
async def laoma(office):
    return await office.phone_of("老马")


@pytest.fixture
async def chen(office):
    return await office.actor(await office.enrol("小陈", Role.OFFICE_STAFF))


async def submitted(phone, **changes):
    client_id = uuid4()
    await phone.submit(a_report(**changes), client_id)
    return client_id


async def amend(phone, client_id, base, **changes):
    return await phone.put(f"/observations/{client_id}/revisions/{base}", json=a_report(**changes))


async def test_an_amended_report_keeps_what_it_said_before(laoma):
    client_id = await submitted(laoma)
    amended = await amend(laoma, client_id, 1, text="补充：在路口东北角")

    assert (amended.status_code, amended.json()["version"]) == (201, 2)
    assert (await Observation.get()).text == "补充：在路口东北角"
    assert (await ObservationRevision.get()).body["text"] == "路口坑槽一周未修"


async def test_the_same_amendment_again_changes_nothing(laoma):
    client_id = await submitted(laoma)
    first = await amend(laoma, client_id, 1, text="补充")
    again = await amend(laoma, client_id, 1, text="补充")
    assert (again.status_code, again.json()) == (200, first.json())
    assert await ObservationRevision.all().count() == 1


async def test_an_amendment_to_an_old_version_is_stale(laoma):
    client_id = await submitted(laoma)
    await amend(laoma, client_id, 1, text="第二版")
    await amend(laoma, client_id, 2, text="第三版")
    stale = await amend(laoma, client_id, 1, text="第二版乙")
    assert (stale.status_code, stale.json()["code"], stale.json()["version"]) == (409, "stale", 3)


async def test_protection_is_raised_but_never_lowered(laoma):
    client_id = await submitted(laoma, anonymity="hidden")
    lowered = await amend(laoma, client_id, 1, anonymity="named")
    assert (lowered.status_code, lowered.json()["code"]) == (422, "lower_anonymity")
    named = await submitted(laoma, anonymity="named")
    assert (await amend(laoma, named, 1, anonymity="hidden")).status_code == 201


async def test_nobody_is_promised_a_seal_that_no_code_keeps(laoma):
    """A sealed report comes without a reporter: from a signed-in person it is refused, new or changed later."""
    client_id = await submitted(laoma)
    raised = await amend(laoma, client_id, 1, anonymity="sealed")
    sent = await laoma.submit(a_report(anonymity="sealed"))

    assert (raised.status_code, raised.json()["code"]) == (422, "seal_anew")
    assert raised.json()["hint_zh"].startswith("请先撤回，再用密封方式重新上报。")
    assert (sent.status_code, sent.json()["code"]) == (422, "needs_new_version")
    assert sent.json()["hint_zh"] == "请更新小程序后再用密封方式上报，内容已保存在手机上。"
    assert await Observation.filter(anonymity="sealed").count() == 0


async def test_a_question_for_more_is_answered_on_the_same_report(office, laoma, chen):
    client_id = await submitted(laoma)
    (waiting,) = await observations.queue(chen)
    await observations.ask_more(
        waiting.id, version=1, reason="unclear_place", by=chen, now=office.watch.now()
    )
    card = (await laoma.get(f"/observations/{client_id}")).json()
    assert (card["state_label"], card["reply"]) == ("请您补充", "请补充具体位置，例如路名和门牌号。")

    picture = a_picture()
    answered = await laoma.put(
        f"/observations/{client_id}/revisions/{card['version']}", json=a_report(picture, text="在88号门口")
    )
    await laoma.upload(picture)
    assert answered.status_code == 201
    (back,) = await observations.queue(chen)
    assert (back.id, back.state) == (waiting.id, "received")


async def test_a_decided_report_is_not_changed_any_more(office, laoma, chen):
    client_id = await submitted(laoma)
    (waiting,) = await observations.queue(chen)
    await observations.accept(
        waiting.id,
        version=1,
        new=NewItem("路口坑槽", ObservationKind.PROBLEM),
        by=chen,
        now=office.watch.now(),
    )
    assert (await amend(laoma, client_id, 2)).json()["code"] == "not_amendable"
    assert (await laoma.delete(f"/observations/{client_id}")).json()["code"] == "not_amendable"


async def test_a_withdrawn_report_is_gone_for_good(laoma):
    client_id = await submitted(laoma)
    withdrawn = await laoma.delete(f"/observations/{client_id}")
    assert (withdrawn.status_code, withdrawn.json()["state"]) == (200, "withdrawn")
    assert (await laoma.delete(f"/observations/{client_id}")).status_code == 200

    resent = await laoma.submit(a_report(), client_id)
    assert (resent.status_code, resent.json()["code"]) == (410, "withdrawn")
    assert await Observation.all().count() == 1
