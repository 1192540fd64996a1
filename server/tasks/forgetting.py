"""Deleting previews that nobody confirmed, which hold names and serve no purpose any more."""

from datetime import datetime, timedelta

from models import TaskImport

KEPT_FOR = timedelta(days=1)


async def forget_previews(*, now: datetime) -> int:
    """Delete unconfirmed previews that expired a day ago and return how many; confirmed ones are history."""
    return await TaskImport.filter(confirmed_list_id=None, expires_at__lt=now - KEPT_FOR).delete()
