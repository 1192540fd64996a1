"""办理情况表: the printed sheet of an item, within the rights of the requester, with before and after side by side."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from models import CloseOutRequest, LedgerItem, Photo, ProgressReport
from models.vocabulary import EvidenceKind, RequestState
from server import journal, ledger, moderation, observations, photos
from server.gateways.typesetting import TypesettingFailed, typeset
from server.kernel.clock import SHANGHAI, business_date
from server.kernel.refusal import NoSuchThing, Refusal
from server.ledger import Dated, LedgerView
from server.notifications import inbox
from server.notifications.inbox import Told
from server.people import Actor, Permission, may
from server.tools import Tools

DOCUMENT = (Path(__file__).parent / "item_sheet.typ").read_text("utf-8")
TITLE = "督察事项办理情况表"
MOST = 50
MOST_PICTURES = 4  # of before, and as many of after
WIDTH = 800  # pixels, the size that is printed


class SheetsWanted(Struct, frozen=True):
    """The items wanted on paper."""

    item_ids: list[UUID]


class NoItems(Refusal):
    """No item was chosen, or more than fit into one file."""

    status = 422
    message_zh = "一次可以打印1到50条台账的办理情况表。"
    hint_zh = "在列表里勾选要打印的台账，再点“办理情况表”。"


@dataclass
class Album:
    """Pictures by the names under which the document refers to them."""

    tools: Tools
    seen_by: Actor
    pictures: dict[str, bytes] = field(default_factory=dict)

    async def lay_in(self, photo: Photo, *, subject_id: UUID) -> str | None:
        """Add a photo's picture and return its name; None if there is none, or none the actor may see."""
        mine = [one for one in photo.renditions if one.subject_id == subject_id]
        if not mine:
            return None
        chosen = min(mine, key=lambda one: abs(max(one.width, one.height) - WIDTH))
        chosen.photo = photo
        today = business_date(self.tools.clock.now())
        if not await moderation.may_see(chosen, person_id=self.seen_by.person.id, on=today):
            return None
        name = f"{chosen.sha256}.jpg"
        self.pictures[name] = await self.tools.storage.read(chosen.key)
        return name


async def chosen_items(actor: Actor, item_ids: Sequence[UUID]) -> list[LedgerItem]:
    """Return the items in the order of their numbers; raises NoItems, NoSuchThing if the actor may not see one."""
    if not 0 < len(set(item_ids)) <= MOST:
        raise NoItems
    items = ledger.wanted(actor, LedgerView()).filter(id__in=item_ids)
    found = await items.order_by("year", "series", "number").select_related(
        "lead_unit", "commissioner", "task"
    )
    if len(found) != len(set(item_ids)):
        raise NoSuchThing
    return found


async def sheets_of(actor: Actor, item_ids: Sequence[UUID], *, tools: Tools) -> bytes:
    """Return the sheets of items as PDF/A, preceded by a summary if there are several.

    An item that can't be typeset does not block the others: it appears without pictures, or only by name.
    """
    album = Album(tools, actor)
    items = [await sheet_of(item, album=album) for item in await chosen_items(actor, item_ids)]
    try:
        return await _set(items, album=album)
    except TypesettingFailed:
        return await _set([await _as_far_as_it_goes(one, album=album) for one in items], album=album)


async def _set(items: Sequence[dict[str, Any]], *, album: Album) -> bytes:
    data = {"title": TITLE, "printed": _moment(album.tools.clock.now()), "items": items}
    fonts = album.tools.settings.font_dir
    return await typeset(DOCUMENT, data=msgspec.json.encode(data), pictures=album.pictures, fonts=fonts)


async def _as_far_as_it_goes(item: dict[str, Any], *, album: Album) -> dict[str, Any]:
    """Return the item's facts if they can be typeset, else without pictures, else only those that identify it."""
    bare = item | {"before": [], "after": [], "trouble": "照片未能排入本表，请在系统中查看。"}
    empty = {name: [] if isinstance(value, list) else "" for name, value in item.items()}
    last = empty | {"number": item["number"], "trouble": "本件未能排版，请在系统中查看。"}
    for attempt in (item, bare):
        try:
            await _set([attempt], album=album)
        except TypesettingFailed:
            continue
        return attempt
    return last


async def sheet_of(item: LedgerItem, *, album: Album) -> dict[str, Any]:
    """Return the content of an item's sheet; people who may not review get no picture or word of a report."""
    reports, seen_by = [], album.seen_by
    if may(seen_by.duties, Permission.REVIEW_OBSERVATIONS):
        reports = await observations.of_item(seen_by, item.id)
    before = [
        await album.lay_in(photo, subject_id=report.id)
        for report in reports
        for photo in await photos.photos_of(report.id)
    ]
    entries = await journal.timeline(item.id, *(report.id for report in reports))
    told = ledger.dated(entries, to=seen_by, today=business_date(album.tools.clock.now()))
    deeds = zip(told, await inbox.tell(one.entry for one in told), strict=True)
    return _facts(item, to=seen_by) | {
        "extensions": f"{await ledger.extensions_granted(item)}次",
        "progress": await _progress(item),
        "verdicts": await _verdicts(item),
        "before": [name for name in before if name][:MOST_PICTURES],
        "after": await _after(item, album=album),
        "deeds": [_told(when, one) for when, one in deeds],
        "trouble": "",
    }


def _told(when: Dated, one: Told) -> dict[str, str]:
    line = _line(when.at, one.what, one.who)
    return line | {"at": _day(business_date(when.at))} if when.is_day or one.is_day else line


def _facts(item: LedgerItem, *, to: Actor) -> dict[str, str]:
    registered = ledger.registered_as_told(item, to=to)
    return {
        "number": item.number_text,
        "title": item.title,
        "kind": item.kind.label,
        "registered": _moment(registered) if ledger.sees_sources(to) else _day(business_date(registered)),
        "place": item.place_name,
        "task": f"{item.task.code} {item.task.name}" if item.task else "",
        "summary": item.summary,
        "unit": item.lead_unit.name if item.lead_unit else "",
        "commissioner": item.commissioner.designation if item.commissioner else "",
        "dispatched": _moment(item.dispatched_at),
        "acknowledged": _moment(item.acknowledged_at),
        "due": "，".join(words for words in (_day(item.due_on), item.due_words) if words),
        "due_on": item.due_on.isoformat() if item.due_on else "",
        "state": item.state.label,
        "percent": f"{item.percent}%",
    }


async def _progress(item: LedgerItem) -> list[dict[str, str]]:
    reports = await ProgressReport.filter(item_id=item.id).order_by("reported_at").select_related("by")
    return [
        _line(
            one.reported_at,
            f"{one.percent}%：{one.text}" + (f"下一步：{one.next_step}" if one.next_step else ""),
            one.by.designation,
        )
        for one in reports
    ]


async def _verdicts(item: LedgerItem) -> list[dict[str, str]]:
    lines = []
    requests = CloseOutRequest.filter(item_id=item.id).order_by("asked_at")
    for one in await requests.select_related("asked_by", "decided_by"):
        lines.append(_line(one.asked_at, f"申请销号：{one.text}", one.asked_by.designation))
        if one.decided_by and one.decided_at:
            said = "同意销号" if one.state is RequestState.GRANTED else "退回"
            words = f"{said}：{one.reply}" if one.reply else said
            lines.append(_line(one.decided_at, words, one.decided_by.designation))
    return lines


async def _after(item: LedgerItem, *, album: Album) -> list[str]:
    """Return the pictures of the unit's last submission, those of the result first."""
    handed_in = await ledger.evidence_of(item)
    if not handed_in:
        return []
    last = sorted(handed_in[0].pictures, key=lambda one: one[0] is not EvidenceKind.AFTER)
    names = [await album.lay_in(photo, subject_id=handed_in[0].subject_id) for _, photo in last]
    return [name for name in names if name][:MOST_PICTURES]


def _line(at: datetime, words: str, by: str) -> dict[str, str]:
    local = at.astimezone(SHANGHAI)
    return {"at": f"{local.month}月{local.day}日 {local:%H:%M}", "words": words, "by": by}


def _moment(at: datetime | None) -> str:
    local = at.astimezone(SHANGHAI) if at else None
    return f"{_day(local.date())} {local:%H:%M}" if local else ""


def _day(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""
