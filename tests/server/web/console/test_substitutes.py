"""How officials are reached: addresses kept sealed, and who stands in for whom."""

from datetime import timedelta

import pytest

from models import Identity, JournalEntry, Substitution
from models.vocabulary import Role
from server.kernel.clock import business_date
from server.people import identities


@pytest.fixture
async def luo(office):
    return await office.desk_of("罗主任", Role.OFFICE_LEAD)


@pytest.fixture
async def wang(office):
    return await office.enrol("王科长", Role.COMMISSIONER, organisation=office.bureau)


async def test_an_address_is_kept_sealed_shown_to_who_may_change_it_and_not_in_the_journal(office, luo, wang):
    form = {"email": "wang@example.cn", "wecom": "wang.kz"}
    assert (await luo.post(f"/people/{wang.id}/contacts", form)).status_code == 303
    assert await identities.told_of(wang.id, "email", keys=office.tools.keys) == "wang@example.cn"
    async with identities.opened():
        kept = await Identity.get(person_id=wang.id)
    assert "example" not in str(kept.email_sealed)
    assert "wang@example.cn" in (await luo.get(f"/people/{wang.id}")).text
    chen = await office.desk_of("小陈", Role.OFFICE_STAFF)
    assert "wang@example.cn" not in (await chen.get(f"/people/{wang.id}")).text
    entry = await JournalEntry.get(event="person.contacts_changed")
    assert "example" not in str(entry.detail)

    assert (await luo.post(f"/people/{wang.id}/contacts", {"email": "", "wecom": ""})).status_code == 303
    assert await identities.told_of(wang.id, "email", keys=office.tools.keys) is None


@pytest.mark.parametrize(
    "mail", ["wang", "wang@", "@example.cn", "a b@example.cn", "a@b@c.cn", "a@b.cn,c@d.cn"]
)
async def test_what_is_no_address_is_refused_in_words(luo, wang, mail):
    refused = await luo.post(f"/people/{wang.id}/contacts", {"email": mail})
    assert refused.status_code == 422
    assert "电子邮件地址写得不对" in refused.text


async def test_a_substitute_is_arranged_shown_and_ended(office, luo, wang):
    await office.enrol("李科长", Role.COMMISSIONER, organisation=office.bureau)
    today = business_date(office.watch.now())
    leave = {"designation": "李科长", "since_on": str(today), "until_on": str(today), "is_leave": "true"}
    assert (await luo.post(f"/people/{wang.id}/substitutes", leave)).status_code == 303
    one = await Substitution.get()
    shown = (await luo.get(f"/people/{wang.id}")).text
    assert "李科长" in shown
    assert "请假" in shown
    assert (await luo.post(f"/people/{wang.id}/substitutes/{one.id}/ending", {})).status_code == 303
    assert not await Substitution.exists()

    since = {"designation": "李科长", "since_on": str(today - timedelta(days=3))}
    await luo.post(f"/people/{wang.id}/substitutes", since)
    one = await Substitution.get()
    await luo.post(f"/people/{wang.id}/substitutes/{one.id}/ending", {})
    assert (await Substitution.get()).until_on == today - timedelta(days=1), "what was so stays"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"designation": "王科长"}, "不能是本人"),
        ({"designation": "无此人"}, "没有找到"),
        ({"until_on": "2020-01-01"}, "早于"),
        ({"is_leave": "true"}, "到哪一天"),
    ],
)
async def test_what_can_not_be_arranged_is_refused_in_words(office, luo, wang, changed, words):
    await office.enrol("李科长", Role.COMMISSIONER, organisation=office.bureau)
    form = {"designation": "李科长", "since_on": "2026-12-01"} | changed
    refused = await luo.post(f"/people/{wang.id}/substitutes", form)
    assert refused.status_code == 422
    assert words in refused.text
    assert not await Substitution.exists()
