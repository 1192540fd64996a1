"""When an item moves to another commissioner, the former one keeps no dead links and no work."""

from uuid import uuid4

import pytest

from models import Observation
from models.vocabulary import ObservationKind, OrganisationKind, Role
from server import ledger, observations, people
from server.ledger import NewItem
from server.observations import SendOn
from tests.acting import act
from tests.conftest import a_report, until
from tests.factories import dispatched_item


@pytest.fixture
async def chen(office):
    return await office.actor(await office.enrol("小陈", Role.OFFICE_STAFF))


@pytest.fixture
async def wang(office):
    return await office.phone_of("王科长", Role.COMMISSIONER, organisation=office.bureau)


async def titles(phone):
    return [line["title"] for line in (await phone.get("/inbox")).json()["items"]]


async def after(phone, title):
    """Return all of a phone's messages, once this one has arrived."""

    async def come():
        return title in await titles(phone)

    await until(come)
    return (await phone.get("/inbox")).json()["items"]


@pytest.mark.parametrize("has_read", [False, True])
async def test_an_acceptance_that_is_undone_takes_back_what_the_unit_was_told(office, chen, wang, has_read):
    laoma = await office.phone_of("老马")
    client_id = uuid4()
    await laoma.submit(a_report(), client_id)
    report, now = await Observation.get(client_id=client_id), office.watch.now()
    new, send_on = NewItem("路口坑槽", ObservationKind.PROBLEM), SendOn(office.bureau.id, days=5)
    item = await observations.accept(
        report.id, version=report.version, new=new, by=chen, now=now, send_on=send_on
    )
    (told,) = await after(wang, "请签收分办事项")
    assert (told["subject_kind"], told["subject_id"]) == ("ledger_item", str(item.id))
    if has_read:
        await wang.put(f"/inbox/{told['id']}/reading")

    await observations.undo_acceptance(report.id, by=chen, now=now)

    found = await after(wang, "分办已撤回")
    assert found[0]["body"] == f"{item.number_text}“路口坑槽”的分办已撤回，您不用办理。"
    assert [one["title"] for one in found[1:]] == (["请签收分办事项"] if has_read else [])
    assert {one["subject_kind"] for one in found} == {"nothing"}
    assert (await wang.get(f"/ledger-items/{item.id}")).status_code == 404
    assert "您的上报正在重新核对" in [one["title"] for one in await after(laoma, "您的上报正在重新核对")]
    assert {one["subject_kind"] for one in (await laoma.get("/inbox")).json()["items"]} == {"observation"}


async def test_an_item_that_goes_to_another_unit_is_told_to_both(office, chen, wang):
    traffic = await people.add_organisation(
        "市交通运输局", code="traffic", kind=OrganisationKind.RESPONSIBLE_UNIT, by=None, parent=office.root
    )
    li = await office.phone_of("李科长", Role.COMMISSIONER, organisation=traffic)
    now = office.watch.now()
    item = await dispatched_item(office, by=chen, now=now, days=5)
    await after(wang, "请签收分办事项")
    actor = await office.actor(wang.person)
    item = await act(ledger.acknowledge, item.id, version=item.version, by=actor, now=now)

    await act(
        ledger.transfer, item.id, version=item.version, unit_id=traffic.id, reason="职责", by=chen, now=now
    )

    (gone,) = await after(wang, "事项已转给其他单位")
    assert gone["subject_kind"] == "nothing"
    (come,) = await after(li, "请签收转办事项")
    assert (come["subject_kind"], come["subject_id"]) == ("ledger_item", str(item.id))
