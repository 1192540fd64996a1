"""The office's deeds on items: to whom, until when, whether it is done, and which number lives on."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request

from server import ledger
from server.ledger import NewItem
from server.ledger.refusals import DateNotAhead
from server.people import Actor, Permission
from server.web.console.choices import chosen_unit
from server.web.console.item_deeds import Because, Deed, Few, Words, item_action
from server.web.console.pages import page
from server.web.console.reading_forms import read_filter
from server.web.console.refusals import NumberNotInLedger, RefusalNeedsWords, TitlesNotRight, UnitNotKnown
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.reading import Invalid

blueprint = Blueprint("console_deciding_items", url_prefix="/ledger")
DECIDE = Permission.DECIDE_ITEMS
Unit = Annotated[str, Meta(min_length=1, max_length=80)]
Days = Annotated[int, Meta(ge=1, le=250)] | None


class Until(Struct, frozen=True, kw_only=True):
    """A deadline as it is typed: working days or a date; `had` is the one that stood in the field already."""

    days: Days = None
    due_on: date | None = None
    had: date | None = None


class Dispatch(Deed, frozen=True, kw_only=True):
    """To whom, until when, with which words, and why an earlier deadline is moved."""

    unit: Unit
    days: Days = None
    due_on: date | None = None
    had: date | None = None
    words: Few = ""
    reason: Few = ""


class Transfer(Because, frozen=True, kw_only=True):
    """The other unit, and why."""

    unit: Unit


class Reminder(Deed, frozen=True, kw_only=True):
    """What the unit reads."""

    words: Words


class NewDeadline(Because, frozen=True, kw_only=True):
    """Until when, and why."""

    until_on: date


class Verdict(Deed, frozen=True, kw_only=True):
    """Yes or no, with words for the unit; a no needs them."""

    verdict: Literal["granted", "refused"]
    reply: Few = ""

    @property
    def says_why(self) -> bool:
        return bool(self.reply)


class CloseOutVerdict(Verdict, frozen=True, kw_only=True):
    """A no is said by a reason of the catalogue too."""

    cause: Annotated[str, Meta(max_length=40)] = ""

    @property
    def says_why(self) -> bool:
        return bool(self.reply or self.cause)


class Wording(Deed, frozen=True, kw_only=True):
    """The office's own words of an item."""

    title: Annotated[str, Meta(min_length=2, max_length=60)]
    summary: Annotated[str, Meta(max_length=2000)] = ""
    place_name: Annotated[str, Meta(max_length=120)] = ""


class Retention(Deed, frozen=True, kw_only=True):
    """Why the number is kept, and when it is looked at again."""

    note: Words
    next_review_on: date


class Merger(Because, frozen=True, kw_only=True):
    """The number that lives on, and why."""

    into: Annotated[str, Meta(min_length=1, max_length=32)]


class Splitting(Deed, frozen=True, kw_only=True):
    """A title per line."""

    titles: Annotated[str, Meta(min_length=1, max_length=800)]


@blueprint.get("/deadline", name="deadline", ctx_guard=desk(DECIDE))
async def show_deadline(request: Request) -> HTTPResponse:
    """The words of the deadline that is being typed, before anything is sent."""
    try:
        typed = read_filter(request, Until)
        day = _day(typed)
        if typed.had and not typed.days and day in (None, typed.had):
            return await page(request, "ledger/deadline.html", words="沿用原来的期限。")
        now = tools_of(request).clock.now()
        due = await ledger.deadline_for(days=typed.days, due_on=day, now=now)
    except (Invalid, DateNotAhead) as refusal:
        return await page(request, "ledger/deadline.html", words=refusal.message)
    return await page(
        request,
        "ledger/deadline.html",
        words=f"期限{'改为' if typed.had and due.on != typed.had else ''}：{due.words}",
    )


@item_action(blueprint, "dispatch", form=Dispatch, permission=DECIDE)
async def dispatch(item_id: UUID, typed: Dispatch, by: Actor, now: datetime) -> str:
    """Give an item to a unit."""
    item = await ledger.dispatch(
        item_id,
        version=typed.version,
        unit_id=await _unit(typed.unit),
        days=None if _day(typed) else typed.days,
        due_on=_day(typed),
        words=typed.words,
        reason=typed.reason,
        by=by,
        now=now,
    )
    return f"已分办给{typed.unit}，期限{item.due_words}。"


@item_action(blueprint, "reminder", form=Reminder, permission=DECIDE)
async def remind(item_id: UUID, typed: Reminder, by: Actor, _: datetime) -> str:
    """Remind the unit."""
    await ledger.remind(item_id, version=typed.version, words=typed.words, by=by)
    return "已催办。"


@item_action(blueprint, "new-deadline", form=NewDeadline, permission=DECIDE)
async def postpone(item_id: UUID, typed: NewDeadline, by: Actor, now: datetime) -> str:
    """Give a later deadline without being asked."""
    item = await ledger.postpone(
        item_id, version=typed.version, until_on=typed.until_on, reason=typed.reason, by=by, now=now
    )
    return f"期限已延至{item.due_on}。"


@item_action(blueprint, "transfer", form=Transfer, permission=DECIDE)
async def transfer(item_id: UUID, typed: Transfer, by: Actor, now: datetime) -> str:
    """Take it from one unit and give it to another."""
    unit_id = await _unit(typed.unit)
    await ledger.transfer(
        item_id, version=typed.version, unit_id=unit_id, reason=typed.reason, by=by, now=now
    )
    return f"已转办给{typed.unit}，期限不变。"


@item_action(blueprint, "extension", form=Verdict, permission=DECIDE)
async def decide_extension(item_id: UUID, typed: Verdict, by: Actor, now: datetime) -> str:
    """Grant or refuse a later deadline."""
    granted = _decided(typed)
    item = await ledger.decide_extension(
        item_id, version=typed.version, granted=granted, reply=typed.reply, by=by, now=now
    )
    return f"已同意延期，新期限{item.due_words}。" if granted else "已退回延期申请，期限不变。"


@item_action(blueprint, "retention-decision", form=Verdict, permission=DECIDE)
async def decide_retention(item_id: UUID, typed: Verdict, by: Actor, now: datetime) -> str:
    """Keep the number as the unit asked, or say why not."""
    granted = _decided(typed)
    await ledger.decide_retention(
        item_id, version=typed.version, granted=granted, reply=typed.reply, by=by, now=now
    )
    return "已同意留号，到复核日期会出现在待办里。" if granted else "已退回留号申请，承办单位会看到意见。"


@item_action(blueprint, "close-out", form=CloseOutVerdict, permission=DECIDE)
async def decide_close_out(item_id: UUID, typed: CloseOutVerdict, by: Actor, now: datetime) -> str:
    """Close an item or send the request back."""
    if _decided(typed):
        await ledger.close_out(item_id, version=typed.version, reply=typed.reply, by=by, now=now)
        return "已同意销号，会请上报人回访。"
    await ledger.send_back(
        item_id, version=typed.version, cause=typed.cause, reply=typed.reply, by=by, now=now
    )
    return "已退回销号申请，承办单位会看到理由。"


@item_action(blueprint, "retention", form=Retention, permission=DECIDE)
async def retain(item_id: UUID, typed: Retention, by: Actor, now: datetime) -> str:
    """Keep the number for long-term work."""
    await ledger.retain(
        item_id,
        version=typed.version,
        note=typed.note,
        next_review_on=typed.next_review_on,
        by=by,
        now=now,
    )
    return "已留号，到复核日期会出现在待办里。"


@item_action(blueprint, "resumption", form=Because, permission=DECIDE)
async def resume(item_id: UUID, typed: Because, by: Actor, _: datetime) -> str:
    """Take a retained item up again."""
    await ledger.resume(item_id, version=typed.version, reason=typed.reason, by=by)
    return "已恢复办理。"


@item_action(blueprint, "merger", form=Merger, permission=DECIDE)
async def merge(item_id: UUID, typed: Merger, by: Actor, _: datetime) -> str:
    """Merge an item into the one whose number is typed."""
    survivor = await ledger.item_numbered(by, typed.into)
    if survivor is None:
        raise NumberNotInLedger(f"台账里没有编号“{typed.into}”。")
    await ledger.merge(item_id, version=typed.version, into=survivor.id, reason=typed.reason, by=by)
    return f"已并入{survivor.number_text}。"


@item_action(blueprint, "split", form=Splitting, permission=DECIDE)
async def split(item_id: UUID, typed: Splitting, by: Actor, now: datetime) -> str:
    """Open an item for each line."""
    titles = [line.strip() for line in typed.titles.splitlines() if line.strip()]
    if not 2 <= len(titles) <= 9 or not all(2 <= len(title) <= 60 for title in titles):
        raise TitlesNotRight
    children = await ledger.split(item_id, version=typed.version, titles=titles, by=by, now=now)
    return f"已拆分为{'、'.join(child.number_text for child in children)}。"


@item_action(blueprint, "wording", form=Wording, permission=DECIDE)
async def amend(item_id: UUID, typed: Wording, by: Actor, _: datetime) -> str:
    """Put the office's own words right; whom it concerns is changed by dispatch and transfer."""
    item = await ledger.item_seen_by(by, item_id, permission=DECIDE)
    to = NewItem(
        typed.title,
        item.kind,
        summary=typed.summary.replace("\r\n", "\n"),
        place_name=typed.place_name,
        task_id=item.task_id,
        lead_unit_id=item.lead_unit_id,
    )
    await ledger.amend(item_id, version=typed.version, to=to, by=by)
    return "已修改。"


@item_action(blueprint, "voiding", form=Because, permission=DECIDE)
async def void(item_id: UUID, typed: Because, by: Actor, _: datetime) -> str:
    """Void what was registered in error."""
    await ledger.void(item_id, version=typed.version, reason=typed.reason, by=by)
    return "已作废，编号保留，不再使用。"


@item_action(blueprint, "next-round", form=Because, permission=DECIDE)
async def re_register(item_id: UUID, typed: Because, by: Actor, _: datetime) -> str:
    """Open a closed item again under its number."""
    item = await ledger.re_register(item_id, version=typed.version, reason=typed.reason, by=by)
    return f"已重新挂号，进入第{item.round}轮，请分办。"


def _day(typed: Until | Dispatch) -> date | None:
    """The date that counts: one that only stood there gives way to working days that were typed."""
    return None if typed.days and typed.due_on == typed.had else typed.due_on


async def _unit(name: str) -> UUID:
    unit_id = await chosen_unit(name)
    if unit_id is None:
        raise UnitNotKnown
    return unit_id


def _decided(typed: Verdict) -> bool:
    if typed.verdict == "refused" and not typed.says_why:
        raise RefusalNeedsWords
    return typed.verdict == "granted"
