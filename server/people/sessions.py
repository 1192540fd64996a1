"""Sessions: opaque tokens, stored as hashes, that idle out, expire, and stop working at once when revoked."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import msgspec
from tortoise import connections
from tortoise.expressions import Q

from models import Duty, Person, Session, Substitution
from models.vocabulary import SessionChannel
from server import reporters
from server.kernel.clock import SHANGHAI, business_date
from server.kernel.refusal import Refusal
from server.people.duties import HeldDuty, NotAllowed, Permission, Reach, holds_on, reaches

# Idle and absolute limits (reliability-security G14): console 30 minutes / 8 hours, phone 30 / 90 days.
IDLE = {SessionChannel.CONSOLE: timedelta(minutes=30), SessionChannel.PHONE: timedelta(days=30)}
ABSOLUTE = {SessionChannel.CONSOLE: timedelta(hours=8), SessionChannel.PHONE: timedelta(days=90)}
TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")  # 32 bytes, as token_urlsafe writes them
SEEN_EVERY = timedelta(minutes=1)
PHONES = (("iPhone", ("iphone", "ipad")), ("Android", ("android",)))
OTHER = "其他"

ADMIT = """
SELECT s.id, s.seen_at, s.created_at, s.ends_at, p.id AS person_id, p.designation, p.organisation_id,
       coalesce((
           SELECT json_agg(json_build_object(
               'role', d.role, 'scope', d.scope, 'title', d.title,
               'organisation_id', d.organisation_id, 'organisation_path', o.path) ORDER BY d.since_on, d.id)
           FROM duty d LEFT JOIN organisation o ON o.id = d.organisation_id
           WHERE d.person_id = p.id AND d.since_on <= $3 AND (d.until_on IS NULL OR d.until_on >= $3)
       ), '[]'::json)::text AS duties,
       ARRAY(
           SELECT u.person_id FROM substitution u WHERE u.substitute_id = p.id
             AND u.since_on <= $3 AND (u.until_on IS NULL OR u.until_on >= $3)
       ) AS stands_in_for
FROM session s JOIN person p ON p.id = s.person_id
WHERE s.token_hash = $1 AND s.channel = $2 AND s.revoked_at IS NULL AND p.is_active
"""


class NotSignedIn(Refusal):
    """There is no valid session: none, ended, idle too long, or revoked."""

    status = 401
    message_zh = "登录已失效。"
    hint_zh = "请重新登录后继续，您填写的内容不会丢。"


_seen: dict[UUID, datetime] = {}  # phones this process has seen and not yet written to the database


@dataclass(frozen=True)
class Actor:
    """The person who makes a request, with their current duties and the session."""

    person: Person
    duties: list[HeldDuty]
    session_id: UUID
    stands_in_for: tuple[UUID, ...] = ()  # the people whose substitute this is today

    @property
    def acts_for(self) -> list[UUID]:
        """Return whose work is this person's: their own, and that of the people they stand in for."""
        return [self.person.id, *self.stands_in_for]

    def reaches(self, permission: Permission) -> list[Reach]:
        """Return the reaches of a permission for this actor; raises NotAllowed if there are none."""
        found = reaches(self.duties, permission)
        if not found:
            raise NotAllowed
        return found


def is_token(word: str) -> bool:
    """Return whether a word has the form of a token; any other is refused without asking the database."""
    return TOKEN.fullmatch(word) is not None


def hash_token(token: str) -> str:
    """Return the stored form of a token: its SHA-256, which is enough for 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()


async def open_session(person: Person, *, channel: SessionChannel, now: datetime, device: str = "") -> str:
    """Open a session and return its token, which is not stored."""
    token = secrets.token_urlsafe(32)
    is_phone = channel is SessionChannel.PHONE
    begun = day_of(now) if is_phone else now
    if is_phone:
        await reporters.give_salt(person.id)
    await Session.create(
        person=person,
        token_hash=hash_token(token),
        channel=channel,
        device=family_of(device) if is_phone else device[:80],
        created_at=begun,
        seen_at=begun,
        ends_at=begun + ABSOLUTE[channel],
    )
    return token


def day_of(now: datetime) -> datetime:
    """Return the midnight that starts the office's day: all that is stored about when a phone was used."""
    return now.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)


def family_of(user_agent: str) -> str:
    """Return the phone's family; the exact model is also found in its pictures and would link them to a person."""
    said = user_agent.lower()
    return next((family for family, signs in PHONES if any(sign in said for sign in signs)), OTHER)


async def admit(token: str | None, *, channel: SessionChannel, now: datetime) -> Actor:
    """Return the actor of a token, or raise NotSignedIn; asked on every request, so a revocation holds on the next."""
    if not token:
        raise NotSignedIn
    rows = await connections.get("default").execute_query_dict(
        ADMIT, [hash_token(token), channel.value, business_date(now)]
    )
    if not rows or now >= rows[0]["ends_at"] or now - rows[0]["seen_at"] >= IDLE[channel]:
        raise NotSignedIn
    row = rows[0]
    if channel is SessionChannel.PHONE:
        if row["seen_at"] < day_of(now):
            _seen[row["id"]] = day_of(now)
    elif now - row["seen_at"] >= SEEN_EVERY:
        await Session.filter(id=row["id"]).update(seen_at=now)
    person = Person(
        id=row["person_id"], designation=row["designation"], organisation_id=row["organisation_id"]
    )
    person._saved_in_db = True
    duties = msgspec.json.decode(row["duties"], type=list[HeldDuty])
    if not duties and channel is SessionChannel.PHONE:
        raise NotSignedIn  # after their last duty ends, a person signs in again and becomes a citizen
    return Actor(person, duties, row["id"], tuple(row["stands_in_for"]))


async def write_down_seen() -> None:
    """Write down which phones were seen today, all at once: a single write would stand next to a report."""
    seen, days = dict(_seen), set(_seen.values())
    _seen.clear()
    for day in days:
        await Session.filter(id__in=[one for one, on in seen.items() if on == day]).update(seen_at=day)


async def revoke(session_id: UUID, *, now: datetime) -> None:
    """End one session."""
    await Session.filter(id=session_id, revoked_at=None).update(revoked_at=day_of(now))


async def revoke_all(person: Person, *, now: datetime) -> int:
    """End every session of a person and return how many."""
    return await Session.filter(person_id=person.id, revoked_at=None).update(revoked_at=day_of(now))


async def actor_as(person: Person, *, on: date) -> Actor:
    """Return a person with the duties of a day, for work without a session (the demo world, the clock)."""
    held = await Duty.filter(person_id=person.id).select_related("organisation").order_by("since_on", "id")
    duties = [
        HeldDuty(
            duty.role,
            duty.scope,
            duty.organisation_id,
            duty.organisation.path if duty.organisation else None,
            duty.title,
        )
        for duty in held
        if holds_on(on, since=duty.since_on, until=duty.until_on)
    ]
    standing = Substitution.filter(Q(until_on__isnull=True) | Q(until_on__gte=on), since_on__lte=on)
    absent = [one.person_id for one in await standing.filter(substitute_id=person.id)]
    return Actor(person, duties, UUID(int=0), tuple(absent))
