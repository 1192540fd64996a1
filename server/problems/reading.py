"""Reading the problem banks: each bank sees its own problems and those below it, never a sibling's (M11 AT1)."""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from tortoise.expressions import Q, Subquery
from tortoise.queryset import QuerySet

from models import AgendaEntry, Problem, ProblemSource
from models.vocabulary import (
    AgendaState,
    BankLevel,
    ProblemCause,
    ProblemSourceKind,
    ProblemState,
)
from server import observations
from server.kernel.refusal import NoSuchThing
from server.kernel.text import words_of
from server.people import Actor, Permission, may
from server.people.reaching import within
from server.problems.states import OPEN

UNTOUCHED_FOR = timedelta(days=30)


class ProblemFilter(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A filter of problems. Every word of `q` must occur in title, number or place.

    `cursor` is the last id of the previous page. `untouched` selects open ones that nobody worked on for 30 days.
    """

    q: Annotated[str, Meta(max_length=60)] = ""
    state: ProblemState | None = None
    level: BankLevel | None = None
    cause: ProblemCause | None = None
    bank_id: UUID | None = None
    untouched: bool = False
    limit: Annotated[int, Meta(ge=1, le=100)] = 20
    cursor: UUID | None = None


def visible(actor: Actor) -> QuerySet[Problem]:
    """Select the problems that an actor's bank keeps, took in, or sees below itself."""
    return Problem.filter(within(actor, Permission.SEE_PROBLEMS, "origin", "bank"))


def wanted(actor: Actor, by: ProblemFilter, *, now: datetime) -> QuerySet[Problem]:
    """Select the visible problems that match a filter, before paging."""
    found = visible(actor)
    for name in ("state", "level", "cause", "bank_id"):
        value = getattr(by, name)
        if value is not None:
            found = found.filter(**{name: value})
    if by.untouched:
        found = found.filter(state__in=OPEN, touched_at__lt=now - UNTOUCHED_FOR)
    for word in words_of(by.q):
        found = found.filter(search_text__contains=word)
    return found


async def page_of(actor: Actor, by: ProblemFilter, *, now: datetime) -> list[Problem]:
    """Return a page of problems, newest first; one more than the limit if there is another page."""
    found = wanted(actor, by, now=now)
    last = await visible(actor).filter(id=by.cursor).first() if by.cursor else None
    if last:
        same = Q(collected_at=last.collected_at, id__lt=last.id)
        found = found.filter(Q(collected_at__lt=last.collected_at) | same)
    page = found.order_by("-collected_at", "-id").limit(by.limit + 1)
    return await page.select_related("origin", "bank", "item")


async def count_of(actor: Actor, by: ProblemFilter, *, now: datetime) -> int:
    """Return how many problems match a filter."""
    return await wanted(actor, by, now=now).count()


async def problem_seen_by(actor: Actor, problem_id: UUID) -> Problem:
    """Return one problem the actor may see; raises NoSuchThing whether it is missing or out of their reach."""
    found = visible(actor).filter(id=problem_id)
    problem = await found.select_related("origin", "bank", "item", "task", "merged_into").first()
    if problem is None:
        raise NoSuchThing
    return problem


async def problem_by_number(actor: Actor, number: str) -> Problem:
    """Return one visible problem by its number; raises NoSuchThing."""
    found = await visible(actor).filter(number_text=number.strip()).first()
    if found is None:
        raise NoSuchThing
    return found


async def sources_of(actor: Actor, problem: Problem) -> list[ProblemSource]:
    """Return the sources of a visible problem; a report the actor may not review is hidden, even its id."""
    sources = await ProblemSource.filter(problem_id=problem.id).order_by("kind", "id")
    reports = {one.source_id for one in sources if one.kind is ProblemSourceKind.OBSERVATION}
    open_to_him: set[UUID] = set()
    if reports and may(actor.duties, Permission.REVIEW_OBSERVATIONS):
        found = await observations.reviewable(actor).filter(id__in=reports).values("id")
        open_to_him = {row["id"] for row in found}
    for one in sources:
        if one.kind is ProblemSourceKind.OBSERVATION and one.source_id not in open_to_him:
            one.source_id, one.words = None, ""
    return sources


async def problems_from(actor: Actor, kind: ProblemSourceKind, source_id: UUID) -> list[Problem]:
    """Return the visible problems that came from a source; for a ledger item also those that became it."""
    linked = ProblemSource.filter(kind=kind, source_id=source_id).values("problem_id")
    found = Q(id__in=Subquery(linked))
    if kind is ProblemSourceKind.LEDGER_ITEM:
        found |= Q(item_id=source_id)
    return await visible(actor).filter(found).order_by("collected_at").select_related("bank", "origin")


async def agenda(actor: Actor, *, state: AgendaState = AgendaState.WAITING) -> list[AgendaEntry]:
    """Return the entries on the commission's agenda, or those decided, longest waiting first."""
    kept = Problem.filter(within(actor, Permission.DECIDE_PROBLEMS, "bank")).values("id")
    entries = AgendaEntry.filter(state=state, problem_id__in=Subquery(kept)).order_by("asked_at", "id")
    return await entries.select_related("problem__origin", "asked_by", "item")


async def agenda_of(problem: Problem) -> list[AgendaEntry]:
    """Return how often a visible problem came before the commission and with what result, oldest first."""
    return await AgendaEntry.filter(problem_id=problem.id).order_by("asked_at").select_related("item")
