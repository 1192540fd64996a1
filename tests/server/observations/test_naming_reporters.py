"""公开实名 shows the name where it says so; other reporters are named nowhere."""

from uuid import uuid4

import pytest

from models import LedgerItem, Observation
from models.vocabulary import Anonymity, ObservationKind, Role
from server import cases, observations
from server.kernel.clock import business_date
from server.ledger import NewItem
from server.observations.renditions import describe
from server.observations.tiers import TIERS
from tests.conftest import a_report


@pytest.mark.parametrize(("anonymity", "names"), [("named", ["老马"]), ("hidden", [])])
async def test_the_name_stands_on_picture_and_page_of_who_wished_it(office, anonymity, names):
    laoma = await office.phone_of("老马")
    await laoma.submit(a_report(anonymity=anonymity), uuid4())
    one = await Observation.get()

    assert await observations.names_shown([one]) == names
    assert (await describe(one.id)).reporter == "".join(names)
    shown = (await (await office.desk_of("小陈")).get(f"/review/{one.id}")).text
    assert ("督察队员 老马" in shown) is bool(names)
    assert ("老马" in shown) is bool(names)


async def test_a_unit_reads_who_reported_under_his_name_and_nobody_else(office):
    for name, anonymity in (("老马", "named"), ("周师傅", "hidden")):
        await (await office.phone_of(name)).submit(a_report(anonymity=anonymity, text=name), uuid4())
    chen, now = await office.actor(await office.enrol("小陈", Role.OFFICE_STAFF)), office.watch.now()
    named, hidden = await Observation.get(text="老马"), await Observation.get(text="周师傅")
    new = NewItem("路口坑槽", ObservationKind.PROBLEM)
    item = await observations.accept(
        named.id, version=1, new=new, by=chen, now=now, send_on=observations.SendOn(office.bureau.id)
    )
    await observations.join(hidden.id, version=1, item_id=item.id, by=chen, now=now)
    told = cases.NewCase("路面破损，请尽快修复。", seen_on=business_date(now), picture_ids=[])
    case = await cases.open_case(item.id, new=told, by=chen, now=now, narrow_because="已征得上报人同意")
    await cases.release_batch(business_date(now))

    unit = await office.phone_of("刘联络员", Role.DEPARTMENT_CONTACT, organisation=office.bureau)
    card = (await unit.get(f"/cases/{case.id}")).json()
    assert card["reported_by"] == ["老马"]
    assert await LedgerItem.all().count() == 1


def test_every_tier_says_what_it_promises():
    assert set(TIERS) == set(Anonymity)
    for one in Anonymity:
        lines = observations.who_sees(one)
        assert {who for who, *_ in lines} >= {"被反映的单位、公众", "审核的同志", "微信平台"}
        assert dict((who, sees) for who, sees, _ in lines)["被反映的单位、公众"] is TIERS[one].name_shown
