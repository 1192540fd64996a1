"""Imports a visit's observers from a sheet: previewed with every error at once, then all are invited or nobody.

People are recognised by designation and unit alone, among those who may observe; never by real name or phone.
"""

import asyncio
import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

import msgspec
from msgspec import Struct

from models import ObserverImport, SiteVisit, VisitObserver
from models.vocabulary import VisitState
from server.gateways.foreign_sheets import read_foreign_workbook
from server.gateways.repacking import UnreadableSheet
from server.kernel.unit_of_work import unit_of_work
from server.people import Actor
from server.sheets.naming import plain_file_name
from server.sheets.problems import Problem, Skipped
from server.site_visits.fetching import visit_run_by
from server.site_visits.inviting import invitable, invite_observer
from server.site_visits.observer_sheets import Line, read_list, write_template
from server.site_visits.planning import rules_of
from server.site_visits.recognising import elsewhere, match
from server.site_visits.refusals import ObserverImportOver, ObserverSheetUnreadable, WrongVisitStep

VALID_FOR = timedelta(minutes=30)
KEPT_FOR = timedelta(days=1)  # how long an expired, unconfirmed preview is kept


class ImportRow(Struct, frozen=True, kw_only=True):
    """What is kept of a row: who is invited into which group, without any words of the sheet."""

    row: int
    person_id: UUID
    group: str


class ShownRow(Struct, frozen=True, kw_only=True):
    """A row as the preview shows it; `known` says that the person is on the list already."""

    line: Line
    is_known: bool


class ObserverPreview(Struct, frozen=True, kw_only=True):
    """The list of a sheet, and what stands against it; with problems or nobody new it can't be confirmed."""

    token: str
    source_name: str
    expires_at: datetime
    rows: list[ShownRow]
    problems: list[Problem]
    skipped: list[Skipped]
    unknown_columns: list[str]
    notes: list[str]

    @property
    def new(self) -> int:
        return sum(not one.is_known for one in self.rows)


async def preview_observers(
    visit_id: UUID, sheet: bytes, *, source_name: str, by: Actor, now: datetime
) -> ObserverPreview:
    """Read a list of observers and keep it for 30 minutes under a token that only `by` can confirm.

    Raises NoSuchThing, WrongVisitStep, ObserverSheetUnreadable.
    """
    visit = await _importable(by, visit_id)
    try:
        reading = await asyncio.to_thread(read_list, await read_foreign_workbook(sheet))
    except UnreadableSheet as error:
        raise ObserverSheetUnreadable(error.message, hint=error.hint) from error
    faulty = {one.row for one in reading.problems}
    lines = [line for line in reading.lines if line.row not in faulty]
    matched = await match(visit, lines, by=by, now=now)
    known = {one.person_id: one.group for one in await VisitObserver.filter(visit_id=visit.id)}
    problems = [*reading.problems, *matched.problems, *elsewhere(visit, matched, known)]
    problems.sort(key=lambda one: one.row)
    rows = [
        ImportRow(row=row, person_id=person.id, group=matched.groups[row])
        for row, person in matched.people.items()
        if row in matched.groups and person.id not in known
    ]
    token = secrets.token_urlsafe(24)
    await ObserverImport.create(
        token_hash=_hash_of(token),
        visit=visit,
        rows=[] if problems else msgspec.to_builtins(rows),
        problems=[{"row": one.row} for one in problems],
        created_by=by.person,
        expires_at=now + VALID_FOR,
    )
    on_list = {row for row, person in matched.people.items() if person.id in known}
    return ObserverPreview(
        token=token,
        source_name=plain_file_name(source_name),
        expires_at=now + VALID_FOR,
        rows=[ShownRow(line=line, is_known=line.row in on_list) for line in reading.lines],
        problems=problems,
        skipped=reading.skipped,
        unknown_columns=reading.unknown_columns,
        notes=reading.notes,
    )


@unit_of_work
async def confirm_observers(visit_id: UUID, token: str, *, by: Actor, now: datetime) -> int:
    """Invite everybody on a previewed list, all or nobody, and return how many; the same token changes nothing again.

    Raises NoSuchThing, ObserverImportOver, and what inviting raises, such as NotAnObserver.
    """
    visit = await visit_run_by(by, visit_id)
    mine = ObserverImport.filter(token_hash=_hash_of(token), created_by_id=by.person.id, visit_id=visit.id)
    source = await mine.select_for_update().first()
    if source is None:
        raise ObserverImportOver("没有找到这次预览。")
    rows = msgspec.convert(source.rows, list[ImportRow])
    if source.confirmed_at:
        return len(rows)
    if source.problems:
        raise ObserverImportOver("名单里还有没改好的问题，没有加入任何人。")
    if now > source.expires_at:
        raise ObserverImportOver("这次预览已超过30分钟，不能再确认。")
    await _check_still_fits(visit, rows)
    for one in rows:
        await invite_observer(visit.id, person_id=one.person_id, group=one.group, by=by, now=now)
    await ObserverImport.filter(id=source.id).update(confirmed_at=now)
    return len(rows)


async def observers_template(visit_id: UUID, *, by: Actor, now: datetime) -> bytes:
    """Return an empty list to fill in, with those who may be invited and the groups of the visit to choose from."""
    visit = await _importable(by, visit_id)
    people = await invitable(visit.id, by=by, now=now)
    units = {one.organisation.name: None for one in people if one.organisation}
    designations = {one.designation: None for one in people}
    return await asyncio.to_thread(
        write_template, designations=[*designations], units=[*units], groups=rules_of(visit).groups
    )


async def forget_observer_previews(*, now: datetime) -> int:
    """Delete unconfirmed previews that expired a day ago and return how many."""
    return await ObserverImport.filter(confirmed_at=None, expires_at__lt=now - KEPT_FOR).delete()


async def _importable(by: Actor, visit_id: UUID) -> SiteVisit:
    visit = await visit_run_by(by, visit_id)
    if visit.state is VisitState.CANCELLED:
        raise WrongVisitStep(state=visit.state)
    return visit


async def _check_still_fits(visit: SiteVisit, rows: list[ImportRow]) -> None:
    """Refuse a list of which somebody joined another group meanwhile: importing moves nobody."""
    joined = await VisitObserver.filter(visit_id=visit.id, person_id__in=[one.person_id for one in rows])
    groups = {one.person_id: one.group for one in rows}
    if any(one.group != groups[one.person_id] for one in joined):
        raise ObserverImportOver("预览之后名单被别人改过，没有加入任何人。")


def _hash_of(token: str) -> str:
    return sha256(token.encode()).hexdigest()
