"""Upload allowances: how much one person may send a day, and how much of it may wait for a report (R4.9)."""

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from tortoise import connections

from models import Person, PhotoDay
from models.vocabulary import Role
from server.kernel.clock import SHANGHAI, business_date
from server.kernel.unit_of_work import unit_of_work
from server.people import Actor, Permission, acting_role
from server.photos.refusals import TooManyAtOnce, TooManyBytesToday, TooManyUnnamed
from server.reporters.keys import key_ring

MB = 1024 * 1024
CITIZENS_A_DAY = 400 * MB  # thirty reports with nine photos each, as compressed by the phone
MEMBERS_A_DAY = 4096 * MB
MOST_UNNAMED = 100 * MB  # one report with nine photos of the largest size, sent before it
MOST_AT_ONCE = 6  # per person and process; our mini-program sends one after another
UNNAMED_FOR = timedelta(hours=24)
A_DAY = timedelta(days=1)

# One statement, so that concurrent uploads can't exceed the limit.
TAKE = """
INSERT INTO photo_day (key, day, bytes) VALUES ($1, $2, $3)
ON CONFLICT (key) DO UPDATE SET bytes = photo_day.bytes + $3
WHERE photo_day.bytes + $3 <= $4 RETURNING bytes
"""
CHARGE = "UPDATE photo_day SET cost = cost + $2 WHERE key = $1 RETURNING cost"
GIVE_BACK = "UPDATE photo_day SET bytes = bytes - $2, cost = cost - $3 WHERE key = $1"
UNNAMED = "SELECT coalesce(sum(bytes), 0)::bigint AS bytes FROM photo WHERE unnamed_key = ANY($1::text[])"

_under_way: Counter[UUID] = Counter()  # uploads of each person


@dataclass
class Allowance:
    """What an upload may use of its sender's daily allowance; photos with a lower `turn` go first."""

    days: tuple[str, str]  # the sender's keys of today and of yesterday
    turn: int = 0
    used: int = 0  # bytes of a photo that was kept
    unspent: int = 0  # milliseconds that were charged for work nobody has done


@asynccontextmanager
async def allowance(sender: Actor, *, size: int, now: datetime) -> AsyncIterator[Allowance]:
    """Reserve bytes of a sender's daily allowance before reading them; unused bytes return, even after a hang-up.

    Raises TooManyAtOnce, TooManyBytesToday, or TooManyUnnamed while earlier photos wait for a report that names them.
    """
    with _one_of_few(sender.person.id):
        days = day_keys(sender.person, now=now)
        await check_unnamed(days, size=0)
        await _take(sender, days[0], size=size, now=now)
        taken = Allowance(days)
        try:
            yield taken
        finally:
            await _give_back(days[0], unused=size - taken.used, unspent=taken.unspent)


@contextmanager
def _one_of_few(person_id: UUID) -> Iterator[None]:
    if _under_way[person_id] >= MOST_AT_ONCE:
        raise TooManyAtOnce(retry_after=5)
    _under_way[person_id] += 1
    try:
        yield
    finally:
        _under_way[person_id] -= 1
        if not _under_way[person_id]:
            del _under_way[person_id]


async def charge(allowance: Allowance, *, cost: int) -> None:
    """Charge milliseconds of work to a sender's day, which determines this photo's turn.

    Senders who caused little work go before those who caused much. The photo gets only the power of two of that
    total, so that no two photos can be joined to one sender.
    """
    allowance.turn = (await _charge(allowance.days[0], cost=cost)).bit_length()
    allowance.unspent = cost


async def check_unnamed(days: tuple[str, str], *, size: int) -> None:
    """Raise TooManyUnnamed if with this many more bytes too much would wait for a report."""
    waiting = await connections.get("default").execute_query_dict(UNNAMED, [list(days)])
    if waiting[0]["bytes"] + size > MOST_UNNAMED:
        raise TooManyUnnamed


async def forget_days(*, now: datetime) -> None:
    """Forget uploads before yesterday: they no longer count."""
    await PhotoDay.filter(day__lt=business_date(now - A_DAY)).delete()


@unit_of_work
async def _take(sender: Actor, key: str, *, size: int, now: datetime) -> None:
    is_citizen = acting_role(sender.duties, Permission.SEND_PHOTOS) is Role.CITIZEN
    limit = CITIZENS_A_DAY if is_citizen else MEMBERS_A_DAY
    rows = await connections.get("default").execute_query_dict(TAKE, [key, business_date(now), size, limit])
    if not rows:
        midnight = now.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0) + A_DAY
        raise TooManyBytesToday(
            f"您今天上传的照片已达到每天{limit // MB}MB的上限。",
            retry_after=int((midnight - now).total_seconds()),
        )


@unit_of_work
async def _charge(key: str, *, cost: int) -> int:
    rows = await connections.get("default").execute_query_dict(CHARGE, [key, cost])
    return int(rows[0]["cost"])


@unit_of_work
async def _give_back(key: str, *, unused: int, unspent: int) -> None:
    await connections.get("default").execute_query(GIVE_BACK, [key, unused, unspent])


def day_keys(person: Person, *, now: datetime) -> tuple[str, str]:
    """Return the keys for counting a person's photos of today and yesterday: HMACs of person and day."""
    today, yesterday = (f"{person.id}:{business_date(day)}" for day in (now, now - A_DAY))
    ring = key_ring()
    return ring.lookup(today, kind="photo day"), ring.lookup(yesterday, kind="photo day")
