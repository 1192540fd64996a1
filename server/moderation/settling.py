"""Settling a pending check exactly once; late, repeated or foreign answers find no pending check."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise.queryset import QuerySet

from models import ContentCheck, Observation
from models.vocabulary import ContentState, Unjudged
from server import journal
from server.gateways.wechat import PictureVerdict, Verdict
from server.kernel.unit_of_work import unit_of_work
from server.moderation.contents import name_of
from server.moderation.wording import words_of_check

ASKINGS = 2  # for a picture; after that a person decides
LONGEST_TRACE = 80  # characters that fit into the database column
SUGGESTED = {state.value: state for state in ContentState}


@dataclass(frozen=True)
class Asking:
    """One attempt to have a check judged; answers to an earlier attempt don't count for this one."""

    check_id: UUID
    at: datetime

    def check(self) -> QuerySet[ContentCheck]:
        """Select the check, as long as this attempt is under way."""
        return _pending().filter(id=self.check_id, asked_at=self.at)


@unit_of_work
async def settle(asking: Asking, verdict: Verdict, *, now: datetime) -> None:
    """Record WeChat's verdict; anything but a pass requires a person."""
    if check := await asking.check().select_for_update().first():
        await _close(check, SUGGESTED[verdict.suggest], label=verdict.label, now=now)


@unit_of_work
async def hold(asking: Asking, *, because: Unjudged, now: datetime) -> None:
    """Record that WeChat will not judge this content, so that a person must."""
    if check := await asking.check().select_for_update().first():
        await _close(check, ContentState.UNKNOWN, unjudged=because, now=now)


@unit_of_work
async def hear(told: PictureVerdict, *, now: datetime) -> bool:
    """Record a verdict that WeChat pushed; returns False and changes nothing if it answers no pending check.

    A picture that could not be fetched is asked once more by the next sweep.
    """
    if not told.trace_id.isprintable() or len(told.trace_id) > LONGEST_TRACE:
        return False
    check = await _pending().filter(trace_id=told.trace_id).select_for_update().first()
    if check is None:
        return False
    if told.was_seen:
        await _close(check, SUGGESTED[told.verdict.suggest], label=told.verdict.label, now=now)
    elif check.unanswered + 1 < ASKINGS:
        await ContentCheck.filter(id=check.id).update(
            trace_id=None, due_at=now, unanswered=check.unanswered + 1
        )
    else:
        await _close(check, ContentState.UNKNOWN, unjudged=Unjudged.NOT_FETCHED, now=now)
    return True


def _pending() -> QuerySet[ContentCheck]:
    return ContentCheck.filter(state=ContentState.PENDING, decision=None)


async def _close(check: ContentCheck, state: ContentState, *, now: datetime, **found: Any) -> None:
    """Close a check; passes are not journalled, because they are most of what is checked and need no action."""
    check.update_from_dict({"state": state, "answered_at": now, "due_at": None, **found})
    check.version += 1
    await check.save()
    if state is not ContentState.PASS:
        observation = await Observation.get(id=check.subject_id)
        await journal.record(
            "content.held", observation, by=None, content=await name_of(check), words=words_of_check(check)
        )
