"""Importing a confirmed sheet through the ledger's own operations: all of its rows or none."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from models import LedgerImport, Organisation
from models.vocabulary import ImportState
from server import journal, ledger, people
from server.kernel.clock import business_date
from server.kernel.refusal import Refusal
from server.kernel.unit_of_work import raw_connection, unit_of_work
from server.ledger.commands import Amendment, Postponement
from server.ledger.numbering import NoSeries
from server.ledger_sheets.knowing import office_of
from server.ledger_sheets.refusals import RowNotBroughtIn
from server.ledger_sheets.sheet_rows import Change, TakeOver, Wish, wishes_of
from server.people import Actor
from server.sheets.problems import Problem
from server.tools import Tools

LOCK = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))"  # one worker at a time; the row stays free for progress
UNFINISHED = (ImportState.WAITING, ImportState.RUNNING)
TELL_EVERY = 0.3  # seconds


@dataclass
class Progress:
    """How many rows are imported, shown to the sender while the transaction is still open."""

    done: int = 0


async def bring_in(import_id: UUID, *, tools: Tools) -> None:
    """Import a confirmed sheet within its sender's rights of today; safe to repeat, restarts after a crash."""
    found = await LedgerImport.get_or_none(id=import_id).select_related("person")
    if found is None or found.state not in UNFINISHED:
        return
    now, progress = tools.clock.now(), Progress()
    actor = await people.actor_as(found.person, on=business_date(now))
    await LedgerImport.filter(id=import_id, state__in=UNFINISHED).update(state=ImportState.RUNNING, done=0)
    try:
        async with _telling(import_id, progress):
            await _bring_all(import_id, by=actor, now=now, progress=progress)
    except RowNotBroughtIn as refused:
        problem = Problem(
            row=int(str(refused.extra["row"])), column="", what=refused.message, advice=refused.hint
        )
        await LedgerImport.filter(id=import_id, state__in=UNFINISHED).update(
            state=ImportState.REFUSED, problems=[msgspec.to_builtins(problem)], finished_at=now
        )


@unit_of_work
async def _bring_all(import_id: UUID, *, by: Actor, now: datetime, progress: Progress) -> None:
    await raw_connection().execute(LOCK, str(import_id))
    found = await LedgerImport.get(id=import_id)
    if found.state not in UNFINISHED:
        return
    office, brought = await office_of(by), []
    async with journal.together():
        for wish in wishes_of(found.changes):
            try:
                brought.append(await _bring(wish, office=office, by=by, now=now))
            except Refusal as refusal:
                raise RowNotBroughtIn(refusal.message, hint=refusal.hint, row=wish.row) from refusal
            progress.done += 1
        await _note_done(found, brought, by=by, now=now)


async def _note_done(found: LedgerImport, brought: list[Wish], *, by: Actor, now: datetime) -> None:
    found.changes, found.done = msgspec.to_builtins(brought), len(brought)
    found.state, found.finished_at = ImportState.DONE, now
    await found.save()
    taken_over = sum(isinstance(wish, TakeOver) for wish in brought)
    changed = len(brought) - taken_over
    await journal.record("ledger_import.done", found, by=by.person, changed=changed, taken_over=taken_over)


async def _bring(wish: Wish, *, office: Organisation | None, by: Actor, now: datetime) -> Wish:
    if isinstance(wish, Change):
        await _apply(wish, by=by, now=now)
        return wish
    if office is None:
        raise NoSeries
    item = await ledger.take_over(wish.old, office=office, by=by.person, now=now)
    return msgspec.structs.replace(wish, number=item.number_text, item_id=item.id)


async def _apply(change: Change, *, by: Actor, now: datetime) -> None:
    """Apply a change: one operation for the words, one for the deadline."""
    version = change.version
    if change.to:
        amendment = Amendment(version=version, to=change.to)
        version = (await ledger.amend(change.item_id, amendment, by=by, now=now)).item.version
    if change.until_on:
        later = Postponement(version=version, until_on=change.until_on, reason=change.reason)
        await ledger.postpone(change.item_id, later, by=by, now=now)


@asynccontextmanager
async def _telling(import_id: UUID, progress: Progress) -> AsyncIterator[None]:
    """Store the progress on a separate connection while the transaction is open."""

    async def tell() -> None:
        while True:
            await asyncio.sleep(TELL_EVERY)
            running = LedgerImport.filter(id=import_id, state=ImportState.RUNNING)
            await running.update(done=progress.done)

    telling = asyncio.create_task(tell())
    try:
        yield
    finally:
        telling.cancel()
        await asyncio.gather(telling, return_exceptions=True)
