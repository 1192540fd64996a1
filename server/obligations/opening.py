"""Opening: each rule's obligation for each organisation and period, exactly once for any number of schedulers.

The row of the day in job_run decides which scheduler works, and the unique key of an obligation that it exists once.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import msgspec
from tortoise import connections
from tortoise.expressions import Q

from models import JobRun, Organisation
from server import journal
from server.kernel.clock import business_date
from server.kernel.unit_of_work import unit_of_work
from server.obligations.periods import A_DAY, Span, spans_between
from server.obligations.rules import Cadences, Rule, asked, rules_in_force

JOB = "open_obligations"
LONGEST_STOP = timedelta(days=366)  # periods that began earlier while no scheduler ran are not caught up
AT_ONCE = 500

RAN = """
INSERT INTO job_run (id, job, period, ran_at) VALUES (gen_random_uuid(), $1, $2, $3) ON CONFLICT DO NOTHING RETURNING id
"""
OPEN = """
INSERT INTO obligation (id, rule_code, rule_version, organisation_id, about_id, name, period, starts_on, due_on,
  soon_on, least, most, proofs, measure, opened_at)
SELECT id, rule_code, rule_version, organisation_id, about_id, name, period, starts_on, due_on, soon_on,
  least, most, proofs, measure, opened_at
FROM jsonb_to_recordset($1::jsonb) AS o(id uuid, rule_code text, rule_version int, organisation_id uuid, about_id uuid,
  name text, period text, starts_on date, due_on date, soon_on date, least int, most int, proofs jsonb, measure int,
  opened_at timestamptz)
ON CONFLICT DO NOTHING
RETURNING id
"""


@dataclass(frozen=True)
class Owed:
    """An obligation before it is written."""

    rule_code: str
    rule_version: int
    name: str
    span: Span
    soon_days: int
    least: int
    most: int | None
    proofs: tuple[str, ...]
    period: str | None = None
    measure: int | None = None
    about_id: Any = None


async def open_if_due(*, cadences: Cadences, now: datetime) -> int | None:
    """Open the obligations of the day if nobody has; return how many, or None if there was nothing to do."""
    today = business_date(now)
    if await JobRun.exists(job=JOB, period=today):
        return None
    return await open_day(today, cadences=cadences, now=now)


@unit_of_work
async def open_day(today: date, *, cadences: Cadences, now: datetime) -> int | None:
    """Open what began since the last run, whoever comes first; None if somebody else has or does."""
    ran = await connections.get("default").execute_query_dict(RAN, [JOB, today, now])
    if not ran:
        return None
    since = await _last_run_before(today)
    count = 0
    for rule in await rules_in_force(cadences):
        count += await open_rule(rule, since=since, today=today, now=now)
    if count:
        run = await JobRun.get(id=ran[0]["id"])
        await journal.record("job_run.obligations_opened", run, by=None, count=count, day=today)
    return count


async def open_rule(rule: Rule, *, since: date, today: date, now: datetime) -> int:
    """Open a rule's obligations for the periods begun after the day `since` and the present one; return how many."""
    content = rule.content
    if not content.is_on:
        return 0
    count = 0
    for span in spans_between(content.period, since, today):
        owed = Owed(
            rule.code,
            rule.version,
            content.name,
            span,
            content.soon_days,
            content.least,
            content.most,
            content.proofs,
            content.period,
            content.measure,
        )
        standing = await Organisation.filter(Q(closed_on=None) | Q(closed_on__gt=today)).order_by("path")
        count += await open_for(owed, asked(content, standing), now=now)
    return count


async def open_for(owed: Owed, organisations: Iterable[Organisation], *, now: datetime) -> int:
    """Open one obligation for each organisation; those that exist stay as they are. Return how many are new."""
    rows = [_row(owed, one, now=now) for one in organisations]
    count = 0
    for start in range(0, len(rows), AT_ONCE):
        part: Collection[Any] = rows[start : start + AT_ONCE]
        written = msgspec.json.encode(part).decode()
        count += len(await connections.get("default").execute_query_dict(OPEN, [written]))
    return count


async def _last_run_before(today: date) -> date:
    """Return the day of the last run before today; without one, today: nothing from before is asked in hindsight."""
    ran = await JobRun.filter(job=JOB, period__lt=today).order_by("-period").first()
    return max(ran.period, today - LONGEST_STOP) if ran else today


def _row(owed: Owed, organisation: Organisation, *, now: datetime) -> dict[str, Any]:
    return {
        "id": uuid4(),
        "rule_code": owed.rule_code,
        "rule_version": owed.rule_version,
        "organisation_id": organisation.id,
        "about_id": owed.about_id,
        "name": owed.name,
        "period": owed.period,
        "starts_on": owed.span.starts_on,
        "due_on": owed.span.due_on,
        "soon_on": max(owed.span.starts_on, owed.span.due_on - owed.soon_days * A_DAY),
        "least": owed.least,
        "most": owed.most,
        "proofs": owed.proofs,
        "measure": owed.measure,
        "opened_at": now,
    }
