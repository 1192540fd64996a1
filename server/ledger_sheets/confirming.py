"""Confirms a previewed sheet, which goes to the worker once, and lists people's own imports."""

from datetime import datetime
from uuid import UUID

from models import LedgerImport
from models.vocabulary import ImportState
from server import journal
from server.kernel.refusal import NoSuchThing
from server.kernel.unit_of_work import unit_of_work
from server.ledger_sheets.refusals import LedgerImportExpired
from server.people import Actor

PAGE = 10


@unit_of_work
async def confirm(import_id: UUID, *, by: Actor, now: datetime) -> LedgerImport:
    """Let the worker import a previewed sheet; confirming it again changes nothing.

    Raises NoSuchThing for another's and LedgerImportExpired.
    """
    await import_of(by, import_id)
    found = await LedgerImport.select_for_update().get(id=import_id)
    if found.state is not ImportState.PREVIEWED:
        return found
    if now > found.expires_at:
        raise LedgerImportExpired
    found.state, found.confirmed_at = ImportState.WAITING, now
    await found.save()
    await journal.record("ledger_import.confirmed", found, by=by.person, rows=found.total)
    return found


async def import_of(by: Actor, import_id: UUID) -> LedgerImport:
    """Return one of a person's own imports; raises NoSuchThing."""
    found = await LedgerImport.get_or_none(id=import_id, person=by.person)
    if found is None:
        raise NoSuchThing
    return found


async def imports_of(by: Actor, *, page: int = 1) -> tuple[list[LedgerImport], bool]:
    """Return a page of a person's confirmed imports, newest first, and whether there are more."""
    mine = LedgerImport.filter(person=by.person).exclude(state=ImportState.PREVIEWED)
    found = await mine.order_by("-previewed_at", "id").offset(PAGE * (page - 1)).limit(PAGE + 1)
    return found[:PAGE], len(found) > PAGE
