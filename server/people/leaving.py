"""Leaving: consent is withdrawn, the account ends after seven days, and its identity is forgotten (PIPL 15, 47)."""

from datetime import datetime, timedelta

from models import (
    Consent,
    DigestSent,
    InboxMessage,
    Person,
    ReadMarks,
    Session,
    SubscribeMessage,
    SubscriptionQuota,
)
from models.vocabulary import Role
from server import reporters
from server.kernel.refusal import Refusal
from server.kernel.unit_of_work import unit_of_work
from server.people import identities
from server.people.sessions import Actor

THINK_AGAIN = timedelta(days=7)
NOBODY = "已注销"


class OnTheRoster(Refusal):
    """The person has an office duty, and the office maintains its own roster."""

    message_zh = "您有工作身份，不能自己注销。"
    hint_zh = "请联系改革办解除职责；昵称和头像可以随时删除。"


class NotLeaving(Refusal):
    """There is no request to leave that could be taken back."""

    message_zh = "没有正在等待的注销申请。"
    hint_zh = "请返回“我的”继续使用。"


@unit_of_work
async def ask_to_leave(*, by: Actor, now: datetime) -> datetime:
    """Request to be forgotten and return when that happens; asking twice changes nothing. Raises OnTheRoster."""
    if any(duty.role is not Role.CITIZEN for duty in by.duties):
        raise OnTheRoster
    person = await Person.select_for_update().get(id=by.person.id)
    if person.leaves_at:
        return person.leaves_at
    person.leaves_at = now + THINK_AGAIN
    await person.save(update_fields=["leaves_at"])
    return person.leaves_at


@unit_of_work
async def stay(*, by: Actor) -> None:
    """Take the request back within the seven days; raises NotLeaving."""
    if not await Person.filter(id=by.person.id, leaves_at__isnull=False).update(leaves_at=None):
        raise NotLeaving


async def leaving_by(now: datetime) -> list[Person]:
    """Return the people whose seven days are over and who are not forgotten yet."""
    return await Person.filter(is_active=True, leaves_at__lte=now).order_by("leaves_at").limit(100)


@unit_of_work
async def forget(person: Person) -> None:
    """Forget a person: identity, messages, consents and sessions are deleted, the pseudonymous row stays.

    A citizen's leaving is not written to the journal, where it would stand next to the reports withdrawn for it.
    """
    await reporters.drop_salts(person.id)
    await identities.forget(person.id)
    for table in (InboxMessage, ReadMarks, Consent, SubscribeMessage, DigestSent, SubscriptionQuota, Session):
        await table.filter(person_id=person.id).delete()
    await Person.filter(id=person.id).update(is_active=False, designation=NOBODY)
