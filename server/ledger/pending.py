"""Requests of units that the office has not decided yet."""

from dataclasses import dataclass

from models import CloseOutRequest, Extension, LedgerItem, RetentionRequest
from models.vocabulary import RequestState


@dataclass(frozen=True)
class Pending:
    """The open requests of an item, each with its requester; at most one of each kind."""

    close_out: CloseOutRequest | None
    extension: Extension | None
    retention: RetentionRequest | None


async def pending_of(item: LedgerItem) -> Pending:
    """Return the open requests of an item."""
    asked = {"item_id": item.id, "state": RequestState.ASKED}
    return Pending(
        close_out=await CloseOutRequest.filter(**asked).select_related("asked_by").first(),
        extension=await Extension.filter(**asked).select_related("asked_by").first(),
        retention=await RetentionRequest.filter(**asked).select_related("asked_by").first(),
    )
