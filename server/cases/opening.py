"""Opening a case: the office informs a unit in its own words, after it has checked who could have reported."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID, uuid4

from msgspec import Meta, Struct

from models import Case, CasePicture, LedgerItem
from models.vocabulary import CaseState, DayPart
from server import journal, moderation
from server.cases.audiences import FEWEST, possible_reporters
from server.cases.commands import WithdrawCase
from server.cases.own_words import copied_passage
from server.cases.reading import case_of_office, item_told_by, photos_to_choose, reports_behind
from server.cases.refusals import (
    CaseExists,
    NarrowAudience,
    NotItsPicture,
    NoUnitYet,
    PictureNotPassed,
    ReportersWords,
    SeenAhead,
)
from server.cases.states import MACHINE
from server.kernel.clock import business_date
from server.kernel.unit_of_work import unit_of_work
from server.people import Actor


class NewCase(Struct, frozen=True):
    """What the office writes; the place is that of the item unless another name is given."""

    summary: Annotated[str, Meta(min_length=5, max_length=2000)]
    seen_on: date
    seen_part: DayPart = DayPart.DAY
    place_name: Annotated[str, Meta(max_length=120)] = ""
    picture_ids: Annotated[list[UUID], Meta(max_length=9)] = []


@unit_of_work
async def open_case(
    item_id: UUID, *, new: NewCase, by: Actor, now: datetime, narrow_because: str = ""
) -> Case:
    """Prepare a case for the unit an item is dispatched to; it leaves with the next daily batch.

    Raises NarrowAudience unless at least five people could have reported or a reason is given; ReportersWords
    when the summary quotes a report; NotItsPicture, PictureNotPassed, NoUnitYet, CaseExists, SeenAhead.
    """
    item = await item_told_by(by, item_id)
    await LedgerItem.select_for_update().get(id=item.id)
    await _check_new(item, new, today=business_date(now))
    audience = await possible_reporters(item.id, by=by, now=now)
    if audience.is_narrow and not narrow_because.strip():
        raise NarrowAudience(audience.words, possible_reporters=audience.people, needed=FEWEST)
    await _check_pictures(item, new.picture_ids, by=by)

    case = await Case.create(
        id=uuid4(),
        item=item,
        round=item.round,
        unit=item.lead_unit,
        state=CaseState.PREPARED,
        summary=new.summary,
        place_name=new.place_name or item.place_name,
        seen_on=new.seen_on,
        seen_part=new.seen_part,
        opened_by=by.person,
        opened_at=now,
        possible_reporters=audience.people,
        narrow_because=narrow_because if audience.is_narrow else "",
    )
    pictures = enumerate(new.picture_ids, start=1)
    await CasePicture.bulk_create(
        CasePicture(case_id=case.id, photo_id=one, position=position) for position, one in pictures
    )
    await journal.record(
        "case.opened", case, by=by.person, number=item.number_text, narrow=audience.is_narrow
    )
    return case


@unit_of_work
async def withdraw_case(case_id: UUID, command: WithdrawCase, *, by: Actor, now: datetime) -> Case:
    """Withdraw a case before it has left; after that, another one may be written."""
    await case_of_office(by, case_id)
    case = await Case.select_for_update().get(id=case_id)
    MACHINE.take(case, "withdraw")
    await case.save()
    await journal.record("case.withdrawn", case, by=by.person, reason=command.reason)
    return case


async def _check_new(item: LedgerItem, new: NewCase, *, today: date) -> None:
    if item.lead_unit is None or item.dispatched_at is None:
        raise NoUnitYet
    if new.seen_on > today:
        raise SeenAhead
    same = Case.filter(item_id=item.id, unit_id=item.lead_unit.id, round=item.round)
    if await same.exclude(state=CaseState.WITHDRAWN).exists():
        raise CaseExists
    for report in await reports_behind(item.id):
        check_own_words(new.summary, report.text)


def check_own_words(summary: str, report: str) -> None:
    """Raise ReportersWords with the copied passage if a summary quotes a report."""
    if passage := copied_passage(summary, report):
        raise ReportersWords(f"摘要里照抄了上报人的原话：“{passage}”。", passage=passage)


async def _check_pictures(item: LedgerItem, chosen: Sequence[UUID], *, by: Actor) -> None:
    known = {photo.id: photo for _, photo in await photos_to_choose(by, item.id)}
    if not set(chosen) <= set(known) or len(set(chosen)) < len(chosen):
        raise NotItsPicture
    if len(await moderation.visible_photos([known[one] for one in chosen])) < len(chosen):
        raise PictureNotPassed
