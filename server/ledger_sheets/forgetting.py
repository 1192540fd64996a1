"""Deleting previews that nobody confirmed, and giving up on imports that no worker could finish."""

from datetime import datetime, timedelta

from models import LedgerImport
from models.vocabulary import ImportState
from server.ledger_sheets.bringing_in import UNFINISHED

KEPT_FOR = timedelta(days=1)


async def forget_previews(*, now: datetime) -> int:
    """Delete unconfirmed previews that ended a day ago and return how many; confirmed ones are history."""
    before = now - KEPT_FOR
    stuck = LedgerImport.filter(state__in=UNFINISHED, confirmed_at__lt=before)
    await stuck.update(state=ImportState.REFUSED, finished_at=now)
    return await LedgerImport.filter(state=ImportState.PREVIEWED, expires_at__lt=before).delete()
