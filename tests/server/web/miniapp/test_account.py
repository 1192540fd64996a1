"""The person's own account: what only they see, what they allow, take along, and leave behind."""

from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest

from models import (
    Consent,
    Identity,
    InboxMessage,
    Observation,
    Person,
    ReadMarks,
    ReportMessage,
    SubscriptionQuota,
)
from models.vocabulary import ObservationState, Role, SubscriptionOutcome
from server import observations, own_data, reporters
from server.gateways.workbooks import read_sheet
from server.kernel.clock import business_date
from server.ledger import NewItem
from server.notifications import subscriptions
from server.notifications.subscriptions import noting
from server.people import identities
from tests.conftest import a_picture, a_report, until


@pytest.fixture
async def citizen(office):
    phone = office.phone()
    await phone.sign_in("demo-路人")
    return phone


async def test_nickname_and_picture_are_ones_own_and_sealed(office, citizen):
    told = (await citizen.put("/me/nickname", json={"nickname": "小米"})).json()
    files = {"file": ("p.jpg", a_picture("orange"), "image/jpeg")}
    shown = await citizen.post("/me/avatar", files=files)
    assert (told["nickname"], shown.status_code) == ("小米", 201)
    assert shown.json()["avatar"].startswith("data:image/jpeg;base64,")
    async with identities.opened():
        kept = await Identity.all().values("nickname_sealed", "avatar_sealed")
    assert "小米" not in str(kept)
    gone = await citizen.client.delete("/api/v1/me/avatar")
    assert gone.json()["avatar"] == ""
    await citizen.put("/me/nickname", json={"nickname": ""})
    assert (await citizen.get("/me/profile")).json()["nickname"] == ""


async def test_what_is_no_picture_is_refused_as_a_picture_of_oneself(citizen):
    refused = await citizen.post("/me/avatar", files={"file": ("p.jpg", b"GIF89a", "image/gif")})
    assert (refused.status_code, refused.json()["code"]) == (422, "not_a_photo")


async def test_agreeing_counts_the_first_time_with_its_version_and_day(office, citizen):
    first = (await citizen.put("/me/consent", json={"version": "1"})).json()
    await citizen.put("/me/consent", json={"version": "1"})
    assert first["agreed_to"] == "1"
    assert await Consent.all().count() == 1
    assert (await Consent.get()).agreed_on == business_date(office.watch.now())


async def test_each_yes_is_one_message_and_a_no_is_left_alone_for_a_month(office, citizen):
    asked = (await citizen.get("/subscription-templates", params={"moment": "reported"})).json()["templates"]
    assert asked == ["trial-report_answered", "trial-recheck"]
    told = [{"template": asked[0], "outcome": "accept"}, {"template": asked[1], "outcome": "reject"}]
    told.append({"template": "nobodys", "outcome": "accept"})
    key = {"idempotency-key": str(uuid4())}
    for _ in range(2):  # the second time is a retry
        noted = await citizen.post("/subscription-outcomes", json={"outcomes": told}, headers=key)
        assert noted.status_code == 204
    refused = (await citizen.get("/subscription-templates", params={"moment": "reported"})).json()
    assert refused["templates"] == [asked[0]], "also before it is written down"
    await subscriptions.write_down_heard()
    quotas = {one.template: one.credits for one in await SubscriptionQuota.all()}
    assert quotas == {asked[0]: 1, asked[1]: 0}
    again = (await citizen.get("/subscription-templates", params={"moment": "reported"})).json()
    assert again["templates"] == [asked[0]]
    office.watch.ahead = timedelta(days=31)
    await citizen.sign_in("demo-路人")
    later = (await citizen.get("/subscription-templates", params={"moment": "reported"})).json()
    assert later["templates"] == asked


async def test_who_has_enough_messages_in_hand_is_not_asked(office, citizen):
    me = await Person.get(designation__startswith="群众")
    await SubscriptionQuota.create(
        person=me,
        template="trial-recheck",
        credits=5,
        outcome="accept",
        told_on=business_date(office.watch.now()),
    )
    asked = (await citizen.get("/subscription-templates", params={"moment": "reported"})).json()["templates"]
    assert asked == ["trial-report_answered"]


async def test_the_file_of_ones_data_holds_ones_own_words_and_nobody_elses(office, citizen):
    laoma = await office.phone_of("老马")
    await citizen.submit(a_report(text="路灯不亮"))
    await laoma.submit(a_report(text="井盖松动"))
    await citizen.put("/me/nickname", json={"nickname": "小米"})
    held = (await citizen.get("/my-data")).json()
    assert (held["reports"], held["profile"]["may_leave"]) == (1, True)
    answer = await citizen.get("/my-data/file")
    cells = str([row.cells for row in read_sheet(BytesIO(answer.content).getvalue())])
    assert "路灯不亮" in cells
    assert "小米" in cells
    assert "井盖松动" not in cells


async def test_who_leaves_may_think_again_for_seven_days(office, citizen):
    asked = (await citizen.put("/my-data/leaving")).json()
    assert asked["profile"]["leaves_on"] is not None
    assert await own_data.let_leavers_go(now=office.watch.now() + timedelta(days=6)) == 0
    stayed = await citizen.client.delete("/api/v1/my-data/leaving")
    assert stayed.json()["profile"]["leaves_on"] is None
    refused = await citizen.client.delete("/api/v1/my-data/leaving")
    assert (refused.status_code, refused.json()["code"]) == (409, "not_leaving")


async def test_who_has_left_is_forgotten_and_what_has_a_number_stays(office, citizen):
    chen = await office.actor(await office.enrol("小陈", Role.OFFICE_STAFF))
    for text in ("已挂号的", "没处理的"):
        await citizen.submit(a_report(text=text), uuid4())
    found = await Observation.get(text="已挂号的")
    await observations.accept(
        found.id, version=found.version, new=NewItem("路灯", found.kind), by=chen, now=office.watch.now()
    )
    me = await Person.get(id=await reporters.reporter_of(found.id))

    async def told():
        return await ReportMessage.all().count() == 3

    await until(told)
    await citizen.put("/me/nickname", json={"nickname": "小米"})
    await citizen.put("/my-data/leaving")

    assert await own_data.let_leavers_go(now=office.watch.now() + timedelta(days=7, minutes=1)) == 1

    states = {one.text: one.state for one in await Observation.all()}
    assert states == {"已挂号的": ObservationState.REGISTERED, "没处理的": ObservationState.WITHDRAWN}
    async with identities.opened():
        assert await Identity.filter(person_id=me.id).count() == 0
    for table in (InboxMessage, ReadMarks, Consent, SubscriptionQuota):
        assert await table.filter(person_id=me.id).count() == 0
    assert (await Person.get(id=me.id)).designation == "已注销"
    assert (await citizen.get("/me")).status_code == 401
    await citizen.sign_in("demo-路人")
    assert (await citizen.get("/observations")).json()["items"] == []


async def test_who_stands_on_the_roster_does_not_leave_by_himself(office):
    laoma = await office.phone_of("老马")
    refused = await laoma.put("/my-data/leaving")
    assert (refused.status_code, refused.json()["code"]) == (409, "on_the_roster")
    assert (await laoma.get("/me/profile")).json()["may_leave"] is False


async def test_everything_on_the_screen_is_read_at_once_and_what_came_after_is_not(office, citizen):
    await citizen.submit(a_report(text="第一件"), uuid4())

    async def one():
        page = (await citizen.get("/inbox")).json()
        return page if page["items"] else None

    seen = await until(one)
    await citizen.submit(a_report(text="第二件"), uuid4())

    async def two():
        return (await citizen.get("/inbox")).json()["unread"] == 2

    await until(two)
    page = (await citizen.put("/inbox/reading", json={"until": seen["items"][0]["created_at"]})).json()
    assert (page["unread"], len(page["items"])) == (1, 2)


async def test_a_yes_of_somebody_who_is_gone_costs_nobody_else_his(office, citizen):
    me = await Person.get(designation__startswith="群众")
    told = SubscriptionOutcome.ACCEPT.value, business_date(office.watch.now())
    noting._heard[:] = [
        (uuid4(), "trial-recheck", 1, *told, False),
        (me.id, "trial-recheck", 1, *told, False),
    ]
    await noting.write_down_heard()
    assert [(one.person_id, one.credits) for one in await SubscriptionQuota.all()] == [(me.id, 1)]
