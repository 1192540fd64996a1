"""Reading letters: exactly those of a person's office, unit, items or tasks, and drafts only for the office."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from models import LedgerItem, Letter, LetterReply, ReformTask, Reminder
from models.vocabulary import DeliveryState, Scope, Word
from models.vocabulary import LetterState as S
from server.kernel.refusal import NoSuchThing
from server.kernel.set_sql import AnyOf, count_each
from server.letters.kinds import Kinds
from server.letters.states import UNSIGNED
from server.people import Actor, Permission, Reach, may
from server.people.reaching import within

WITH = ("item", "issuer", "unit", "drafted_by", "issued_by", "received_by", "voided_by")


class LetterToDo(Word):
    """A list of letters that wait for somebody."""

    RECEIVE = "letters_to_receive", "待签收的函件"
    REPLY = "letters_to_reply", "待反馈的函件"
    SIGN = "letters_to_sign", "待签发的函件"
    DECIDE = "letters_to_decide", "待审核的函件反馈"


class LetterFilter(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which letters are wanted; `cursor` is the id of the last one on the previous page."""

    state: S | None = None
    kind: Annotated[str, Meta(max_length=24)] = ""
    todo: LetterToDo | None = None
    item_id: UUID | None = None
    official_id: UUID | None = None  # who leads the tasks of the items
    year: Annotated[int, Meta(ge=2000, le=2100)] | None = None  # of the sign-off
    issued_until: date | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 20
    cursor: UUID | None = None


def seen_by(actor: Actor, permission: Permission = Permission.SEE_LETTERS) -> QuerySet[Letter]:
    """Select the letters an actor may see, or use a permission on; raises NotAllowed."""
    seen = Q(id__isnull=True)
    for reach in actor.reaches(permission):
        seen |= _within(reach, actor, answers=permission is Permission.ANSWER_LETTERS)
    told = Q(number__isnull=False)
    if may(actor.duties, Permission.DRAFT_LETTERS):
        told |= within(actor, Permission.DRAFT_LETTERS, "issuer")
    return Letter.filter(seen, told).distinct()


def _within(reach: Reach, actor: Actor, *, answers: bool) -> Q:
    us, organisation = actor.acts_for, reach.organisation_id
    match reach.scope:
        case Scope.ALL:
            return Q(id__isnull=False)
        case Scope.SUBTREE if reach.organisation_path:
            path = reach.organisation_path
            return Q(issuer__path__startswith=path)
        case Scope.UNIT if organisation:
            return Q(unit_id=organisation)
        case Scope.ASSIGNED:
            mine = Q(official_id__in=us)
            if not answers:
                mine |= Q(item__task__leading_official_id__in=us) | _told(actor)
            if organisation:
                answered_for = Q(item__commissioner_id__in=us) | Q(item__task__commissioners__id__in=us)
                mine |= answered_for & Q(unit_id=organisation)
            return mine
    return Q(id__isnull=True)


def _told(actor: Actor) -> Q:
    """Select the letters of which somebody was reminded because nobody else acknowledged them."""
    told = Reminder.filter(person_id=actor.person.id, subject_kind="letter")
    return Q(id=AnyOf(told.exclude(state=DeliveryState.WITHDRAWN).values("subject_id")))


async def letter_seen_by(
    actor: Actor, letter_id: UUID, *, permission: Permission = Permission.SEE_LETTERS
) -> Letter:
    """Return a letter with its item and people; raises NoSuchThing whether missing or out of the actor's reach."""
    letter = await seen_by(actor, permission).filter(id=letter_id).select_related(*WITH).first()
    if letter is None:
        raise NoSuchThing
    return letter


def waiting_for(actor: Actor, what: LetterToDo, *, kinds: Kinds) -> QuerySet[Letter]:
    """Select the letters that wait for this person; none for people without the permission."""
    needed, state = OF_TO_DO[what]
    if not may(actor.duties, needed):
        return Letter.filter(id__isnull=True)
    found = seen_by(actor, needed).filter(state=state)
    if what is LetterToDo.REPLY:
        return found.filter(reply_days__gt=0)
    if what is LetterToDo.SIGN:
        roles = {duty.role for duty in actor.duties}
        signed = [kind.code for kind in kinds.by_code.values() if roles & set(kind.signs)]
        return found.filter(kind__in=signed).exclude(drafted_by_id=actor.person.id)
    return found


OF_TO_DO = {
    LetterToDo.RECEIVE: (Permission.ANSWER_LETTERS, S.DELIVERED),
    LetterToDo.REPLY: (Permission.ANSWER_LETTERS, S.ACKNOWLEDGED),
    LetterToDo.SIGN: (Permission.SIGN_LETTERS, S.SUBMITTED),
    LetterToDo.DECIDE: (Permission.DRAFT_LETTERS, S.REPLIED),
}


async def count_waiting(actor: Actor, *, kinds: Kinds) -> dict[LetterToDo, int]:
    """Return how many letters wait for this person in each list that their duties open."""
    lists = [what for what, (needed, _) in OF_TO_DO.items() if may(actor.duties, needed)]
    counts = await count_each([waiting_for(actor, what, kinds=kinds) for what in lists])
    return dict(zip(lists, counts, strict=True))


def wanted(actor: Actor, by: LetterFilter, *, kinds: Kinds) -> QuerySet[Letter]:
    """Select a filter's letters, not yet cut to a page."""
    found = waiting_for(actor, by.todo, kinds=kinds) if by.todo else seen_by(actor)
    for name in ("state", "kind", "item_id"):
        if value := getattr(by, name):
            found = found.filter(**{name: value})
    if by.official_id:
        led = ReformTask.filter(leading_official_id=by.official_id)
        items = LedgerItem.filter(task_id=AnyOf(led.values("id")))
        found = found.filter(item_id=AnyOf(items.values("id")))
    if by.year:
        found = found.filter(year=by.year)
    if by.issued_until:
        found = found.filter(issued_on__lte=by.issued_until)
    return found


async def page_of(actor: Actor, by: LetterFilter, *, kinds: Kinds) -> tuple[list[Letter], UUID | None]:
    """Return a page of letters, the newest draft first, and the cursor of the next page."""
    found = wanted(actor, by, kinds=kinds)
    last = await seen_by(actor).filter(id=by.cursor).first() if by.cursor else None
    if last:
        at = last.drafted_at
        found = found.filter(Q(drafted_at__lt=at) | Q(drafted_at=at, id__lt=last.id))
    page = await found.order_by("-drafted_at", "-id").limit(by.limit + 1).select_related("item")
    return page[: by.limit], page[by.limit - 1].id if len(page) > by.limit else None


async def letters_of(item: LedgerItem, *, seen_by_actor: Actor) -> list[Letter]:
    """Return the letters about an item that the actor may see, newest first."""
    if not may(seen_by_actor.duties, Permission.SEE_LETTERS):
        return []
    found = seen_by(seen_by_actor).filter(item_id=item.id)
    return await found.order_by("-drafted_at", "-number").select_related("issued_by", "drafted_by")


async def letters_to(actor: Actor, *, limit: int) -> list[Letter]:
    """Return the signed letters that the actor answers, newest first."""
    if not may(actor.duties, Permission.ANSWER_LETTERS):
        return []
    found = seen_by(actor, Permission.ANSWER_LETTERS).exclude(state__in=(*UNSIGNED, S.VOIDED))
    return await found.order_by("-issued_at", "-number").limit(limit).select_related("item")


async def replies_of(letters: Sequence[Letter]) -> list[LetterReply]:
    """Return the replies to letters, oldest first."""
    found = LetterReply.filter(letter_id__in=[one.id for one in letters]).order_by("replied_at")
    return await found.select_related("by", "decided_by")
