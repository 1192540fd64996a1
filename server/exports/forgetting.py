"""Deleting files after a day: the bytes go, the row stays and says so."""

from datetime import datetime

from models import Export
from models.vocabulary import ExportState
from server.exports.asking import UNFINISHED
from server.exports.making import KEPT_FOR
from server.gateways.storage import Storage


async def forget_exports(*, storage: Storage, now: datetime) -> int:
    """Delete expired files and give up on those not made within a day; returns how many files were deleted."""
    over = await Export.filter(state=ExportState.READY, expires_at__lte=now)
    for export in over:
        if export.key:
            await storage.remove(
                export.key
            )  # bytes first: a crash in between leaves a row that is tried again
        await Export.filter(id=export.id).update(state=ExportState.EXPIRED, key=None)
    stuck = Export.filter(state__in=UNFINISHED, asked_at__lte=now - KEPT_FOR)
    await stuck.update(state=ExportState.FAILED)
    return len(over)
