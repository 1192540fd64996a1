"""To-do views of the ledger: what waits for this actor's decision (LED-14)."""

from datetime import date

from tortoise.expressions import Q, Subquery

from models import Extension, RetentionRequest
from models.vocabulary import LedgerState, RequestState, Word
from server.people import Actor, Permission, may


class ToDo(Word):
    """A list of items that the office has to decide on."""

    CLOSE_OUT = "close_out", "待我审核的销号"
    EXTENSION = "extension", "待我审核的延期"
    RETENTION_ASKED = "retention_asked", "待我审核的留号"
    RETENTION = "retention", "今天该复核的留号"
    UNSOLVED = "unsolved", "上报人说没解决"


def waiting_for(actor: Actor, what: ToDo, *, today: date) -> Q:
    """Return the condition for a to-do view; people's own requests wait for others, not for them. Pure.

    Nothing waits for people without decisions: a unit must not see when a reporter was dissatisfied.
    """
    if not may(actor.duties, Permission.DECIDE_ITEMS):
        return Q(id__isnull=True)
    me = actor.person.id
    match what:
        case ToDo.CLOSE_OUT:
            return Q(state=LedgerState.CLOSING) & (Q(asked_by_id__isnull=True) | Q(asked_by_id__not=me))
        case ToDo.EXTENSION:
            asked = Extension.filter(state=RequestState.ASKED, asked_by_id__not=me)
            return Q(id__in=Subquery(asked.values("item_id")))
        case ToDo.RETENTION_ASKED:
            wished = RetentionRequest.filter(state=RequestState.ASKED, asked_by_id__not=me)
            return Q(state=LedgerState.IN_PROGRESS, id__in=Subquery(wished.values("item_id")))
        case ToDo.RETENTION:
            return Q(state=LedgerState.RETAINED, next_review_on__lte=today)
    return Q(state=LedgerState.CLOSED, needs_review_since__isnull=False)
