"""The link of a feed: 256 random bits, of which the database keeps a hash; a new link ends the old one."""

import hashlib
import secrets
from datetime import date

from tortoise import connections

from models import Person, ReminderSetting
from server.kernel.refusal import Refusal
from server.kernel.unit_of_work import unit_of_work
from server.people import Actor

KEEP = """
INSERT INTO reminder_setting (id, person_id, feed_hash, feed_made_on) VALUES (gen_random_uuid(), $1, $2, $3)
ON CONFLICT (person_id) DO UPDATE SET feed_hash = excluded.feed_hash, feed_made_on = excluded.feed_made_on
"""


class FeedGone(Refusal):
    """No feed has this link, or it was revoked, or its person has left; the answer is the same."""

    status = 404
    message_zh = "这个日历链接已失效。"
    hint_zh = "请在小程序“提醒设置”里重新生成链接，再添加到日历。"


@unit_of_work
async def make_link(*, by: Actor, on: date) -> str:
    """Return a new secret for the actor's feed; it is shown only now, and an earlier one stops working."""
    secret = secrets.token_urlsafe(32)
    await connections.get("default").execute_query(KEEP, [by.person.id, hash_of(secret), on])
    return secret


@unit_of_work
async def revoke_link(*, by: Actor) -> None:
    """End the actor's link; without one, nothing changes."""
    await ReminderSetting.filter(person_id=by.person.id).update(feed_hash=None, feed_made_on=None)


async def whose(secret: str) -> Person:
    """Return the person whose feed has this secret; raises FeedGone."""
    setting = await ReminderSetting.get_or_none(feed_hash=hash_of(secret)).select_related("person")
    if setting is None or not setting.person.is_active:
        raise FeedGone
    return setting.person


def hash_of(secret: str) -> str:
    """Return what the database keeps of a secret. Pure."""
    return hashlib.sha256(secret.encode()).hexdigest()
