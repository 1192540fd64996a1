"""Previewing a sheet: what it would change, without writing to the list (DAT-03)."""

import asyncio
from datetime import datetime, timedelta

import msgspec
from msgspec import Struct

from models import Person, TaskImport
from server.gateways.foreign_sheets import read_foreign_workbook
from server.gateways.repacking import UnreadableSheet
from server.gateways.workbooks import texts_on
from server.kernel.classified import check_not_classified
from server.kernel.clock import business_date
from server.sheets.naming import plain_file_name
from server.sheets.problems import Problem, Skipped
from server.tasks.comparing import Changes, compare
from server.tasks.matching import match_lines
from server.tasks.reading import as_kept, current_list, current_tasks, load_directory
from server.tasks.reading_rows import Reading, read_sheets
from server.tasks.refusals import TaskSheetUnreadable
from server.tasks.tokens import base_version_of, new_token, token_hash

VALID_FOR = timedelta(minutes=30)
KEPT_FOR = timedelta(days=1)  # how long an expired, unconfirmed preview is kept


class PreviewRow(Struct, frozen=True, kw_only=True):
    """A row of the sheet: the understood values by column key, and the original text of the others."""

    row: int
    cells: dict[str, str]


class Preview(Struct, frozen=True, kw_only=True):
    """The content of a sheet and its changes. With problems it can't be confirmed; gaps may stay."""

    token: str
    year: int
    source_name: str
    expires_at: datetime
    base_version: int  # of the list it was compared with, 0 if there was none
    rows: list[PreviewRow]
    problems: list[Problem]
    gaps: list[Problem]
    skipped: list[Skipped]
    unknown_columns: list[str]
    notes: list[str]
    changes: Changes

    @property
    def can_be_confirmed(self) -> bool:
        return not self.problems


async def preview(sheet: bytes, *, year: int, source_name: str, by: Person, now: datetime) -> Preview:
    """Read a sheet and keep its rows for 30 minutes under a token that only `by` can confirm.

    Raises TaskSheetUnreadable, TaskSheetWithoutHeader or TaskSheetEmpty if there are no rows to show.
    """
    try:
        sheets = await read_foreign_workbook(sheet)
        await asyncio.to_thread(check_not_classified, *texts_on(sheets))
        reading = await asyncio.to_thread(read_sheets, sheets, year=year)
    except UnreadableSheet as error:
        raise TaskSheetUnreadable(error.message, hint=error.hint) from error
    directory = await load_directory(business_date(now))
    # Before its tasks, so that a list published in between is noticed at confirmation.
    base = await current_list(year)
    in_force = as_kept(await current_tasks(year), directory=directory)

    tasks, unmatched = await asyncio.to_thread(match_lines, reading.lines, directory=directory)
    problems = sorted([*reading.problems, *unmatched], key=lambda problem: problem.row)
    codes = frozenset(line.code for line in reading.lines if line.code)
    changes = await asyncio.to_thread(compare, in_force, tasks, directory=directory, also_named=codes)

    token = new_token(base_version=base.version if base else 0)
    kept = await TaskImport.create(
        token_hash=token_hash(token),
        year=year,
        source_name=plain_file_name(source_name),
        rows=msgspec.to_builtins(tasks),
        problems=msgspec.to_builtins(problems),
        created_by=by,
        created_at=now,
        expires_at=now + VALID_FOR,
    )
    return _shown(kept, token=token, reading=reading, problems=problems, changes=changes)


def _shown(
    kept: TaskImport, *, token: str, reading: Reading, problems: list[Problem], changes: Changes
) -> Preview:
    return Preview(
        token=token,
        year=kept.year,
        source_name=kept.source_name,
        expires_at=kept.expires_at,
        base_version=base_version_of(token),
        rows=[PreviewRow(row=line.row, cells=line.texts) for line in reading.lines],
        problems=problems,
        gaps=reading.gaps,
        skipped=reading.skipped,
        unknown_columns=reading.unknown_columns,
        notes=reading.notes,
        changes=changes,
    )


async def forget_previews(*, now: datetime) -> int:
    """Delete unconfirmed previews that expired a day ago and return how many; confirmed ones are history.

    Previews hold names and serve no purpose after that.
    """
    return await TaskImport.filter(confirmed_list_id=None, expires_at__lt=now - KEPT_FOR).delete()
