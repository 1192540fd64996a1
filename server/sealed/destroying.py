"""Destroying envelopes: half a year after a matter ends, nobody at all can learn any more who reported it."""

from datetime import datetime, timedelta

from tortoise.expressions import Q

from models import Observation
from models.vocabulary import LedgerState
from models.vocabulary import ObservationState as S
from server import journal
from server.kernel.unit_of_work import unit_of_work
from server.sealed import envelopes

KEPT_FOR = timedelta(days=180)


async def destroy_envelopes(*, now: datetime) -> int:
    """Destroy the envelopes that are due and return how many."""
    before = now - KEPT_FOR
    turned_down = Q(state__in=(S.DECLINED, S.WITHDRAWN), decided_at__lt=before)
    ended = Q(ledger_item__state=LedgerState.CLOSED, ledger_item__closed_at__lt=before)
    kept = await envelopes.all_reports()
    due = await Observation.filter(turned_down | ended, id__in=kept)
    for observation in due:
        await _destroy(observation)
    return len(due)


@unit_of_work
async def _destroy(observation: Observation) -> None:
    if await envelopes.destroy(observation.id):
        await journal.record("escrow.destroyed", observation, by=None)
