"""Lists people's own exported files and returns them; each download is an entry in the journal."""

from datetime import datetime
from uuid import UUID

from models import Export
from models.vocabulary import ExportState
from server import journal
from server.gateways.sealing import KeyRing
from server.gateways.storage import Storage
from server.kernel.refusal import NoSuchThing, Refusal
from server.kernel.unit_of_work import unit_of_work
from server.people import Actor

PAGE = 50


class ExportNotReady(Refusal):
    """The file is not made yet, or was already deleted."""

    status = 409
    message_zh = "这份文件现在不能下载。"
    hint_zh = "还在生成的请稍等，过期删除的请重新导出。"


async def exports_of(actor: Actor, *, page: int = 1) -> tuple[list[Export], bool]:
    """Return a page of a person's own files, newest first, and whether there are more."""
    mine = Export.filter(person=actor.person).order_by("-asked_at", "id")
    found = await mine.offset(PAGE * (page - 1)).limit(PAGE + 1)
    return found[:PAGE], len(found) > PAGE


async def fetch(
    export_id: UUID, *, by: Actor, storage: Storage, keys: KeyRing, now: datetime
) -> tuple[Export, bytes]:
    """Return a file and its bytes to the person who requested it; raises NoSuchThing for another's, ExportNotReady."""
    export = await Export.get_or_none(id=export_id, person=by.person)
    if export is None:
        raise NoSuchThing
    is_over = export.expires_at is not None and export.expires_at <= now
    if export.state is not ExportState.READY or export.key is None or is_over:
        raise ExportNotReady
    content = await storage.read(export.key, seal=keys)
    await _note(export, by=by)
    return export, content


@unit_of_work
async def _note(export: Export, *, by: Actor) -> None:
    await journal.record("export.downloaded", export, by=by.person)
