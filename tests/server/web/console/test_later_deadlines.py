"""A later deadline: the rule, the unit's page and the letters agree, on each side of the deadline."""

from datetime import timedelta

import pytest

from models.vocabulary import LedgerState, Role, SessionChannel
from server import ledger
from server.kernel.clock import business_date
from server.ledger.refusals import ExtensionTooLate
from server.people.sessions import open_session
from tests.acting import act
from tests.factories import issued_letter, registered_item

IN_TIME = "确需延期的，请在签收以后、期限届满以前（当天也可以）提出申请。"
TOO_LATE = (
    "已经过了办理期限，不能再申请延期。请尽快办理，并在进展里说明逾期原因；确需调整期限的，由改革办决定。"
)


@pytest.fixture
async def wang(office):
    return await office.desk_of("王科长", Role.COMMISSIONER, organisation=office.bureau)


async def due_in(office, days, *, of, state=LedgerState.IN_PROGRESS):
    """Return an item of the bureau that is due this many days from today."""
    luo = await office.enrol("罗主任", Role.OFFICE_LEAD)
    due_on = business_date(office.watch.now()) + timedelta(days=days)
    held = {"lead_unit_id": office.bureau.id, "commissioner_id": of.person.id}
    item = await registered_item(office, by=luo, state=state, due_on=due_on, **held)
    return item, await office.actor(luo)


async def on_phone(office, who, item):
    """Return the same item on the same person's phone."""
    phone = office.phone()
    token = await open_session(who.person, channel=SessionChannel.PHONE, now=office.watch.now())
    phone.client.headers["authorization"] = f"Bearer {token}"
    return (await phone.get(f"/ledger-items/{item.id}")).json()


@pytest.mark.parametrize(("days", "may_ask"), [(1, True), (0, True), (-1, False)])
async def test_rule_page_phone_and_letter_agree_to_the_day(office, wang, days, may_ask):
    item, luo = await due_in(office, days, of=wang)
    now = office.watch.now()
    page = (await wang.get(f"/ledger/{item.id}")).text
    letter = await issued_letter(item, kind="urging_letter", by=luo, now=now)

    assert ('data-deed="extensions"' in page) is may_ask
    assert (TOO_LATE in page) is not may_ask
    card = await on_phone(office, wang, item)
    assert ("ask_extension" in card["open_deeds"], card["extension_words"]) == (
        may_ask,
        "" if may_ask else TOO_LATE,
    )
    assert letter.body.endswith(IN_TIME if may_ask else TOO_LATE)
    assert "申请" not in letter.body.removesuffix(IN_TIME if may_ask else TOO_LATE)

    later = {"until_on": item.due_on + timedelta(days=30), "reason": "材料未到"}
    asking = act(
        ledger.ask_extension,
        item.id,
        version=item.version,
        by=await office.actor(wang.person),
        now=now,
        **later,
    )
    if may_ask:
        assert await asking
    else:
        with pytest.raises(ExtensionTooLate) as refused:
            await asking
        assert f"{refused.value.message}{refused.value.hint}" == TOO_LATE


async def test_who_has_not_signed_yet_is_told_when_to_ask(office, wang):
    item, luo = await due_in(office, 5, of=wang, state=LedgerState.DISPATCHED)
    assert IN_TIME in (await wang.get(f"/ledger/{item.id}")).text
    assert (await on_phone(office, wang, item))["extension_words"] == IN_TIME
    sent = await issued_letter(item, kind="dispatch_letter", by=luo, now=office.watch.now())
    assert IN_TIME in sent.body


async def test_the_office_is_not_told_the_unit_s_rule(office, wang):
    item, _ = await due_in(office, -1, of=wang)
    chen = await office.desk_of("小陈")
    page = (await chen.get(f"/ledger/{item.id}")).text
    assert 'data-deed="postponements"' in page
    assert TOO_LATE not in page
    assert (await on_phone(office, chen, item))["extension_words"] == ""
