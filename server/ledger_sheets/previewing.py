"""Previewing a ledger sheet: what it would change, without touching the ledger (DAT-03)."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from models import LedgerImport, Organisation
from models.vocabulary import ImportState
from server import ledger
from server.gateways.foreign_sheets import read_foreign_workbook
from server.gateways.repacking import UnreadableSheet
from server.gateways.workbooks import texts_on
from server.kernel.classified import check_not_classified
from server.kernel.clock import business_date
from server.ledger.numbering import NoSeries
from server.ledger_sheets.bringing_in import UNFINISHED
from server.ledger_sheets.comparing import Known, compare
from server.ledger_sheets.knowing import known_items, names_of, office_of
from server.ledger_sheets.reading import Reading, read
from server.ledger_sheets.reading_cells import Names, number_in
from server.ledger_sheets.reading_old import left_out, read_old
from server.ledger_sheets.refusals import LedgerSheetUnreadable, TooManyChanges
from server.ledger_sheets.sheet_rows import SheetRow, TakeOver, Wish
from server.people import Actor
from server.sheets.naming import plain_file_name
from server.sheets.problems import Problem, Skipped

VALID_FOR = timedelta(minutes=30)
KEPT_FOR = timedelta(days=1)  # how long an expired, unconfirmed preview is kept
MOST_CHANGES = 500
AT_ONCE = 300  # lines compared before other requests get a turn


@dataclass(kw_only=True)
class Preview:
    """The content of a sheet and its changes; with problems or without changes, nothing can be confirmed."""

    source_name: str
    wishes: list[Wish] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    unknown_columns: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unchanged: int = 0
    kept: LedgerImport | None = None

    @property
    def changed(self) -> int:
        return len(self.wishes) - self.taken_over

    @property
    def taken_over(self) -> int:
        return sum(isinstance(one, TakeOver) for one in self.wishes)


async def preview(sheet: bytes, *, source_name: str, by: Actor, now: datetime) -> Preview:
    """Compare a sheet with the ledger; what can be confirmed is kept for 30 minutes, for `by` only.

    An untouched export changes nothing and is not kept. Raises LedgerSheetUnreadable,
    LedgerSheetWithoutHeader, LedgerSheetEmpty, TooManyChanges, NotAllowed.
    """
    try:
        sheets = await read_foreign_workbook(sheet)
        await asyncio.to_thread(check_not_classified, *texts_on(sheets))
        reading = await asyncio.to_thread(read, sheets)
    except UnreadableSheet as error:
        raise LedgerSheetUnreadable(error.message, hint=error.hint) from error
    seen = Preview(
        source_name=plain_file_name(source_name),
        problems=list(reading.problems),
        skipped=list(reading.skipped),
        unknown_columns=reading.unknown_columns,
        notes=reading.notes,
    )
    names, office = await names_of(business_date(now)), await office_of(by)
    await _compare_numbered(reading, seen, names=names, by=by, now=now)
    await _read_unnumbered(reading, seen, names=names, office=office)
    seen.problems.sort(key=lambda problem: problem.row)
    seen.skipped.sort(key=lambda skipped: skipped.row)
    seen.wishes.sort(key=lambda wish: wish.row)
    if len(seen.wishes) > MOST_CHANGES:
        raise TooManyChanges
    if seen.wishes and not seen.problems:
        seen.kept = await _keep(seen, by=by, now=now)
    return seen


async def _compare_numbered(
    reading: Reading, seen: Preview, *, names: Names, by: Actor, now: datetime
) -> None:
    """Compare each numbered line with its item, in parts, so that other requests get their turn in between."""
    lines = [(number_in(line), line) for line in reading.lines if number_in(line)]
    rows: dict[str, int] = {}
    for start in range(0, len(lines), AT_ONCE):
        part = lines[start : start + AT_ONCE]
        items = await known_items([number for number, _ in part], by=by, now=now)
        for number, line in part:
            if problem := _misnumbered(number, line, items=items, rows=rows):
                seen.problems.append(problem)
                continue
            rows[number] = line.row
            change, problems = compare(line, items[number], names=names)
            seen.problems += problems
            seen.wishes += [change] if change else []
            seen.unchanged += not change and not problems


def _read_old_lines(
    lines: list[SheetRow], *, names: Names, office_id: UUID
) -> list[tuple[SheetRow, TakeOver | None, list[Problem]]]:
    """Read thousands of lines: in a thread, so that other requests get their turn in between."""
    return [(line, *read_old(line, names=names, office_id=office_id)) for line in lines]


async def _read_unnumbered(
    reading: Reading, seen: Preview, *, names: Names, office: Organisation | None
) -> None:
    """Read each line without a number as one of an older ledger."""
    lines = [line for line in reading.lines if not number_in(line)]
    if not lines:
        return
    if office is None:
        seen.problems.append(_whole(lines[0], NoSeries.message_zh, advice=NoSeries.hint_zh))
        return
    found = await asyncio.to_thread(_read_old_lines, lines, names=names, office_id=office.id)
    before = await ledger.taken_over(office, [one.old.digest for _, one, _ in found if one])
    rows: dict[str, int] = {}
    for line, wish, problems in found:
        seen.problems += problems
        if wish is None:
            continue
        if wish.old.digest in rows:
            first = rows[wish.old.digest]
            seen.problems.append(_whole(line, f"与第{first}行是同一件。", advice="请删去其中一行。"))
        elif wish.old.digest in before:
            seen.unchanged += 1
        else:
            seen.wishes.append(wish)
            seen.skipped += [told] if (told := left_out(line)) else []
        rows.setdefault(wish.old.digest, line.row)


def _misnumbered(
    number: str, line: SheetRow, *, items: dict[str, Known], rows: dict[str, int]
) -> Problem | None:
    if number in rows:
        return _numbered(line, f"“{number}”已在第{rows[number]}行出现过。", advice="请删去重复的一行。")
    if number not in items:
        advice = "请核对编号；如果是旧台账的编号，请把它移到“原编号”这一列。"
        return _numbered(line, f"台账里没有编号“{number[:40]}”。", advice=advice)
    return None


def _numbered(line: SheetRow, what: str, *, advice: str) -> Problem:
    return Problem(row=line.row, column="编号", what=what, advice=advice)


def _whole(line: SheetRow, what: str, *, advice: str) -> Problem:
    return Problem(row=line.row, column="", what=what, advice=advice)


async def _keep(seen: Preview, *, by: Actor, now: datetime) -> LedgerImport:
    return await LedgerImport.create(
        person=by.person,
        source_name=seen.source_name,
        changes=msgspec.to_builtins(seen.wishes),
        total=len(seen.wishes),
        previewed_at=now,
        expires_at=now + VALID_FOR,
    )


async def forget_previews(*, now: datetime) -> int:
    """Delete unconfirmed previews that ended a day ago and return how many; confirmed ones are history.

    Imports that no worker could finish within that day are given up.
    """
    before = now - KEPT_FOR
    stuck = LedgerImport.filter(state__in=UNFINISHED, confirmed_at__lt=before)
    await stuck.update(state=ImportState.REFUSED, finished_at=now)
    return await LedgerImport.filter(state=ImportState.PREVIEWED, expires_at__lt=before).delete()
