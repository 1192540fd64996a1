"""The problem banks' commands: what an action on a problem asks for; the API uses them as they are."""

from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from models.vocabulary import Difficulty, ProblemCause, ProblemKind, Solver
from server.ledger.commands import Deed, Words


class Triage(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The result of triaging a problem."""

    kind: ProblemKind
    cause: ProblemCause
    difficulty: Difficulty
    solver: Solver
    words: Annotated[str, Meta(max_length=1000)] = ""


class Dispatch(Struct, frozen=True, forbid_unknown_fields=True):
    """The unit that gets the work, due in working days (15 by default) or on a date."""

    unit_id: UUID
    days: Annotated[int, Meta(ge=1, le=250)] | None = None
    due_on: date | None = None


class TriageProblem(Deed, frozen=True, kw_only=True):
    """The bank's assessment of a problem."""

    found: Triage


class FollowUp(Deed, frozen=True, kw_only=True):
    """What was done about a problem."""

    text: Words


class Escalate(Deed, frozen=True, kw_only=True):
    """What the commission is asked for."""

    request: Words


class Decide(Deed, frozen=True, kw_only=True):
    """What the commission decided, when, and which unit gets the work."""

    words: Annotated[str, Meta(min_length=2, max_length=2000)]
    decided_on: date
    dispatch: Dispatch


class PutOnLedger(Deed, frozen=True, kw_only=True):
    """Which unit gets the work."""

    dispatch: Dispatch


class MergeProblem(Deed, frozen=True, kw_only=True):
    """The problem that remains, and why."""

    into: UUID
    reason: Words
