"""Forms that differ from their commands: names and numbers are typed, and confirmed in words when it is done."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta, Struct

from server import ledger
from server.ledger import NewItem, Result
from server.ledger import commands as ask
from server.ledger.commands import Code, Days, Deed, Few, Version
from server.people import Actor, Permission
from server.web.console.choices import chosen_unit
from server.web.console.reading_forms import AtVersion, Because
from server.web.console.refusals import NumberNotInLedger, RefusalNeedsWords, TitlesNotRight, UnitNotKnown

Unit = Annotated[str, Meta(min_length=1, max_length=80)]


@dataclass(frozen=True)
class DeskForm:
    """The typed fields, the command they stand for, and the message when it is done."""

    shape: type[Struct]
    command: Callable[[Any, UUID, Actor], Awaitable[Deed]]
    said: Callable[[Any, Result], str]


class Until(Struct, frozen=True, kw_only=True):
    """A deadline as typed: working days or a date; `had` is the date that was already in the field."""

    days: Days | None = None
    due_on: date | None = None
    had: date | None = None


class DispatchForm(Until, frozen=True, kw_only=True):
    """To whom and until when, the words for the unit, and why an earlier deadline is moved."""

    version: Version
    unit: Unit
    words: Few = ""
    reason: Few = ""


class TransferForm(Because, frozen=True, kw_only=True):
    """The other unit, and why."""

    unit: Unit


class Verdict(AtVersion, frozen=True, kw_only=True):
    """Yes or no, with words for the unit; a no requires words or a reason from the catalogue."""

    verdict: Literal["granted", "refused"]
    reply: Few = ""
    cause: Code = ""


class WordingForm(AtVersion, frozen=True, kw_only=True):
    """The office's own words about an item."""

    title: Annotated[str, Meta(min_length=2, max_length=60)]
    summary: Annotated[str, Meta(max_length=2000)] = ""
    place_name: Annotated[str, Meta(max_length=120)] = ""


class MergerForm(Because, frozen=True, kw_only=True):
    """The number of the item that remains, and why."""

    into: Annotated[str, Meta(min_length=1, max_length=32)]


class LinkingForm(Because, frozen=True, kw_only=True):
    """The number of the item that belongs with this one, and why."""

    to: Annotated[str, Meta(min_length=1, max_length=32)]


class SplittingForm(AtVersion, frozen=True, kw_only=True):
    """One title per line."""

    titles: Annotated[str, Meta(min_length=1, max_length=800)]


def day_of(typed: Until) -> date | None:
    """Return the date that counts; a date left unchanged yields to typed working days. Pure."""
    return None if typed.days and typed.due_on == typed.had else typed.due_on


async def unit_named(name: str) -> UUID:
    """Return the id of the unit, which must be given. Raises UnitNotKnown."""
    unit_id = await chosen_unit(name)
    if unit_id is None:
        raise UnitNotKnown
    return unit_id


async def _as_typed(typed: Deed, item_id: UUID, by: Actor) -> Deed:
    return typed


async def _dispatch(typed: DispatchForm, item_id: UUID, by: Actor) -> ask.Dispatch:
    due_on = day_of(typed)
    return ask.Dispatch(
        version=typed.version,
        unit_id=await unit_named(typed.unit),
        days=None if due_on else typed.days,
        due_on=due_on,
        words=typed.words,
        reason=typed.reason,
    )


async def _transfer(typed: TransferForm, item_id: UUID, by: Actor) -> ask.Transfer:
    return ask.Transfer(version=typed.version, unit_id=await unit_named(typed.unit), reason=typed.reason)


async def _decision(typed: Verdict, item_id: UUID, by: Actor) -> ask.Decision:
    return ask.Decision(version=typed.version, approved=_approved(typed), reply=typed.reply)


async def _close_out(typed: Verdict, item_id: UUID, by: Actor) -> ask.CloseOutDecision:
    return ask.CloseOutDecision(
        version=typed.version, approved=_approved(typed), reply=typed.reply, cause=typed.cause
    )


async def _merger(typed: MergerForm, item_id: UUID, by: Actor) -> ask.Merger:
    survivor = await ledger.item_numbered(by, typed.into)
    if survivor is None:
        raise NumberNotInLedger(f"台账里没有编号“{typed.into}”。")
    return ask.Merger(version=typed.version, into=survivor.id, reason=typed.reason)


async def _linking(typed: LinkingForm, item_id: UUID, by: Actor) -> ask.Linking:
    other = await ledger.item_numbered(by, typed.to)
    if other is None:
        raise NumberNotInLedger(f"台账里没有编号“{typed.to}”。")
    return ask.Linking(version=typed.version, to=other.id, reason=typed.reason)


async def _splitting(typed: SplittingForm, item_id: UUID, by: Actor) -> ask.Splitting:
    titles = [line.strip() for line in typed.titles.splitlines() if line.strip()]
    if not 2 <= len(titles) <= 9 or not all(2 <= len(title) <= 60 for title in titles):
        raise TitlesNotRight
    return ask.Splitting(version=typed.version, titles=titles)


async def _amendment(typed: WordingForm, item_id: UUID, by: Actor) -> ask.Amendment:
    """Return the office's new words; the unit is changed only by dispatch and transfer."""
    item = await ledger.item_seen_by(by, item_id, permission=Permission.DECIDE_ITEMS)
    to = NewItem(
        typed.title,
        item.kind,
        summary=typed.summary,
        place_name=typed.place_name,
        task_id=item.task_id,
        lead_unit_id=item.lead_unit_id,
    )
    return ask.Amendment(version=typed.version, to=to)


def _approved(typed: Verdict) -> bool:
    if typed.verdict == "refused" and not (typed.reply or typed.cause):
        raise RefusalNeedsWords
    return typed.verdict == "granted"


def _either(granted: str, refused: str) -> Callable[[Verdict, Result], str]:
    return lambda typed, done: (granted if typed.verdict == "granted" else refused).format(item=done.item)


FORMS: dict[str, DeskForm] = {
    "dispatch": DeskForm(
        DispatchForm,
        _dispatch,
        lambda typed, done: f"已分办给{typed.unit}，期限{done.item.due_words}。",
    ),
    "transfer": DeskForm(TransferForm, _transfer, lambda typed, done: f"已转办给{typed.unit}，期限不变。"),
    "close_out": DeskForm(
        Verdict,
        _close_out,
        _either("已同意销号，会请上报人回访。", "已退回销号申请，承办单位会看到理由。"),
    ),
    "decide_extension": DeskForm(
        Verdict,
        _decision,
        _either("已同意延期，新期限{item.due_words}。", "已退回延期申请，期限不变。"),
    ),
    "decide_retention": DeskForm(
        Verdict,
        _decision,
        _either("已同意留号，到复核日期会出现在待办里。", "已退回留号申请，承办单位会看到意见。"),
    ),
    "link": DeskForm(LinkingForm, _linking, lambda typed, done: f"已与{typed.to}关联。"),
    "merge": DeskForm(MergerForm, _merger, lambda typed, done: f"已并入{typed.into}。"),
    "split": DeskForm(
        SplittingForm,
        _splitting,
        lambda typed, done: f"已拆分为{'、'.join(child.number_text for child in done.children)}。",
    ),
    "amend": DeskForm(WordingForm, _amendment, lambda typed, done: "已修改。"),
    "postpone": DeskForm(ask.Postponement, _as_typed, lambda typed, done: f"期限已延至{done.item.due_on}。"),
    "re_register": DeskForm(
        ask.Because, _as_typed, lambda typed, done: f"已重新挂号，进入第{done.item.round}轮，请分办。"
    ),
}
