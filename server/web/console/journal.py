"""The journal for auditors: every action, newest first, and on request the proof that nothing was altered."""

from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from sanic import Blueprint, HTTPResponse, Request

from models import JournalEntry
from server import journal, ledger, observations, people, tasks
from server.journal import JournalFilter
from server.notifications import inbox
from server.notifications.inbox import Told, tell
from server.people import Actor, Permission, may
from server.web.console.ledger_links import filter_fields
from server.web.console.pages import is_part, page
from server.web.console.reading_forms import read_filter
from server.web.console.verifying_journal import verify
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.operations import actor_of

blueprint = Blueprint("console_journal", url_prefix="/journal")

KINDS = {
    "annual_task_list": "任务清单",
    "calendar_notice": "放假安排",
    "evidence": "存证",
    "export": "导出",
    "keyset": "密封保管人",
    "ledger_import": "台账导入",
    "ledger_item": "台账",
    "mission": "督察任务",
    "observation": "上报",
    "organisation": "单位",
    "person": "人员",
    "photo": "照片",
    "problem": "问题",
    "reason": "理由",
    "team_member": "督察队员",
    "unit_case": "转办件",
}
OTHER = "其他"
PAGES = {
    "ledger_item": ("/console/ledger/", Permission.SEE_LEDGER),
    "organisation": ("/console/people/organisations/", Permission.SEE_PEOPLE),
    "person": ("/console/people/", Permission.SEE_PEOPLE),
    "problem": ("/console/problems/", Permission.SEE_PROBLEMS),
    "unit_case": ("/console/cases/", Permission.TELL_UNITS),
}


@dataclass(frozen=True)
class EntryRow:
    """An entry as listed: what was done to what, and its address."""

    told: Told
    kind: str
    name: str
    address: str | None
    block: journal.Block | None  # None until it is closed


@blueprint.get("/", name="list", ctx_guard=desk(Permission.SEE_JOURNAL))
async def show_list(request: Request) -> HTTPResponse:
    """Show a page of the journal."""
    wanted = read_filter(request, JournalFilter)
    found = await journal.page_of(wanted)
    shown = found[: wanted.limit]
    return await page(
        request,
        "journal/list.html",
        entries=await _lines(shown, actor=actor_of(request)),
        wanted=wanted,
        total=await journal.count_of(wanted),
        deeds=sorted(inbox.deed_names().items(), key=lambda pair: pair[0]),
        kinds=KINDS,
        first_page=_address(wanted, before=None),
        next_page=_address(wanted, before=shown[-1].id) if len(found) > wanted.limit else None,
    )


@blueprint.post("/verification", name="verify", ctx_guard=desk(Permission.SEE_JOURNAL, csrf=True))
async def show_verification(request: Request) -> HTTPResponse:
    """Recompute the whole chain and every number series, and show what does not match."""
    tools = tools_of(request)
    checked = await verify(tools.settings, clock=tools.clock)
    frame = "parts/bare.html" if is_part(request) else "base.html"
    return await page(request, "journal/verified.html", frame=frame, checked=checked)


async def _lines(entries: list[JournalEntry], *, actor: Actor) -> list[EntryRow]:
    names, blocks = await _names(entries), await journal.blocks_of(entries)
    return [
        EntryRow(
            told,
            KINDS.get(told.entry.subject_kind, OTHER),
            names.get(told.entry.subject_id, str(told.entry.subject_id)[:8]),
            _page_of(told.entry, actor=actor),
            blocks.get(told.entry.id),
        )
        for told in await tell(entries)
    ]


async def _names(entries: list[JournalEntry]) -> dict[UUID, str]:
    def ids(kind: str) -> set[UUID]:
        return {entry.subject_id for entry in entries if entry.subject_kind == kind}

    names = await ledger.numbers_of(ids("ledger_item"))
    names |= await observations.receipts_of(ids("observation"))
    names |= await people.designations_of(ids("person"))
    names |= await people.units_named(ids("organisation"))
    return names | await tasks.titles_of(ids("annual_task_list"))


def _page_of(entry: JournalEntry, *, actor: Actor) -> str | None:
    prefix, permission = PAGES.get(entry.subject_kind, ("", None))
    return f"{prefix}{entry.subject_id}" if permission and may(actor.duties, permission) else None


def _address(wanted: JournalFilter, *, before: int | None) -> str:
    fields = filter_fields(wanted) | ({"before": str(before)} if before else {})
    query = urlencode(fields)
    return f"/console/journal?{query}" if query else "/console/journal"
