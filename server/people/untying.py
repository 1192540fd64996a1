"""Untying a lost or passed-on WeChat account from a person, who then gets a new invitation."""

from datetime import date, datetime

from models import Person, Session
from models.vocabulary import SessionChannel
from server import journal
from server.kernel.clock import business_date
from server.kernel.refusal import Refusal
from server.kernel.unit_of_work import unit_of_work
from server.people import identities
from server.people.being_a_citizen import serves


class NotTied(Refusal):
    """No WeChat account is bound to the person."""

    message_zh = "这位同志现在没有绑定微信。"
    hint_zh = "请直接生成邀请码，请本人在小程序里输入。"


@unit_of_work
async def untie_account(person: Person, *, by: Person, now: datetime) -> None:
    """Untie a person's WeChat account and end its phone sessions. Raises NotTied."""
    if not await is_tied(person, on=business_date(now)):
        raise NotTied
    await identities.untie(person.id)
    phones = Session.filter(person_id=person.id, channel=SessionChannel.PHONE, revoked_at=None)
    await phones.update(revoked_at=now)
    await journal.record("person.account_untied", person, by=by)


async def is_tied(person: Person, *, on: date) -> bool:
    """Return whether a serving person has a WeChat account; of others nobody may learn whether they came back."""
    return await serves(person, on=on) and await identities.has_openid(person.id)
